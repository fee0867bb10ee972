-- The open items of every client, kept: what followup/working_out.py makes of her family's facts on a day. They follow
-- from facts alone, are thrown away and made again, and nobody but the functions below writes them.

CREATE TABLE care.open_item (
    client uuid NOT NULL,
    mother uuid,
    household uuid GENERATED ALWAYS AS (coalesce(mother, client)) STORED,
    site integer NOT NULL,
    organisation integer NOT NULL,
    rule text NOT NULL,
    item text NOT NULL,
    occurrence integer NOT NULL,
    state text NOT NULL,
    due date NOT NULL,
    until date NOT NULL,
    rank integer NOT NULL,
    reasons jsonb NOT NULL,
    next_step text NOT NULL,
    traceable boolean NOT NULL,
    may_ask boolean NOT NULL,
    PRIMARY KEY (client, item, occurrence)
);
-- Counted and put in order by the first, without a look at the table; the households that are shown are read by the second.
CREATE INDEX open_item_site ON care.open_item (site) INCLUDE (organisation, household, client, item, state, rank, due);
CREATE INDEX open_item_household ON care.open_item (household);

-- For which day a client's open items were worked out, and by which protocol and program.
CREATE TABLE care.worked_out (
    client uuid PRIMARY KEY,
    site integer NOT NULL,
    organisation integer NOT NULL,
    day date NOT NULL,
    made_by text NOT NULL
);
CREATE INDEX worked_out_site ON care.worked_out (site, day, made_by);
CREATE INDEX worked_out_day ON care.worked_out (day, made_by, site);
INSERT INTO care.worked_out (client, site, organisation, day, made_by)
SELECT id, site, organisation, '-infinity', '' FROM care.client;

-- Whose facts, corrections, home or birth mother changed since. A row is added with each change, in its transaction, and
-- nobody waits for it; it is taken away by whoever worked out the client and all her kin after having seen it.
CREATE TABLE care.touched (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, client uuid NOT NULL);
CREATE INDEX touched_client ON care.touched (client);

SELECT care.protect('care.open_item'), care.protect('care.worked_out');
ALTER TABLE care.touched ENABLE ROW LEVEL SECURITY;
ALTER TABLE care.touched FORCE ROW LEVEL SECURITY;
CREATE POLICY home ON care.touched USING (client IN (
    SELECT c.id FROM care.client c
    WHERE c.site = ANY ((SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])::int[])));
CREATE POLICY housekeeping ON care.touched TO mm_owner USING (true) WITH CHECK (true);
GRANT SELECT ON care.touched TO mm_backup;
GRANT SELECT ON care.open_item TO mm_app;

-- What makes a client's open items other than they were: facts of her, corrections, her home, her birth mother.
CREATE FUNCTION care.touch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO care.touched (client) SELECT DISTINCT client FROM changed;
    RETURN NULL;
END $$;
CREATE FUNCTION care.touch_corrected() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO care.touched (client) SELECT DISTINCT client FROM changed WHERE relation <> '' AND client IS NOT NULL;
    RETURN NULL;
END $$;
CREATE FUNCTION care.touch_moved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE moved uuid[];
BEGIN
    INSERT INTO care.touched (client)
    SELECT id FROM changed UNION SELECT mother FROM before WHERE mother IS NOT NULL;
    -- Who moves is gone from the list of her old site at once.
    moved := array(SELECT c.id FROM changed c JOIN before b ON b.id = c.id
                   WHERE (c.site, c.organisation) <> (b.site, b.organisation));
    IF cardinality(moved) > 0 THEN
        PERFORM care.hold_to_work_out(moved);
        DELETE FROM care.open_item o WHERE o.client = ANY (moved);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER touch AFTER INSERT ON care.fact REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION care.touch();
CREATE TRIGGER touch_taken AFTER DELETE ON care.fact REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION care.touch();
CREATE TRIGGER touch AFTER INSERT ON care.record REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION care.touch_corrected();
CREATE TRIGGER touch AFTER UPDATE ON care.client REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION care.touch_moved();

-- Whom to work out before a list of sites is shown on a day: those of whom this was not done for the day, and the kin of
-- those who were touched, wherever they live, when any of them lives at one of the sites. Families stay together.
CREATE FUNCTION care.stale_at(sites int[], today date, by text) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH kin AS MATERIALIZED (SELECT k.* FROM care.kin(array(SELECT DISTINCT t.client FROM care.touched t)) k),
    stale AS (
        SELECT client FROM care.worked_out w WHERE w.site = ANY (sites) AND w.day < today
        UNION SELECT client FROM care.worked_out w WHERE w.site = ANY (sites) AND w.day > today
        UNION SELECT client FROM care.worked_out w WHERE w.site = ANY (sites) AND w.day = today AND w.made_by < by
        UNION SELECT client FROM care.worked_out w WHERE w.site = ANY (sites) AND w.day = today AND w.made_by > by
        UNION SELECT client FROM kin WHERE whose IN (SELECT whose FROM kin WHERE site = ANY (sites))
    )
    SELECT c.id FROM stale s JOIN care.client c ON c.id = s.client ORDER BY coalesce(c.mother, c.id), c.id
