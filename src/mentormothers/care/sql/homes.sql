-- What follows from new facts and corrections for the clients they are about. A record can come before the one that
-- says who the birth mother is, so that is filled in when it is known. A client's home is the site of her latest
-- supply, transfer in or enrolment that stands (`fallen` are the records that do not). Her children live with her: where
-- a child was enrolled, often where it was born, counts only when nothing else is known. Who moves leaves the caseloads
-- of the old site, and is again with whoever enrolled her, or the child's mother, at the new one.
CREATE OR REPLACE FUNCTION care.settle(touched uuid[], fallen uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE moved uuid[];
BEGIN
    UPDATE care.client c SET mother = f.mother
    FROM (SELECT client, min(mother::text)::uuid AS mother FROM care.fact
          WHERE client = ANY (touched) AND mother IS NOT NULL GROUP BY client) f
    WHERE c.id = f.client AND c.mother IS NULL;

    WITH homes AS (
        SELECT DISTINCT ON (p.person) p.person, f.site, f.organisation
        FROM (SELECT id AS person, id AS source, mother IS NOT NULL AS child
              FROM care.client WHERE id = ANY (touched) OR mother = ANY (touched)
              UNION ALL
              SELECT id, mother, true FROM care.client
              WHERE (id = ANY (touched) OR mother = ANY (touched)) AND mother IS NOT NULL) p
        JOIN care.fact f ON f.client = p.source AND f.kind IN ('art.dispense', 'transfer.in', 'enrolled')
        WHERE f.record <> ALL (fallen)
        ORDER BY p.person, (f.kind = 'enrolled' AND p.child AND f.client = p.person),
            f.day DESC, f.received DESC, f.record DESC
    ), changed AS (
        UPDATE care.client c SET site = h.site, organisation = h.organisation
        FROM homes h WHERE c.id = h.person AND (c.site, c.organisation) <> (h.site, h.organisation)
        RETURNING c.id
    )
    SELECT array_agg(id) INTO moved FROM changed;
    DELETE FROM care.caseload k USING care.client c
    WHERE k.client = ANY (moved) AND c.id = k.client AND k.site <> c.site;
    INSERT INTO care.caseload (client, mentor, site, organisation, reason)
    SELECT DISTINCT c.id, r.author, c.site, c.organisation, 'enrolled'
    FROM care.client c
    JOIN care.fact f ON f.client IN (c.id, c.mother) AND f.kind = 'enrolled' AND f.site = c.site AND f.record <> ALL (fallen)
    JOIN care.record r ON r.id = f.record
    JOIN public.access_user u ON u.id = r.author AND u.role = 'mentor'
    WHERE c.id = ANY (moved)
    ON CONFLICT (client, mentor) DO NOTHING;
END $$;
