-- Looking somebody up over all sites of one's organisation, as before (look_up.sql), but:
-- each person is found once, by that of her pseudonyms which fits best;
-- a baby that came without a mother is found too, and a partner never, since nobody elsewhere is to learn of him;
-- only tokens of one's own organisations are read: how long it takes tells nobody whether others have a client of that
-- name, and to whoever has no right it tells nothing at all.
CREATE OR REPLACE FUNCTION people.look_up(tokens bytea[], words int[], weights int[], needed int, exactly int)
RETURNS TABLE (client uuid, exact boolean, site int, born date, known_to smallint, organisation int, wrapped bytea,
               record uuid, sealed bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH best AS (
        SELECT t.client, a.word, max(a.weight) AS weight
        FROM unnest(tokens, words, weights) AS a(token, word, weight)
        JOIN people.search_token t ON t.token = a.token AND t.organisation = ANY (
            (SELECT coalesce(nullif(current_setting('app.organisations', true), ''), '{}')::int[])::int[])
        GROUP BY t.client, a.word),
    fitting AS (
        SELECT b.client, bool_or(b.word = exactly) AS exact, sum(b.weight) AS weight FROM best b GROUP BY b.client
        HAVING bool_or(b.word = exactly) OR count(*) = needed),
    person AS (
        SELECT DISTINCT ON (coalesce(s.person, c.id)) f.client, f.exact, f.weight, c.site, k.organisation, k.wrapped
        FROM fitting f JOIN care.client c ON c.id = f.client JOIN people.client_key k ON k.client = f.client
        LEFT JOIN care.same_person s ON s.client = c.id
        WHERE c.mother IS NULL AND c.role <> 'partner' AND c.organisation = ANY (
                  (SELECT coalesce(nullif(current_setting('app.organisations', true), ''), '{}')::int[])::int[])
              AND 'given' = (SELECT a.value FROM care.fact a WHERE a.client = c.id AND a.kind = 'consent.data_use' AND NOT EXISTS (
                                 SELECT FROM care.record r WHERE r.client = c.id AND r.relation IN ('amends', 'withdraws')
                                 AND r.relation_record = a.record)
                             ORDER BY a.day DESC, a.received DESC, a.record DESC LIMIT 1)
        ORDER BY coalesce(s.person, c.id), f.exact DESC, f.weight DESC, f.client),
    chosen AS (SELECT * FROM person p ORDER BY p.exact DESC, p.weight DESC, p.client LIMIT 50)
    SELECT h.client, h.exact, h.site, b.day, b.precision, h.organisation, h.wrapped, i.record, i.sealed
    FROM chosen h JOIN people.identity_record i ON i.client = h.client
    LEFT JOIN LATERAL (SELECT a.day, a.precision FROM care.fact a WHERE a.client = h.client AND a.kind IN ('birth.date', 'child.dob')
                       ORDER BY a.received DESC, a.record DESC LIMIT 1) b ON true
    ORDER BY i.received, i.record
$$;
