-- PMTCT_ART: women positive by their first antenatal contact, and who of them received treatment in that pregnancy.
{antenatal},

-- From when until when the treatment of the pregnancy is looked at.
carried AS (
    SELECT c.client, c.site, c.day, COALESCE(b.pregnant_since, c.day) AS since, COALESCE(b.pregnant_until, :as_of) AS until
    FROM positive_contact c
    JOIN being b ON b.client = c.client
),
word AS (
    SELECT f.client, f.kind, f.day, f.day + f.number AS reach, 1 AS sign
    FROM fact f
    WHERE f.kind IN ({signs})
    UNION ALL
    SELECT f.client, f.kind, f.day, CAST(NULL AS BIGINT) AS reach, 0 AS sign
    FROM fact f
    WHERE {refusals}
),
-- What stands of each woman's treatment before the pregnancy and in it.
treated AS (
    SELECT c.client,
           MAX(CASE WHEN w.sign = 1 AND w.day < c.since THEN w.day END) AS before,
           MAX(CASE WHEN w.sign = 0 AND w.day < c.since THEN w.day END) AS ended,
           MAX(CASE WHEN w.kind = 'art.dispense' AND w.day < c.since THEN w.reach END) AS reached,
           MAX(CASE WHEN w.sign = 1 AND w.day BETWEEN c.since AND c.until THEN 1 ELSE 0 END) AS within,
           MAX(CASE WHEN w.kind = 'art.start' THEN 2 WHEN w.kind IN ('art.on', 'art.restart') THEN 1 END) AS told
    FROM carried c
    JOIN word w ON w.client = c.client
    GROUP BY c.client
),
contribution AS (
    SELECT c.client, c.site, c.day, '' AS disaggregation, 0 AS numerator, 1 AS denominator
    FROM carried c
    UNION ALL
    SELECT c.client, c.site, c.day,
           CASE WHEN t.before IS NOT NULL OR t.told = 1 THEN 'already on ART' ELSE 'new on ART' END AS disaggregation,
           1 AS numerator, 0 AS denominator
    FROM carried c
    JOIN treated t ON t.client = c.client
    WHERE t.within = 1
       OR (t.before IS NOT NULL AND (t.ended IS NULL OR t.ended < t.before)
           AND (t.reached IS NULL OR t.reached >= c.since))
)
