"""Writing snapshots (snapshot.py): from facts files to facts in columns.

Almost every line of a facts file is plain: its days, values and roles are few different ones, which are read in Python
and joined to the lines in DuckDB. Every other line is read as a facts file's lines are, one by one (`facts.csv_file`).
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from mentormothers.engines.columns import Connection, connect_with_files, insert, quoted
from mentormothers.engines.portable import all_kinds, place_of
from mentormothers.engines.snapshot import ABOUT, FACTS, RELATIONS, SETTLED, STANDING, Snapshot, layout, standing_rows
from mentormothers.engines.tables import Row
from mentormothers.facts.csv_file import COLUMNS, Reading, Refusal, UnreadableFileError, csv_files, header_of
from mentormothers.facts.days import day_number, parse_day
from mentormothers.facts.fact import CLIENT_TOLD, Fact
from mentormothers.facts.standing import Relation
from mentormothers.facts.values import parse_value
from mentormothers.facts.vocabulary import Vocabulary, vocabulary
from mentormothers.protocol.model import DAYS_LMP_TO_EDD

_SEPARATOR, _NOTHING = "\x1f", "\x1e"  # stand in no text that people write
_CHUNK = 1 << 24
Progress = Callable[[str], None]


def write_snapshot(facts: Path, out: Path, progress: Progress) -> tuple[Snapshot, tuple[Refusal, ...]]:
    """Write a facts CSV, or all of a folder, as a snapshot to the empty folder `out`; also gives what was refused.

    Raises UnreadableFileError, and OSError when `out` cannot be written.
    """
    reading, fingerprint = Reading(vocabulary()), hashlib.sha256()
    with connect_with_files(str(out / ".writing")) as database:
        database.execute(_OBSERVED)
        for path in csv_files(facts):
            progress(f"reading {path.name}")
            _File(database, path, reading).take(fingerprint)
        insert(database, "observed", (_observed_row(fact) for fact in reading.facts))
        progress("settling corrections")
        _settle(database, reading.relations.values())
        progress("sorting")
        found = _write(database, out)
    snapshot = Snapshot(
        out, fingerprint.hexdigest()[:12], *found, dict(sorted(reading.unknown_kinds.items())), layout()
    )
    about = {name: value for name, value in asdict(snapshot).items() if name != "folder"}
    (out / ABOUT).write_text(json.dumps(about, indent=1), encoding="utf-8")  # last: without it there is no snapshot
    return snapshot, tuple(reading.refusals)


class _File:
    """One facts file on its way into the database."""

    def __init__(self, database: Connection, path: Path, reading: Reading) -> None:
        self._database, self._path, self._reading = database, path, reading

    def take(self, fingerprint: Any) -> None:
        """Take in all lines; those that are not plain go through the reading."""
        plain = self._look_through(fingerprint)
        with self._path.open("rb") as file:
            self._header = header_of(self._path.name, file.readline())
        if not plain:
            self._reading.read(self._path.name, self._path.read_bytes())
            return
        self._database.execute("CREATE OR REPLACE TABLE raw AS " + self._lines())
        self._name_values()
        self._database.execute("CREATE OR REPLACE TABLE plain AS " + _PLAIN)
        self._database.execute("INSERT INTO observed " + _TAKEN)
        self._count_unknown()
        rest = self._database.execute(
            "SELECT line, text FROM raw ANTI JOIN plain USING (line) ORDER BY line"
        ).fetchall()
        for line, text in rest:
            self._reading.take_line(self._path.name, self._header, line, text)
        self._database.execute("DROP TABLE raw; DROP TABLE plain")

    def _look_through(self, fingerprint: Any) -> bool:
        """Whether DuckDB sees the same lines as we do. Raises UnreadableFileError for what is not UTF-8."""
        plain, taken = True, 0
        with self._path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                fingerprint.update(chunk)
                chunk += file.readline()  # so that no character is cut
                fingerprint.update(chunk[_CHUNK:])
                _check_utf8(self._path.name, chunk, taken)
                seen = (b"\n" + chunk).replace(b"\r\n", b"\n")
                plain = plain and not any(odd in seen for odd in (b"\n\n", b"\r", b"\x00", b"\x1e", b"\x1f"))
                taken += len(chunk)
        return plain and taken > 0

    def _lines(self) -> str:
        cells = ", ".join(
            f"cells[{self._header.index(name) + 1}] AS {name}" if name in self._header else f"'' AS {name}"
            for name in COLUMNS
        )
        return f"""
            SELECT line, text, {cells.replace(" AS date", ' AS "date"')},
                   len(cells) = {len(self._header)} AND strlen(text) = length(text) AND length(text) < 5000
                   AND NOT regexp_matches(text, '["\\x00-\\x1f]|(^|,) | (,|$)') AS ordinary
            FROM (SELECT row_number() OVER () + 1 AS line, text, string_split(text, ',') AS cells
                  FROM read_csv('{quoted(self._path)}', columns = {{'text': 'VARCHAR'}},
                                delim = '{_SEPARATOR}', quote = '', escape = '', header = false, skip = 1,
                                auto_detect = false, nullstr = '{_NOTHING}', max_line_size = 10000000))"""

    def _name_values(self) -> None:
        """What the different days, times and values of the ordinary lines mean; a bad one is left out."""
        words, database = vocabulary(), self._database
        _name(database, "days", "text VARCHAR, day BIGINT, precision BIGINT", "date", _day)
        _name(database, "times", "text VARCHAR, received TIMESTAMP", "recorded", _time)
        _name(database, "meanings", "kind VARCHAR, text VARCHAR, value VARCHAR, number BIGINT, known BOOLEAN",
              "kind, value", lambda kind, text: _meaning(words, kind, text))  # fmt: skip
        _name(database, "roles", "text VARCHAR", "role", lambda text: (text,) if text in ("", *words.roles) else None)
        _name(database, "sources", "text VARCHAR, name VARCHAR", "source",
              lambda text: (text, text or "observed") if text in ("", *words.sources) else None)  # fmt: skip

    def _count_unknown(self) -> None:
        unknown = "SELECT kind, count(*) FROM plain WHERE NOT known GROUP BY kind"
        for kind, number in self._database.execute(unknown).fetchall():
            self._reading.unknown_kinds[kind] = self._reading.unknown_kinds.get(kind, 0) + number


_OBSERVED = """
CREATE TABLE observed (
    client VARCHAR, role VARCHAR, mother VARCHAR, kind VARCHAR, day BIGINT, value VARCHAR, number BIGINT,
    record VARCHAR, ref VARCHAR, source VARCHAR, site VARCHAR, organisation VARCHAR, precision BIGINT,
    received TIMESTAMP)"""

_PLAIN = """
SELECT r.line, r.client, r.role, r.mother, r.kind, d.day, m.value, m.number, r.record, r.ref, s.name AS source,
       r.site, r.organisation, d.precision, t.received, m.known
