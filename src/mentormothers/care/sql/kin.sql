-- Clients with their birth mothers, children and siblings, wherever each of them lives and under whatever pseudonyms: what
-- one is due may hang on another's facts. `whose` is whose kin they are; she herself is among them.
SET LOCAL check_function_bodies = off;  -- a new database makes the table of persons later (sql/same_person.sql)
CREATE OR REPLACE FUNCTION care.kin(clients uuid[]) RETURNS TABLE (whose uuid, client uuid, mother uuid, site int, organisation int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH asked AS (
        SELECT a AS whose, c.id, c.mother
        FROM unnest(clients) a LEFT JOIN care.same_person s ON s.client = a JOIN care.client c ON c.id = coalesce(s.person, a)
    ), near AS (
        SELECT whose, id FROM asked
        UNION SELECT whose, mother FROM asked WHERE mother IS NOT NULL
        UNION SELECT a.whose, p.id FROM asked a JOIN care.client p ON p.mother = a.id
        UNION SELECT a.whose, p.id FROM asked a JOIN care.client p ON p.mother = a.mother
    )
    SELECT n.whose, p.id, p.mother, p.site, p.organisation FROM near n JOIN care.client p ON p.id = n.id
    UNION
    SELECT n.whose, p.id, p.mother, p.site, p.organisation
    FROM near n JOIN care.same_person s ON s.person = n.id JOIN care.client p ON p.id = s.client
$$;
REVOKE ALL ON FUNCTION care.kin(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION care.kin(uuid[]) TO mm_app;
