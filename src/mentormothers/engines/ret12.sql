-- RET12: who began treatment in the cohort, and who of them is on it so many months later, each on a day of her own.
first_start AS (
    SELECT c.client, c.day, c.site
    FROM (SELECT s.client, s.day, s.site,
                 ROW_NUMBER() OVER (PARTITION BY s.client ORDER BY s.day, s.position, s.record) AS place
          FROM stated s
          WHERE s.kind = 'art.start') c
    WHERE c.place = 1
),
judged AS (
    SELECT s.client, s.site, s.day AS since, {months_on} AS day
    FROM first_start s {month_joins}
),
cohort AS (
    SELECT j.client, j.site, j.since, j.day
    FROM judged j
    WHERE {cohort_day} BETWEEN :start AND :end
),
reached AS (SELECT c.client, c.site, c.since, c.day FROM cohort c WHERE c.day <= :known),

-- Each as she stood on her day.
{own},
asked AS (SELECT r.client, r.day FROM reached r),
{home_site},
outcome AS (
    SELECT r.client,
           CASE WHEN r.site <> '' AND h.site <> r.site AND {left} THEN 'moved'
                WHEN t.client IS NOT NULL THEN 'on'
                WHEN (p.death IS NULL OR p.death > r.day) AND x.moved = 1 THEN 'moved'
                ELSE 'off' END AS stood
    FROM reached r
    LEFT JOIN home h ON h.client = r.client
    LEFT JOIN on_treatment_own t ON t.client = r.client
    LEFT JOIN person p ON p.client = r.client
    LEFT JOIN stopped_own x ON x.client = r.client
),

-- The latest pregnancy and the latest delivery on or before the day on which each began.
carrying AS (
    SELECT r.client, r.since,
           MAX(CASE WHEN f.kind = 'pregnancy.lmp' THEN f.day END) AS lmp,
           MAX(CASE WHEN f.kind = 'delivery' THEN f.day END) AS delivery,
           MAX(CASE WHEN f.kind = 'delivery' AND f.value = 'live' THEN f.day END) AS live
    FROM reached r
    JOIN fact f ON f.client = r.client AND f.day <= r.since
    WHERE f.kind IN ('pregnancy.lmp', 'delivery')
    GROUP BY r.client, r.since
),
-- The last live birth, when no other end of a pregnancy came after it, and until when its children were breastfed.
nursing AS (
    SELECT c.client, c.since, c.live, MAX(k.fed_until) AS fed_until
    FROM carrying c
    LEFT JOIN child k ON k.mother = c.client AND k.dob BETWEEN c.live - {same_birth} AND c.live + {same_birth}
    WHERE c.live = c.delivery
    GROUP BY c.client, c.since, c.live
),
-- Without children on record: until the first word of its end.
word AS (
    SELECT n.client, MIN(f.day) AS day
    FROM nursing n
    JOIN fact f ON f.client = n.client AND f.day >= n.live
    WHERE f.kind = 'bf.stopped' OR (f.kind = 'feeding' AND f.value IN ('replacement', 'stopped'))
    GROUP BY n.client
),
breastfed AS (
    SELECT n.client
    FROM nursing n
    LEFT JOIN word w ON w.client = n.client {feeding_joins}
    WHERE n.fed_until > n.since
       OR (n.fed_until IS NULL AND (w.day IS NULL OR w.day > n.since) AND {feeding_on} > n.since)
),
began AS (
    SELECT r.client, r.site, r.since,
           CASE WHEN c.lmp + {longest_pregnancy} >= r.since AND (c.delivery IS NULL OR c.delivery <= c.lmp)
                THEN 'pregnant at start'
                WHEN b.client IS NOT NULL THEN 'breastfeeding at start'
                WHEN {fifteen} > r.since THEN 'under 15 at start'
                ELSE 'others' END AS part
    FROM reached r
    JOIN person p ON p.client = r.client
    LEFT JOIN carrying c ON c.client = r.client
    LEFT JOIN breastfed b ON b.client = r.client {fifteen_joins}
),
contribution AS (
    SELECT b.client, b.site, b.since AS day, b.part AS disaggregation,
           CASE o.stood WHEN 'on' THEN 1 WHEN 'moved' THEN {moved} ELSE 0 END AS numerator, 1 AS denominator
    FROM began b
    JOIN outcome o ON o.client = b.client
    WHERE {counting_moved} OR o.stood <> 'moved'
    UNION ALL
    SELECT c.client, c.site, c.since AS day, 'the months since they began are not over' AS disaggregation, 1 AS numerator,
           0 AS denominator
    FROM cohort c
    WHERE c.day > :known
)
