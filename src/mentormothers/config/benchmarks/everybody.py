"""`bench schedule`, on DuckDB: everybody's schedule over a snapshot, a site's, a client's; each beside its floors.

What is asked of everybody is done in a process of its own, so that its CPU seconds and its memory can be told.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from mentormothers.config.benchmarks.apart import ApartWork, Taken, apart
from mentormothers.config.benchmarks.measuring import Figure, Progress, Work, duration, timed
from mentormothers.config.benchmarks.simulated import GROUP, SCAN, SETTLED, group, scan
from mentormothers.engines.by_families import (
    Asked,
    count_everybodys_schedule,
    count_schedule_of,
    everybodys_schedule,
)
from mentormothers.engines.columns import Connection, quoted
from mentormothers.engines.snapshot import CLIENTS, Range, look_at, opened

FROM_FACTS, FROM_SETTLED = "everybody's schedule, from facts", "everybody's schedule, from settled facts"
SORTED = "the same, sorted and read row by row"
SETTLED_SCAN, SETTLED_GROUP = "scan of the settled columns", "GROUP BY client of the settled"
SITE_SETTLED, SITE = "usual site on DuckDB: its settled facts", "usual site on DuckDB: its schedule"
CLIENT_SETTLED, CLIENT = "one client on DuckDB: her family's settled facts", "one client on DuckDB: her schedule"
EVERYBODY = Range(0, 1 << 62, 0)
_CPU, _PEAK = "{}: CPU seconds", "{}: most memory"
_FLOORS = {
    SCAN: (), GROUP: (), SETTLED_SCAN: (), SETTLED_GROUP: (), FROM_FACTS: (SCAN, GROUP),
    FROM_SETTLED: (FROM_FACTS, SETTLED_SCAN, SETTLED_GROUP), SORTED: (SETTLED_GROUP,),
}  # fmt: skip


class Everybody:
    """The works of everybody, and what each took apart from its time."""

    def __init__(self, asked: Asked, progress: Progress) -> None:
        self._asked, self._progress = asked, progress
        self._taken: dict[str, list[Taken]] = {}
        self.rows = 0

    def works(self) -> dict[str, Work]:
        """Each measured apart."""
        done: Mapping[str, ApartWork] = {
            SCAN: _scan, GROUP: _group, SETTLED_SCAN: _settled_scan, SETTLED_GROUP: _settled_group,
            FROM_FACTS: _from_facts, FROM_SETTLED: _from_settled, SORTED: _sorted,
        }  # fmt: skip
        return {name: partial(self._take, name, work) for name, work in done.items()}

    def figures(self, values: dict[str, list[float]]) -> list[Figure]:
        """Time and CPU seconds of each beside its floors, and its memory."""
        values |= {_CPU.format(name): [one.cpu for one in taken] for name, taken in self._taken.items()}
        made = []
        for name, floors in _FLOORS.items():
            for kind in ("{}", _CPU):
                beside = [kind.format(floor) for floor in floors] or [""]
                made += [duration(kind.format(name), values, "s", floor) for floor in beside]
            peak = max(one.peak for one in self._taken[name]) / 1e6
            made.append(Figure(_PEAK.format(name), peak, "MB"))
        return made

    def _take(self, name: str, work: ApartWork, number: int) -> float:
        taken = apart(work, self._asked, lambda far: self._progress(f"round {number + 1}: {name}: {far}"))
        self._taken.setdefault(name, []).append(taken)
        self.rows = taken.found
        return taken.seconds


def clients_in(asked: Asked, database: Connection) -> int:
    """How many clients there are."""
    ((found,),) = database.execute(f"SELECT count(*) FROM {_clients(asked)}").fetchall()
    return int(found)


def some_works(asked: Asked, database: Connection) -> dict[str, Work]:
    """A site of the usual size, and a mother with her baby there, on an opened snapshot."""
    clients = f"SELECT min(number), max(number), min(before) FROM {_clients(asked)}"
    sites = database.execute(f"{clients} GROUP BY site ORDER BY count(*)").fetchall()
    site = Range(*sites[len(sites) // 2])
    families = f"{clients} WHERE number {site.condition} GROUP BY before HAVING count(*) = 2 ORDER BY 1"
    family = Range(*database.execute(families).fetchall()[0])
    return {
        SITE_SETTLED: timed(lambda: _facts_of(database, asked, site)),
        SITE: timed(lambda: count_schedule_of(database, asked, site)),
        CLIENT_SETTLED: timed(lambda: _facts_of(database, asked, family)),
        CLIENT: timed(lambda: count_schedule_of(database, asked, family)),
    }


def _clients(asked: Asked) -> str:
    return f"'{quoted(asked.snapshot.folder.resolve() / CLIENTS)}'"


def some_figures(values: dict[str, list[float]]) -> list[Figure]:
    """Each beside its floor."""
    pairs = ((SITE_SETTLED, ""), (SITE, SITE_SETTLED), (CLIENT_SETTLED, ""), (CLIENT, CLIENT_SETTLED))
    return [duration(name, values, "s", floor) for name, floor in pairs]


def _facts_of(database: Connection, asked: Asked, some: Range) -> int:
    look_at(database, asked.snapshot, None, some)
    return scan(database, SETTLED)


def _scan(asked: Asked, _: Progress) -> int:
    with opened(asked.snapshot, None) as database:
        return scan(database)


def _group(asked: Asked, _: Progress) -> int:
    with opened(asked.snapshot, None) as database:
        return group(database)


def _settled_scan(asked: Asked, _: Progress) -> int:
    with opened(asked.snapshot, None) as database:
        look_at(database, asked.snapshot, None, EVERYBODY)
        return scan(database, SETTLED)


def _settled_group(asked: Asked, _: Progress) -> int:
    with opened(asked.snapshot, None) as database:
        look_at(database, asked.snapshot, None, EVERYBODY)
        return group(database, SETTLED)


def _from_facts(asked: Asked, progress: Progress) -> int:
    return count_everybodys_schedule(replace(asked, settled=False), _share(asked, progress))


def _from_settled(asked: Asked, progress: Progress) -> int:
    return count_everybodys_schedule(asked, _share(asked, progress))


def _sorted(asked: Asked, progress: Progress) -> int:
    with everybodys_schedule(asked, _share(asked, progress)) as rows:
        progress("reading the rows")
        return sum(1 for _ in rows)


def _share(asked: Asked, progress: Progress) -> Callable[[int], None]:
    return lambda done: progress(f"{done:,} of {asked.snapshot.facts:,} facts")
