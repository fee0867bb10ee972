-- The feed: what phones need to hear of, in an order that no late commit can disturb.
--
-- A row carries the number of the transaction that wrote it. Readers take rows of transactions that had ended
-- before every transaction still running: `tx < pg_snapshot_xmin(pg_current_snapshot())`, in the order (tx, place).
-- After a restore transaction numbers start anew, so the feed is rebuilt and gets a new id.

CREATE SCHEMA sync;
GRANT USAGE ON SCHEMA sync TO mm_app, mm_backup;

CREATE TABLE sync.feed_id (id uuid NOT NULL, only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one));
INSERT INTO sync.feed_id (id) VALUES (gen_random_uuid());
GRANT SELECT ON sync.feed_id TO mm_app, mm_backup;

CREATE TABLE sync.feed (
    tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    place bigint GENERATED ALWAYS AS IDENTITY,
    event text NOT NULL,
    client uuid,
    subject uuid,
    site integer,
    PRIMARY KEY (tx, place)
);
CREATE INDEX feed_client ON sync.feed (client, tx, place);
ALTER TABLE sync.feed ENABLE ROW LEVEL SECURITY;
ALTER TABLE sync.feed FORCE ROW LEVEL SECURITY;
-- Rows without a site (published content) are for everybody. A client's events reach her home site, wherever made.
CREATE POLICY in_scope ON sync.feed FOR SELECT USING (
    site IS NULL
    OR site = ANY ((SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])::int[])
    OR client IN (SELECT id FROM care.client WHERE
        site = ANY ((SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])::int[])));
CREATE POLICY housekeeping ON sync.feed TO mm_owner USING (true) WITH CHECK (true);
GRANT SELECT ON sync.feed TO mm_app, mm_backup;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON sync.feed
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One function for every table whose rows phones hear of; the trigger names event and columns.
CREATE FUNCTION sync.tell() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    EXECUTE format('INSERT INTO sync.feed (event, client, subject, site) SELECT %L, %s, %s, %s FROM changed',
                   TG_ARGV[0], TG_ARGV[1], TG_ARGV[2], TG_ARGV[3]);
    RETURN NULL;
END $$;

CREATE TRIGGER tell AFTER INSERT ON care.record REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sync.tell('record', 'client', 'id', 'site');
CREATE TRIGGER tell AFTER INSERT ON people.identity_record REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sync.tell('identity', 'client', 'record', 'site');
CREATE TRIGGER tell AFTER INSERT ON care.caseload REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sync.tell('caseload_in', 'client', 'mentor', 'site');
CREATE TRIGGER tell_out AFTER DELETE ON care.caseload REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sync.tell('caseload_out', 'client', 'mentor', 'site');
CREATE TRIGGER tell AFTER INSERT ON care.client REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sync.tell('home_in', 'id', 'NULL::uuid', 'site');
CREATE TRIGGER tell_out AFTER UPDATE ON care.client REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sync.tell('home_out', 'id', 'NULL::uuid', 'site');
CREATE TRIGGER tell_moved AFTER UPDATE ON care.client REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sync.tell('home_in', 'id', 'NULL::uuid', 'site');
CREATE TRIGGER tell AFTER INSERT ON care.assignment REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sync.tell('assignment', 'client', 'id', 'site');
CREATE TRIGGER tell_ended AFTER UPDATE ON care.assignment REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sync.tell('assignment', 'client', 'id', 'site');
CREATE TRIGGER tell AFTER INSERT ON publication REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sync.tell('content', 'NULL::uuid', 'NULL::uuid', 'NULL::integer');
