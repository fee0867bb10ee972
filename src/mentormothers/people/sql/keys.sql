-- Keys of clients for keeping what was sealed with them, wherever their homes are and whichever organisation wrapped
-- them: a woman may have come from another organisation, or gone to one while a phone of her old site was offline. What
-- is written about her must still be kept, and nothing is shown by it.
CREATE OR REPLACE FUNCTION people.keys_to_keep_with(clients uuid[])
RETURNS TABLE (client uuid, organisation integer, wrapped bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS
$$ SELECT k.client, k.organisation, k.wrapped FROM people.client_key k WHERE k.client = ANY (clients) $$;
