"""SQL by hand for rebuilding; each with a sentence above it."""

# Everything is looked at as it is at one moment, while the server goes on.
ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"

# Pushes wait; whoever reads does not.
HOLD = "LOCK TABLE care.record, care.fact, care.client, care.caseload, care.same_person IN SHARE ROW EXCLUSIVE MODE"

BODIES = "SELECT body, received FROM care.record ORDER BY received, id"

REBUILT_FACTS = "CREATE TEMPORARY TABLE rebuilt_fact (LIKE care.fact) ON COMMIT DROP"

ADD_REBUILT = """
INSERT INTO rebuilt_fact (record, place, client, role, mother, kind, day, precision, value, number, ref, source, site,
                          organisation, received)
SELECT record, place, client, role, mother, kind, DATE '1970-01-01' + day, precision, value, number, ref, source, site,
       organisation, received
FROM jsonb_to_recordset(%s::jsonb) AS f(
    record uuid, place smallint, client uuid, role text, mother uuid, kind text, day int, precision smallint,
    value text, number bigint, ref uuid, source text, site int, organisation int, received timestamptz)
"""

# Facts that are missing, and facts that no record states.
COMPARE_FACTS = """
SELECT (SELECT count(*) FROM (TABLE rebuilt_fact EXCEPT TABLE care.fact) m),
       (SELECT count(*) FROM (TABLE care.fact EXCEPT TABLE rebuilt_fact) w)
"""

# Facts are append-only for everybody; here alone they are made anew.
REPLACE_FACTS = """
ALTER TABLE care.fact DISABLE TRIGGER append_only;
CREATE TEMPORARY TABLE wrong_fact ON COMMIT DROP AS TABLE care.fact EXCEPT TABLE rebuilt_fact;
DELETE FROM care.fact f USING wrong_fact w WHERE (f.record, f.place) = (w.record, w.place);
INSERT INTO care.fact (SELECT * FROM rebuilt_fact EXCEPT TABLE care.fact);
ALTER TABLE care.fact ENABLE TRIGGER append_only;
"""

# Clients of whom facts speak and whom the table does not have, with the site where they were first met.
ADD_CLIENTS = """
INSERT INTO care.client (id, role, site, organisation)
SELECT DISTINCT ON (client) client, role, site, organisation FROM care.fact
WHERE client NOT IN (SELECT id FROM care.client) ORDER BY client, received, record
"""

CLIENTS = "SELECT client FROM care.fact UNION SELECT id FROM care.client"

RELATIONS = "SELECT id, relation, relation_record, relation_repeat FROM care.record WHERE relation <> ''"

SETTLE = "SELECT care.settle(%s, %s)"

KEEP_GUESTS = "SELECT care.keep_guests(%s)"

# By table: what is missing or differs, and what does not follow from the facts. `p`: all clients, the fallen records.
FOLLOWING = {
    "client (who they are)": """
        WITH p AS (SELECT %s::uuid[] AS persons, %s::uuid[] AS fallen),
             met AS (SELECT DISTINCT client AS id FROM care.fact)
        SELECT (SELECT count(*) FROM met WHERE id NOT IN (SELECT id FROM care.client)),
               (SELECT count(*) FROM care.client WHERE id NOT IN (SELECT id FROM met)) FROM p""",
    "same_person": """
        WITH p AS (SELECT %s::uuid[] AS persons, %s::uuid[] AS fallen),
             due AS (SELECT s.client, s.person, c.site, c.organisation
                     FROM p, care.persons(p.persons, p.fallen) s JOIN care.client c ON c.id = s.client)
        SELECT (SELECT count(*) FROM (TABLE due EXCEPT TABLE care.same_person) m),
               (SELECT count(*) FROM (TABLE care.same_person EXCEPT TABLE due) w)""",
    "client (birth mothers)": """
        WITH p AS (SELECT %s::uuid[] AS persons, %s::uuid[] AS fallen),
             due AS (SELECT m.* FROM p, care.mothers(p.persons, p.fallen) m),
             here AS (SELECT id, mother FROM care.client WHERE mother IS NOT NULL)
        SELECT (SELECT count(*) FROM (TABLE due EXCEPT TABLE here) m),
               (SELECT count(*) FROM (TABLE here EXCEPT TABLE due) w)""",
    "client (homes)": """
        WITH p AS (SELECT %s::uuid[] AS persons, %s::uuid[] AS fallen),
             due AS (SELECT h.* FROM p, care.homes(p.persons, p.fallen) h),
             here AS (SELECT c.id, c.site, c.organisation FROM care.client c JOIN due ON due.person = c.id)
        SELECT (SELECT count(*) FROM (TABLE due EXCEPT TABLE here) m),
               (SELECT count(*) FROM (TABLE here EXCEPT TABLE due) w)""",
    "caseload": """
        WITH p AS (SELECT %s::uuid[] AS persons, %s::uuid[] AS fallen),
             due AS (SELECT m.* FROM p, care.mentors(p.persons, p.fallen) m),
             here AS (SELECT client, mentor, site, organisation FROM care.caseload WHERE reason = 'enrolled')
        SELECT (SELECT count(*) FROM (TABLE due EXCEPT TABLE here) m),
               (SELECT count(*) FROM (TABLE here EXCEPT TABLE due) w)""",
    "guest": """
        WITH p AS (SELECT %s::uuid[] AS persons, %s::uuid[] AS fallen),
             due AS (SELECT DISTINCT g.client, g.site, g.organisation FROM p, care.guests(p.persons) g),
             here AS (SELECT client, site, organisation FROM care.guest)
        SELECT (SELECT count(*) FROM (TABLE due EXCEPT TABLE here) m),
               (SELECT count(*) FROM (TABLE here EXCEPT TABLE due) w)""",
}  # fmt: skip

# Records and identities of which the feed does not tell.
COMPARE_FEED = """
WITH due AS (SELECT 'record' AS event, id AS subject, client FROM care.record
             UNION ALL SELECT 'identity', record, client FROM people.identity_record),
     told AS (SELECT event, subject, client FROM sync.feed WHERE event IN ('record', 'identity'))
SELECT (SELECT count(*) FROM (TABLE due EXCEPT TABLE told) m), (SELECT count(*) FROM (TABLE told EXCEPT TABLE due) w)
"""

REBUILD_FEED = "SELECT sync.rebuild_feed()"
