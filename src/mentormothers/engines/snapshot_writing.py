"""Writing snapshots (snapshot.py): from facts files to facts in columns.

Almost every line of a facts file is plain: its days, values and roles are few different ones, which are read in Python
and joined to the lines in DuckDB. Every other line is read as a facts file's lines are, one by one (`facts.csv_file`).
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from mentormothers.engines.columns import Connection, connect_with_files, insert, quoted
from mentormothers.engines.snapshot import ABOUT, Snapshot, layout
from mentormothers.engines.snapshot_settling import make_persons, settle, write_settled
from mentormothers.engines.tables import Row
from mentormothers.facts.csv_file import COLUMNS, Reading, Refusal, UnreadableFileError, csv_files, header_of
from mentormothers.facts.days import day_number, parse_day
from mentormothers.facts.fact import Fact
from mentormothers.facts.values import parse_value
from mentormothers.facts.vocabulary import Vocabulary, vocabulary

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
        settle(database, reading.relations.values())
        make_persons(database)
        progress("sorting")
        found = write_settled(database, out)
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
