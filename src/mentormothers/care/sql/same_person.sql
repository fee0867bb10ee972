-- Which pseudonyms are one person: a pseudonym and the smallest one of those it was joined with. Only for those that are
-- not the smallest, so that the table stays small and nobody who was never joined pays for it. It follows from what the
-- office said (facts of the kind same_person_as that stand), and only functions of the owner write it.

ALTER TABLE same_person SET SCHEMA care;
SELECT care.protect('care.same_person');
GRANT SELECT ON care.same_person TO mm_app, mm_reports;
-- Both ways along what was said, each in an index that has nothing else in it.
CREATE INDEX fact_same_person ON care.fact (client) INCLUDE (value) WHERE kind = 'same_person_as';
CREATE INDEX fact_same_person_said ON care.fact (value) INCLUDE (client) WHERE kind = 'same_person_as';

-- Whoever becomes one person, or parts, is worked out anew with all their kin.
CREATE FUNCTION care.touch_joined() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO care.touched (client) SELECT client FROM changed UNION SELECT person FROM changed;
    RETURN NULL;
END $$;
CREATE TRIGGER touch AFTER INSERT ON care.same_person REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION care.touch_joined();
CREATE TRIGGER touch_parted AFTER DELETE ON care.same_person REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION care.touch_joined();
