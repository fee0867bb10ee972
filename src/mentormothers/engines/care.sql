-- The care of clients of whom a stop was ever told: care shows that they came back. Reads stated and chosen; {…} are the
-- kinds of stops, and of care. Portable subset only.
care AS (
    SELECT s.client, s.day, s.site
    FROM stated s
    JOIN (SELECT c.client FROM chosen c WHERE c.kind IN ({stops}) GROUP BY c.client) x ON x.client = s.client
    WHERE {is_care}
)
