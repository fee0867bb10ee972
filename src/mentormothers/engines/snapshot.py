"""Snapshots: facts in columns (Parquet), for numbers over many clients. DuckDB writes and reads them.

    facts.parquet      every fact, sorted by site, family, client and day, with what followed from corrections
    relations.parquet  what records said of other records, and when that was received
    snapshot.json      a fingerprint of the bytes it was made of, its first and last day, kinds nobody knows

What is asked of all that was known reads the facts as they stand: corrections were settled when the snapshot was
written. What is asked as known on a day reads the same facts as they came, received by then, and settles the few
corrections received by then anew.

Almost every line of a facts file is plain: its days, values and roles are few different ones, which are read in Python
and joined to the lines in DuckDB. Every other line is read as a facts file's lines are, one by one (`facts.csv_file`).
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mentormothers.engines.columns import Connection, connect, connect_with_files, insert, quoted
from mentormothers.engines.tables import SITE_MODEL, Row, calendar_for, site_model_rows
from mentormothers.facts.csv_file import COLUMNS, Reading, Refusal, UnreadableFileError, csv_files, header_of
from mentormothers.facts.days import day_number, day_of, parse_day
from mentormothers.facts.fact import Fact
from mentormothers.facts.standing import Relation, standings
from mentormothers.facts.values import parse_value
from mentormothers.facts.vocabulary import Vocabulary, vocabulary
from mentormothers.indicators.delivery import SiteModel

ABOUT, FACTS, RELATIONS = "snapshot.json", "facts.parquet", "relations.parquet"
_SEPARATOR, _NOTHING = "\x1f", "\x1e"  # stand in no text that people write
_CHUNK = 1 << 24
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Snapshot:
    """A snapshot in a folder. `fingerprint` is that of the files it was made of; days are day numbers."""

    folder: Path
    fingerprint: str
    facts: int
    first_day: int
    last_day: int
    unknown_kinds: dict[str, int] = field(default_factory=dict)

    @property
    def span(self) -> tuple[date, date]:
        """The first and the last day of a fact."""
        return day_of(self.first_day), day_of(self.last_day)


def is_snapshot(path: Path) -> bool:
    """Whether a path is the folder of a snapshot."""
    return (path / ABOUT).is_file()


def read_snapshot(folder: Path) -> Snapshot:
    """The snapshot in a folder. Raises UnreadableFileError when it is damaged."""
    try:
        return Snapshot(folder, **json.loads((folder / ABOUT).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise UnreadableFileError(f"{folder / ABOUT}: is damaged. Please write the snapshot again") from None


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
        progress("sorting by site, family, client and day")
        found = _write(database, out)
    snapshot = Snapshot(out, fingerprint.hexdigest()[:12], *found, dict(sorted(reading.unknown_kinds.items())))
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
_SORTED = """
WITH once AS (
    SELECT * EXCLUDE (received), min(received) AS received FROM observed GROUP BY ALL
), numbered AS (
    SELECT o.*, row_number() OVER (ORDER BY o.received, o.record, o.kind, o.value) AS position,
           coalesce(s.stands, 1) = 1 AS stands, coalesce(s.event, o.record) AS event,
           coalesce(r.event, o.ref) AS ref_event
    FROM once o LEFT JOIN standing s ON s.record = o.record LEFT JOIN standing r ON r.record = o.ref
)
SELECT *
FROM numbered
ORDER BY site, CASE WHEN mother <> '' THEN mother ELSE client END, client, day, position"""


@contextmanager
def opened(snapshot: Snapshot, known_on: date | None, models: Iterable[SiteModel] = ()) -> Iterator[Connection]:
    """A database with the relations that plans read: the snapshot's facts, as they stand or as known on a day."""
    folder = quoted(snapshot.folder.resolve())
    with connect(reads=str(snapshot.folder.resolve())) as database:
        facts = f"'{folder}/{FACTS}'"
        database.execute("CREATE TABLE standing (record VARCHAR, stands BIGINT, event VARCHAR)")
        if known_on is None:
            database.execute(
                f"CREATE VIEW observation AS SELECT {_READ.format(ref='ref_event')} FROM {facts} WHERE stands"
            )
            touched = f"SELECT DISTINCT record, 1, event FROM {facts} WHERE stands AND event <> record"
            database.execute(f"INSERT INTO standing {touched}")
        else:
            by_then = f"received < DATE '{known_on}' + 1"
            database.execute(
                f"CREATE VIEW observation AS SELECT {_READ.format(ref='ref')} FROM {facts} WHERE {by_then}"
            )
            insert(database, "standing", _standing_rows(_relations(database, snapshot, by_then)))
        database.execute("CREATE TABLE calendar (day BIGINT, month BIGINT, dom BIGINT, length BIGINT)")
        insert(database, "calendar", calendar_for(*snapshot.span))
        database.execute(f"CREATE TABLE site_model ({', '.join(f'{c} {t}' for c, t in SITE_MODEL.items())})")
        insert(database, "site_model", site_model_rows(models))
        yield database


def sites_and_last_receipt(snapshot: Snapshot, known_on: date | None) -> tuple[frozenset[str], date | None]:
    """The sites that facts name, and the day on which the last one came in."""
    facts = f"'{quoted(snapshot.folder.resolve() / FACTS)}'"
    asked = f"SELECT site, max(received) FROM {facts} {_by_then(known_on)} GROUP BY site"
    with connect(reads=str(snapshot.folder.resolve())) as database:
        found = dict(database.execute(asked).fetchall())
    return frozenset(filter(None, found)), max((at.date() for at in found.values()), default=None)


def _by_then(known_on: date | None) -> str:
    return f"WHERE received < DATE '{known_on}' + 1" if known_on else ""


_READ = "client, role, mother, kind, day, value, number, record, {ref} AS ref, source, site, position"


def _relations(database: Connection, snapshot: Snapshot, by_then: str) -> list[Relation]:
    path = quoted(snapshot.folder.resolve() / RELATIONS)
    found = database.execute(f"SELECT record, type, target, repeat FROM '{path}' WHERE {by_then}").fetchall()
    return [Relation(*row) for row in found]


def _standing_rows(relations: Iterable[Relation]) -> Iterator[Row]:
    return ((record, int(one.stands), one.event) for record, one in standings(relations).items())


def _settle(database: Connection, relations: Iterable[tuple[Relation, datetime]]) -> None:
    found = list(relations)
    database.execute("CREATE TABLE standing (record VARCHAR, stands BIGINT, event VARCHAR)")
    insert(database, "standing", _standing_rows(relation for relation, _ in found))
    database.execute(
        "CREATE TABLE relation (record VARCHAR, type VARCHAR, target VARCHAR, repeat VARCHAR, received TIMESTAMP)"
    )
    insert(database, "relation", ((r.record, r.type, r.target, r.repeat, at) for r, at in found))


def _write(database: Connection, out: Path) -> tuple[int, int, int]:
    """Write both files; gives the number of facts, the first and the last day."""
    how = "(FORMAT parquet, COMPRESSION zstd)"
    for name, content in ((FACTS, _SORTED), (RELATIONS, "SELECT * FROM relation ORDER BY record")):
        database.execute(f"COPY ({content}) TO '{quoted(out / name)}' {how}")
    ends = f"SELECT count(*), coalesce(min(day), 10957), coalesce(max(day), 10957) FROM '{quoted(out / FACTS)}'"
    (row,) = database.execute(ends).fetchall()
    return int(row[0]), int(row[1]), int(row[2])


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
