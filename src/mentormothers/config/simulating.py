"""Running the simulation: what it is given is read here, and what it makes is written here, as it is made.

Families are made by one or more processes in batches; batches are written in the order of the families, so that the
files are the same for every number of processes. Only a few batches are in memory at any time.
"""

import csv
import io
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import IO, Any

import yaml

from mentormothers import PROGRAMME
from mentormothers.simulation import identities, truth
from mentormothers.simulation.arrivals import Arrival
from mentormothers.simulation.logbook import HEADER
from mentormothers.simulation.parameter_file import ParameterError, read_parameters, read_published
from mentormothers.simulation.parameters import Published
from mentormothers.simulation.programme import (
    CLIENT_COLUMNS,
    MENTOR_COLUMNS,
    SITE_COLUMNS,
    Plan,
    Programme,
    World,
    mentor_rows,
    site_rows,
)
from mentormothers.simulation.results import Result, Tally, results
from mentormothers.simulation.series import SeriesError, read_national, read_quarters
from mentormothers.simulation.sites import Place
from mentormothers.sites.district_list import read_districts
from mentormothers.sites.facility_list import read_facilities
from mentormothers.sites.placing import Boundaries

FOLDER = PROGRAMME / "simulation"
PARAMETERS = FOLDER / "malawi.yaml"
_COUNTRY = "MWI"
_BATCH = 100  # families; larger ones gained nothing when measured
_AHEAD = 4  # batches waiting for each process, so that none is idle and memory stays bounded
Progress = Callable[[int], None]
Text = dict[str, str]


class SimulationError(Exception):
    """What the simulation is given, or where it should write, cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Outcome:
    """What a run counted, and its figures beside the published ones."""

    programme: Programme
    counts: Tally
    results: list[Result]


def read_content(path: Path = PARAMETERS) -> dict[str, Any]:
    """The parameter file as it stands. Raises SimulationError when it cannot be read."""
    try:
        content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise SimulationError(f"{path}: cannot be read: {error}") from None
    return content


def read_world(content: dict[str, Any]) -> World:
    """Everything a run is given. Raises SimulationError naming what is wrong."""
    country = FOLDER / "malawi"
    try:
        return World(
            read_parameters(content),
            tuple(read_quarters(_rows(country / "anc_quarters.csv"))),
            read_national(_rows(country / "pmtct_by_year.csv")),
            tuple(_places()),
            read_names_file(),
        )
    except (ParameterError, SeriesError, OSError) as error:
        raise SimulationError(f"{FOLDER}: {error}") from None


def read_names_file() -> identities.Names:
    """The names that invented people are given."""
    return identities.read_names(yaml.safe_load((FOLDER / "malawi" / "names.yaml").read_text(encoding="utf-8")))


def published(content: dict[str, Any]) -> list[Published]:
    """The figures a run should come near to."""
    return read_published(content)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _places() -> Iterator[Place]:
    """The country's facilities that can be placed in a district."""
    folder = PROGRAMME / "places" / "malawi"
    districts = read_districts(folder / "districts.geojson").districts
    boundaries, by_code = Boundaries(districts), {district.code: district for district in districts}
    for one in read_facilities(folder / "facilities.csv", _COUNTRY).facilities:
        placing = boundaries.place(one)
        if placing.district is not None:
            district = by_code[placing.district]
            yield Place(one.name, one.kind, district.name, district.region, one.latitude, one.longitude)


def empty_folder(path: Path) -> None:
    """Make the folder to write to. Raises SimulationError when it holds something or cannot be written."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        if next(path.iterdir(), None) is not None:
            raise SimulationError(f"{path}: this folder is not empty. Please name a new one; nothing is overwritten")
        probe = path / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise SimulationError(f"{path}: cannot be written: {error.strerror}. Please name another folder") from None


def run(plan: Plan, content: dict[str, Any], out: Path | None, *, processes: int, progress: Progress) -> Outcome:
    """Make the programme of a plan and write it to the empty folder `out`, or only count it when there is none.

    `progress` is told how many clients are done. Raises SimulationError, and OSError when the disk is full.
    """
    world = read_world(content)
    programme = Programme(world, plan)
    counts: Tally = Counter()
    with _Files(out) as files:
        files.write_places(programme)
        for done, (text, batch_counts) in enumerate(_batches(programme, world, processes), start=1):
            files.write(text)
            counts.update(batch_counts)
            progress(min(plan.clients, done * _BATCH))
    found = results(counts, read_published(content), world.national, programme.positivity())
    return Outcome(programme, counts, found)


def _batches(programme: Programme, world: World, processes: int) -> Iterator[tuple[Text, Tally]]:
    arrivals = programme.arrivals()
    batches = iter(lambda: list(islice(arrivals, _BATCH)), [])
    if processes == 1:
        yield from (_pages(programme, batch) for batch in batches)
        return
    # spawned, not forked: the progress bar has a thread
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_begin, initargs=(world, programme.plan)
    ) as pool:
        waiting: deque[Future[tuple[Text, Tally]]] = deque()
        for batch in batches:
            waiting.append(pool.submit(_work, [(one.number, one.day, one.site.number, one.status) for one in batch]))
            if len(waiting) >= processes * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


_programmes: list[Programme] = []  # of a worker process: the one it was started with


def _begin(world: World, plan: Plan) -> None:
    _programmes.append(Programme(world, plan))


def _work(batch: list[tuple[int, int, int, Any]]) -> tuple[Text, Tally]:
    programme = _programmes[0]
    return _pages(
        programme, [Arrival(number, day, programme.sites[site], status) for number, day, site, status in batch]
    )


def _pages(programme: Programme, batch: list[Arrival]) -> tuple[Text, Tally]:
    """The text for each file of a batch of families, and what they add to the results."""
    rows: dict[str, list[Sequence[str]]] = {"clients": [], "identities": [], "truth": []}
    facts: list[str] = []
    counts: Tally = Counter()
    for arrival in batch:
        pages = programme.family(arrival)
        facts += pages.facts
        rows["clients"] += pages.clients
        rows["identities"] += pages.identities
        rows["truth"] += pages.truth
        counts.update(pages.counts)
    return {"facts": "\n".join(facts) + "\n"} | {name: _csv(found) for name, found in rows.items()}, counts


def _csv(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


class _Files:
    """The files of a run. Without a folder nothing is written."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._open: dict[str, IO[str]] = {}

    def __enter__(self) -> "_Files":
        headers = {
            "facts": HEADER,
            "clients": ",".join(CLIENT_COLUMNS),
            "identities": ",".join(identities.COLUMNS),
            "truth": ",".join(truth.COLUMNS),
        }
        for name, header in headers.items() if self._folder else ():
            assert self._folder
            file = (self._folder / f"{name}.csv").open("w", encoding="utf-8", newline="")
            self._open[name] = file
            file.write(header + "\n")
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._open.values():
            file.close()

    def write(self, text: Text) -> None:
        """Add the text of a batch to each file."""
        for name, file in self._open.items():
            file.write(text[name])

    def write_places(self, programme: Programme) -> None:
        """sites.csv and mentors.csv."""
        if self._folder:
            sites = [SITE_COLUMNS, *site_rows(programme.sites)]
            (self._folder / "sites.csv").write_text(_csv(sites), encoding="utf-8")
            mentors = [MENTOR_COLUMNS, *mentor_rows(programme.sites)]
            (self._folder / "mentors.csv").write_text(_csv(mentors), encoding="utf-8")
