"""Women who come to antenatal care for the first time, month by month as in the real series; some meet a mentor.

Each arrival is a number that counts from 0. Her month, site and status follow from the seed, the sites and that number,
so the first thousand clients are the same whether a thousand or a million are asked for.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mentormothers.facts.days import add_months, day_number
from mentormothers.simulation.chances import key_of, mixed, share_of, table
from mentormothers.simulation.parameters import Enrolment
from mentormothers.simulation.series import (
    UNKNOWN,
    Quarter,
    Status,
    district_of,
    months_of,
    quarters_of_month,
    statuses,
)
from mentormothers.simulation.sites import Site


@dataclass(frozen=True, slots=True)
class Arrival:
    """A woman at her first antenatal visit: her number, the day, the site and what is known of her status."""

    number: int
    day: int
    site: Site
    status: Status


@dataclass(frozen=True, slots=True)
class _Cell:
    """Women of one status from one district in one month."""

    first: int
    days: int
    district: str
    status: Status


class Register:
    """The antenatal registers of all sites, from which a run takes its clients one after another."""

    def __init__(
        self, quarters: Sequence[Quarter], sites: Sequence[Site], start: date, months: int, *, chances: Enrolment,
        seed: int,
    ) -> None:  # fmt: skip
        here = {site.place.district for site in sites}
        self._cells = table(
            {cell: women for cell, women in _cells(quarters, start, months).items() if cell.district in here}
        )
        self._sites = {
            district: table({site: site.share for site in sites if site.place.district == district})
            for district in sorted(here)
        }
        self._chances = chances
        self._key = key_of(seed, "arrivals")
        self.seen: Counter[Status] = Counter()

    def clients(self, number: int) -> Iterator[Arrival]:
        """The first `number` women who agree to meet a mentor. `seen` counts everybody who came meanwhile."""
        woman = found = 0
        while found < number:
            key = mixed(self._key ^ woman)
            cell = self._cells.at(share_of(key))
            self.seen[cell.status] += 1
            second = mixed(key)
            if share_of(second) < self._agrees(cell.status):
                found += 1
                yield self._arrival(woman, cell, second)
            woman += 1

    def _agrees(self, status: Status) -> float:
        if status.positive:
            return self._chances.positive_enrolled
        return self._chances.unknown_enrolled if status == UNKNOWN else self._chances.negative_enrolled

    def _arrival(self, woman: int, cell: _Cell, key: int) -> Arrival:
        third = mixed(key)
        site = self._sites[cell.district].at(share_of(mixed(third)))
        return Arrival(woman, cell.first + int(share_of(third) * cell.days), site, cell.status)


def _cells(quarters: Sequence[Quarter], start: date, months: int) -> dict[_Cell, float]:
    """Every cell with its women; a quarter's women are spread over its months alike."""
    cells: dict[_Cell, float] = {}
    for cell, women in _parts(quarters, start, months):
        cells[cell] = cells.get(cell, 0.0) + women
    return cells


def _parts(quarters: Sequence[Quarter], start: date, months: int) -> Iterator[tuple[_Cell, float]]:
    """The same before a city is joined to its district. The first and last month may be parts of months."""
    end = day_number(add_months(start, months))
    for month in months_of(start, months + (start.day > 1)):
        first, after = day_number(month), day_number(add_months(month, 1))
        begins, ends = max(first, day_number(start)), min(after, end)
        for quarter in quarters_of_month(quarters, month):
            for status, women in statuses(quarter):
                if women:
                    part = (ends - begins) / (after - first) / 3
                    yield _Cell(begins, ends - begins, district_of(quarter), status), women * part


def women_by_district(quarters: Sequence[Quarter], start: date, months: int) -> dict[str, float]:
    """How many women come to antenatal care in each district over a run."""
    found: Counter[str] = Counter()
    for cell, women in _cells(quarters, start, months).items():
        found[cell.district] += women  # type: ignore[assignment]
    return dict(found)


def positivity(seen: Mapping[Status, float]) -> float | None:
    """The share of women with HIV of those whose status is known at the first visit."""
    known = sum(women for status, women in seen.items() if status != UNKNOWN)
    return sum(women for status, women in seen.items() if status.positive) / known if known else None


def expected_positivity(quarters: Sequence[Quarter], sites: Sequence[Site], start: date, months: int) -> float | None:
    """The same by the series itself, over the districts and months of a run."""
    here = {site.place.district for site in sites}
    seen: Counter[Status] = Counter()
    for cell, women in _cells(quarters, start, months).items():
        if cell.district in here:
            seen[cell.status] += women  # type: ignore[assignment]
    return positivity(seen)
