-- Keeping what a phone sealed needs the key, also where the client's home is another site by now: she moved while the
-- phone had no network. Only keys of the sender's own organisation; nothing sealed can be read through this.
CREATE FUNCTION people.keys_to_keep_with(clients uuid[])
RETURNS TABLE (client uuid, organisation integer, wrapped bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT k.client, k.organisation, k.wrapped FROM people.client_key k
    WHERE k.client = ANY (clients) AND k.organisation = ANY (
        coalesce(nullif(current_setting('app.organisations', true), ''), '{}')::int[])
$$;
REVOKE ALL ON FUNCTION people.keys_to_keep_with(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people.keys_to_keep_with(uuid[]) TO mm_people;
