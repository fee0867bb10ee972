-- Exposed infants with the days on which they are 18 months and two years old, and the last test between the two.
-- Reads fact, belongs, person and being (definitions.sql); {…} are filled in by the caller. Portable subset only.

-- Tests that say yes or no: when they were told, and when they were taken.
tested AS (
    SELECT f.client, f.value, f.site, f.position, f.record, f.day AS told, f.day AS taken
    FROM fact f
    WHERE f.kind IN ('antibody.test', 'hiv.test') AND f.value IN ('neg', 'pos')
    UNION ALL
    SELECT f.client, f.value, f.site, f.position, f.record, f.day AS told, COALESCE(b.sample_day, f.day) AS taken
    FROM fact f
    LEFT JOIN belongs b ON b.client = f.client AND b.kind = f.kind AND b.event = f.event AND b.day = f.day
    WHERE f.kind = 'eid.result' AND f.value IN ('neg', 'pos')
),
infant AS (
    SELECT p.client, p.death, {eighteen_months} AS since, {two_years} AS until
    FROM person p
    JOIN being b ON b.client = p.client {month_joins}
    WHERE p.dob IS NOT NULL AND (b.exposed_infant_since IS NOT NULL OR p.mother IS NULL)
),
final_test AS (
    SELECT c.client, c.value, c.site, c.told
    FROM (SELECT t.client, t.value, t.site, t.told,
                 ROW_NUMBER() OVER (PARTITION BY t.client
                                    ORDER BY t.told DESC, t.taken DESC, t.position DESC, t.record DESC) AS place
          FROM tested t
          JOIN infant i ON i.client = t.client
          WHERE t.taken BETWEEN i.since AND i.until) c
    WHERE c.place = 1
)
