"""SQL by hand for care; each with a sentence above it."""

# Records, the facts of those that were new, and everyone these are about, with her home for now where she is met first.
# One parameter for all records of a batch and one for all facts (twice as fast as lists of columns), sorted so that two
# batches with the same records cannot wait for each other crosswise. What is here already is left alone and not
# returned.
KEEP = """
WITH kept AS (
    INSERT INTO care.record (id, client, form, form_version, happened, author, device, counter, device_clock, site,
                             organisation, source, relation, relation_record, relation_repeat, body, digest)
    SELECT id, client, form, form_version, happened, author, device, counter, device_clock, site,
           organisation, source, relation, relation_record, relation_repeat, body, decode(digest, 'hex')
    FROM jsonb_to_recordset(%s::jsonb) AS r(
        id uuid, client uuid, form text, form_version text, happened date, author uuid, device uuid, counter bigint,
        device_clock timestamptz, site int, organisation int, source text, relation text, relation_record uuid,
        relation_repeat uuid, body text, digest text)
    ORDER BY id
    ON CONFLICT (id) DO NOTHING
    RETURNING id
), stated AS MATERIALIZED (
    SELECT f.* FROM jsonb_to_recordset(%s::jsonb) AS f(
        record uuid, place smallint, client uuid, role text, mother uuid, kind text, day int, precision smallint,
        value text, number bigint, ref uuid, source text, site int, organisation int)
    WHERE f.record IN (SELECT id FROM kept)
), facts AS (
    INSERT INTO care.fact (record, place, client, role, mother, kind, day, precision, value, number, ref, source, site,
                           organisation)
    SELECT record, place, client, role, mother, kind, DATE '1970-01-01' + day, precision, value, number, ref, source,
           site, organisation
    FROM stated
), clients AS (
    INSERT INTO care.client (id, mother, role, site, organisation)
    SELECT DISTINCT ON (client) client, mother, role, site, organisation
    FROM stated ORDER BY client, mother IS NULL, record, place
    ON CONFLICT (id) DO NOTHING
)
SELECT id FROM kept
"""

# Birth mothers, homes and caseloads that follow from the facts of touched clients, and of those of whom the targets of
# corrections state something, also where the scope does not reach. Their families are held from then on. Where
# corrections are among their records nothing is settled yet: these are returned, to tell which have fallen.
SETTLE_UNCORRECTED = """
SELECT record, relation, target, repeat
FROM care.settle_uncorrected(%s::uuid[] || array(SELECT care.stated_of(%s)))"""

# The same where records have fallen, which count last.
SETTLE = "SELECT care.settle(%s::uuid[] || array(SELECT care.stated_of(%s)), %s)"

# Digests of records that are here already, also where the scope does not reach.
DIGESTS = "SELECT id, digest FROM care.digests(%s)"

# Facts as compiled plans read them, each of a person: whoever has several pseudonyms is known by one, and nobody is her
# own mother. Texts are never NULL and compare by bytes, as on every engine; `position` is the instant of receipt.
OBSERVATION = """
SELECT coalesce(p.person, f.client)::text COLLATE "C" AS client, f.role,
       coalesce(nullif(coalesce(m.person, f.mother), coalesce(p.person, f.client))::text, '') COLLATE "C" AS mother,
       f.kind COLLATE "C" AS kind, (f.day - DATE '1970-01-01')::bigint AS day, f.value COLLATE "C" AS value, f.number,
       f.record::text COLLATE "C" AS record, coalesce(f.ref::text, '') COLLATE "C" AS ref, f.source,
       f.site::text COLLATE "C" AS site,
       (extract(epoch FROM f.received) * 1000000)::bigint AS position
FROM care.fact f
LEFT JOIN care.same_person p ON p.client = f.client LEFT JOIN care.same_person m ON m.client = f.mother"""

# The days of the facts of some clients, and the calendar that these can be counted from: of all of it, joined thirty
# times, one family's schedule would take three times as long.
SPAN = """
SELECT coalesce(min(day), %(as_of)s), coalesce(max(day), %(as_of)s) FROM care.fact WHERE client = ANY (%(clients)s)
"""
CALENDAR = "SELECT c.* FROM public.calendar c WHERE c.day BETWEEN %(first)s AND %(last)s"

# Which records stand, worked out in Python from the few that correct others.
STANDING = """
SELECT s.record, s.stands, s.event
FROM jsonb_to_recordset(%(standing)s::jsonb) AS s(record text, stands bigint, event text)"""

# What records of some clients, under all their pseudonyms, or of all say of other records.
RELATIONS = """
SELECT id, relation, relation_record, relation_repeat FROM care.record
WHERE relation <> '' AND (%(clients)s::uuid[] IS NULL
                          OR client = ANY (array(SELECT p.client FROM care.pseudonyms(%(clients)s::uuid[]) p)))
"""

# Those of some clients who are in scope.
IN_SCOPE = "SELECT id FROM care.client WHERE id = ANY (%(clients)s)"

# Clients with their birth mothers, children and siblings, wherever they live and under all pseudonyms: what one is due
# may hang on another's facts.
KIN = "SELECT DISTINCT client, mother, site, organisation FROM care.kin(%(clients)s)"

# A client's facts that count, under all her pseudonyms, for people to read.
STANDING_FACTS = """
SELECT p.whose AS client, f.kind, f.day, f.precision, f.value, f.number, f.source, f.site, f.record, r.author,
       f.received
FROM care.pseudonyms(%(clients)s::uuid[]) p
JOIN care.fact f ON f.client = p.client
JOIN care.record r ON r.id = f.record
LEFT JOIN jsonb_to_recordset(%(standing)s::jsonb) AS s(record uuid, stands int) ON s.record = f.record
WHERE coalesce(s.stands, 1) = 1
  AND (%(kinds)s::text[] IS NULL OR f.kind = ANY (%(kinds)s::text[]))
ORDER BY f.day DESC, f.received DESC, f.record DESC, f.place
"""
