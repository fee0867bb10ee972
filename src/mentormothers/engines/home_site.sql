-- Where each client was at home on the days in question (asked: client, day), when asked by site. Own facts come
-- before the mother's. Reads stated and person (definitions.sql).
placed AS (
    SELECT a.client, a.day, 0 AS distance, s.day AS since, s.position, s.record, s.site
    FROM asked a
    JOIN stated s ON s.client = a.client AND s.day <= a.day
    WHERE s.kind IN ({home_kinds}) AND s.site <> '' AND {by_site}
    UNION ALL
    SELECT a.client, a.day, 1 AS distance, s.day AS since, s.position, s.record, s.site
    FROM asked a
    JOIN person p ON p.client = a.client
    JOIN stated s ON s.client = p.mother AND s.day <= a.day
    WHERE s.kind IN ({home_kinds}) AND s.site <> '' AND {by_site}
),
home AS (
    SELECT c.client, c.day, c.site
    FROM (SELECT h.client, h.day, h.site,
                 ROW_NUMBER() OVER (PARTITION BY h.client, h.day
                                    ORDER BY h.distance, h.since DESC, h.position DESC, h.record DESC) AS place
          FROM placed h) c
    WHERE c.place = 1
)
