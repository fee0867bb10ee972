-- Women at their first antenatal contact, and the fact by which each became positive. Reads fact and being
-- (definitions.sql). Portable subset only.

-- The first antenatal contact of the latest pregnancy; without a known last period, the first at all.
first_contact AS (
    SELECT c.client, c.day, c.site
    FROM (SELECT f.client, f.day, f.site,
                 ROW_NUMBER() OVER (PARTITION BY f.client ORDER BY f.day, f.position, f.record) AS place
          FROM fact f
          JOIN being b ON b.client = f.client
          WHERE f.kind = 'anc.contact' AND (b.pregnant_since IS NULL OR f.day >= b.pregnant_since)) c
    WHERE c.place = 1
),
-- The fact by which each client became positive.
found_positive AS (
    SELECT c.client, c.day, c.site
    FROM (SELECT f.client, f.day, f.site,
                 ROW_NUMBER() OVER (PARTITION BY f.client ORDER BY f.position, f.record) AS place
          FROM fact f
          JOIN being b ON b.client = f.client AND b.hiv_positive_since = f.day
          WHERE f.kind IN ('hiv.diagnosis', 'art.start', 'art.on', 'art.dispense')
             OR (f.kind = 'hiv.test' AND f.value = 'pos')) c
    WHERE c.place = 1
),
-- Those known to be positive by that contact, when it falls in the period.
positive_contact AS (
    SELECT c.client, c.day, c.site
    FROM first_contact c
    JOIN found_positive q ON q.client = c.client
    WHERE q.day <= c.day AND c.day >= :start
)
