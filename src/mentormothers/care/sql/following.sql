-- What follows from facts, as functions of the facts alone: who is one person, birth mothers, homes, and who looks after
-- whom. The same set of records gives the same answer in whatever order it came, and however many came at once;
-- `mentormothers rebuild` holds the tables against these functions. `fallen` are the records that corrections have taken
-- out. A woman may have several pseudonyms: what follows for one of them follows from the facts of all of them.

-- A new database makes these functions before the tables of persons and stays (sql/same_person.sql, staying.sql).
SET LOCAL check_function_bodies = off;

-- These and whoever was ever said to be one person with them, whether that still stands or not. Mostly nobody was.
CREATE OR REPLACE FUNCTION care.ever_joined(clients uuid[]) RETURNS uuid[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
DECLARE near uuid[] := clients; more uuid[];
BEGIN
    LOOP
        more := array(
            SELECT f.value::uuid FROM care.fact f WHERE f.kind = 'same_person_as' AND f.client = ANY (near)
            UNION
            SELECT f.client FROM care.fact f WHERE f.kind = 'same_person_as' AND f.value = ANY (near::text[]));
        near := array(SELECT unnest(more) EXCEPT SELECT unnest(clients));
        EXIT WHEN near = '{}';
        clients := clients || near;
    END LOOP;
    RETURN clients;
END $$;

-- Which of these, given with whoever they were ever joined with, are one person with somebody of a smaller pseudonym: by
-- all that stands of what was said.
CREATE OR REPLACE FUNCTION care.persons(clients uuid[], fallen uuid[]) RETURNS TABLE (client uuid, person uuid)
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    WITH RECURSIVE said AS MATERIALIZED (
        SELECT f.client AS one, f.value::uuid AS other FROM care.fact f
        WHERE f.kind = 'same_person_as' AND f.client = ANY (clients) AND f.record <> ALL (fallen)
    ), said_both_ways AS (
        SELECT one, other FROM said UNION SELECT other, one FROM said
    ), reached(client, other) AS (
        SELECT one, one FROM said_both_ways
        UNION
        SELECT r.client, s.other FROM reached r JOIN said_both_ways s ON s.one = r.other
    )
    SELECT smallest.client, smallest.person FROM (
        SELECT DISTINCT ON (r.client) r.client, r.other AS person
        FROM reached r JOIN care.client c ON c.id = r.client JOIN care.client o ON o.id = r.other
        ORDER BY r.client, r.other) smallest
    WHERE smallest.client <> smallest.person
$$;

-- Persons with all their pseudonyms; `whose` is by which of them they were asked for. Without settings of its own it is
-- planned as a part of whatever asks.
CREATE OR REPLACE FUNCTION care.pseudonyms(clients uuid[]) RETURNS TABLE (whose uuid, person uuid, client uuid)
LANGUAGE sql STABLE AS $$
    WITH asked AS (
        SELECT DISTINCT a AS whose, coalesce(s.person, a) AS person
        FROM unnest(clients) a LEFT JOIN care.same_person s ON s.client = a)
    SELECT whose, person, person FROM asked
    UNION ALL SELECT a.whose, a.person, s.client FROM asked a JOIN care.same_person s ON s.person = a.person
$$;

-- The pseudonyms of a person, given by the one by which she is known: of nobody none.
CREATE OR REPLACE FUNCTION care.all_of(known_by uuid) RETURNS TABLE (client uuid)
LANGUAGE sql STABLE AS
$$ SELECT known_by WHERE known_by IS NOT NULL UNION ALL SELECT s.client FROM care.same_person s WHERE s.person = known_by $$;

-- A person's birth mother: as facts that stand say it, otherwise as the others did. Nobody is her own.
CREATE OR REPLACE FUNCTION care.mothers(persons uuid[], fallen uuid[]) RETURNS TABLE (person uuid, mother uuid)
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT DISTINCT ON (p.whose) p.whose, coalesce(s.person, f.mother)
    FROM care.pseudonyms(persons) p JOIN care.fact f ON f.client = p.client LEFT JOIN care.same_person s ON s.client = f.mother
    WHERE f.mother IS NOT NULL AND coalesce(s.person, f.mother) <> p.person
    ORDER BY p.whose, f.record = ANY (fallen), coalesce(s.person, f.mother)
$$;

-- A person's home: the site of her own or her birth mother's latest supply, transfer in or enrolment; what stands comes
-- before what has fallen. What a guest was supplied with makes no home (staying.sql): she goes back. Whoever came for good
-- (`moved`) is at home with her first supply, as with a transfer in. Where a child was enrolled, often where it was born,
-- counts only when nothing else is known. Who has none of these stays where she was first met, and is not in the answer.
CREATE OR REPLACE FUNCTION care.homes(persons uuid[], fallen uuid[]) RETURNS TABLE (person uuid, site int, organisation int)
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT DISTINCT ON (p.person) p.person, f.site, f.organisation
    FROM (SELECT c.id AS person, h.client AS source, c.mother IS NOT NULL AS child, true AS own
          FROM care.pseudonyms(persons) h JOIN care.client c ON c.id = h.whose
          UNION ALL
          SELECT c.id, m.client, true, false
          FROM care.client c CROSS JOIN LATERAL care.all_of(c.mother) m WHERE c.id = ANY (persons)) p
    JOIN care.fact f ON f.client = p.source AND f.kind IN ('art.dispense', 'transfer.in', 'enrolled')
    WHERE f.kind <> 'art.dispense' OR NOT EXISTS (
        SELECT FROM care.stay s
        WHERE s.client = ANY (ARRAY[f.client, (SELECT o.person FROM care.same_person o WHERE o.client = f.client)])
          AND s.site = f.site AND s.reason <> 'moved' AND f.day BETWEEN s.since AND s.until)
    ORDER BY p.person, f.record = ANY (fallen), (f.kind = 'enrolled' AND p.child AND p.own),
        f.day DESC, f.received DESC, f.record DESC
$$;

-- Where somebody was first met under any of these pseudonyms: the home of who has no other.
CREATE OR REPLACE FUNCTION care.first_met(clients uuid[]) RETURNS TABLE (site int, organisation int)
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT f.site, f.organisation FROM care.fact f WHERE f.client = ANY (clients) AND f.kind <> 'same_person_as'
    ORDER BY f.received, f.record, f.place LIMIT 1
$$;

-- Who looks after a person because of an enrolment: the mentors who enrolled her, or her birth mother, at the site where
-- she lives. Enrolments that have fallen count only where none stands.
CREATE OR REPLACE FUNCTION care.mentors(persons uuid[], fallen uuid[])
RETURNS TABLE (client uuid, mentor uuid, site int, organisation int)
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    WITH enrolments AS (
        SELECT p.person, f.record, f.site, f.record = ANY (fallen) AS fell,
               bool_and(f.record = ANY (fallen)) OVER (PARTITION BY p.person, p.own) AS all_fell
        FROM (SELECT h.whose AS person, h.client AS source, true AS own FROM care.pseudonyms(persons) h
              UNION ALL
              SELECT c.id, m.client, false
              FROM care.client c CROSS JOIN LATERAL care.all_of(c.mother) m WHERE c.id = ANY (persons)) p
        JOIN care.fact f ON f.client = p.source AND f.kind = 'enrolled'
    )
    SELECT DISTINCT c.id, r.author, c.site, c.organisation
    FROM enrolments e
    JOIN care.client c ON c.id = e.person AND c.site = e.site
    JOIN care.record r ON r.id = e.record
    JOIN public.access_user u ON u.id = r.author AND u.role = 'mentor'
    WHERE e.fell = e.all_fell
$$;

-- Whom these records state something of.
CREATE OR REPLACE FUNCTION care.stated_of(records uuid[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS
$$ SELECT DISTINCT f.client FROM care.fact f WHERE f.record = ANY (records) $$;
REVOKE ALL ON FUNCTION care.stated_of(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION care.stated_of(uuid[]) TO mm_app;

-- Everybody whose facts settle where these live and who looks after them: under all pseudonyms that were ever theirs, with
-- birth mothers and children.
CREATE OR REPLACE FUNCTION care.families(touched uuid[]) RETURNS uuid[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
DECLARE whole uuid[] := care.ever_joined(touched); mothers uuid[];
BEGIN
    mothers := array(SELECT DISTINCT c.mother FROM care.client c WHERE c.id = ANY (whole) AND c.mother IS NOT NULL);
    RETURN array(
        SELECT unnest(whole || care.ever_joined(mothers))
        UNION SELECT c.id FROM care.client c WHERE c.mother = ANY (whole));
END $$;

-- Corrections among the records of these clients and their families, also where the sender's scope does not reach. The
-- families are held until the end of the transaction: of two pushes about one person, the second must see what the first
-- wrote, or the home of the one that ends last would count instead of the latest supply. Whoever it waited for may have
-- made the family larger.
CREATE OR REPLACE FUNCTION care.corrections(touched uuid[])
RETURNS TABLE (record uuid, relation text, target uuid, repeat uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE held uuid[] := '{}'; families uuid[] := care.families(touched);
BEGIN
    WHILE cardinality(families) > cardinality(held) LOOP
        PERFORM 1 FROM care.client c WHERE c.id = ANY (families) ORDER BY c.id FOR NO KEY UPDATE;
        held := families;
        IF EXISTS (SELECT FROM care.fact f WHERE f.kind = 'same_person_as' AND f.client = ANY (families)) THEN
            families := care.families(touched);
        END IF;
    END LOOP;
    RETURN QUERY SELECT r.id, r.relation, r.relation_record, r.relation_repeat
    FROM care.record r WHERE r.relation <> '' AND r.client = ANY (families);
END $$;
REVOKE ALL ON FUNCTION care.corrections(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION care.corrections(uuid[]) TO mm_app;

-- Bring the table of persons in line for these, given with whoever they were ever joined with; whether anything changed.
CREATE OR REPLACE FUNCTION care.settle_persons(whole uuid[], fallen uuid[]) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE changed boolean;
BEGIN
    IF NOT EXISTS (SELECT FROM care.fact f WHERE f.kind = 'same_person_as' AND f.client = ANY (whole))
       AND NOT EXISTS (SELECT FROM care.same_person s WHERE s.client = ANY (whole)) THEN
        RETURN false;
    END IF;
    DELETE FROM care.same_person s WHERE s.client = ANY (whole)
        AND NOT EXISTS (SELECT FROM care.persons(whole, fallen) p WHERE (p.client, p.person) = (s.client, s.person));
    changed := FOUND;
    INSERT INTO care.same_person (client, person, site, organisation)
    SELECT p.client, p.person, c.site, c.organisation FROM care.persons(whole, fallen) p JOIN care.client c ON c.id = p.client
    ORDER BY p.client
    ON CONFLICT (client) DO NOTHING;
    RETURN changed OR FOUND;
END $$;

-- Who knows these because somebody was asked to look for them, or for their birth mothers, under any pseudonym.
CREATE OR REPLACE FUNCTION care.asked(persons uuid[]) RETURNS TABLE (client uuid, mentor uuid, site int, organisation int)
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT DISTINCT c.id, a.mentor, c.site, c.organisation
    FROM care.client c
    JOIN care.pseudonyms(persons || array(SELECT k.mother FROM care.client k WHERE k.id = ANY (persons))) p
      ON p.whose IN (c.id, c.mother)
    JOIN care.assignment a ON a.client = p.client AND a.ended_at IS NULL
    WHERE c.id = ANY (persons)
$$;

-- Bring the tables in line for these clients and their children. Who moves leaves the caseloads of the old site, and
-- what somebody there was asked to do for her ends.
CREATE OR REPLACE FUNCTION care.settle(touched uuid[], fallen uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE whole uuid[] := care.ever_joined(touched); regrouped boolean; persons uuid[]; moved uuid[];
BEGIN
    regrouped := care.settle_persons(whole, fallen);
    persons := whole;
    IF regrouped THEN  -- children may have named either of those who are one person now
        persons := array(SELECT id FROM care.client WHERE id = ANY (whole) OR mother = ANY (whole));
    END IF;
    UPDATE care.client c SET mother = known.mother
    FROM (SELECT p.id, m.mother FROM unnest(persons) p(id) LEFT JOIN care.mothers(persons, fallen) m ON m.person = p.id) known
    WHERE c.id = known.id AND c.mother IS DISTINCT FROM known.mother;

    persons := array(SELECT id FROM care.client WHERE id = ANY (persons) OR mother = ANY (whole));
    WITH due AS (
        SELECT h.person, h.site, h.organisation FROM care.homes(persons, fallen) h
        UNION ALL
        SELECT p.client, f.site, f.organisation
        FROM care.pseudonyms(whole) p CROSS JOIN LATERAL
            care.first_met(array(SELECT o.client FROM care.pseudonyms(ARRAY[p.client]) o)) f
        WHERE regrouped AND p.client = p.whose AND NOT EXISTS (SELECT FROM care.homes(ARRAY[p.client], fallen))
    ), changed AS (
        UPDATE care.client c SET site = d.site, organisation = d.organisation FROM due d
        WHERE c.id = d.person AND (c.site, c.organisation) <> (d.site, d.organisation)
        RETURNING c.id
    )
    SELECT array_agg(id) INTO moved FROM changed;

    IF moved IS NOT NULL THEN
        UPDATE care.same_person s SET site = c.site, organisation = c.organisation FROM care.client c
        WHERE s.client = ANY (moved) AND c.id = s.client;
        DELETE FROM care.caseload k USING care.client c
        WHERE k.client = ANY (moved) AND c.id = k.client AND k.site <> c.site AND k.reason <> 'staying';
        UPDATE care.assignment a SET ended_at = now(), ended_because = 'she moved to another site' FROM care.client c
        WHERE a.client = ANY (moved) AND a.ended_at IS NULL AND c.id = a.client AND a.site <> c.site;
    END IF;
    IF regrouped THEN
        DELETE FROM care.caseload k WHERE k.client = ANY (persons) AND k.reason = 'tracing'
            AND NOT EXISTS (SELECT FROM care.asked(persons) a WHERE (a.client, a.mentor) = (k.client, k.mentor));
        INSERT INTO care.caseload (client, mentor, site, organisation, reason)
        SELECT a.client, a.mentor, a.site, a.organisation, 'tracing' FROM care.asked(persons) a ORDER BY a.client, a.mentor
        ON CONFLICT (client, mentor) DO NOTHING;
    END IF;
    WITH due AS MATERIALIZED (SELECT m.* FROM care.mentors(persons, fallen) m),
    gone AS (
        DELETE FROM care.caseload k WHERE k.client = ANY (persons) AND k.reason = 'enrolled'
            AND NOT EXISTS (SELECT FROM due d WHERE (d.client, d.mentor) = (k.client, k.mentor))
    )
    INSERT INTO care.caseload (client, mentor, site, organisation, reason)
    SELECT d.client, d.mentor, d.site, d.organisation, 'enrolled' FROM due d ORDER BY d.client, d.mentor
    -- Asked to look for her, and now hers for good: that the asking ends takes nothing away any more.
    ON CONFLICT (client, mentor) DO UPDATE SET reason = 'enrolled' WHERE caseload.reason = 'tracing';
END $$;
REVOKE ALL ON FUNCTION care.settle(uuid[], uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION care.settle(uuid[], uuid[]) TO mm_app;

-- Few families have corrections among their records. Where none has, everything is settled in the same step that looks
-- for them and holds the families; otherwise the corrections are returned, and nothing is settled until it is known
-- which records have fallen. Pushes are small and many: planning what they run anew each time would take longer than it.
CREATE OR REPLACE FUNCTION care.settle_uncorrected(touched uuid[])
RETURNS TABLE (record uuid, relation text, target uuid, repeat uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    IF cardinality(touched) > 50 THEN  -- worth a plan of its own
        PERFORM set_config('plan_cache_mode', 'auto', true);
    END IF;
    RETURN QUERY SELECT * FROM care.corrections(touched);
    IF NOT FOUND THEN
        PERFORM care.settle(touched, '{}');
    END IF;
END $$;
REVOKE ALL ON FUNCTION care.settle_uncorrected(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION care.settle_uncorrected(uuid[]) TO mm_app;
