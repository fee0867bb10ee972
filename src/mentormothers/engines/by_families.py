"""Everybody's schedule over a snapshot, one range of families after another: memory hangs on the range, not the nation.

Nobody's schedule hangs on facts of another family (snapshot_families.py). The rows of each range go to a temporary
folder that only its owner can read. At the end they are sorted by client, item and due date, on disk where memory is
short, and read from there as they are asked for.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

from mentormothers.engines.columns import Connection, quoted
from mentormothers.engines.duckdb import schedule_steps
from mentormothers.engines.portable import Plan
from mentormothers.engines.rows import ScheduleRow, schedule_row
from mentormothers.engines.schedule_sql import compile_schedule
from mentormothers.engines.snapshot import Range, Snapshot, clients_of, look_at, opened, ranges
from mentormothers.facts.days import day_number
from mentormothers.protocol.model import Protocol

_WORKERS = min(4, os.cpu_count() or 1)
FACTS_AT_ONCE = 3_000_000 // _WORKERS  # measured: with two thirds of it 11 % more time and 150 MB less
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
    with TemporaryDirectory(prefix="mm-schedule-") as folder:
        _for_all(asked, folder, partial(_lay_down, asked, folder), progress)
        with opened(asked.snapshot, asked.known_on, spill=folder) as database:
            yield _read(database, folder)


def count_everybodys_schedule(asked: Asked, progress: Progress) -> int:
    """How many rows there are, for measuring the engine alone."""
    with TemporaryDirectory(prefix="mm-schedule-") as folder:
        return _for_all(asked, folder, lambda database, some: count_schedule_of(database, asked, some), progress)


def count_schedule_of(database: Connection, asked: Asked, some: Range) -> int:
    """How many rows there are for some families, in a database that stays open."""
    ((found,),) = database.execute(f"SELECT count(*) FROM ({_worked_out(database, asked, some)})").fetchall()
    return int(found)


def _for_all(asked: Asked, folder: str, work: Callable[[Connection, Range], int], progress: Progress) -> int:
    """Do a work for every range, a few at a time, and add up what it gives.

    Each has a database of its own that works in one thread: two threads for one range take a third more processor time.
    """
    free: SimpleQueue[Connection] = SimpleQueue()

    def do(some: Range) -> int:
        database = free.get()
        try:
            return work(database, some)
        finally:
            free.put(database)

    with ExitStack() as stack:
        for _ in range(_WORKERS):
            database = stack.enter_context(opened(asked.snapshot, asked.known_on, spill=folder))
            database.execute("SET threads = 1")
            free.put(database)
        found, pieces = 0, ranges(database, asked.snapshot, FACTS_AT_ONCE)
        with ThreadPoolExecutor(_WORKERS) as pool:
            for some, one in zip(pieces, pool.map(do, pieces), strict=True):
                progress(some.before)
                found += one
    progress(asked.snapshot.facts)
    return found


def _lay_down(asked: Asked, folder: str, database: Connection, some: Range) -> int:
    """Write the rows of a range to a file of their own."""
    named = f"""
        SELECT c.rank, c.id AS client, r.* EXCLUDE (client)
        FROM ({_worked_out(database, asked, some)}) r
        JOIN ({clients_of(asked.snapshot, some)}) c ON {asked.same_client}"""
    written = database.execute(f"COPY ({named}) TO '{quoted(folder)}/{some.first}.parquet' (FORMAT parquet)")
    return int(written.fetchall()[0][0])


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
