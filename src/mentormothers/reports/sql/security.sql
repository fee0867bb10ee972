-- Kept counts are seen in exactly the scope they were made in; published numbers in the ministry's scope only.

ALTER TABLE kept_count ENABLE ROW LEVEL SECURITY;
ALTER TABLE kept_count FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON kept_count USING (
    sites = (SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])
    AND organisations = (SELECT coalesce(nullif(current_setting('app.organisations', true), ''), '{}')::int[]));
CREATE POLICY housekeeping ON kept_count TO mm_owner USING (true) WITH CHECK (true);
CREATE POLICY backup ON kept_count FOR SELECT TO mm_backup USING (true);

-- The worker that publishes takes the ministry's scope to write them down.
CREATE FUNCTION only_the_ministry(target regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('REVOKE UPDATE ON %s FROM mm_app', target);
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY ministry ON %s USING (current_setting(''app.country'', true) = ''on'')', target);
    EXECUTE format('CREATE POLICY housekeeping ON %s TO mm_owner USING (true) WITH CHECK (true)', target);
    EXECUTE format('CREATE POLICY backup ON %s FOR SELECT TO mm_backup USING (true)', target);
END $$;
SELECT only_the_ministry(t) FROM unnest(ARRAY['edition', 'published_number']::regclass[]) t;
DROP FUNCTION only_the_ministry(regclass);
