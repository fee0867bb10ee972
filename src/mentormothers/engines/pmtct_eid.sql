-- PMTCT_EID: first virological samples of the period, over women found positive in antenatal care or after it.
-- Of several on one day, the one received first.
first_sample AS (
    SELECT c.client, c.day, c.site
    FROM (SELECT f.client, f.day, f.site,
                 ROW_NUMBER() OVER (PARTITION BY f.client ORDER BY f.day, f.position, f.record) AS place
          FROM fact f
          WHERE f.kind = 'eid.sample' AND f.value <> 'confirm') c
    WHERE c.place = 1
),
aged AS (
    SELECT s.client, s.day, s.site, p.dob, {two_months} AS two_months, {twelve_months} AS twelve_months
    FROM first_sample s
    JOIN person p ON p.client = s.client {month_joins}
    WHERE s.day >= :start
),
{antenatal},
contribution AS (
    SELECT s.client, s.site, s.day,
           CASE WHEN s.dob IS NULL THEN 'no known birth date'
                WHEN s.day > s.two_months THEN '2-12 months'
                ELSE '<=2 months' END AS disaggregation,
           1 AS numerator, 0 AS denominator
    FROM aged s
    WHERE s.twelve_months IS NULL OR s.day <= s.twelve_months
    UNION ALL
    SELECT c.client, c.site, c.day, '' AS disaggregation, 0 AS numerator, 1 AS denominator
    FROM positive_contact c
    UNION ALL
    SELECT c.client, q.site, q.day, '' AS disaggregation, 0 AS numerator, 1 AS denominator
    FROM first_contact c
    JOIN found_positive q ON q.client = c.client
    JOIN being b ON b.client = c.client
    WHERE q.day > c.day AND q.day >= :start
      AND ((q.day >= b.pregnant_since AND q.day < b.pregnant_until)
        OR (q.day >= b.breastfeeding_since AND q.day < b.breastfeeding_until))
)
