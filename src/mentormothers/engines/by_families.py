"""Everybody's schedule over a snapshot, one range of families after another: memory hangs on the range, not the nation.

Nobody's schedule hangs on facts of another family (snapshot_families.py). The rows of each range go to a temporary
folder that only its owner can read. At the end they are sorted by client, item and due date, on disk where memory is
short, and read from there as they are asked for.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from mentormothers.engines.columns import Connection, quoted
from mentormothers.engines.duckdb import schedule_steps
from mentormothers.engines.portable import Plan
from mentormothers.engines.rows import ScheduleRow, schedule_row
from mentormothers.engines.schedule_sql import compile_schedule
from mentormothers.engines.snapshot import Range, Snapshot, clients_of, look_at, opened, ranges
from mentormothers.facts.days import day_number
from mentormothers.protocol.model import Protocol

FACTS_AT_ONCE = 2_000_000  # measured: half of it takes a fifth longer, twice as many half as much memory again
_ROWS_AT_ONCE = 10_000
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Asked:
    """Whose schedule, by which protocol, on which day; as known on a day, or with all that the snapshot holds.

    settled  from what was settled when the snapshot was written, where that holds: not as known on a day
    """

    protocol: Protocol
    snapshot: Snapshot
    as_of: date
    known_on: date | None = None
    settled: bool = True

    @property
    def plan(self) -> Plan:
        return compile_schedule(self.protocol, "duckdb", settled=self.reads_settled)

    @property
    def same_client(self) -> str:
        """What says that a row of the plan `r` is about the client `c`: settled facts have numbers, others ids."""
        return "c.number = r.client" if self.reads_settled else "c.id = r.client"

    @property
    def reads_settled(self) -> bool:
        return self.settled and self.known_on is None


@contextmanager
def everybodys_schedule(asked: Asked, progress: Progress) -> Iterator[Iterator[ScheduleRow]]:
    """The rows for everybody, sorted; `progress` hears how many facts were worked through."""
    with TemporaryDirectory(prefix="mm-schedule-") as folder, _opened(asked, folder) as database:
        for some in ranges(database, asked.snapshot, FACTS_AT_ONCE):
            progress(some.before)
            named = f"""
                SELECT c.rank, c.id AS client, r.* EXCLUDE (client)
                FROM ({_worked_out(database, asked, some)}) r
                JOIN ({clients_of(asked.snapshot, some)}) c ON {asked.same_client}"""
            database.execute(f"COPY ({named}) TO '{quoted(folder)}/{some.first}.parquet' (FORMAT parquet)")
        progress(asked.snapshot.facts)
        yield _read(database, folder)


def count_everybodys_schedule(asked: Asked, progress: Progress) -> int:
    """How many rows there are, for measuring the engine alone."""
    with TemporaryDirectory(prefix="mm-schedule-") as folder, _opened(asked, folder) as database:
        found = 0
        for some in ranges(database, asked.snapshot, FACTS_AT_ONCE):
            progress(some.before)
            found += count_schedule_of(database, asked, some)
        return found


def count_schedule_of(database: Connection, asked: Asked, some: Range) -> int:
    """How many rows there are for some families, in a database that stays open."""
    ((found,),) = database.execute(f"SELECT count(*) FROM ({_worked_out(database, asked, some)})").fetchall()
    return int(found)


def _opened(asked: Asked, folder: str) -> AbstractContextManager[Connection]:
    return opened(asked.snapshot, asked.known_on, spill=folder)


def _worked_out(database: Connection, asked: Asked, some: Range) -> str:
    """Take the steps for some families; gives the query of their rows."""
    look_at(database, asked.snapshot, asked.known_on, some)
    steps = schedule_steps(database, asked.protocol, settled=asked.reads_settled)
    return steps.result(asked.plan, {"as_of": day_number(asked.as_of)})


def _read(database: Connection, folder: str) -> Iterator[ScheduleRow]:
    if not any(Path(folder).glob("*.parquet")):
        return
    found = database.execute(f"""
        SELECT * EXCLUDE (rank) FROM '{quoted(folder)}/*.parquet' ORDER BY rank, item, due, occurrence""")
    while rows := found.fetchmany(_ROWS_AT_ONCE):
        yield from (schedule_row(*row) for row in rows)
