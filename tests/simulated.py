"""A synthetic programme for tests: made in this process, without files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import StringIO
from pathlib import Path

from mentormothers.config import simulating
from mentormothers.facts.csv_file import FactsFile, read_facts
from mentormothers.simulation.logbook import HEADER
from mentormothers.simulation.programme import Pages, Plan, Programme, World

START = date(2020, 1, 1)


@cache
def world() -> World:
    """What every run is given."""
    return simulating.read_world(simulating.read_content())


@dataclass(frozen=True)
class Made:
    """The pages of all families of a run."""

    programme: Programme
    pages: Sequence[Pages]

    def facts_text(self) -> str:
        text = StringIO()
        text.write(HEADER + "\n")
        for page in self.pages:
            text.write("\n".join(page.facts) + "\n")
        return text.getvalue()


@cache
def made(clients: int, seed: int, months: int = 60, sites: int | None = 12) -> Made:
    """A run, kept for the other tests of this process."""
    programme = Programme(world(), Plan(clients, seed, START, months, sites))
    return Made(programme, [programme.family(arrival) for arrival in programme.arrivals()])


def read(text: str, folder: Path) -> FactsFile:
    """Facts as the commands read them."""
    path = folder / "facts.csv"
    path.write_text(text)
    return read_facts(path)
