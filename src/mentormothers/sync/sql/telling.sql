-- The feed is told of each event by a function of its own, whose statement the database plans once for a connection.
-- `sync.tell` put the statement together as text, which was parsed and planned anew by every trigger of every push.

DO $$
DECLARE told record;
BEGIN
    FOR told IN SELECT * FROM (VALUES
        ('care.record', 'tell', 'INSERT', 'NEW', 'record', 'client', 'id', 'site'),
        ('people.identity_record', 'tell', 'INSERT', 'NEW', 'identity', 'client', 'record', 'site'),
        ('care.caseload', 'tell', 'INSERT', 'NEW', 'caseload_in', 'client', 'mentor', 'site'),
        ('care.caseload', 'tell_out', 'DELETE', 'OLD', 'caseload_out', 'client', 'mentor', 'site'),
        ('care.client', 'tell', 'INSERT', 'NEW', 'home_in', 'id', 'NULL', 'site'),
        ('care.client', 'tell_out', 'UPDATE', 'OLD', 'home_out', 'id', 'NULL', 'site'),
        ('care.client', 'tell_moved', 'UPDATE', 'NEW', 'home_in', 'id', 'NULL', 'site'),
        ('care.assignment', 'tell', 'INSERT', 'NEW', 'assignment', 'client', 'id', 'site'),
        ('care.assignment', 'tell_ended', 'UPDATE', 'NEW', 'assignment', 'client', 'id', 'site'),
        ('publication', 'tell', 'INSERT', 'NEW', 'content', 'NULL', 'NULL', 'NULL')
    ) AS t(target, name, deed, rows, event, client, subject, site) LOOP
        EXECUTE format($function$
            CREATE OR REPLACE FUNCTION sync.tell_%s() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
            SET search_path = pg_catalog AS $body$
            BEGIN
                INSERT INTO sync.feed (event, client, subject, site)
                SELECT %L, %s::uuid, %s::uuid, %s::integer FROM changed;
                RETURN NULL;
            END $body$ $function$, told.event, told.event, told.client, told.subject, told.site);
        EXECUTE format('DROP TRIGGER %I ON %s', told.name, told.target);
        EXECUTE format('CREATE TRIGGER %I AFTER %s ON %s REFERENCING %s TABLE AS changed FOR EACH STATEMENT '
                       'EXECUTE FUNCTION sync.tell_%s()', told.name, told.deed, told.target, told.rows, told.event);
    END LOOP;
END $$;
DROP FUNCTION sync.tell();
