-- Phones that know her hear that two pseudonyms are one person, and that this was taken back.
CREATE FUNCTION sync.tell_merge() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO sync.feed (event, client, subject, site) SELECT 'merge', client, person, site FROM changed;
    RETURN NULL;
END $$;
CREATE FUNCTION sync.tell_unmerge() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO sync.feed (event, client, subject, site) SELECT 'unmerge', client, person, site FROM changed;
    RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT ON care.same_person REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sync.tell_merge();
CREATE TRIGGER tell_parted AFTER DELETE ON care.same_person REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sync.tell_unmerge();
