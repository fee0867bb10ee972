"""`bench link`: from a file of invented persons to pairs, beside the least that any way must do: one exact join; and
families that come to another site, one after the other, held against all who are known.

Each work is done in a process of its own, of which seconds, CPU seconds and the most memory are told.
"""

import csv
import json
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from pathlib import Path
from statistics import median
from typing import Any

from mentormothers.config import simulating
from mentormothers.config.benchmarks.apart import Taken, apart
from mentormothers.config.benchmarks.measuring import Figure, Progress, Result, duration, machine
from mentormothers.engines.columns import connect_with_files, quoted
from mentormothers.linkage.arrivals import register_of
from mentormothers.linkage.costs import threshold
from mentormothers.linkage.persons import Persons
from mentormothers.linkage.persons_file import read_persons
from mentormothers.simulation.crowd import COLUMNS, crowd
from mentormothers.simulation.parameter_file import read_parameters

EXACT, LINK = "join on names and birth day", "link"
_COMING = 200  # families
_TODAY = date(2026, 1, 1)  # after the youngest of the crowd
_GB = 2**30


@dataclass(frozen=True)
class Crowd:
    """How many invented persons, of which seed, and how often everything is measured in turn."""

    persons: int
    seed: int
    rounds: int


def bench_link(given: Crowd, progress: Progress) -> Result:
    """Measure linkage. Raises RuntimeError when nothing was found."""
    with tempfile.TemporaryDirectory(prefix="mm-bench-") as folder:
        persons, pairs = Path(folder) / "persons.csv", Path(folder) / "pairs.csv"
        progress(f"{given.persons} persons are invented")
        _write(given, persons)
        taken: dict[str, list[Taken]] = {EXACT: [], LINK: []}
        for _ in range(given.rounds):
            taken[EXACT].append(apart(_exact, persons, progress))
            taken[LINK].append(apart(_link, (persons, pairs), progress))
        quality = _quality(persons, pairs)
        times = Path(folder) / "times.json"
        apart(_come, (persons, times), progress)
        coming = _coming_figures(json.loads(times.read_text(encoding="utf-8")))
    return Result(
        "link", (*_figures(taken), *quality, *coming),
        {"persons": given.persons, "seed": given.seed, "rounds": given.rounds}, machine(("splink", "duckdb")), _NOTES,
    )  # fmt: skip


_NOTES = (
    "The persons are synthetic: invented by `simulation/crowd.py` with the errors of programme/simulation/malawi.yaml.",
)


def _write(given: Crowd, path: Path) -> None:
    shares = read_parameters(simulating.read_content()).identities
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(crowd(given.persons, given.seed, simulating.read_names_file(), shares))


def _exact(persons: Path, progress: Progress) -> int:
    """The floor: read the file, and join who has the same names and birth day as they are written."""
    progress(EXACT)
    with tempfile.TemporaryDirectory(prefix="mm-bench-") as spill, connect_with_files(spill) as database:
        (row,) = database.execute(
            f"WITH p AS MATERIALIZED (FROM read_csv('{quoted(persons)}', all_varchar = true)) SELECT count(*) "
            "FROM p a JOIN p b USING (given_name, surname, date_of_birth) WHERE a.id < b.id"
        ).fetchall()
        return int(row[0])


def _link(paths: tuple[Path, Path], progress: Progress) -> int:
    """The whole of `mentormothers link`, without its bar."""
    from mentormothers.linkage.judging import link

    persons, pairs = paths
    progress("link: reading")
    found = link(
        read_persons(persons, _TODAY, lambda *_: None).persons, _TODAY, threshold(),
        lambda *step: progress(f"link: {step[2]}"),
    )  # fmt: skip
    with pairs.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows((pair.a, pair.b, pair.probability) for pair in found)
    return len(found)


def _come(paths: tuple[Path, Path], progress: Progress) -> int:
    """Some families come to another site for the first time; each is held against all who are known by then."""
    persons, times = paths
    progress("families that come: reading")
    with persons.open(encoding="utf-8", newline="") as file:
        again = groupby((row for row in csv.DictReader(file) if _is_second(row["id"])), lambda row: _family(row["id"]))
        families = [list(rows) for _, (_, rows) in zip(range(_COMING), again, strict=False)]
    known, coming = persons.with_name("known.csv"), persons.with_name("coming.csv")
    _leave_out({row["id"] for rows in families for row in rows}, persons, known)
    found, took = 0, []
    with register_of(_read(known), _TODAY, lambda *step: progress(f"families that come: {step[2]}")) as register:
        for rows in families:
            with coming.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, COLUMNS)
                writer.writeheader()
                writer.writerows(rows)
            started = time.perf_counter()
            pairs = register.pairs_of(_read(coming), threshold())
            took.append(time.perf_counter() - started)
            found += len({pair.b for pair in pairs if _person(pair.a) == _person(pair.b)})
    times.write_text(json.dumps({"took": took, "found": found, "came": sum(map(len, families))}), encoding="utf-8")
    return found


def _read(path: Path) -> Persons:
    return read_persons(path, _TODAY, lambda *_: None).persons


def _leave_out(ids: set[str], persons: Path, known: Path) -> None:
    with persons.open(encoding="utf-8", newline="") as file, known.open("w", encoding="utf-8", newline="") as kept:
        csv.writer(kept).writerows(row for row in csv.reader(file) if row[0] not in ids)


def _coming_figures(told: Mapping[str, Any]) -> list[Figure]:
    took: Sequence[float] = [1000 * seconds for seconds in told["took"]]
    return [
        Figure("a family that comes, against all", median(took), "ms", low=min(took), high=max(took)),
        Figure("of those who came, known again", told["found"] / told["came"], "of persons"),
    ]


def _figures(taken: Mapping[str, list[Taken]]) -> list[Figure]:
    measures: dict[str, Callable[[Taken], float]] = {
        "seconds": lambda one: one.seconds, "CPU seconds": lambda one: one.cpu, "GB": lambda one: one.peak / _GB,
    }  # fmt: skip
    figures = []
    for unit, measure in measures.items():
        values = {f"{name}, {unit}": [measure(one) for one in works] for name, works in taken.items()}
        floor, work = f"{EXACT}, {unit}", f"{LINK}, {unit}"
        figures += [duration(floor, values, unit), duration(work, values, unit, floor)]
    return figures


def _quality(persons: Path, pairs: Path) -> list[Figure]:
    with persons.open(encoding="utf-8", newline="") as file:
        ids = sorted(row["id"] for row in csv.DictReader(file))
    true = {pair for pair in pairwise(ids) if _person(pair[0]) == _person(pair[1])}
    with pairs.open(encoding="utf-8", newline="") as file:
        found = {(a, b) for a, b, _ in csv.reader(file)}
    family = sum(_family(a) == _family(b) and _person(a) != _person(b) for a, b in found)
    right = len(found & true)
    return [
        Figure("precision", right / len(found), "of pairs proposed"),
        Figure("recall", right / max(len(true), 1), "of pairs there are"),
        Figure("pairs proposed", len(found), "pairs"),
        Figure("of one family but not one person", family, "pairs"),
    ]


def _is_second(id: str) -> bool:
    return id.endswith("-1")


def _person(id: str) -> str:
    return id.partition("-")[0]


def _family(id: str) -> str:
    return id.partition("m" if "m" in id else "b")[0]
