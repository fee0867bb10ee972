-- In the ministry's scope (app.country) nobody's phone, work or looks are to be seen, and of people only her own kind.
-- Care and identity need no rule here: they are seen by site, and her scope has none.

CREATE FUNCTION access_closed_to_ministry(target regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format($policy$
        CREATE POLICY not_the_ministry ON %s USING (coalesce(current_setting('app.country', true), '') <> 'on')
        WITH CHECK (true)$policy$, target);
    EXECUTE format('CREATE POLICY backup ON %s FOR SELECT TO mm_backup USING (true)', target);
END $$;
SELECT access_closed_to_ministry(t)
FROM unnest(ARRAY['access_device', 'access_device_people', 'access_enrolmentcode', 'access_membership']::regclass[]) t;
DROP FUNCTION access_closed_to_ministry(regclass);

ALTER TABLE access_user ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_ones_own ON access_user USING (
    coalesce(current_setting('app.country', true), '') <> 'on' OR role = 'ministry') WITH CHECK (true);
CREATE POLICY backup ON access_user FOR SELECT TO mm_backup USING (true);

-- Taking numbers along is written down, and a line that is written must be seen to be kept.
ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY not_the_ministry ON audit_event USING (
    coalesce(current_setting('app.country', true), '') <> 'on' OR what = 'numbers.exported') WITH CHECK (true);
CREATE POLICY backup ON audit_event FOR SELECT TO mm_backup USING (true);
