-- Clients with their birth mothers, children and siblings, wherever each of them lives: what one is due may hang on
-- another's facts. `whose` is whose kin they are; she herself is among them.
CREATE OR REPLACE FUNCTION care.kin(clients uuid[]) RETURNS TABLE (whose uuid, client uuid, mother uuid, site int, organisation int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT c.id, p.id, p.mother, p.site, p.organisation
    FROM care.client c JOIN care.client p ON p.id = c.id WHERE c.id = ANY (clients)
    UNION
    SELECT c.id, p.id, p.mother, p.site, p.organisation
    FROM care.client c JOIN care.client p ON p.id = c.mother WHERE c.id = ANY (clients)
    UNION
    SELECT c.id, p.id, p.mother, p.site, p.organisation
    FROM care.client c JOIN care.client p ON p.mother = c.id WHERE c.id = ANY (clients)
    UNION
    SELECT c.id, p.id, p.mother, p.site, p.organisation
    FROM care.client c JOIN care.client p ON p.mother = c.mother WHERE c.id = ANY (clients)
$$;
REVOKE ALL ON FUNCTION care.kin(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION care.kin(uuid[]) TO mm_app;
