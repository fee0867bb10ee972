-- TX_PVLS: clients with a viral load result in the twelve months to the last day, and whose last one is suppressed.
{on_treatment},
{began},

{latest_viral_load},
counted AS (
    SELECT l.client, l.kind, l.number, {year_on} AS year_on, {three_months} AS three_months
    FROM latest l
    JOIN began b ON b.client = l.client {month_joins}
),
asked AS (
    SELECT c.client, :as_of AS day
    FROM counted c
    LEFT JOIN on_treatment t ON t.client = c.client
    WHERE c.year_on > :as_of AND c.three_months <= :as_of AND {is_current}
),
{home_site},
contribution AS (
    SELECT a.client, COALESCE(h.site, '') AS site, :as_of AS day, '' AS disaggregation,
           CASE WHEN {suppressed} THEN 1 ELSE 0 END AS numerator, 1 AS denominator
    FROM asked a
    JOIN counted c ON c.client = a.client
    LEFT JOIN home h ON h.client = a.client
)
