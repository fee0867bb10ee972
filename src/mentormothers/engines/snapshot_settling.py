"""From the facts of all files to those of a snapshot (snapshot.py): what stands, what counts, sorted in columns."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from mentormothers.engines.columns import Connection, insert, quoted
from mentormothers.engines.portable import all_kinds, place_of
from mentormothers.engines.snapshot import CLIENTS, FACTS, FAMILIES, RELATIONS, SETTLED, STANDING, standing_rows
from mentormothers.engines.snapshot_families import number_clients
from mentormothers.facts.fact import CLIENT_TOLD
from mentormothers.facts.persons import SAME_PERSON_AS, persons_in
from mentormothers.facts.standing import Relation
from mentormothers.facts.vocabulary import vocabulary
from mentormothers.protocol.terms import DAYS_LMP_TO_EDD

# The same row met twice counts once, as received first. `position` orders facts by when they were received.
_NUMBERED = """
CREATE TABLE numbered AS
WITH once AS (
    SELECT * EXCLUDE (received), min(received) AS received FROM observed GROUP BY ALL
)
SELECT o.*, row_number() OVER (ORDER BY o.received, o.record, o.kind, o.value) AS position,
       coalesce(s.stands, 1) = 1 AS stands, coalesce(s.event, o.record) AS event,
       coalesce(r.event, o.ref) AS ref_event
FROM once o LEFT JOIN standing s ON s.record = o.record LEFT JOIN standing r ON r.record = o.ref"""

_FACTS = """
SELECT n.* EXCLUDE (event), c.number AS client_number
FROM numbered n JOIN clients c ON c.id = n.client
ORDER BY c.number, n.day, n.position"""

_EVENTS = "CREATE TABLE events AS SELECT event AS id, min(position) AS number FROM numbered GROUP BY event"

# As in stated.sql: the facts that stand; a due date of a pregnancy told as its last period. A fact may refer to an
# event of which nothing is known: -1.
_STATED = """
CREATE TABLE stated AS
SELECT c.number AS client, n.role, m.number AS mother,
       CASE n.kind WHEN 'pregnancy.edd' THEN 'pregnancy.lmp' ELSE n.kind END AS kind,
       n.day - CASE n.kind WHEN 'pregnancy.edd' THEN {days_lmp_to_edd} ELSE 0 END AS day,
       n.value, n.number, e.number AS event, CASE WHEN n.ref_event <> '' THEN coalesce(r.number, -1) END AS ref,
       n.source, n.site, n.position, n.position AS record
FROM numbered n
JOIN clients c ON c.id = n.client
JOIN events e ON e.id = n.event
LEFT JOIN clients m ON m.id = n.mother
LEFT JOIN events r ON r.id = n.ref_event AND n.ref_event <> ''
WHERE n.stands"""

# As there, one fact of a kind and day counts. These do not: of all facts, and of the documented ones.
_OUTDONE = """
CREATE TABLE outdone AS
WITH several AS (
    SELECT client, kind, day FROM stated WHERE kind NOT IN ({all_kinds})
    GROUP BY client, kind, day HAVING count(*) > 1
), found AS (
    SELECT s.*, s.source <> '{client_told}' AS documented FROM stated s SEMI JOIN several USING (client, kind, day)
)
SELECT s.position, {place} > 1 AS of_all, {place_documented} > 1 AS of_documented FROM found s"""

# The first fact of each client in a role and under a mother says who she is on any day from then on, as do her birth
# and her death.
_INTRODUCING = """
CREATE TABLE introducing AS
SELECT arg_min(position, (day, position)) AS position
FROM stated GROUP BY client, role, mother, source = '{client_told}'"""

_SETTLED = """
CREATE TABLE settled AS
SELECT s.* EXCLUDE (record), NOT coalesce(o.of_all, false) AS counts,
       s.source <> '{client_told}' AND NOT coalesce(o.of_documented, false) AS counts_documented,
       i.position IS NOT NULL AS introduces
FROM stated s
LEFT JOIN outdone o ON o.position = s.position
LEFT JOIN introducing i ON i.position = s.position"""
_BY_KIND = "SELECT * FROM settled ORDER BY kind, client, day, position"
_BY_FAMILY = "SELECT * EXCLUDE (source, counts_documented) FROM settled ORDER BY client, day, position"


_SAID_TO_BE_ONE = f"""
SELECT DISTINCT o.client, o.value FROM observed o LEFT JOIN standing s ON s.record = o.record
WHERE o.kind = '{SAME_PERSON_AS}' AND coalesce(s.stands, 1) = 1"""
_OF_PERSONS = (
    "UPDATE observed SET client = person FROM known_as WHERE id = client",
    "UPDATE observed SET mother = person FROM known_as WHERE id = mother",
    "UPDATE observed SET mother = '' WHERE mother = client",  # nobody is her own
    "DROP TABLE known_as",
)


def settle(database: Connection, relations: Iterable[tuple[Relation, datetime]]) -> None:
    """Work out what stands, by all relations with their instants of receipt."""
    found = list(relations)
    database.execute("CREATE TABLE standing (record VARCHAR, stands BIGINT, event VARCHAR)")
    insert(database, "standing", standing_rows(relation for relation, _ in found))
    database.execute(
        "CREATE TABLE relation (record VARCHAR, type VARCHAR, target VARCHAR, repeat VARCHAR, received TIMESTAMP)"
    )
    insert(database, "relation", ((r.record, r.type, r.target, r.repeat, at) for r, at in found))


def make_persons(database: Connection) -> None:
    """Let the facts be of persons: ids that were said to be one are known by the smallest (facts/persons.py)."""
    said = database.execute(_SAID_TO_BE_ONE).fetchall()
    if persons := persons_in(said):
        database.execute("CREATE TABLE known_as (id VARCHAR, person VARCHAR)")
        insert(database, "known_as", persons.items())
        for statement in _OF_PERSONS:
            database.execute(statement)


def write_settled(database: Connection, out: Path) -> tuple[int, int, int]:
    """Write the files from the table observed; gives the number of facts, the first and the last day."""
    words = vocabulary()
    fill = {
        "days_lmp_to_edd": DAYS_LMP_TO_EDD,
        "client_told": CLIENT_TOLD,
        "place": place_of("s", words),
        "place_documented": place_of("s", words, "s.documented"),
        "all_kinds": all_kinds(words),
    }
    for step in (_NUMBERED, "DROP TABLE observed"):
        database.execute(step)
    number_clients(database)
    for step in (_EVENTS, _STATED):
        database.execute(step.format(**fill))
    _copy(database, "SELECT number, id, rank, site, before FROM clients ORDER BY number", out / CLIENTS)
    _copy(database, _FACTS, out / FACTS)
    for step in ("DROP TABLE numbered", "DROP TABLE events", _OUTDONE, _INTRODUCING, _SETTLED, "DROP TABLE stated"):
        database.execute(step.format(**fill))
    _copy(database, _BY_KIND, out / SETTLED)
    _copy(database, _BY_FAMILY, out / FAMILIES)
    _copy(database, "SELECT * FROM relation ORDER BY record", out / RELATIONS)
    _copy(database, "SELECT * FROM standing ORDER BY record", out / STANDING)
    ends = f"SELECT count(*), coalesce(min(day), 10957), coalesce(max(day), 10957) FROM '{quoted(out / FACTS)}'"
    (row,) = database.execute(ends).fetchall()
    return int(row[0]), int(row[1]), int(row[2])


def _copy(database: Connection, query: str, path: Path) -> None:
    how = "(FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd)"
    database.execute(f"COPY ({query}) TO '{quoted(path)}' {how}")
