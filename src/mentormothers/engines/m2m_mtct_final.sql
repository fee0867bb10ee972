-- M2M_MTCT_FINAL: exposed infants by the last test of 18 to 24 months, and those who reached two years without one.
{definitions},

-- Tests that say yes or no: when they were told, and when they were taken.
tested AS (
    SELECT f.client, f.value, f.site, f.position, f.record, f.day AS told, f.day AS taken
    FROM fact f
    WHERE f.kind IN ('antibody.test', 'hiv.test') AND f.value IN ('neg', 'pos')
    UNION ALL
    SELECT f.client, f.value, f.site, f.position, f.record, f.day AS told, COALESCE(b.sample_day, f.day) AS taken
    FROM fact f
    LEFT JOIN belongs b ON b.client = f.client AND b.kind = f.kind AND b.event = f.event AND b.day = f.day
    WHERE f.kind = 'eid.result' AND f.value IN ('neg', 'pos')
),
infant AS (
    SELECT p.client, p.death, {eighteen_months} AS since, {two_years} AS until
    FROM person p
    JOIN being b ON b.client = p.client {month_joins}
    WHERE p.dob IS NOT NULL AND (b.exposed_infant_since IS NOT NULL OR p.mother IS NULL)
),
final_test AS (
    SELECT c.client, c.value, c.site, c.told
    FROM (SELECT t.client, t.value, t.site, t.told,
                 ROW_NUMBER() OVER (PARTITION BY t.client
                                    ORDER BY t.told DESC, t.taken DESC, t.position DESC, t.record DESC) AS place
          FROM tested t
          JOIN infant i ON i.client = t.client
          WHERE t.taken BETWEEN i.since AND i.until) c
    WHERE c.place = 1
),
asked AS (
    SELECT i.client, :as_of AS day
    FROM infant i
    LEFT JOIN final_test t ON t.client = i.client
    WHERE i.until BETWEEN :start AND :as_of AND (i.death IS NULL OR i.death > i.until) AND t.client IS NULL
),
{home_site},
contribution AS (
    SELECT t.client, t.site, t.told AS day, '' AS disaggregation, CASE WHEN t.value = 'pos' THEN 1 ELSE 0 END AS numerator,
           1 AS denominator
    FROM final_test t
    WHERE t.told >= :start
    UNION ALL
    SELECT a.client, COALESCE(h.site, '') AS site, :as_of AS day, 'no final test by the second birthday' AS disaggregation,
           1 AS numerator, 0 AS denominator
    FROM asked a
    LEFT JOIN home h ON h.client = a.client
)
