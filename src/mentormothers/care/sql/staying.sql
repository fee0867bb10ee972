-- A woman of another site who is here for a while (a stay), and what follows from it: who may be seen here as a guest.
-- Her home does not move by it, and her home site sees where she is and may end it.

ALTER TABLE stay SET SCHEMA care;
ALTER TABLE guest SET SCHEMA care;
SELECT care.protect('care.stay'), care.protect('care.guest');
GRANT SELECT, INSERT, UPDATE (until, ends, ended_at, ended_because, ended_by) ON care.stay TO mm_app;
GRANT SELECT ON care.guest TO mm_app, mm_people;
CREATE POLICY home ON care.stay FOR SELECT USING (client IN (
    SELECT id FROM care.client
    WHERE site = ANY ((SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])::int[])));
CREATE POLICY home_ends ON care.stay FOR UPDATE USING (client IN (
    SELECT id FROM care.client
    WHERE site = ANY ((SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])::int[])));

-- Guests are seen as if they lived here, until the very end of their stay, also where no worker runs. Numbers are not
-- counted of them: they count where they live.
CREATE POLICY guest ON care.client FOR SELECT TO mm_app, mm_people USING (id IN (
    SELECT g.client FROM care.guest g WHERE g.ends > now()
    AND g.site = ANY ((SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])::int[])));
CREATE POLICY guest ON care.same_person FOR SELECT TO mm_app USING (client IN (
    SELECT g.client FROM care.guest g WHERE g.ends > now()
    AND g.site = ANY ((SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])::int[])));
CREATE POLICY guest ON care.record FOR SELECT TO mm_app USING (client IN (
    SELECT g.client FROM care.guest g WHERE g.ends > now()
    AND g.site = ANY ((SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])::int[])));
CREATE POLICY guest ON care.fact FOR SELECT TO mm_app USING (client IN (
    SELECT g.client FROM care.guest g WHERE g.ends > now()
    AND g.site = ANY ((SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])::int[])));

-- A stay is of a woman of the same organisation who lives elsewhere. Whom the scope does not reach is asked of here.
-- Whoever was asked to look for her at home need not any more: she was seen.
CREATE FUNCTION care.check_stay() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    -- By the pseudonym by which she is known: by it she is written about from now on.
    NEW.client := coalesce((SELECT s.person FROM care.same_person s WHERE s.client = NEW.client), NEW.client);
    PERFORM FROM care.client c
    WHERE c.id = NEW.client AND c.mother IS NULL AND c.organisation = NEW.organisation AND c.site <> NEW.site
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nobody of this organisation who lives elsewhere' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE care.assignment a SET ended_at = now(), ended_because = 'she was seen at another site'
    WHERE a.client = NEW.client AND a.ended_at IS NULL;
    DELETE FROM care.caseload k USING care.client c
    WHERE k.client = c.id AND NEW.client IN (c.id, c.mother) AND k.reason = 'tracing';
    RETURN NEW;
END $$;
CREATE TRIGGER check_stay BEFORE INSERT ON care.stay FOR EACH ROW EXECUTE FUNCTION care.check_stay();

-- Who is a guest where, of these people: whoever has a stay there that goes on, under whichever of her pseudonyms, with
-- her children.
CREATE FUNCTION care.guests(persons uuid[])
RETURNS TABLE (client uuid, site int, organisation int, ends timestamptz, mentor uuid)
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT DISTINCT c.id, s.site, s.organisation, s.ends, s.mentor
    FROM care.client c
    JOIN care.pseudonyms(persons || array(SELECT k.mother FROM care.client k WHERE k.id = ANY (persons))) p
      ON p.whose IN (c.id, c.mother)
    JOIN care.stay s ON s.client = p.client
    WHERE c.id = ANY (persons) AND s.ended_at IS NULL AND c.site <> s.site
$$;

-- Bring guests in line for these people and their children, with the caseloads of the mentors who look after them.
CREATE FUNCTION care.keep_guests(touched uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE whole uuid[] := care.ever_joined(touched); persons uuid[];
BEGIN
    persons := array(SELECT id FROM care.client WHERE id = ANY (whole) OR mother = ANY (whole));
    -- Who came for a while and lives here now stays with the mentor who received her.
    UPDATE care.caseload k SET reason = 'given' FROM care.client c
    WHERE k.client = ANY (persons) AND k.reason = 'staying' AND c.id = k.client AND c.site = k.site;
    UPDATE care.stay s SET ended_at = now(), ended_because = 'she lives here now' FROM care.client c
    WHERE s.client = ANY (persons) AND s.ended_at IS NULL AND c.id = s.client AND c.site = s.site;
    DELETE FROM care.guest g WHERE g.client = ANY (persons)
        AND NOT EXISTS (SELECT FROM care.guests(persons) d WHERE (d.client, d.site) = (g.client, g.site));
    INSERT INTO care.guest (client, site, organisation, ends)
    SELECT d.client, d.site, d.organisation, max(d.ends) FROM care.guests(persons) d GROUP BY 1, 2, 3 ORDER BY 1, 2
    ON CONFLICT (client, site) DO UPDATE SET ends = excluded.ends WHERE guest.ends <> excluded.ends;
    DELETE FROM care.caseload k WHERE k.client = ANY (persons) AND k.reason = 'staying'
        AND NOT EXISTS (SELECT FROM care.guests(persons) d
                        WHERE (d.client, d.mentor, d.site) = (k.client, k.mentor, k.site));
    INSERT INTO care.caseload (client, mentor, site, organisation, reason)
    SELECT DISTINCT d.client, d.mentor, d.site, d.organisation, 'staying' FROM care.guests(persons) d
    WHERE d.mentor IS NOT NULL ORDER BY 1, 2
    ON CONFLICT DO NOTHING;
END $$;
REVOKE ALL ON FUNCTION care.keep_guests(uuid[]) FROM PUBLIC;

CREATE FUNCTION care.stay_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM care.keep_guests(array(SELECT DISTINCT client FROM changed)) WHERE EXISTS (SELECT FROM changed);
    RETURN NULL;
END $$;
CREATE TRIGGER keep_guests AFTER INSERT ON care.stay REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION care.stay_changed();
CREATE TRIGGER keep_guests_changed AFTER UPDATE ON care.stay REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION care.stay_changed();

-- A child that is born to a guest, or whose birth mother became known, is a guest too; who moves may be one no more.
CREATE FUNCTION care.family_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE staying uuid[];
BEGIN
    staying := array(SELECT c.id FROM changed c
                     WHERE EXISTS (SELECT FROM care.stay s WHERE s.client = c.id AND s.ended_at IS NULL)
                        OR EXISTS (SELECT FROM care.guest g WHERE g.client IN (c.id, c.mother)));
    IF cardinality(staying) > 0 THEN
        PERFORM care.keep_guests(staying);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_guests AFTER INSERT ON care.client REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION care.family_changed();
CREATE TRIGGER keep_guests_changed AFTER UPDATE ON care.client REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION care.family_changed();

-- Who turns out to be one person with a guest is one too, and no more where that was taken back.
CREATE FUNCTION care.person_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM care.keep_guests(array(SELECT client FROM changed UNION SELECT person FROM changed))
    WHERE EXISTS (SELECT FROM changed);
    RETURN NULL;
END $$;
CREATE TRIGGER keep_guests AFTER INSERT ON care.same_person REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION care.person_changed();
CREATE TRIGGER keep_guests_parted AFTER DELETE ON care.same_person REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION care.person_changed();
