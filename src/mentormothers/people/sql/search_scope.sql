-- The same scope as before, asked of each client whose row was found by its key. Written with IN, all clients of all one's
-- sites were read for every search: 29 ms instead of 0.1 for the token of a phone number where 10,000 live.
DO $$
DECLARE target text;
BEGIN
    FOREACH target IN ARRAY ARRAY['search_token', 'client_key', 'identity_record'] LOOP
        EXECUTE format('DROP POLICY in_scope ON people.%I', target);
        EXECUTE format($policy$
            CREATE POLICY in_scope ON people.%I USING (EXISTS (
                SELECT FROM care.client c WHERE c.id = %I.client AND
                    c.site = ANY ((SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])::int[]))
            ) WITH CHECK (
                organisation = ANY ((SELECT coalesce(nullif(current_setting('app.organisations', true), ''), '{}')::int[])::int[])
            )$policy$, target, target);
    END LOOP;
END $$;
