-- Who a guest is may be known where she stays, until the end of her stay. Asked of each row that was found by its key
-- (see search_scope.sql).
DO $$
DECLARE target text;
BEGIN
    FOREACH target IN ARRAY ARRAY['search_token', 'client_key', 'identity_record', 'erasure'] LOOP
        EXECUTE format($policy$
            CREATE POLICY guest ON people.%I FOR SELECT TO mm_people USING (EXISTS (
                SELECT FROM care.guest g WHERE g.client = %I.client AND g.ends > now() AND
                    g.site = ANY ((SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])::int[]))
            )$policy$, target, target);
    END LOOP;
END $$;

-- Whether a woman may be known again: what a look-up (look_up.sql) asks of her, asked once more of her alone when somebody
-- confirms that it is she.
CREATE FUNCTION people.is_known(whom uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT EXISTS (
        SELECT FROM care.client c JOIN people.client_key k ON k.client = c.id
        WHERE c.id = whom AND c.mother IS NULL AND c.organisation = ANY (
                  (SELECT coalesce(nullif(current_setting('app.organisations', true), ''), '{}')::int[])::int[])
              AND 'given' = (SELECT a.value FROM care.fact a WHERE a.client = c.id AND a.kind = 'consent.data_use' AND NOT EXISTS (
                                 SELECT FROM care.record r WHERE r.client = c.id AND r.relation IN ('amends', 'withdraws')
                                 AND r.relation_record = a.record)
                             ORDER BY a.day DESC, a.received DESC, a.record DESC LIMIT 1))
$$;
REVOKE ALL ON FUNCTION people.is_known(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people.is_known(uuid) TO mm_people;
