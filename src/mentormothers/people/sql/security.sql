-- Identity lies in a schema that only mm_people enters; mm_app becomes mm_people for single steps, mm_reports cannot.

CREATE SCHEMA people;
ALTER TABLE client_key SET SCHEMA people;
ALTER TABLE identity_record SET SCHEMA people;
ALTER TABLE phone_index SET SCHEMA people;
GRANT USAGE ON SCHEMA people TO mm_people, mm_backup;

DO $$
DECLARE target regclass;
BEGIN
    FOREACH target IN ARRAY ARRAY['people.client_key', 'people.identity_record', 'people.phone_index']::regclass[] LOOP
        EXECUTE format('REVOKE ALL ON %s FROM mm_app', target);
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
        -- Written for one's own organisation; read for clients whose home is one of one's sites.
        EXECUTE format($policy$
            CREATE POLICY in_scope ON %s USING (
                client IN (SELECT id FROM care.client WHERE
                    site = ANY ((SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])::int[]))
            ) WITH CHECK (
                organisation = ANY ((SELECT coalesce(nullif(current_setting('app.organisations', true), ''), '{}')::int[])::int[])
            )$policy$, target);
        EXECUTE format('CREATE POLICY housekeeping ON %s TO mm_owner USING (true) WITH CHECK (true)', target);
        EXECUTE format('GRANT SELECT, INSERT ON %s TO mm_people', target);
        EXECUTE format('GRANT SELECT ON %s TO mm_backup', target);
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %s '
                       'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', target);
    END LOOP;
END $$;
