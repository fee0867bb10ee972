-- Care lies in a schema of its own. Row-level security holds for everybody, the owner too; what is append-only is
-- so by grant and by trigger. The policies are written with `= ANY` of one list computed once: written as
-- `site IN (SELECT ...)` they scan whole tables.

CREATE SCHEMA care;
ALTER TABLE record SET SCHEMA care;
ALTER TABLE fact SET SCHEMA care;
ALTER TABLE client SET SCHEMA care;
ALTER TABLE caseload SET SCHEMA care;
ALTER TABLE quarantined SET SCHEMA care;
ALTER TABLE quarantine_decision SET SCHEMA care;
GRANT USAGE ON SCHEMA care TO mm_app, mm_people, mm_reports, mm_backup;

CREATE FUNCTION care.append_only(target regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %s '
                   'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', target);
    EXECUTE format('GRANT SELECT, INSERT ON %s TO mm_app', target);
END $$;

-- Rows of my sites and organisations; the owner keeps house (migrations, moving a client's home) in all.
CREATE FUNCTION care.protect(target regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('REVOKE ALL ON %s FROM mm_app', target);
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format($policy$
        CREATE POLICY in_scope ON %s USING (
            site = ANY ((SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])::int[])
            AND organisation = ANY ((SELECT coalesce(nullif(current_setting('app.organisations', true), ''), '{}')::int[])::int[])
        )$policy$, target);
    EXECUTE format('CREATE POLICY housekeeping ON %s TO mm_owner USING (true) WITH CHECK (true)', target);
    EXECUTE format('GRANT SELECT ON %s TO mm_backup', target);
END $$;

SELECT care.protect(t), care.append_only(t)
FROM unnest(ARRAY['care.record', 'care.fact', 'care.quarantined', 'care.quarantine_decision']::regclass[]) t;
SELECT care.protect(t) FROM unnest(ARRAY['care.client', 'care.caseload']::regclass[]) t;
GRANT SELECT, INSERT ON care.client TO mm_app;
GRANT SELECT, INSERT, DELETE ON care.caseload TO mm_app;
GRANT SELECT ON care.client TO mm_people;
GRANT SELECT ON care.record, care.fact, care.client TO mm_reports;

-- Whoever has a client's home site sees her whole history, wherever it was recorded.
CREATE POLICY home ON care.record FOR SELECT USING (client IN (
    SELECT id FROM care.client
    WHERE site = ANY ((SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])::int[])));
CREATE POLICY home ON care.fact FOR SELECT USING (client IN (
    SELECT id FROM care.client
    WHERE site = ANY ((SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])::int[])));

-- A record may be here already where the scope does not reach; its digest tells a repetition from another content.
CREATE FUNCTION care.digests(wanted uuid[]) RETURNS TABLE (id uuid, digest bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS
$$ SELECT r.id, r.digest FROM care.record r WHERE r.id = ANY (wanted) $$;
REVOKE ALL ON FUNCTION care.digests(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION care.digests(uuid[]) TO mm_app;

REVOKE UPDATE, DELETE ON publication FROM mm_app;
GRANT SELECT ON publication TO mm_reports;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON publication
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The calendar that every engine joins for calendar months: one row a day.
CREATE TABLE calendar AS
SELECT (d::date - DATE '1970-01-01')::bigint AS day,
       (extract(year FROM d) * 12 + extract(month FROM d) - 1)::bigint AS month,
       extract(day FROM d)::bigint AS dom,
       extract(day FROM date_trunc('month', d) + interval '1 month - 1 day')::bigint AS length
FROM generate_series(TIMESTAMP '1900-01-01', TIMESTAMP '2199-12-31', interval '1 day') d;
ALTER TABLE calendar ADD PRIMARY KEY (day);
CREATE UNIQUE INDEX calendar_month ON calendar (month, dom) INCLUDE (day, length);
ANALYZE calendar;
REVOKE INSERT, UPDATE, DELETE ON calendar FROM mm_app;
GRANT SELECT ON calendar TO mm_reports;
