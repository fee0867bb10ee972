-- Who is on treatment on the as-of date, or on another day before it, or each client on a day of her own. Reads person,
-- fact and care (definitions.sql, care.sql); {…} are filled in from the indicator's options and the stops that end
-- treatment. Portable subset only.

-- Each client's latest supply, and the day it reaches to.
supply AS (
    SELECT l.client, l.day, l.expected
    FROM (SELECT f.client, f.day, f.day + f.number AS expected,
                 ROW_NUMBER() OVER (PARTITION BY f.client ORDER BY f.day DESC) AS place
          FROM fact f {until_join_of_facts}
          WHERE f.kind = 'art.dispense' AND f.day <= {until}) l
    WHERE l.place = 1
),
-- Clients for whom a stop holds, and whether one of them is a move to another site.
stopped AS (
    SELECT h.client, MAX(CASE WHEN h.kind = 'transfer.out' THEN 1 ELSE 0 END) AS moved
    FROM ({stops}) h
    GROUP BY h.client
),
on_treatment AS (
    SELECT s.client
    FROM supply s
    {until_join}
    JOIN person p ON p.client = s.client
    LEFT JOIN stopped x ON x.client = s.client
    WHERE {until} - s.expected {within} AND (p.death IS NULL OR p.death > {until}) AND x.client IS NULL
)
