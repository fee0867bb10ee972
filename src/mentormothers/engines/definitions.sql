-- From facts to definitions: the steps that every schedule and every indicator begins with, after those of stated.sql
-- (or of settled.sql, over a snapshot). What does not depend on the as-of date stands before it: questions of several
-- days share it. {…} are filled in from the vocabulary. Portable subset only.

-- Who each client is: birth mother, birth, death, first day as a mother.
person AS (
    SELECT client,
           MIN(mother) AS mother,
           COALESCE(MAX(CASE WHEN kind = 'child.dob' THEN day END),
                    MAX(CASE WHEN kind = 'birth.date' AND role IN ('infant', 'child') THEN day END)) AS dob,
           MIN(CASE WHEN kind = 'death' THEN day END) AS death,
           MIN(CASE WHEN role = 'mother' THEN day END) AS mother_since
    FROM stated
    WHERE day <= :as_of AND {tells_who}
    GROUP BY client
),

-- What was said of a mother's breastfeeding is understood of her youngest living child.
feeding AS (
    SELECT s.client, s.kind, s.day, s.value, s.number, s.event, s.ref, s.site, s.position, s.record
    FROM stated s
    WHERE s.kind IN ({feeding_kinds})
),
said_of_child AS (
    SELECT s.client, s.record, s.kind, s.day, MAX(c.dob) AS dob
    FROM feeding s
    JOIN person c ON c.mother = s.client AND c.dob <= s.day AND (c.death IS NULL OR c.death > s.day)
    WHERE s.day <= :as_of
    GROUP BY s.client, s.record, s.kind, s.day
),
told AS (
    SELECT s.client, s.kind, s.day, s.value, s.number, s.event, s.ref, s.site, s.position, s.record
    FROM feeding s
    WHERE s.day <= :as_of
      AND NOT EXISTS (SELECT 1 FROM said_of_child y
                      WHERE y.client = s.client AND y.record = s.record AND y.kind = s.kind AND y.day = s.day)
    UNION ALL
    SELECT c.client, s.kind, s.day, s.value, s.number, s.event, s.ref, s.site, s.position, s.record
    FROM said_of_child y
    JOIN feeding s ON s.client = y.client AND s.record = y.record AND s.kind = y.kind AND s.day = y.day
    JOIN person c ON c.mother = y.client AND c.dob = y.dob AND (c.death IS NULL OR c.death > s.day)
),
told_in_order AS (
    SELECT s.client, s.kind, s.day, s.value, s.number, s.event, s.ref, s.site, s.position, s.record, {place} AS place
    FROM told s
),
fed AS (
    SELECT t.client, t.kind, t.day, t.value, t.number, t.event, t.ref, t.site, t.position, t.record
    FROM told_in_order t
    WHERE t.place = 1
),
-- An end of breastfeeding counts unless breastfeeding restarted on that day or later.
restarted AS (
    SELECT client, MAX(day) AS day
    FROM fed
    WHERE kind = 'bf.restarted'
    GROUP BY client
),
-- The facts that count by the as-of date.
fact AS (
    SELECT c.client, c.kind, c.day, c.value, c.number, c.event, c.ref, c.site, c.position, c.record
    FROM chosen c
    WHERE c.day <= :as_of
    UNION ALL
    SELECT d.client, d.kind, d.day, d.value, d.number, d.event, d.ref, d.site, d.position, d.record
    FROM fed d
    LEFT JOIN restarted r ON r.client = d.client
    WHERE d.kind <> 'bf.stopped' OR r.day IS NULL OR r.day < d.day
    UNION ALL
    SELECT p.client, 'child.dob', p.dob, '', NULL, NULL, NULL, '', 0, NULL
    FROM person p
    WHERE p.dob IS NOT NULL
),

-- What the definitions look at, in three passes since each needs the days of the one before.
seen AS (
    SELECT client,
           MAX(CASE WHEN kind = 'pregnancy.lmp' THEN day END) AS lmp,
           MAX(CASE WHEN kind = 'delivery' THEN day END) AS delivery,
           MIN(CASE WHEN kind IN ('hiv.diagnosis', 'art.start', 'art.on', 'art.dispense')
                      OR (kind = 'hiv.test' AND value = 'pos') THEN day END) AS positive,
           MIN(CASE WHEN kind = 'exposed' THEN day END) AS exposed,
           MIN(CASE WHEN kind = 'final.outcome' AND value IN ('neg', 'pos', 'died') THEN day END) AS outcome,
           MIN(CASE WHEN kind = 'death' THEN day END) AS death,
           MAX(CASE WHEN kind = 'bf.restarted' THEN day END) AS restarted
    FROM fact
    WHERE kind IN ('pregnancy.lmp', 'delivery', 'hiv.diagnosis', 'art.start', 'art.on', 'art.dispense', 'hiv.test',
                   'exposed', 'final.outcome', 'death', 'bf.restarted')
    GROUP BY client
),
seen_then AS (
    SELECT f.client,
           MIN(CASE WHEN f.kind = 'delivery' AND f.day > s.lmp THEN f.day END) AS delivered,
           MAX(CASE WHEN f.kind = 'delivery' AND f.day = s.delivery AND f.value = 'live' THEN f.day END) AS live,
           MIN(CASE WHEN f.kind = 'hiv.test' AND f.value = 'neg'
                     AND (s.positive IS NULL OR f.day < s.positive) THEN f.day END) AS first_negative,
           MAX(CASE WHEN f.kind = 'hiv.test' AND f.value = 'neg'
                     AND (s.positive IS NULL OR f.day < s.positive) THEN f.day END) AS last_negative,
           MAX(CASE WHEN f.kind = 'feeding' AND f.value IN ('exclusive', 'mixed')
                     AND (s.restarted IS NULL OR f.day >= s.restarted) THEN f.day END) AS last_fed
    FROM fact f
    LEFT JOIN seen s ON s.client = f.client
    WHERE f.kind IN ('delivery', 'hiv.test', 'feeding')
    GROUP BY f.client
),
-- Breastfeeding ends with the first stop that was not followed by a restart, the first feeding without breast
-- milk after the last with it, or death. For a child it counts from birth, for a mother from the delivery.
seen_last AS (
    SELECT f.client,
           MIN(CASE WHEN f.kind = 'hiv.test' AND f.value <> 'neg' AND f.day > t.last_negative
                    THEN f.day END) AS not_negative,
           MIN(CASE WHEN f.kind = 'death' OR (f.kind = 'bf.stopped' AND f.day >= p.dob)
                      OR (f.kind = 'feeding' AND f.value IN ('replacement', 'stopped') AND f.day >= p.dob
                          AND (t.last_fed IS NULL OR f.day > t.last_fed)
                          AND (s.restarted IS NULL OR f.day >= s.restarted))
                    THEN f.day END) AS child_ended,
           MIN(CASE WHEN (f.kind = 'bf.stopped' AND f.day >= t.live)
                      OR (f.kind = 'feeding' AND f.value IN ('replacement', 'stopped') AND f.day >= t.live
                          AND (t.last_fed IS NULL OR f.day > t.last_fed)
                          AND (s.restarted IS NULL OR f.day >= s.restarted))
                    THEN f.day END) AS mother_ended
    FROM fact f
    JOIN person p ON p.client = f.client
    LEFT JOIN seen s ON s.client = f.client
    LEFT JOIN seen_then t ON t.client = f.client
    WHERE f.kind IN ('hiv.test', 'death', 'bf.stopped', 'feeding')
    GROUP BY f.client
),

