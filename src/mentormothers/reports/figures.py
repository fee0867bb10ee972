"""What the programme's page and the ministry's are made of: indicators by place, over quarters and over a year.

A manager's figures are counted in her scope; the ministry's come from the latest edition (`country`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from mentormothers.facts.days import add_months
from mentormothers.indicators.model import Measure, Question
from mentormothers.indicators.periods import Period
from mentormothers.reports.numbers import measures, quarters
from mentormothers.reports.outside import UNTOLD, Places, inside
from mentormothers.reports.small_cells import Given, Hidden
from mentormothers.reports.tables import TOGETHER, TOTAL, Key, questions_of, table
from mentormothers.sites.models import Site

QUARTERS = 6
CASCADES = ("CASCADE_WOMEN", "CASCADE_INFANTS")


@dataclass(frozen=True)
class Figures:
    """One indicator as somebody may see it, and from what it was counted."""

    measure: Measure
    periods: Sequence[Period]
    shown: Mapping[Key, Given] = field(repr=False)
    snapshot: str = ""

    def at(self, period: Period, place: str = TOGETHER, part: str = TOTAL) -> Given:
        """What is shown of a number; of a place that nothing is known of, nothing was counted."""
        nothing = Given(0, 0 if self.measure.definition.denominator and part != UNTOLD else None)
        return self.shown.get(Key(period.name, place, part), nothing)

    def reached(self, period: Period) -> list[tuple[str, int | Hidden]]:
        """Of a cascade, the parts with how many reached at least that one.

        It follows from the parts that are shown after it, or from those before; hidden where neither is whole.
        """
        names = self.measure.definition.disaggregations
        parts, whole = [self.at(period, TOGETHER, name).number for name in names], self.at(period).number
        return [(name, _at_least(whole, parts[:place], parts[place:])) for place, name in enumerate(names)]


def _at_least(whole: int | Hidden, before: Sequence[int | Hidden], after: Sequence[int | Hidden]) -> int | Hidden:
    earlier = [part for part in before if not isinstance(part, Hidden)]
    later = [part for part in after if not isinstance(part, Hidden)]
    if not isinstance(whole, Hidden) and len(earlier) == len(before):
        return whole - sum(earlier)
    return sum(later) if len(later) == len(after) else Hidden.KEPT


def finished(today: date) -> list[Period]:
    """The last quarters that are over."""
    return [period for period in quarters(today, QUARTERS + 1) if period.end < today][-QUARTERS:]


def year(today: date) -> Period:
    """The twelve months that end with the last finished quarter."""
    end = finished(today)[-1].end
    start = add_months(end + timedelta(days=1), -12)
    return Period(f"{start}..{end}", start, end)


def places_of(sites: Sequence[Site]) -> Places:
    """Sites under their districts."""
    districts: dict[int, list[int]] = {}
    alone = []
    for site in sites:
        district = site.facility.district_id if site.facility else None
        if district is None:
            alone.append(site.id)
        else:
            districts.setdefault(district, []).append(site.id)
    return Places({district: tuple(found) for district, found in sorted(districts.items())}, tuple(alone))


def counted_figures(measure: Measure, periods: Sequence[Period], sites: Sequence[Site]) -> Figures:
    """The figures of sites in scope, all of them shown."""
    found = table(measure, periods, [site.id for site in sites])
    last = found.row(periods[-1], TOGETHER) if TOGETHER in found.places else None
    row = last or next(iter(found.rows.values()), None)
    return Figures(measure, periods, inside(found, places_of(sites)), row.snapshot if row else "")


def questions(today: date) -> list[Question]:
    """Everything the programme's page asks, so that it can be counted before somebody looks."""
    found = []
    for name, measure in measures().items():
        asked = [year(today)] if name in CASCADES else [*quarters(today, QUARTERS), year(today)]
        found += questions_of(measure, asked)
    return found
