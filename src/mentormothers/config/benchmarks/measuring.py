"""Measuring: rounds in which everything takes its turn, and each figure beside its floor.

A machine that others use too gives another time at every try. So whatever is compared runs in the same round, one
after the other, and what is reported is the median over the rounds of the *ratio* within a round, with the lowest and
highest beside it.
"""

import os
import platform
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from statistics import median
from typing import Any

from mentormothers.config.embedded import BINARIES

Work = Callable[[int], float]
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Figure:
    """One line of a result. Without a floor it is a floor itself, or only told.

    value       median over the rounds, in `unit`
    ratio       to the floor: above 1 is better than it; of times the floor's time by this one's
    low, high   the lowest and highest ratio of a round; of a line without a floor, of its own values
    """

    name: str
    value: float
    unit: str
    floor: str = ""
    ratio: float | None = None
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True)
class Result:
    """What a benchmark found, and all that is needed to repeat it."""

    benchmark: str
    figures: tuple[Figure, ...]
    sizes: Mapping[str, Any]
    machine: Mapping[str, Any]
    notes: tuple[str, ...] = ()

    def content(self) -> dict[str, Any]:
        """The same as JSON can hold."""
        return asdict(self)


def in_turn(rounds: int, works: Mapping[str, Work], progress: Progress) -> dict[str, list[float]]:
    """The value that each work gives in each round; a work is given the number of the round."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds):
        for name, work in works.items():
            progress(f"round {number + 1} of {rounds}: {name}")
            found[name].append(work(number))
    return found


def timed(work: Callable[[], int]) -> Work:
    """A work of which the seconds count. Raises RuntimeError when it found nothing."""

    def seconds(_: int) -> float:
        started = time.perf_counter()
        if not work():
            raise RuntimeError("nothing was found, so nothing is measured. Please take more clients")
        return time.perf_counter() - started

    return seconds


def rate(name: str, values: Mapping[str, list[float]], unit: str, floor: str = "") -> Figure:
    """A figure of which more is better."""
    return _figure(name, values, unit, floor, [a / b for a, b in zip(values[name], values[floor or name], strict=True)])


def duration(name: str, values: Mapping[str, list[float]], unit: str, floor: str = "") -> Figure:
    """A figure of which less is better."""
    return _figure(name, values, unit, floor, [b / a for a, b in zip(values[name], values[floor or name], strict=True)])


def _figure(name: str, values: Mapping[str, list[float]], unit: str, floor: str, ratios: list[float]) -> Figure:
    if not floor:
        return Figure(name, median(values[name]), unit, low=min(values[name]), high=max(values[name]))
    return Figure(name, median(values[name]), unit, floor, median(ratios), min(ratios), max(ratios))


def machine(packages: Iterable[str]) -> dict[str, Any]:
    """Where and with what it was measured."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "postgresql": BINARIES.parent.name.removeprefix("pginstall"),
        **{name: version(name) for name in packages},
    }
