-- Looking somebody up over all sites of one's organisation: the sealed rows of the few women whose tokens fit, and of
-- nobody else; the programme decides then who is shown, and writes down that it looked (register.recognition). Whoever
-- has no key any more, or did not agree that her data are kept, is not among them. Babies are found through their mothers.
-- When she was born is told as it was said last. What was corrected counts no more, here also where the correction itself
-- was taken back: then she is nobody until somebody says it anew.
CREATE FUNCTION people.look_up(tokens bytea[], words int[], weights int[], needed int, exactly int)
RETURNS TABLE (client uuid, exact boolean, site int, born date, known_to smallint, organisation int, wrapped bytea,
               record uuid, sealed bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH best AS (
        SELECT t.client, a.word, max(a.weight) AS weight
        FROM unnest(tokens, words, weights) AS a(token, word, weight) JOIN people.search_token t ON t.token = a.token
        GROUP BY t.client, a.word),
    fitting AS (
        SELECT b.client, bool_or(b.word = exactly) AS exact, sum(b.weight) AS weight FROM best b GROUP BY b.client
        HAVING bool_or(b.word = exactly) OR count(*) = needed),
    chosen AS (
        SELECT f.client, f.exact, f.weight, c.site, k.organisation, k.wrapped
        FROM fitting f JOIN care.client c ON c.id = f.client JOIN people.client_key k ON k.client = f.client
        WHERE c.mother IS NULL AND c.organisation = ANY (
                  (SELECT coalesce(nullif(current_setting('app.organisations', true), ''), '{}')::int[])::int[])
              AND 'given' = (SELECT a.value FROM care.fact a WHERE a.client = c.id AND a.kind = 'consent.data_use' AND NOT EXISTS (
                                 SELECT FROM care.record r WHERE r.client = c.id AND r.relation IN ('amends', 'withdraws')
                                 AND r.relation_record = a.record)
                             ORDER BY a.day DESC, a.received DESC, a.record DESC LIMIT 1)
        ORDER BY f.exact DESC, f.weight DESC, f.client LIMIT 50)
    SELECT h.client, h.exact, h.site, b.day, b.precision, h.organisation, h.wrapped, i.record, i.sealed
    FROM chosen h JOIN people.identity_record i ON i.client = h.client
    LEFT JOIN LATERAL (SELECT a.day, a.precision FROM care.fact a WHERE a.client = h.client AND a.kind = 'birth.date'
                       ORDER BY a.received DESC, a.record DESC LIMIT 1) b ON true
    ORDER BY i.received, i.record
$$;
REVOKE ALL ON FUNCTION people.look_up(bytea[], int[], int[], int, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people.look_up(bytea[], int[], int[], int, int) TO mm_people;
