-- CASCADE_INFANTS: exposed infants whose second birthday falls in the period, by the furthest step they have reached.
{final_test},

early AS (
    SELECT f.client, MIN(f.day) AS day
    FROM fact f
    JOIN person p ON p.client = f.client {early_joins}
    WHERE f.kind = 'eid.sample' AND f.value <> 'confirm' AND f.day <= {two_months}
    GROUP BY f.client
),
result_given AS (
    SELECT e.client
    FROM early e
    JOIN fact f ON f.client = e.client AND f.kind = 'eid.result_given' AND f.day >= e.day
    GROUP BY e.client
),
asked AS (
    SELECT i.client, :as_of AS day FROM infant i WHERE i.until BETWEEN :start AND :as_of
),
{home_site},
contribution AS (
    SELECT a.client, COALESCE(h.site, '') AS site, :as_of AS day,
           CASE WHEN e.client IS NULL THEN 'no test by two months'
                WHEN g.client IS NULL THEN 'tested by two months, result not given'
                WHEN t.client IS NULL AND b.exposed_infant_until IS NULL
                     THEN 'result given, final outcome not known'
                ELSE 'final outcome known' END AS disaggregation,
           1 AS numerator, 0 AS denominator
    FROM asked a
    JOIN being b ON b.client = a.client
    LEFT JOIN early e ON e.client = a.client
    LEFT JOIN result_given g ON g.client = a.client
    LEFT JOIN final_test t ON t.client = a.client
    LEFT JOIN home h ON h.client = a.client
)
