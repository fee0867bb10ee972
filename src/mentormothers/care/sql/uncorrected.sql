-- Few families have corrections among their records. Where none has, everything is settled in the same step that looks
-- for them and holds the families; otherwise the corrections are returned, and nothing is settled until it is known
-- which records have fallen.
CREATE FUNCTION care.settle_uncorrected(touched uuid[])
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

-- As before; each branch has an index of its own, where one condition with OR was looked up in all clients.
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
