-- Phones that know a client hear that her name was erased.
CREATE FUNCTION sync.tell_erase() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO sync.feed (event, client, site)
    SELECT 'erase', e.client, c.site FROM changed e LEFT JOIN care.client c ON c.id = e.client;
    RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT ON people.erasure REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sync.tell_erase();

-- After a restore: everything is told anew, in the order of receipt, under a new feed id; whom phones must forget comes
-- first, since they may have missed it.
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
        UNION ALL SELECT 'record', client, id, site, received FROM care.record
        UNION ALL SELECT 'identity', client, record, site, received FROM people.identity_record
        UNION ALL SELECT 'assignment', client, id, site, made_at FROM care.assignment
    ) told ORDER BY at;
END $$;
