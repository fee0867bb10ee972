-- After a restore: everything is told anew, in the order of receipt, under a new feed id; whom phones must forget comes
-- first, since they may have missed it. Run again by each migration that gives it something more to tell; what a body
-- names is looked up when it is called.
CREATE OR REPLACE FUNCTION sync.rebuild_feed() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE sync.feed;
    UPDATE sync.feed_id SET id = gen_random_uuid();
    INSERT INTO sync.feed (event, client, site)
    SELECT 'erase', e.client, c.site FROM people.erasure e LEFT JOIN care.client c ON c.id = e.client ORDER BY e.at;
    INSERT INTO sync.feed (event, client, subject, site)
    SELECT event, client, subject, site FROM (
        SELECT 'content' AS event, NULL::uuid AS client, NULL::uuid AS subject, NULL::int AS site, published_at AS at
        FROM publication
        UNION ALL SELECT 'home_in', id, NULL, site, since FROM care.client
        UNION ALL SELECT 'caseload_in', client, mentor, site, since FROM care.caseload
        UNION ALL SELECT 'guest_in', g.client, NULL, g.site, now() FROM care.guest g
        UNION ALL SELECT 'stay', client, id, site, made_at FROM care.stay WHERE ended_at IS NULL
        UNION ALL SELECT 'record', client, id, site, received FROM care.record
        UNION ALL SELECT 'identity', client, record, site, received FROM people.identity_record
        UNION ALL SELECT 'assignment', client, id, site, made_at FROM care.assignment
    ) told ORDER BY at;
END $$;
