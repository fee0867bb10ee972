-- CASCADE_WOMEN: women positive by their first antenatal contact a year ago, by the furthest step they have reached.
{antenatal},
{on_treatment},
{latest_viral_load},

cohort AS (
    SELECT c.client, c.site, c.day
    FROM first_contact c
    JOIN found_positive q ON q.client = c.client {year_joins}
    WHERE q.day <= c.day AND {year_on} BETWEEN :start AND :as_of
),
treated AS (
    SELECT f.client FROM fact f WHERE f.kind IN ({signs}) GROUP BY f.client
),
measured AS (
    SELECT l.client, CASE WHEN {suppressed} THEN 1 ELSE 0 END AS suppressed
    FROM latest l {result_joins}
    WHERE {result_year_on} > :as_of
),
contribution AS (
    SELECT c.client, c.site, c.day,
           CASE WHEN r.client IS NULL THEN 'no treatment on record'
                WHEN t.client IS NULL THEN 'treated, not on treatment now'
                WHEN m.client IS NULL THEN 'on treatment, no viral load result'
                WHEN m.suppressed = 0 THEN 'viral load not suppressed'
                ELSE 'viral load suppressed' END AS disaggregation,
           1 AS numerator, 0 AS denominator
    FROM cohort c
    LEFT JOIN treated r ON r.client = c.client
    LEFT JOIN on_treatment t ON t.client = c.client
    LEFT JOIN measured m ON m.client = c.client
)
