-- The same steps as in stated.sql, over a snapshot: what stands, and which facts count, was settled when it was written.
-- Reads settled (snapshot.py).

stated AS (
    SELECT o.client, o.role, o.mother, o.kind, o.day, o.value, o.number, o.event, o.ref, o.site, o.position, o.record,
           o.introduces
    FROM settled o
    WHERE {counting}
),
chosen AS (
    SELECT s.client, s.kind, s.day, s.value, s.number, s.event, s.ref, s.site, s.position, s.record
    FROM settled s
    WHERE {chosen} AND s.kind NOT IN ('child.dob', {feeding_kinds}) AND {used}
)
