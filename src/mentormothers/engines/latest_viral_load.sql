-- Each client's latest viral load result. Reads fact and belongs (definitions.sql); {…} is the day by which a result
-- counts. Portable subset only.

result AS (
    SELECT f.client, f.kind, f.number, f.day AS told, {counted_day} AS day
    FROM fact f
    LEFT JOIN belongs b ON b.client = f.client AND b.kind = f.kind AND b.event = f.event AND b.day = f.day
    WHERE f.kind = 'vl.result'
),
latest AS (
    SELECT c.client, c.kind, c.number, c.day
    FROM (SELECT r.client, r.kind, r.number, r.day,
                 ROW_NUMBER() OVER (PARTITION BY r.client ORDER BY r.day DESC, r.told DESC) AS place
          FROM result r) c
    WHERE c.place = 1
)
