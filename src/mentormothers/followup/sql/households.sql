-- A baby whom somebody else than its mother looks after is of another household than she: which one, follows from facts
-- and is worked out with what is open (followup/roofs.py).

ALTER TABLE care.open_item ALTER COLUMN household DROP EXPRESSION;
ALTER TABLE care.open_item ALTER COLUMN household SET NOT NULL;

-- Keep what was worked out for clients who are held. What is as it was is left alone.
CREATE OR REPLACE FUNCTION care.keep_open_items(clients uuid[], today date, by text, items jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    DELETE FROM care.open_item o WHERE o.client = ANY (clients) AND (o.client, o.item, o.occurrence) NOT IN (
        SELECT i.client, i.item, i.occurrence FROM jsonb_to_recordset(items) AS i(client uuid, item text, occurrence int));
    INSERT INTO care.open_item AS o (client, mother, household, site, organisation, rule, item, occurrence, state, due,
                                     until, rank, reasons, next_step, traceable, may_ask)
    SELECT c.id, c.mother, i.household, c.site, c.organisation, i.rule, i.item, i.occurrence, i.state, i.due, i.until,
           i.rank, i.reasons, i.next_step, i.traceable, i.may_ask
    FROM jsonb_to_recordset(items) AS i(
        client uuid, household uuid, rule text, item text, occurrence int, state text, due date, until date, rank int,
        reasons jsonb, next_step text, traceable boolean, may_ask boolean)
    JOIN care.client c ON c.id = i.client
    ON CONFLICT (client, item, occurrence) DO UPDATE
    SET (mother, household, site, organisation, rule, state, due, until, rank, reasons, next_step, traceable, may_ask) = (
        excluded.mother, excluded.household, excluded.site, excluded.organisation, excluded.rule, excluded.state,
        excluded.due, excluded.until, excluded.rank, excluded.reasons, excluded.next_step, excluded.traceable,
        excluded.may_ask)
    WHERE o.* IS DISTINCT FROM excluded.*;
    UPDATE care.worked_out w SET site = c.site, organisation = c.organisation, day = today, made_by = by
    FROM care.client c WHERE c.id = w.client AND w.client = ANY (clients);
END $$;