$$;

-- The same of some clients.
CREATE FUNCTION care.stale_of(clients uuid[], today date, by text) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT c.id FROM care.client c WHERE c.id = ANY (clients) AND NOT EXISTS (
        SELECT FROM care.worked_out w WHERE (w.client, w.day, w.made_by) = (c.id, today, by))
    UNION
    SELECT k.client FROM care.kin(array(
        SELECT DISTINCT t.client FROM care.kin(clients) near JOIN care.touched t ON t.client = near.client)) k
$$;

-- The same anywhere, site by site, but so many at most (and their kin): for the worker.
CREATE FUNCTION care.stale_anywhere(today date, by text, most int) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH stale AS (
        (SELECT t.client FROM care.touched t JOIN care.client c ON c.id = t.client ORDER BY t.id LIMIT most)
        UNION (SELECT client FROM care.worked_out w WHERE w.day < today ORDER BY day, made_by, site LIMIT most)
        UNION (SELECT client FROM care.worked_out w WHERE w.day > today LIMIT most)
        UNION (SELECT client FROM care.worked_out w WHERE w.day = today AND w.made_by < by LIMIT most)
        UNION (SELECT client FROM care.worked_out w WHERE w.day = today AND w.made_by > by LIMIT most)
    )
    SELECT client FROM (SELECT DISTINCT k.client, coalesce(k.mother, k.client) AS family
                        FROM care.kin(array(SELECT client FROM stale)) k) f
    ORDER BY family, client
$$;

-- Hold these clients until the end of the transaction, so that nobody else works them out meanwhile; gives the touches
-- that are done with when they are kept: those of which all kin are among them. To be called before their facts are read.
CREATE FUNCTION care.hold_to_work_out(clients uuid[]) RETURNS bigint[]
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO care.worked_out (client, site, organisation, day, made_by)
    SELECT c.id, c.site, c.organisation, '-infinity', '' FROM care.client c WHERE c.id = ANY (clients) ORDER BY c.id
    ON CONFLICT DO NOTHING;
    PERFORM FROM care.worked_out w WHERE w.client = ANY (clients) ORDER BY w.client FOR UPDATE;
    RETURN array(
        SELECT t.id FROM care.touched t WHERE t.client = ANY (clients) AND t.client NOT IN (
            SELECT k.whose FROM care.kin(clients) k WHERE k.client NOT IN (SELECT unnest(clients))));
END $$;

-- Keep what was worked out for clients who are held. What is as it was is left alone.
CREATE FUNCTION care.keep_open_items(clients uuid[], today date, by text, items jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    DELETE FROM care.open_item o WHERE o.client = ANY (clients) AND (o.client, o.item, o.occurrence) NOT IN (
        SELECT i.client, i.item, i.occurrence FROM jsonb_to_recordset(items) AS i(client uuid, item text, occurrence int));
    INSERT INTO care.open_item AS o (client, mother, site, organisation, rule, item, occurrence, state, due, until, rank,
                                     reasons, next_step, traceable, may_ask)
    SELECT c.id, c.mother, c.site, c.organisation, i.rule, i.item, i.occurrence, i.state, i.due, i.until, i.rank, i.reasons,
           i.next_step, i.traceable, i.may_ask
    FROM jsonb_to_recordset(items) AS i(
        client uuid, rule text, item text, occurrence int, state text, due date, until date, rank int, reasons jsonb,
        next_step text, traceable boolean, may_ask boolean)
    JOIN care.client c ON c.id = i.client
    ON CONFLICT (client, item, occurrence) DO UPDATE
    SET (mother, site, organisation, rule, state, due, until, rank, reasons, next_step, traceable, may_ask) = (
        excluded.mother, excluded.site, excluded.organisation, excluded.rule, excluded.state, excluded.due, excluded.until,
        excluded.rank, excluded.reasons, excluded.next_step, excluded.traceable, excluded.may_ask)
    WHERE o.* IS DISTINCT FROM excluded.*;
    UPDATE care.worked_out w SET site = c.site, organisation = c.organisation, day = today, made_by = by
    FROM care.client c WHERE c.id = w.client AND w.client = ANY (clients);
END $$;

CREATE FUNCTION care.done_with(touches bigint[]) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS
$$ DELETE FROM care.touched t WHERE t.id = ANY (touches) $$;

DO $$
DECLARE one regprocedure;
BEGIN
    FOREACH one IN ARRAY ARRAY['care.stale_at(int[], date, text)',
        'care.stale_of(uuid[], date, text)', 'care.stale_anywhere(date, text, int)',
        'care.hold_to_work_out(uuid[])', 'care.done_with(bigint[])',
        'care.keep_open_items(uuid[], date, text, jsonb)']::regprocedure[] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', one);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO mm_app', one);
    END LOOP;
END $$;
