"""Snapshots: facts in columns (Parquet), for numbers over many clients. DuckDB reads them (snapshot_writing.py writes).

    facts.parquet      every fact as it came, sorted by site, family, client and day, and whether it stands
    settled.parquet    those that stand, for indicators: sorted by kind and client, with numbers for ids, which of
                       several of one kind and day counts, and which say who a client is
    relations.parquet  what records said of other records, and when that was received
    standing.parquet   what followed from that for each record that it touches
    snapshot.json      a fingerprint of the bytes it was made of, its first and last day, kinds nobody knows

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

ABOUT, FACTS, SETTLED = "snapshot.json", "facts.parquet", "settled.parquet"
RELATIONS, STANDING = "relations.parquet", "standing.parquet"
_LAYOUT = 2  # of these files; grows with every change of their columns and of what is settled


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


@contextmanager
def opened(snapshot: Snapshot, known_on: date | None, models: Iterable[SiteModel] = ()) -> Iterator[Connection]:
    """A database with the relations that plans read: the snapshot's facts, as they stand or as known on a day.

    As they stand there is one more, `settled`, which settled plans read (settled.sql).
    """
    with connect(reads=str(snapshot.folder.resolve())) as database:
        database.execute("CREATE TABLE standing (record VARCHAR, stands BIGINT, event VARCHAR)")
        if known_on is None:
            _as_they_stand(database, snapshot)
        else:
            _as_known(database, snapshot, known_on)
        database.execute("CREATE TABLE calendar (day BIGINT, month BIGINT, dom BIGINT, length BIGINT)")
        insert(database, "calendar", calendar_for(*snapshot.span))
        database.execute(f"CREATE TABLE site_model ({', '.join(f'{c} {t}' for c, t in SITE_MODEL.items())})")
        insert(database, "site_model", site_model_rows(models))
        yield database


def sites_and_last_receipt(snapshot: Snapshot, known_on: date | None) -> tuple[frozenset[str], date | None]:
    """The sites that facts name, and the day on which the last one came in."""
    by_then = f"WHERE {_by_then(known_on)}" if known_on else ""
    asked = f"SELECT site, max(received) FROM {_file(snapshot, FACTS)} {by_then} GROUP BY site"
    with connect(reads=str(snapshot.folder.resolve())) as database:
        found = dict(database.execute(asked).fetchall())
    return frozenset(filter(None, found)), max((at.date() for at in found.values()), default=None)


def observed(facts: str, known_on: date | None) -> str:
    """The query for the relation `observation`, out of what an engine calls the file of facts."""
    ref, which = ("ref_event", "stands") if known_on is None else ("ref", _by_then(known_on))
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


def _by_then(known_on: date) -> str:
    return f"received < DATE '{known_on}' + 1"


def _as_they_stand(database: Connection, snapshot: Snapshot) -> None:
    database.execute(f"CREATE VIEW observation AS {observed(_file(snapshot, FACTS), None)}")
    # A position is a fact's own: it takes the place of its record.
    database.execute(f"CREATE VIEW settled AS SELECT *, position AS record FROM {_file(snapshot, SETTLED)}")
    stood = f"SELECT record, stands, event FROM {_file(snapshot, STANDING)} WHERE stands = 1 AND event <> record"
    database.execute(f"INSERT INTO standing {stood}")


def _as_known(database: Connection, snapshot: Snapshot, known_on: date) -> None:
    database.execute(f"CREATE VIEW observation AS {observed(_file(snapshot, FACTS), known_on)}")
    asked = f"SELECT record, type, target, repeat FROM {_file(snapshot, RELATIONS)} WHERE {_by_then(known_on)}"
    insert(database, "standing", standing_rows(Relation(*row) for row in database.execute(asked).fetchall()))


def _file(snapshot: Snapshot, name: str) -> str:
    return f"'{quoted(snapshot.folder.resolve() / name)}'"


def standing_rows(relations: Iterable[Relation]) -> Iterator[Row]:
    """The standing of each record that relations touch, as rows."""
    return ((record, int(one.stands), one.event) for record, one in standings(relations).items())
