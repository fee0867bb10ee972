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
FACTS, SETTLED = "observation", "settled"
# The columns that a schedule or an indicator reads of every fact, and that a schedule reads of settled ones.
_READ = {
    FACTS: (
        "client", "role", "mother", "kind", "day", "value", "number", "record", "ref", "source", "site", "position",
    ),
    SETTLED: (
        "client", "role", "mother", "kind", "day", "value", "number", "event", "ref", "site", "position", "counts",
        "introduces",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Given:
    """Which programme: so many simulated women and a seed, or a snapshot that is there; and how many rounds.

    copies  everything is measured on DuckDB, on so many copies of the programme under other ids
    """

    clients: int
    seed: int
    rounds: int
    snapshot: Path | None = None
    copies: int = 1


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


def scan(database: Connection, of: str = FACTS) -> int:
    """The floor: look at every column that is read, of every fact."""
    columns = ", ".join(f"max({name})" for name in _READ[of])
    (row,) = database.execute(f"SELECT count(*), {columns} FROM {of} WHERE day > -30000").fetchall()
    return int(row[0])


def group(database: Connection, of: str = FACTS) -> int:
    """The floor: the trivial question of each client."""
    asked = f"SELECT count(*) FROM (SELECT client, max(day) AS day FROM {of} GROUP BY client)"
    (row,) = database.execute(asked).fetchall()
    return int(row[0])
