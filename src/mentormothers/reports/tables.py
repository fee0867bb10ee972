"""An indicator over some quarters, by site and for all sites together, as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from mentormothers.indicators.delivery import UNKNOWN
from mentormothers.indicators.model import Measure, Question
from mentormothers.indicators.periods import Period
from mentormothers.indicators.rows import IndicatorRow
from mentormothers.reports.numbers import numbers
from mentormothers.sites.models import DeliveryModel

TOGETHER, NOWHERE = "all", "nowhere"  # all sites as one programme; clients of no known site
TOTAL = ""


class Key(NamedTuple):
    """Where a number stands: the quarter's name, a site's number (or one of the words above), the part."""

    period: str
    place: str
    part: str


@dataclass(frozen=True)
class Table:
    """The rows of one measure by where they stand. `places` are those with a row, all sites together first."""

    measure: Measure
    periods: Sequence[Period]
    places: Sequence[str]
    rows: Mapping[Key, IndicatorRow] = field(repr=False)

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


def table(measure: Measure, periods: Sequence[Period], sites: Sequence[int], *, by_model: bool = False) -> Table:
    """The numbers of one measure at sites in scope, or of their delivery models, each and together.

    Sites elsewhere are left out: a client's history may name them, but their numbers are not whole here.
    """
    known = [*DeliveryModel.values, UNKNOWN] if by_model else [str(site) for site in sites]
    rows: dict[Key, IndicatorRow] = {}
    for period in periods:
        for row in numbers(Question(measure, period, by_site=not by_model, by_model=by_model), sites):
            place = row.site or NOWHERE
            if place in (*known, NOWHERE):
                rows[Key(period.name, place, row.disaggregation)] = row
        for row in numbers(Question(measure, period, by_site=False)):
            rows[Key(period.name, TOGETHER, row.disaggregation)] = row
    if by_model:
        met = {key.place for key in rows}
        known = [model for model in known if model in met]
    return Table(measure, periods, _places(known, rows), rows)


def together(measure: Measure, periods: Sequence[Period]) -> Table:
    """The numbers of one measure for all sites in scope together."""
    found = [row for period in periods for row in numbers(Question(measure, period))]
    return Table(measure, periods, [TOGETHER], {Key(r.period, TOGETHER, r.disaggregation): r for r in found})


def _places(known: Sequence[str], rows: Mapping[Key, IndicatorRow]) -> list[str]:
    """Together where there are several sites; clients of no known site only where there are any."""
    homeless = [NOWHERE] if any(key.place == NOWHERE and row.numerator for key, row in rows.items()) else []
    return [*([TOGETHER] if len(known) > 1 or homeless else []), *known, *homeless]
