-- Erase somebody whose home is in scope, under all her pseudonyms: one name that is left would tell who she is. Otherwise as
-- before (see erasure.sql).
CREATE OR REPLACE FUNCTION people.erase(whom uuid, by_whom uuid, why text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE new uuid[];
BEGIN
    PERFORM pg_advisory_xact_lock('people.erasure'::regclass::oid::bigint);
    WITH added AS (
        INSERT INTO people.erasure (client, by, reason)
        SELECT c.id, by_whom, why FROM care.pseudonyms(ARRAY[whom]) p JOIN care.client c ON c.id = p.client
        WHERE c.site = ANY ((SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])::int[])
        ON CONFLICT DO NOTHING
        RETURNING client
    )
    SELECT coalesce(array_agg(client), '{}') INTO new FROM added;
    PERFORM people.destroy(new) WHERE new <> '{}';
    RETURN new <> '{}';
END $$;
