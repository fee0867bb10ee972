-- TX_CURR: every client on treatment, at her home site.
{on_treatment},
asked AS (SELECT t.client, :as_of AS day FROM on_treatment t),
{home_site},
contribution AS (
    SELECT t.client, COALESCE(h.site, '') AS site, :as_of AS day, '' AS disaggregation, 1 AS numerator, 0 AS denominator
    FROM on_treatment t
    LEFT JOIN home h ON h.client = t.client
)
