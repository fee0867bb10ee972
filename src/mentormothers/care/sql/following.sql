-- What follows from facts, as functions of the facts alone: birth mothers, homes, and who looks after whom. The same
-- set of records gives the same answer in whatever order it came, and however many came at once; `mentormothers
-- rebuild` holds the tables against these functions. `fallen` are the records that corrections have taken out.

-- A person's birth mother: as facts that stand say it, otherwise as the others did.
CREATE OR REPLACE FUNCTION care.mothers(persons uuid[], fallen uuid[]) RETURNS TABLE (person uuid, mother uuid)
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT DISTINCT ON (f.client) f.client, f.mother FROM care.fact f
    WHERE f.client = ANY (persons) AND f.mother IS NOT NULL
    ORDER BY f.client, f.record = ANY (fallen), f.mother
$$;

-- A person's home: the site of her own or her birth mother's latest supply, transfer in or enrolment; what stands comes
-- before what has fallen. Where a child was enrolled, often where it was born, counts only when nothing else is known.
-- Who has none of these stays where she was first met, and is not in the answer.
CREATE OR REPLACE FUNCTION care.homes(persons uuid[], fallen uuid[]) RETURNS TABLE (person uuid, site int, organisation int)
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT DISTINCT ON (p.person) p.person, f.site, f.organisation
    FROM (SELECT c.id AS person, c.id AS source, c.mother IS NOT NULL AS child FROM care.client c WHERE c.id = ANY (persons)
          UNION ALL
          SELECT c.id, c.mother, true FROM care.client c WHERE c.id = ANY (persons) AND c.mother IS NOT NULL) p
    JOIN care.fact f ON f.client = p.source AND f.kind IN ('art.dispense', 'transfer.in', 'enrolled')
    ORDER BY p.person, f.record = ANY (fallen), (f.kind = 'enrolled' AND p.child AND f.client = p.person),
        f.day DESC, f.received DESC, f.record DESC
$$;

-- Who looks after a person because of an enrolment: the mentors who enrolled her, or her birth mother, at the site where
-- she lives. Enrolments that have fallen count only where none stands.
CREATE OR REPLACE FUNCTION care.mentors(persons uuid[], fallen uuid[])
RETURNS TABLE (client uuid, mentor uuid, site int, organisation int)
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    WITH enrolments AS (
        SELECT p.person, f.record, f.site, f.record = ANY (fallen) AS fell,
               bool_and(f.record = ANY (fallen)) OVER (PARTITION BY p.person, f.client) AS all_fell
        FROM (SELECT c.id AS person, c.id AS source FROM care.client c WHERE c.id = ANY (persons)
              UNION ALL
              SELECT c.id, c.mother FROM care.client c WHERE c.id = ANY (persons) AND c.mother IS NOT NULL) p
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

-- Corrections among the records of these clients and their families, also where the sender's scope does not reach. The
-- families are held until the end of the transaction: of two pushes about one person, the second must see what the first
-- wrote, or the home of the one that ends last would count instead of the latest supply.
-- Each branch has an index of its own.
CREATE OR REPLACE FUNCTION care.corrections(touched uuid[])
RETURNS TABLE (record uuid, relation text, target uuid, repeat uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE families uuid[];
BEGIN
    families := array(
        SELECT unnest(touched)
        UNION SELECT c.mother FROM care.client c WHERE c.id = ANY (touched) AND c.mother IS NOT NULL
        UNION SELECT c.id FROM care.client c WHERE c.mother = ANY (touched));
    PERFORM 1 FROM care.client c WHERE c.id = ANY (families) ORDER BY c.id FOR NO KEY UPDATE;
    RETURN QUERY SELECT r.id, r.relation, r.relation_record, r.relation_repeat
    FROM care.record r WHERE r.relation <> '' AND r.client = ANY (families);
END $$;
REVOKE ALL ON FUNCTION care.corrections(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION care.corrections(uuid[]) TO mm_app;

-- Bring the tables in line for these clients and their children. Who moves leaves the caseloads of the old site, and
-- what somebody there was asked to do for her ends.
CREATE OR REPLACE FUNCTION care.settle(touched uuid[], fallen uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE persons uuid[]; moved uuid[];
BEGIN
    UPDATE care.client c SET mother = m.mother FROM care.mothers(touched, fallen) m
    WHERE c.id = m.person AND c.mother IS DISTINCT FROM m.mother;

    persons := array(SELECT id FROM care.client WHERE id = ANY (touched) OR mother = ANY (touched));
    WITH changed AS (
        UPDATE care.client c SET site = h.site, organisation = h.organisation FROM care.homes(persons, fallen) h
        WHERE c.id = h.person AND (c.site, c.organisation) <> (h.site, h.organisation)
        RETURNING c.id
    )
    SELECT array_agg(id) INTO moved FROM changed;

    IF moved IS NOT NULL THEN
        DELETE FROM care.caseload k USING care.client c
        WHERE k.client = ANY (moved) AND c.id = k.client AND k.site <> c.site;
        UPDATE care.assignment a SET ended_at = now(), ended_because = 'she moved to another site' FROM care.client c
        WHERE a.client = ANY (moved) AND a.ended_at IS NULL AND c.id = a.client AND a.site <> c.site;
    END IF;
    DELETE FROM care.caseload k
    WHERE k.client = ANY (persons) AND k.reason = 'enrolled'
      AND NOT EXISTS (SELECT FROM care.mentors(persons, fallen) m WHERE (m.client, m.mentor) = (k.client, k.mentor));
    INSERT INTO care.caseload (client, mentor, site, organisation, reason)
    SELECT m.client, m.mentor, m.site, m.organisation, 'enrolled' FROM care.mentors(persons, fallen) m
    ORDER BY m.client, m.mentor
    -- Asked to look for her, and now hers for good: that the asking ends takes nothing away any more.
    ON CONFLICT (client, mentor) DO UPDATE SET reason = 'enrolled' WHERE caseload.reason = 'tracing';
END $$;
REVOKE ALL ON FUNCTION care.settle(uuid[], uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION care.settle(uuid[], uuid[]) TO mm_app;

-- Few families have corrections among their records. Where none has, everything is settled in the same step that looks
-- for them and holds the families; otherwise the corrections are returned, and nothing is settled until it is known
-- which records have fallen.
CREATE OR REPLACE FUNCTION care.settle_uncorrected(touched uuid[])
RETURNS TABLE (record uuid, relation text, target uuid, repeat uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN QUERY SELECT * FROM care.corrections(touched);
    IF NOT FOUND THEN
        PERFORM care.settle(touched, '{}');
    END IF;
END $$;
REVOKE ALL ON FUNCTION care.settle_uncorrected(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION care.settle_uncorrected(uuid[]) TO mm_app;