FROM raw r
JOIN days d ON d.text = r."date"
JOIN times t ON t.text = r.recorded
JOIN meanings m ON m.kind = r.kind AND m.text = r.value
JOIN roles o ON o.text = r.role
JOIN sources s ON s.text = r.source
WHERE r.ordinary AND r.amends = '' AND r.record <> '' AND r.client <> '' AND r.kind <> '' AND r.client <> r.mother"""

_TAKEN = """
SELECT client, role, mother, kind, day, value, number, record, ref, source, site, organisation, precision,
       coalesce(received, make_timestamp(day * 86400000000))
FROM plain"""

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
SELECT * EXCLUDE (event) FROM numbered
ORDER BY site, CASE WHEN mother <> '' THEN mother ELSE client END, client, day, position"""

# Numbers of clients are in the order of their ids, so that the smallest of several is the same.
_CLIENTS = """
CREATE TABLE clients AS
SELECT id, row_number() OVER (ORDER BY id) AS number
FROM (SELECT client AS id FROM numbered UNION SELECT mother FROM numbered WHERE mother <> '')"""
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
SELECT s.* EXCLUDE (record), NOT coalesce(o.of_all, false) AS counts,
       s.source <> '{client_told}' AND NOT coalesce(o.of_documented, false) AS counts_documented,
       i.position IS NOT NULL AS introduces