-- Each child's breastfeeding: until it ended, at the latest until the second birthday.
child AS (
    SELECT p.client, p.mother, p.dob,
           CASE WHEN l.child_ended < {birthday} THEN l.child_ended ELSE {birthday} END AS fed_until
    FROM person p
    LEFT JOIN seen_last l ON l.client = p.client
    LEFT JOIN calendar a ON a.day = p.dob
    LEFT JOIN calendar z ON z.month = a.month + {feeding_months} AND z.dom = 1
    WHERE p.dob IS NOT NULL
),
-- The breastfeeding of the children born with a mother's latest delivery, as far as they are known.
born AS (
    SELECT c.mother AS client, MAX(c.fed_until) AS fed_until
    FROM child c
    JOIN seen_then t ON t.client = c.mother
    WHERE c.dob BETWEEN t.live - {same_birth_days} AND t.live + {same_birth_days}
    GROUP BY c.mother
),

-- The definitions: for each client from which day until (not including) which day each holds; no end: NULL.
being AS (
    SELECT p.client, p.mother_since, CAST(NULL AS BIGINT) AS mother_until,
           s.lmp AS pregnant_since,
           CASE WHEN t.delivered <= s.lmp + {longest_pregnancy} THEN t.delivered
                ELSE s.lmp + {longest_pregnancy} + 1 END AS pregnant_until,
           s.positive AS hiv_positive_since, CAST(NULL AS BIGINT) AS hiv_positive_until,
           t.first_negative AS hiv_negative_since,
           CASE WHEN l.not_negative < s.positive OR s.positive IS NULL THEN l.not_negative
                ELSE s.positive END AS hiv_negative_until,
           p.mother_since AS not_known_positive_since, s.positive AS not_known_positive_until,
           t.live AS breastfeeding_since,
           CASE WHEN n.client IS NOT NULL THEN n.fed_until
                WHEN l.mother_ended < {birthday} THEN l.mother_ended ELSE {birthday} END AS breastfeeding_until,
           CASE WHEN m.positive <= p.dob AND (s.exposed IS NULL OR p.dob < s.exposed) THEN p.dob
                WHEN m.positive > p.dob AND m.positive <= c.fed_until
                     AND (s.exposed IS NULL OR m.positive < s.exposed) THEN m.positive
                ELSE s.exposed END AS exposed_infant_since,
           CASE WHEN s.outcome < s.death OR s.death IS NULL THEN s.outcome ELSE s.death END AS exposed_infant_until
    FROM person p
    LEFT JOIN seen s ON s.client = p.client
    LEFT JOIN seen_then t ON t.client = p.client
    LEFT JOIN seen_last l ON l.client = p.client
    LEFT JOIN child c ON c.client = p.client
    LEFT JOIN born n ON n.client = p.client
    LEFT JOIN seen m ON m.client = p.mother
    LEFT JOIN calendar a ON a.day = t.live
    LEFT JOIN calendar z ON z.month = a.month + {feeding_months} AND z.dom = 1
),

-- Which sample a result belongs to: the one it names, otherwise the latest on or before its day.
belongs AS (
    SELECT client, kind, event, day, sample, sample_day
    FROM (
        SELECT r.client, r.kind, r.event, r.day, s.event AS sample, s.day AS sample_day,
               ROW_NUMBER() OVER (PARTITION BY r.client, r.kind, r.event, r.day
                                  ORDER BY s.day DESC, s.position DESC, s.record DESC) AS place
        FROM fact r
        JOIN fact s ON s.client = r.client
             AND s.kind = CASE r.kind WHEN 'vl.result' THEN 'vl.sample' WHEN 'cd4.result' THEN 'cd4.sample'
                                      ELSE 'eid.sample' END
             AND (s.event = r.ref OR (r.ref IS NULL AND s.day <= r.day))
        WHERE r.kind IN ('vl.result', 'cd4.result', 'eid.result', 'eid.result_given')
    ) c
    WHERE place = 1
)
