"""An indicator over some quarters, by site and for all sites together, as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from mentormothers.indicators.model import Measure, Question
from mentormothers.indicators.periods import Period
from mentormothers.indicators.rows import IndicatorRow
from mentormothers.reports.numbers import numbers, untold

TOGETHER, NOWHERE = "all", "nowhere"  # all sites as one programme; clients of no known site
TOTAL = ""


class Key(NamedTuple):
    """Where a number stands: the quarter's name, a site's number (or one of the words above), the part."""

    period: str
    place: str
    part: str


@dataclass(frozen=True)
class Table:
    """The rows of one measure by where they stand. `places` are those with a row, all sites together first.

    untold  those whom the definition leaves out and tells of (`left_out`), by where they stand
    """

    measure: Measure
    periods: Sequence[Period]
    places: Sequence[str]
    rows: Mapping[Key, IndicatorRow] = field(repr=False)
    untold: Mapping[Key, int] = field(default_factory=dict, repr=False)

    def row(self, period: Period, place: str, part: str = TOTAL) -> IndicatorRow:
        """A number with its receipt. Raises KeyError for a place without one."""
        return self.rows[Key(period.name, place, part)]

    def number(self, period: Period, place: str, part: str = TOTAL) -> int:
        """How many were counted; 0 where a site was not named by any fact yet."""
        found = self.rows.get(Key(period.name, place, part))
        return found.numerator if found else 0

    def share(self, period: Period, place: str, part: str = TOTAL) -> tuple[int | None, Decimal | None]:
        """Out of how many, and the proportion."""
        found = self.rows.get(Key(period.name, place, part))
        if found is None or found.denominator is None:
            return None, None
        return found.denominator, Decimal(found.value) if found.value is not None else None


def table(measure: Measure, periods: Sequence[Period], sites: Sequence[int]) -> Table:
    """The numbers of one measure at sites in scope, each and together.

    Sites elsewhere are left out: a client's history may name them, but their numbers are not whole here.
    """
    known = [str(site) for site in sites]
    rows: dict[Key, IndicatorRow] = {}
    left: dict[Key, int] = {}
    for period in periods:
        question, whole = Question(measure, period, by_site=True), Question(measure, period, by_site=False)
        for row in numbers(question):
            place = row.site or NOWHERE
            if place in (*known, NOWHERE):
                rows[Key(period.name, place, row.disaggregation)] = row
        for row in numbers(whole):
            rows[Key(period.name, TOGETHER, row.disaggregation)] = row
        left |= {Key(period.name, site or NOWHERE, TOTAL): n for site, n in untold(question).items()}
        left |= {Key(period.name, TOGETHER, TOTAL): n for n in untold(whole).values()}
    return Table(measure, periods, _places(known, rows), rows, left)


def together(measure: Measure, periods: Sequence[Period]) -> Table:
    """The numbers of one measure for all sites in scope together."""
    found = [row for period in periods for row in numbers(Question(measure, period))]
    rows = {Key(row.period, TOGETHER, row.disaggregation): row for row in found}
    left = {Key(p.name, TOGETHER, TOTAL): n for p in periods for n in untold(Question(measure, p)).values()}
    return Table(measure, periods, [TOGETHER], rows, left)


def _places(known: Sequence[str], rows: Mapping[Key, IndicatorRow]) -> list[str]:
    """Together where there are several sites; clients of no known site only where there are any."""
    homeless = [NOWHERE] if any(key.place == NOWHERE and row.numerator for key, row in rows.items()) else []
    return [*([TOGETHER] if len(known) > 1 or homeless else []), *known, *homeless]
