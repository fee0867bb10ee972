-- Which delivery model a site has from which day on is said anew and never changed; the last word on a day counts.
INSERT INTO site_model (site_id, model, since, said_at) SELECT id, delivery_model, opened, now() FROM site;
REVOKE UPDATE, DELETE ON site_model FROM mm_app;
GRANT SELECT ON site_model TO mm_reports;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON site_model
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
