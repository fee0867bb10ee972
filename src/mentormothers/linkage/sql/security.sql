-- Proposals lie in a schema of their own. mm_linkage, as which the comparing works, gets the sealed identities of one
-- organisation through one function, writes proposals, and sees nothing else: no table of care or people. What lies here
-- holds pseudonyms and levels of agreement, no name.

CREATE SCHEMA linkage;
ALTER TABLE run SET SCHEMA linkage;
ALTER TABLE proposal SET SCHEMA linkage;
ALTER TABLE decision SET SCHEMA linkage;
GRANT USAGE ON SCHEMA linkage TO mm_app, mm_people, mm_linkage, mm_backup;

-- Whether a client's data may be kept, as it was said last by her, or of a child by its mother. What was corrected counts
-- no more (see people/sql/look_up.sql).
CREATE FUNCTION linkage.agreed(whom uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT coalesce('given' = (
        SELECT f.value FROM care.client c JOIN care.fact f ON f.client = coalesce(c.mother, c.id)
        WHERE c.id = whom AND f.kind = 'consent.data_use' AND NOT EXISTS (
            SELECT FROM care.record r WHERE r.client = f.client AND r.relation IN ('amends', 'withdraws')
            AND r.relation_record = f.record)
        ORDER BY f.day DESC, f.received DESC, f.record DESC LIMIT 1), false)
$$;
REVOKE ALL ON FUNCTION linkage.agreed(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION linkage.agreed(uuid) TO mm_app;

-- Whether two clients are to be decided on: both agree, and nobody has said yet that they are one person. Dear, so that it
-- is asked last and only of those within the scope.
CREATE FUNCTION linkage.undecided(a uuid, b uuid) RETURNS boolean
LANGUAGE sql STABLE COST 10000 SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT linkage.agreed(a) AND linkage.agreed(b)
       AND coalesce((SELECT s.person FROM care.same_person s WHERE s.client = a), a)
        <> coalesce((SELECT s.person FROM care.same_person s WHERE s.client = b), b)
$$;
REVOKE ALL ON FUNCTION linkage.undecided(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION linkage.undecided(uuid, uuid) TO mm_app;

-- A coordinator sees a proposal where one of the two lives at one of her sites, and there is something to decide.
DO $$
DECLARE target regclass;
BEGIN
    FOREACH target IN ARRAY ARRAY['linkage.run', 'linkage.proposal', 'linkage.decision']::regclass[] LOOP
        EXECUTE format('REVOKE ALL ON %s FROM mm_app', target);
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
        EXECUTE format('CREATE POLICY housekeeping ON %s TO mm_owner USING (true) WITH CHECK (true)', target);
        EXECUTE format('GRANT SELECT ON %s TO mm_app, mm_linkage, mm_backup', target);
        EXECUTE format($policy$
            CREATE POLICY of_organisation ON %s TO mm_linkage USING (organisation = ANY (
                (SELECT coalesce(nullif(current_setting('app.organisations', true), ''), '{}')::int[])::int[]))$policy$,
            target);
    END LOOP;
    FOREACH target IN ARRAY ARRAY['linkage.proposal', 'linkage.decision']::regclass[] LOOP
        EXECUTE format($policy$
            CREATE POLICY in_scope ON %s FOR SELECT TO mm_app USING (
                organisation = ANY ((SELECT coalesce(nullif(current_setting('app.organisations', true), ''), '{}')::int[])::int[])
                AND EXISTS (SELECT FROM care.client c WHERE c.id IN (a, b) AND
                    c.site = ANY ((SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])::int[]))
                %s)$policy$,
            target, CASE WHEN target = 'linkage.proposal'::regclass THEN 'AND linkage.undecided(a, b)' END);
    END LOOP;
END $$;
CREATE POLICY in_scope ON linkage.run FOR SELECT TO mm_app USING (organisation = ANY (
    (SELECT coalesce(nullif(current_setting('app.organisations', true), ''), '{}')::int[])::int[]));
CREATE POLICY proposed ON linkage.decision FOR INSERT TO mm_app WITH CHECK (EXISTS (
    SELECT FROM linkage.proposal p
    WHERE (p.a, p.b, p.organisation) = (decision.a, decision.b, decision.organisation)));
GRANT INSERT ON linkage.decision TO mm_app;
GRANT INSERT, UPDATE ON linkage.run TO mm_linkage;
GRANT INSERT, UPDATE, DELETE ON linkage.proposal TO mm_linkage;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON linkage.decision
    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Women and children of the organisations of the scope, the next so many, with what is sealed of each and her wrapped
-- key. Who was erased has no key; who does not agree is not among them, nor are partners and contacts. `heard` is when
-- something that is compared was last received of her.
CREATE FUNCTION linkage.persons(after uuid, most int)
RETURNS TABLE (client uuid, person uuid, mother uuid, role text, site int, sex text, born date, known_to smallint, heard timestamptz,
               organisation int, wrapped bytea, records uuid[], sealed bytea[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT c.id, coalesce(p.person, c.id), c.mother, c.role, c.site, s.value, b.day, b.precision, greatest(i.heard, b.received),
           k.organisation, k.wrapped, i.records, i.sealed
    FROM care.client c JOIN people.client_key k ON k.client = c.id LEFT JOIN care.same_person p ON p.client = c.id
    JOIN LATERAL (SELECT max(r.received) AS heard, array_agg(r.record ORDER BY r.received, r.record) AS records,
                         array_agg(r.sealed ORDER BY r.received, r.record) AS sealed
                  FROM people.identity_record r WHERE r.client = c.id HAVING count(*) > 0) i ON true
    LEFT JOIN LATERAL (SELECT f.day, f.precision, f.received FROM care.fact f
                       WHERE f.client = c.id AND f.kind IN ('birth.date', 'child.dob')
                       ORDER BY f.received DESC, f.record DESC LIMIT 1) b ON true
    LEFT JOIN LATERAL (SELECT f.value FROM care.fact f WHERE f.client = c.id AND f.kind = 'sex'
                       ORDER BY f.received DESC, f.record DESC LIMIT 1) s ON true
    WHERE c.id > after AND c.role IN ('mother', 'infant', 'child', 'adolescent') AND linkage.agreed(c.id)
      AND c.organisation = ANY ((SELECT coalesce(nullif(current_setting('app.organisations', true), ''), '{}')::int[])::int[])
    ORDER BY c.id LIMIT most
$$;
REVOKE ALL ON FUNCTION linkage.persons(uuid, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION linkage.persons(uuid, int) TO mm_linkage;

-- Those of some clients who still have a key. An erasure waits until what is proposed of them is kept, and takes it away
-- then; one that came before it is seen here: of nobody is anything kept who was erased while she was compared.
CREATE FUNCTION linkage.still_here(clients uuid[]) RETURNS SETOF uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared('people.erasure'::regclass::oid::bigint);
    RETURN QUERY SELECT k.client FROM people.client_key k WHERE k.client = ANY (clients);
END $$;
REVOKE ALL ON FUNCTION linkage.still_here(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION linkage.still_here(uuid[]) TO mm_linkage;

-- What it takes to recognise the persons of proposals that the scope may see, at whichever site they live, and the mothers
-- of children among them: the programme shows of those of other sites no more than that (register.reviewing).
CREATE FUNCTION linkage.proposed(clients uuid[])
RETURNS TABLE (client uuid, mother uuid, site int, born date, known_to smallint, organisation int, wrapped bytea,
               record uuid, sealed bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH shown AS (
        SELECT DISTINCT whom.id FROM linkage.proposal p, unnest(ARRAY[p.a, p.b]) AS whom(id)
        WHERE whom.id = ANY (clients)
          AND p.organisation = ANY ((SELECT coalesce(nullif(current_setting('app.organisations', true), ''), '{}')::int[])::int[])
          AND EXISTS (SELECT FROM care.client c WHERE c.id IN (p.a, p.b) AND
              c.site = ANY ((SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])::int[]))
          AND linkage.undecided(p.a, p.b)),
    family AS (SELECT id FROM shown UNION SELECT c.mother FROM care.client c JOIN shown USING (id) WHERE c.mother IS NOT NULL)
    SELECT c.id, c.mother, c.site, b.day, b.precision, k.organisation, k.wrapped, i.record, i.sealed
    FROM family JOIN care.client c USING (id) JOIN people.client_key k ON k.client = c.id
    JOIN people.identity_record i ON i.client = c.id
    LEFT JOIN LATERAL (SELECT f.day, f.precision FROM care.fact f
                       WHERE f.client = c.id AND f.kind IN ('birth.date', 'child.dob')
                       ORDER BY f.received DESC, f.record DESC LIMIT 1) b ON true
    ORDER BY i.received, i.record
$$;
REVOKE ALL ON FUNCTION linkage.proposed(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION linkage.proposed(uuid[]) TO mm_people;

-- How right proposals were: of the pairs of the organisations of the scope that somebody decided on, from a probability on
-- and below it, how many there are, and how many are one person today. Numbers of the whole organisation: at a single site
-- there are few, and who is one may have her home elsewhere.
CREATE FUNCTION linkage.measured(sure double precision) RETURNS TABLE (is_sure boolean, pairs bigint, one_person bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH latest AS (
        SELECT DISTINCT ON (d.a, d.b) d.a, d.b, d.decision, d.probability FROM linkage.decision d
        WHERE d.organisation = ANY ((SELECT coalesce(nullif(current_setting('app.organisations', true), ''), '{}')::int[])::int[])
        ORDER BY d.a, d.b, d.at DESC, d.id DESC)
    SELECT l.probability >= sure, count(*),
           count(*) FILTER (WHERE coalesce(p.person, l.a) = coalesce(q.person, l.b))
    FROM latest l LEFT JOIN care.same_person p ON p.client = l.a LEFT JOIN care.same_person q ON q.client = l.b
    WHERE l.decision <> 'unsure' GROUP BY 1
$$;
REVOKE ALL ON FUNCTION linkage.measured(double precision) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION linkage.measured(double precision) TO mm_app;

-- Who is erased stands in no proposal any more, nor in what was decided of one: how her name agreed with another's is
-- told there. That she was said to be one with somebody is a record of care, and stays with those.
CREATE FUNCTION linkage.forget() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM set_config('app.erasing', 'on', true);
    DELETE FROM linkage.proposal p USING changed e WHERE e.client IN (p.a, p.b);
    DELETE FROM linkage.decision d USING changed e WHERE e.client IN (d.a, d.b);
    PERFORM set_config('app.erasing', '', true);
    RETURN NULL;
END $$;
CREATE TRIGGER forget AFTER INSERT ON people.erasure REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION linkage.forget();
