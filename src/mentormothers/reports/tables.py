"""An indicator over some quarters, by site and for all sites together, as a table."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from mentormothers.indicators.delivery import UNKNOWN
from mentormothers.indicators.model import Measure, Question
from mentormothers.indicators.periods import Period
from mentormothers.indicators.rows import IndicatorRow
from mentormothers.indicators.rows import rows as rows_of
from mentormothers.reports.counting import counts
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


def table(measure: Measure, periods: Sequence[Period], sites: Sequence[int], *, by_model: bool = False) -> Table:
    """The numbers of one measure at sites in scope, or of their delivery models, each and together.

    Sites elsewhere are left out: a client's history may name them, but their numbers are not whole here.
    """
    known = [*DeliveryModel.values, UNKNOWN] if by_model else [str(site) for site in sites]
    found, left = _answers(questions_of(measure, periods, by_model=by_model))
    rows = {key: row for key, row in found.items() if key.place in (TOGETHER, NOWHERE, *known)}
    if by_model:
        known = [model for model in known if any(key.place == model for key in rows)]
    return Table(measure, periods, _places(known, rows), rows, left)


def questions_of(measure: Measure, periods: Sequence[Period], *, by_model: bool = False) -> list[Question]:
    """What the table of a measure asks: of each quarter each place, and all together."""
    return [
        question
        for period in periods
        for question in (Question(measure, period, by_site=not by_model, by_model=by_model), Question(measure, period))
    ]


def together(measure: Measure, periods: Sequence[Period]) -> Table:
    """The numbers of one measure for all sites in scope together."""
    return Table(measure, periods, [TOGETHER], *_answers([Question(measure, period) for period in periods]))


def _answers(asked: Sequence[Question]) -> tuple[dict[Key, IndicatorRow], dict[Key, int]]:
    """The rows of some questions by where they stand, and those left out."""
    found: dict[Key, IndicatorRow] = {}
    left: Counter[Key] = Counter()
    for question, (counted, position) in zip(asked, counts(asked), strict=True):
        for row in rows_of(question, counted, position):
            found[Key(row.period, _place(question, row.site), row.disaggregation)] = row
        for count in counted:
            if count.disaggregation and count.disaggregation == question.measure.definition.left_out:
                left[Key(question.period.name, _place(question, count.site), TOTAL)] += count.numerator
    return found, dict(left)


def _place(question: Question, site: str) -> str:
    return (site or NOWHERE) if question.by else TOGETHER


def _places(known: Sequence[str], rows: Mapping[Key, IndicatorRow]) -> list[str]:
    """Together where there are several sites; clients of no known site only where there are any."""
    homeless = [NOWHERE] if any(key.place == NOWHERE and row.numerator for key, row in rows.items()) else []
    return [*([TOGETHER] if len(known) > 1 or homeless else []), *known, *homeless]
