-- Erasure: everything of a client in this schema is deleted, her key first of all, and her pseudonym stands in a list
-- from then on, so that neither a phone that was offline nor an older backup brings her name back. What the care side
-- knows under the pseudonym stays as it is.

ALTER TABLE erasure SET SCHEMA people;
REVOKE ALL ON people.erasure FROM mm_app;
ALTER TABLE people.erasure ENABLE ROW LEVEL SECURITY;
ALTER TABLE people.erasure FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON people.erasure USING (client IN (
    SELECT id FROM care.client
    WHERE site = ANY ((SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])::int[])));
CREATE POLICY housekeeping ON people.erasure TO mm_owner USING (true) WITH CHECK (true);
GRANT SELECT ON people.erasure TO mm_people, mm_backup;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON people.erasure
    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- What is append-only stays so, but for the functions of the owner that erase: they alone set app.erasing, and nobody
-- who could set it otherwise has been granted an update or a delete.
CREATE OR REPLACE FUNCTION public.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'TRUNCATE' AND current_setting('app.erasing', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

-- Delete what is here of these clients: in every table of this schema that has a client, so that one which comes later is
-- not forgotten. Gives those of whom there was something.
CREATE FUNCTION people.destroy(whom uuid[]) RETURNS uuid[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE target regclass; here uuid[]; found uuid[] := '{}';
BEGIN
    PERFORM set_config('app.erasing', 'on', true);
    FOR target IN
        SELECT a.attrelid FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'people'::regnamespace AND c.relkind = 'r' AND a.attname = 'client'
          AND NOT a.attisdropped AND a.attrelid <> 'people.erasure'::regclass
        ORDER BY c.relname
    LOOP
        EXECUTE format('WITH gone AS (DELETE FROM %s WHERE client = ANY ($1) RETURNING client) '
                       'SELECT array_agg(DISTINCT client) FROM gone', target) INTO here USING whom;
        found := found || coalesce(here, '{}');
    END LOOP;
    PERFORM set_config('app.erasing', '', true);
    RETURN found;
END $$;
REVOKE ALL ON FUNCTION people.destroy(uuid[]) FROM PUBLIC;

-- Erase a client whose home is in scope. False when she is not, or was erased before. Waits for pushes that are keeping
-- identities, and those that come later wait for it: none of them keeps a name that is being erased.
CREATE FUNCTION people.erase(whom uuid, by_whom uuid, why text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE new boolean;
BEGIN
    PERFORM pg_advisory_xact_lock('people.erasure'::regclass::oid::bigint);
    INSERT INTO people.erasure (client, by, reason)
    SELECT c.id, by_whom, why FROM care.client c
    WHERE c.id = whom
      AND c.site = ANY ((SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])::int[])
    ON CONFLICT DO NOTHING;
    new := FOUND;
    PERFORM people.destroy(ARRAY[whom]) WHERE new;
    RETURN new;
END $$;
REVOKE ALL ON FUNCTION people.erase(uuid, uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people.erase(uuid, uuid, text) TO mm_people;

-- After a restore: erase again whoever stands in a list that was kept elsewhere, or in the one that came back. Gives the
-- whole list, and who had something here.
CREATE FUNCTION people.erase_again(listed jsonb)
RETURNS TABLE (client uuid, at timestamptz, by uuid, reason text, again boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
DECLARE found uuid[];
BEGIN
    PERFORM pg_advisory_xact_lock('people.erasure'::regclass::oid::bigint);
    INSERT INTO people.erasure (client, at, by, reason)
    SELECT client, at, by, reason
    FROM jsonb_to_recordset(listed) AS l(client uuid, at timestamptz, by uuid, reason text)
    ON CONFLICT DO NOTHING;
    found := people.destroy(array(SELECT client FROM people.erasure));
    RETURN QUERY SELECT e.client, e.at, e.by, e.reason, e.client = ANY (found) FROM people.erasure e ORDER BY e.at;
END $$;
REVOKE ALL ON FUNCTION people.erase_again(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people.erase_again(jsonb) TO mm_people;

-- Keys of clients for keeping what was sealed with them (see keys.sql), and a row without a key for whoever was erased.
-- In plpgsql, since each of its statements sees what was committed before it began: also the erasure it waited for.
CREATE OR REPLACE FUNCTION people.keys_to_keep_with(clients uuid[])
RETURNS TABLE (client uuid, organisation integer, wrapped bytea)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared('people.erasure'::regclass::oid::bigint);
    RETURN QUERY
        SELECT k.client, k.organisation, k.wrapped FROM people.client_key k WHERE k.client = ANY (clients)
        UNION ALL SELECT e.client, NULL, NULL FROM people.erasure e WHERE e.client = ANY (clients);
END $$;
