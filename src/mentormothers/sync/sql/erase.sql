-- Phones that know a client hear that her name was erased.
CREATE FUNCTION sync.tell_erase() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO sync.feed (event, client, site)
    SELECT 'erase', e.client, c.site FROM changed e LEFT JOIN care.client c ON c.id = e.client;
    RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT ON people.erasure REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sync.tell_erase();