FROM stated s
LEFT JOIN outdone o ON o.position = s.position
LEFT JOIN introducing i ON i.position = s.position
ORDER BY s.kind, s.client, s.day, s.position"""


def _settle(database: Connection, relations: Iterable[tuple[Relation, datetime]]) -> None:
    found = list(relations)
    database.execute("CREATE TABLE standing (record VARCHAR, stands BIGINT, event VARCHAR)")
    insert(database, "standing", standing_rows(relation for relation, _ in found))
    database.execute(
        "CREATE TABLE relation (record VARCHAR, type VARCHAR, target VARCHAR, repeat VARCHAR, received TIMESTAMP)"
    )
    insert(database, "relation", ((r.record, r.type, r.target, r.repeat, at) for r, at in found))


def _write(database: Connection, out: Path) -> tuple[int, int, int]:
    """Write the files; gives the number of facts, the first and the last day."""
    words = vocabulary()
    fill = {
        "days_lmp_to_edd": DAYS_LMP_TO_EDD,
        "client_told": CLIENT_TOLD,
        "place": place_of("s", words),
        "place_documented": place_of("s", words, "s.documented"),
        "all_kinds": all_kinds(words),
    }
    for step in (_NUMBERED, "DROP TABLE observed", _CLIENTS, _EVENTS, _STATED):
        database.execute(step.format(**fill))
    _copy(database, _FACTS, out / FACTS)
    for step in ("DROP TABLE numbered", "DROP TABLE events", _OUTDONE, _INTRODUCING):
        database.execute(step.format(**fill))
    _copy(database, _SETTLED.format(**fill), out / SETTLED)
    _copy(database, "SELECT * FROM relation ORDER BY record", out / RELATIONS)
    _copy(database, "SELECT * FROM standing ORDER BY record", out / STANDING)
    ends = f"SELECT count(*), coalesce(min(day), 10957), coalesce(max(day), 10957) FROM '{quoted(out / FACTS)}'"
    (row,) = database.execute(ends).fetchall()
    return int(row[0]), int(row[1]), int(row[2])


def _copy(database: Connection, query: str, path: Path) -> None:
    how = "(FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd)"
    database.execute(f"COPY ({query}) TO '{quoted(path)}' {how}")


def _name(database: Connection, table: str, columns: str, of: str, read: Callable[..., Row | None]) -> None:
    """A table of what each different content of some columns means, as far as it means something."""
    quoted = ", ".join(f'"{name.strip()}"' for name in of.split(","))
    different = database.execute(f"SELECT DISTINCT {quoted} FROM raw WHERE ordinary").fetchall()
    database.execute(f"CREATE OR REPLACE TABLE {table} ({columns})")
    insert(database, table, (row for texts in different if (row := read(*texts)) is not None))


def _day(text: str) -> Row | None:
    try:
        day, precision = parse_day(text)
    except ValueError:
        return None
    return text, day_number(day), int(precision)


def _time(text: str) -> Row | None:
    if not text:
        return text, None
    try:
        return text, datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None


def _meaning(words: Vocabulary, name: str, text: str) -> Row | None:
    kind = words.kind(name)
    if kind is None:
        return name, text, text, None, False
    try:
        return name, text, *parse_value(kind, text), True
    except ValueError:
        return None


def _observed_row(fact: Fact) -> Row:
    return (
        fact.client, fact.role, fact.mother, fact.kind, day_number(fact.day), fact.value, fact.number, fact.record,
        fact.ref, fact.source, fact.site, fact.organisation, int(fact.precision), fact.received,
    )  # fmt: skip


def _check_utf8(name: str, chunk: bytes, before: int) -> None:
    try:
        chunk.decode()
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            f"{name}: byte {before + error.start} is not UTF-8. Please save the file as CSV UTF-8"
        ) from None
