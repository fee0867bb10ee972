"""Snapshots: facts in columns (Parquet), for numbers over many clients. DuckDB reads them (snapshot_writing.py writes).

    clients.parquet    the number and id of everybody, family after family (snapshot_families.py), her rank among all
                       ids, at which site her family was first seen, and how many facts the families before it have
    facts.parquet      every fact as it came, sorted by client number and day, and whether it stands
    settled.parquet    those that stand: sorted by kind and client, with numbers for ids, which of several of one kind
                       and day counts, and which say who a client is
    families.parquet   the same as far as schedules read them, sorted by client number and day
    relations.parquet  what records said of other records, and when that was received
    standing.parquet   what followed from that for each record that it touches
    snapshot.json      a fingerprint of the bytes it was made of, its first and last day, kinds nobody knows

Clients are persons: ids that were said to be one (same_person_as) are one in all of these files, for any day.
What is asked of all that was known reads the facts as they stand: corrections were settled when the snapshot was
written. What is asked as known on a day reads the facts as they came, received by then, and settles the few
corrections received by then anew.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from mentormothers.engines.columns import Connection, connect, insert, quoted
from mentormothers.engines.portable import all_kinds, place_of
from mentormothers.engines.tables import CALENDAR, SITE_MODEL, Named, Row, calendar_for, site_model_rows
from mentormothers.engines.tables import STANDING as STANDING_COLUMNS
from mentormothers.facts.csv_file import UnreadableFileError
from mentormothers.facts.days import day_of
from mentormothers.facts.standing import Relation, standings
from mentormothers.facts.vocabulary import vocabulary
from mentormothers.indicators.delivery import SiteModel

ABOUT, CLIENTS, FACTS, SETTLED = "snapshot.json", "clients.parquet", "facts.parquet", "settled.parquet"
FAMILIES, RELATIONS, STANDING = "families.parquet", "relations.parquet", "standing.parquet"
_LAYOUT = 4  # of these files; grows with every change of their columns and of what is settled


@dataclass(frozen=True)
class Snapshot:
    """A snapshot in a folder. `fingerprint` is that of the files it was made of; days are day numbers."""

    folder: Path
    fingerprint: str
    facts: int
    first_day: int
    last_day: int
    unknown_kinds: dict[str, int] = field(default_factory=dict)
    layout: str = ""

    @property
    def span(self) -> tuple[date, date]:
        """The first and the last day of a fact."""
        return day_of(self.first_day), day_of(self.last_day)


def is_snapshot(path: Path) -> bool:
    """Whether a path is the folder of a snapshot."""
    return (path / ABOUT).is_file()


def read_snapshot(folder: Path) -> Snapshot:
    """The snapshot in a folder. Raises UnreadableFileError when it is damaged, or settled by other rules."""
    try:
        found = Snapshot(folder, **json.loads((folder / ABOUT).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise UnreadableFileError(f"{folder / ABOUT}: is damaged. Please write the snapshot again") from None
    if found.layout != layout():
        raise UnreadableFileError(
            f"{folder / ABOUT}: was written by another version or vocabulary. Please write the snapshot again"
        )
    return found


def layout() -> str:
    """What has to be the same for a snapshot to be read: its columns, and the rules by which facts count."""
    words = vocabulary()
    return hashlib.sha256(f"{_LAYOUT} {place_of('s', words)} {all_kinds(words)}".encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Range:
    """Clients of whole families, from one number to another, both included; and the facts of families before them."""

    first: int
    last: int
    before: int

    @property
    def condition(self) -> str:
        """Which numbers these are, for SQL."""
        return f"BETWEEN {self.first:d} AND {self.last:d}"


def ranges(database: Connection, snapshot: Snapshot, facts: int) -> list[Range]:
    """Everybody in ranges of about so many facts each. A family is never cut, so one may have more."""
    asked = f"""
        SELECT min(number), max(number), min(before) FROM {_file(snapshot, CLIENTS)}
        GROUP BY before // {facts:d} ORDER BY 1"""
    return [Range(*row) for row in database.execute(asked).fetchall()]


def clients_of(snapshot: Snapshot, some: Range) -> str:
    """A query for number, id and rank of a range of clients."""
    return f"SELECT number, id, rank FROM {_file(snapshot, CLIENTS)} WHERE number {some.condition}"


