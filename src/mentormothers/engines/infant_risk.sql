-- What is known of the mother says whether the risk of an exposed infant is high (WHO 2025, infant prophylaxis):
-- she was found positive after the birth; infected while she carried the child; on treatment for less than
-- {high_risk_days} days at birth; or above {high_risk_above_copies} copies in those days. Reads definitions.sql.
risk_seen AS (
    SELECT c.client, c.dob, m.positive,
           MAX(CASE WHEN f.kind = 'hiv.test' AND f.value = 'neg' AND f.day >= c.dob - {days_lmp_to_edd}
                     AND f.day < m.positive THEN 1 END) AS negative_before,
           MAX(CASE WHEN (f.kind IN ('art.start', 'art.dispense') AND f.day <= c.dob - {high_risk_days})
                      OR (f.kind = 'art.on' AND f.day <= c.dob) THEN 1 END) AS treated,
           MIN(CASE WHEN f.kind = 'vl.result' AND f.number > {high_risk_above_copies}
                     AND g.sample_day BETWEEN c.dob - {high_risk_days} AND c.dob THEN f.day END) AS many_copies
    FROM child c
    JOIN seen m ON m.client = c.mother AND m.positive <= c.fed_until
    JOIN fact f ON f.client = c.mother
    LEFT JOIN belongs g ON g.client = f.client AND g.kind = f.kind AND g.event = f.event AND g.day = f.day
    GROUP BY c.client, c.dob, m.positive
),
risk_sign AS (
    SELECT client,
           CASE WHEN positive > dob THEN positive
                WHEN negative_before = 1 OR treated IS NULL OR many_copies < dob THEN dob
                ELSE many_copies END AS day
    FROM risk_seen
),
-- The definitions, with the two of risk: low while nothing known says high.
risk AS (
    SELECT b.*,
           CASE WHEN r.day < b.exposed_infant_since THEN b.exposed_infant_since
                WHEN b.exposed_infant_since IS NOT NULL THEN r.day END AS high_risk_since,
           b.exposed_infant_until AS high_risk_until,
           CASE WHEN r.day IS NULL OR r.day > b.exposed_infant_since THEN b.exposed_infant_since END AS low_risk_since,
           CASE WHEN b.exposed_infant_until <= r.day OR r.day IS NULL THEN b.exposed_infant_until
                ELSE r.day END AS low_risk_until
    FROM being b
    LEFT JOIN risk_sign r ON r.client = b.client
)
