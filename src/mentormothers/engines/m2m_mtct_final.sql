-- M2M_MTCT_FINAL: exposed infants by the last test of 18 to 24 months, and those who reached two years without one.
{final_test},
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
