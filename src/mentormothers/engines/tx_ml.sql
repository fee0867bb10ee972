-- TX_ML: who was on treatment on the day before the period or joined in it, and is not on treatment at its end.
{on_treatment},
{on_treatment_before},

{began},
-- Whom the period began with, or who joined in it, and the day on which their site is looked at.
base AS (
    SELECT b.client, b.since,
           CASE WHEN t.client IS NOT NULL THEN :start - 1
                WHEN b.first_start >= :start THEN b.first_start
                ELSE b.first_supply END AS day
    FROM began b
    LEFT JOIN on_treatment_before t ON t.client = b.client
    WHERE t.client IS NOT NULL OR b.first_start >= :start OR b.first_supply >= :start
),
asked AS (
    SELECT b.client, b.day FROM base b
    UNION ALL
    SELECT t.client, :as_of AS day FROM on_treatment t JOIN base b ON b.client = t.client
),
{home_site},

-- Until when time on treatment is measured; who never had a supply has had none.
measured AS (
    SELECT b.client, COALESCE(h.site, '') AS site, b.day, {three_months} AS three_months, {six_months} AS six_months,
           {until} AS until
    FROM base b
    LEFT JOIN home h ON h.client = b.client AND h.day = b.day
    LEFT JOIN supply s ON s.client = b.client {month_joins}
),
-- On treatment elsewhere at the end is transferred out of a site (or of all sites of its delivery model); who had no site has not left one.
contribution AS (
    SELECT m.client, m.site, m.day,
           CASE WHEN t.client IS NOT NULL THEN 'transferred out'
                WHEN p.death IS NOT NULL THEN 'died'
                WHEN x.moved = 1 THEN 'transferred out'
                WHEN x.client IS NOT NULL THEN 'refused (stopped)'
                WHEN m.until >= m.six_months THEN 'IIT 6+ months'
                WHEN m.until >= m.three_months THEN 'IIT 3-5 months'
                ELSE 'IIT <3 months' END AS disaggregation,
           1 AS numerator, 0 AS denominator
    FROM measured m
    JOIN person p ON p.client = m.client
    LEFT JOIN stopped x ON x.client = m.client
    LEFT JOIN on_treatment t ON t.client = m.client
    LEFT JOIN home h ON h.client = m.client AND h.day = :as_of
    WHERE t.client IS NULL OR (m.site <> '' AND h.site <> m.site AND {left})
)
