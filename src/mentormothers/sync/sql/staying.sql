-- Phones hear of stays: at the site where she is, guests come and go; there and at home it is told where she is.
CREATE POLICY guest ON sync.feed FOR SELECT TO mm_app USING (client IN (
    SELECT g.client FROM care.guest g WHERE g.ends > now()
    AND g.site = ANY ((SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])::int[])));

DO $$
DECLARE told record;
BEGIN
    FOR told IN SELECT * FROM (VALUES
        ('care.stay', 'tell', 'INSERT', 'NEW', 'stay', 'client', 'id', 'site'),
        ('care.stay', 'tell_ended', 'UPDATE', 'NEW', 'stay', 'client', 'id', 'site'),
        ('care.guest', 'tell', 'INSERT', 'NEW', 'guest_in', 'client', 'NULL', 'site'),
        ('care.guest', 'tell_out', 'DELETE', 'OLD', 'guest_out', 'client', 'NULL', 'site')
    ) AS t(target, name, deed, rows, event, client, subject, site) LOOP
        EXECUTE format($function$
            CREATE OR REPLACE FUNCTION sync.tell_%s() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
            SET search_path = pg_catalog AS $body$
            BEGIN
                INSERT INTO sync.feed (event, client, subject, site)
                SELECT %L, %s::uuid, %s::uuid, %s::integer FROM changed;
                RETURN NULL;
            END $body$ $function$, told.event, told.event, told.client, told.subject, told.site);
        EXECUTE format('CREATE TRIGGER %I AFTER %s ON %s REFERENCING %s TABLE AS changed FOR EACH STATEMENT '
                       'EXECUTE FUNCTION sync.tell_%s()', told.name, told.deed, told.target, told.rows, told.event);
    END LOOP;
END $$;

-- After a restore: as before (erase.sql), with guests and stays.
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
