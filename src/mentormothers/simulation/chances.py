"""Chance: random streams that belong to one woman and one side of her life, and tables with weights."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from random import Random
from typing import Generic, TypeVar

_BITS = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15
DAYS_PER_YEAR = 365.25
T = TypeVar("T")


def mixed(number: int) -> int:
    """A number of 64 bits well mixed: neighbours come out far apart and no two alike (splitmix64)."""
    z = (number + _GOLDEN) & _BITS
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _BITS
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _BITS
    return z ^ (z >> 31)


def key_of(seed: int, *parts: int | str) -> int:
    """One number for a seed and what a stream belongs to. The same on every machine and in every process."""
    key = mixed(seed & _BITS)
    for part in parts:
        number = int.from_bytes(part.encode(), "big") if isinstance(part, str) else part
        key = mixed(key ^ mixed(number & _BITS) ^ (number >> 64))
    return key


def share_of(key: int) -> float:
    """A number from 0 up to 1 for a key."""
    return (key >> 11) / (1 << 53)


@dataclass(frozen=True, slots=True)
class Range:
    """Whole numbers from `least` to `most`, all alike."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Table(Generic[T]):
    """Things with weights."""

    things: tuple[T, ...]
    upto: tuple[float, ...]

    def at(self, share: float) -> T:
        """The thing at a share (0 up to 1) of the whole weight."""
        return self.things[min(bisect_right(self.upto, share * self.upto[-1]), len(self.things) - 1)]


def table(weights: Mapping[T, float]) -> Table[T]:
    """A table of things by weight. Raises ValueError when no weight is above zero or one is below."""
    if not weights or min(weights.values()) < 0 or sum(weights.values()) <= 0:
        raise ValueError("a table needs weights of zero or more, not all zero")
    total, upto = 0.0, []
    for weight in weights.values():
        total += weight
        upto.append(total)
    return Table(tuple(weights), tuple(upto))


class Chances:
    """One random stream. Only `Random.random` is used, whose sequence Python promises to keep."""

    __slots__ = ("draw",)

    def __init__(self, seed: int, *parts: int | str) -> None:
        # Not for secrets: the same programme for the same seed is the purpose.
        self.draw = Random(key_of(seed, *parts)).random  # noqa: S311

    def happens(self, share: float) -> bool:
        """True in this share of cases."""
        return self.draw() < share

    def within(self, days: Range) -> int:
        """A whole number of the range."""
        return days.least + int(self.draw() * (days.most - days.least + 1))

    def between(self, least: int, most: int) -> int:
        """A whole number from least to most."""
        return least + int(self.draw() * (most - least + 1))

    def pick(self, choice: Table[T]) -> T:
        """One of the things of a table by their weights."""
        return choice.at(self.draw())

    def pick_within(self, choice: Table[Range]) -> int:
        """A whole number of one of the table's ranges."""
        return self.within(self.pick(choice))

    def one_of(self, things: tuple[T, ...]) -> T:
        """One of the things, all alike."""
        return things[int(self.draw() * len(things))]

    def days_until(self, yearly: float) -> int:
        """Days until something happens that comes at a constant rate (events a year)."""
        if yearly <= 0:
            return 10**6
        return int(min(10**6, -log(1 - self.draw()) / yearly * DAYS_PER_YEAR))
