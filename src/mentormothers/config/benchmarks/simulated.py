"""A simulated programme as a snapshot: what the schedule and the indicators are measured on."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mentormothers.config import simulating
from mentormothers.config.benchmarks.measuring import Progress
from mentormothers.engines.columns import Connection
from mentormothers.engines.snapshot import Snapshot, is_snapshot, read_snapshot
from mentormothers.engines.snapshot_writing import write_snapshot
from mentormothers.simulation.programme import Plan

START, MONTHS = date(2021, 1, 1), 36
SCAN, GROUP = "scan of the columns", "GROUP BY client"
# The columns that a schedule or an indicator reads of every fact.
_READ = ("client", "role", "mother", "kind", "day", "value", "number", "record", "ref", "source", "site", "position")


@dataclass(frozen=True)
class Given:
    """Which programme: so many simulated women and a seed, or a snapshot that is there; and how many rounds."""

    clients: int
    seed: int
    rounds: int
    snapshot: Path | None = None


@contextmanager
def simulated(given: Given, progress: Progress) -> Iterator[Snapshot]:
    """The programme's snapshot; a simulated one is gone afterwards."""
    if given.snapshot:
        if not is_snapshot(given.snapshot):
            raise RuntimeError(f"{given.snapshot} is no snapshot. Please write one with `mentormothers snapshot`")
        yield read_snapshot(given.snapshot)
        return
    with tempfile.TemporaryDirectory(prefix="mm-bench-") as folder:
        facts, columns = Path(folder) / "facts", Path(folder) / "columns"
        facts.mkdir()
        columns.mkdir()
        plan = Plan(given.clients, given.seed, START, MONTHS)
        simulating.run(plan, simulating.read_content(), facts, processes=2, progress=_of(given.clients, progress))
        snapshot, _ = write_snapshot(facts / "facts.csv", columns, progress)
        (facts / "facts.csv").unlink()
        yield snapshot


def _of(clients: int, progress: Progress) -> Callable[[int], None]:
    return lambda done: progress(f"{done} of {clients} women simulated")


def scan(database: Connection) -> int:
    """The floor: look at every column that is read, of every fact."""
    columns = ", ".join(f"max({name})" for name in _READ)
    (row,) = database.execute(f"SELECT count(*), {columns} FROM observation WHERE day > -30000").fetchall()
    return int(row[0])


def group(database: Connection) -> int:
    """The floor: the trivial question of each client."""
    asked = "SELECT count(*) FROM (SELECT client, max(day) AS day FROM observation GROUP BY client)"
    (row,) = database.execute(asked).fetchall()
    return int(row[0])
