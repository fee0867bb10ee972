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
