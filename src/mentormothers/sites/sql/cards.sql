-- Cards are seen where they were printed for, printed once and never changed. No two have the same code anywhere.
ALTER TABLE card_sheet ENABLE ROW LEVEL SECURITY;
ALTER TABLE card_sheet FORCE ROW LEVEL SECURITY;
ALTER TABLE card ENABLE ROW LEVEL SECURITY;
ALTER TABLE card FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON card_sheet USING (
    site_id = ANY ((SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])::int[]));
CREATE POLICY in_scope ON card USING (sheet_id IN (SELECT id FROM card_sheet));
DO $$
DECLARE target regclass;
BEGIN
    FOREACH target IN ARRAY ARRAY['card_sheet', 'card']::regclass[] LOOP
        EXECUTE format('REVOKE ALL ON %s FROM mm_app', target);
        EXECUTE format('GRANT SELECT, INSERT ON %s TO mm_app', target);
        EXECUTE format('GRANT SELECT ON %s TO mm_backup', target);
        EXECUTE format('CREATE POLICY housekeeping ON %s TO mm_owner USING (true) WITH CHECK (true)', target);
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %s '
                       'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', target);
    END LOOP;
END $$;