@contextmanager
def opened(
    snapshot: Snapshot, known_on: date | None, models: Iterable[SiteModel] = (), spill: str = ""
) -> Iterator[Connection]:
    """A database with the relations that plans read: the snapshot's facts, as they stand or as known on a day.

    As they stand there is one more, `settled`, which settled plans read (settled.sql). `spill` is a folder where it
    may lie down what does not fit into memory.
    """
    with connect(reads=str(snapshot.folder.resolve()), spill=spill) as database:
        database.execute("CREATE TABLE standing (record VARCHAR, stands BIGINT, event VARCHAR)")
        _settle(database, snapshot, known_on)
        look_at(database, snapshot, known_on)
        database.execute("CREATE TABLE calendar (day BIGINT, month BIGINT, dom BIGINT, length BIGINT)")
        insert(database, "calendar", calendar_for(*snapshot.span))
        database.execute(f"CREATE TABLE site_model ({', '.join(f'{c} {t}' for c, t in SITE_MODEL.items())})")
        insert(database, "site_model", site_model_rows(models))
        yield database


def look_at(database: Connection, snapshot: Snapshot, known_on: date | None, some: Range | None = None) -> None:
    """Let the relations with facts of an opened snapshot have those of a range of clients, or of everybody."""
    hers = f" AND client_number {some.condition}" if some else ""
    facts = observed(_file(snapshot, FACTS), known_on)
    database.execute(f"CREATE OR REPLACE VIEW observation AS {facts}{hers}")
    if known_on is None:  # a position is a fact's own: it takes the place of its record
        settled = f"{_file(snapshot, FAMILIES)} WHERE client {some.condition}" if some else _file(snapshot, SETTLED)
        database.execute(f"CREATE OR REPLACE VIEW settled AS SELECT *, position AS record FROM {settled}")


def sites_and_last_receipt(snapshot: Snapshot, known_on: date | None) -> tuple[frozenset[str], date | None]:
    """The sites that facts name, and the day on which the last one came in."""
    by_then = f"WHERE {_by(known_on)}" if known_on else ""
    asked = f"SELECT site, max(received) FROM {_file(snapshot, FACTS)} {by_then} GROUP BY site"
    with connect(reads=str(snapshot.folder.resolve())) as database:
        found = dict(database.execute(asked).fetchall())
    return frozenset(filter(None, found)), max((at.date() for at in found.values()), default=None)


def observed(facts: str, known_on: date | None) -> str:
    """The query for the relation `observation`, out of what an engine calls the file of facts."""
    ref, which = ("ref_event", "stands") if known_on is None else ("ref", _by(known_on))
    return f"""
        SELECT client, role, mother, kind, day, value, number, record, {ref} AS ref, source, site, position
        FROM {facts} WHERE {which}"""


def beside_facts(snapshot: Snapshot, known_on: date | None) -> list[Named]:
    """The relations that plans of schedules read, but `observation`: for an engine that reads facts by itself."""
    with opened(snapshot, known_on) as database:
        return [
            (name, columns, database.execute(f"SELECT {', '.join(columns)} FROM {name}").fetchall())
            for name, columns in (("standing", STANDING_COLUMNS), ("calendar", CALENDAR))
        ]


def _settle(database: Connection, snapshot: Snapshot, known_on: date | None) -> None:
    if known_on is None:
        stood = f"FROM {_file(snapshot, STANDING)} WHERE stands = 1 AND event <> record"
        database.execute(f"INSERT INTO standing SELECT record, stands, event {stood}")
        return
    asked = f"SELECT record, type, target, repeat FROM {_file(snapshot, RELATIONS)} WHERE {_by(known_on)}"
    insert(database, "standing", standing_rows(Relation(*row) for row in database.execute(asked).fetchall()))


def _by(known_on: date) -> str:
    """What had been received by the end of a day."""
    return f"received < DATE '{known_on}' + 1"


def _file(snapshot: Snapshot, name: str) -> str:
    return f"'{quoted(snapshot.folder.resolve() / name)}'"


def standing_rows(relations: Iterable[Relation]) -> Iterator[Row]:
    """The standing of each record that relations touch, as rows."""
    return ((record, int(one.stands), one.event) for record, one in standings(relations).items())
