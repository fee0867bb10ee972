-- When each client began treatment, as far as is known. Reads fact (definitions.sql). Portable subset only.
began AS (
    SELECT f.client, MIN(f.day) AS since,
           MIN(CASE WHEN f.kind = 'art.start' THEN f.day END) AS first_start,
           MIN(CASE WHEN f.kind = 'art.dispense' THEN f.day END) AS first_supply
    FROM fact f
    WHERE f.kind IN ('art.start', 'art.on', 'art.dispense')
    GROUP BY f.client
)
