"""The real series a run leans on: antenatal visits and tests by district and quarter, transmission by year.

The antenatal series has quarters that cannot be: more known statuses than visits, more women already on treatment
than known positive, a few numbers below zero. They are repaired by three rules, and every repair is told:

- below zero: such a number counts as none;
- statuses: where known positive, known negative and tested are together more than the women who came, tested is cut to
  what is left (a second test of one woman is counted twice), tested positive at most to that;
- treatment: where already on treatment are more than known positive, they are cut to those.

Months outside the series use the same quarter of its nearest year. The series' four cities count with the district
around them, as in the boundaries.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from mentormothers.facts.days import add_months

CITIES = {"Blantyre City": "Blantyre", "Lilongwe City": "Lilongwe", "Mzuzu City": "Mzimba", "Zomba City": "Zomba"}
_COLUMNS = {
    "came": "anc_clients", "known_positive": "anc_known_pos", "known_negative": "anc_known_neg",
    "on_treatment": "anc_already_art", "tested": "anc_tested", "tested_positive": "anc_tested_pos",
}  # fmt: skip
Row = Mapping[str, str]


class SeriesError(Exception):
    """A series cannot be read; the message names the row."""


@dataclass(frozen=True)
class Quarter:
    """Women at their first antenatal visit in a district (or city) and quarter, and what was known of them."""

    district: str
    year: int
    quarter: int
    came: int
    known_positive: int
    known_negative: int
    on_treatment: int
    tested: int
    tested_positive: int


@dataclass(frozen=True)
class Repair:
    """What was changed in a quarter that cannot be, and by which rule."""

    rule: str
    before: Quarter
    after: Quarter


class Status(NamedTuple):
    """What is known of a woman at her first visit."""

    positive: bool
    known_before: bool
    on_treatment: bool
    tested: bool


KNOWN_ON_TREATMENT = Status(True, True, True, False)
KNOWN_UNTREATED = Status(True, True, False, False)
KNOWN_NEGATIVE = Status(False, True, False, False)
FOUND_POSITIVE = Status(True, False, False, True)
FOUND_NEGATIVE = Status(False, False, False, True)
UNKNOWN = Status(False, False, False, False)


def read_quarters(rows: Iterable[Row]) -> list[Quarter]:
    """The series as it stands. Raises SeriesError naming the row that cannot be read."""
    found = []
    for number, row in enumerate(rows, start=2):
        try:
            counts = {name: int(row[column]) for name, column in _COLUMNS.items()}
            quarter = Quarter(row["district32"], int(row["year"]), int(row["quarter"]), **counts)
        except (KeyError, ValueError) as error:
            raise SeriesError(f"row {number} of the antenatal series cannot be read: {error}") from None
        if not 1 <= quarter.quarter <= 4:
            raise SeriesError(f"row {number} of the antenatal series: there is no quarter {quarter.quarter}")
        found.append(quarter)
    return found


def repaired(quarters: Iterable[Quarter]) -> tuple[list[Quarter], list[Repair]]:
    """The series with every impossible quarter mended, and what was changed."""
    mended, repairs = [], []
    for quarter in quarters:
        for rule, mend in (
            ("below zero", _mend_below_zero),
            ("statuses", _mend_statuses),
            ("treatment", _mend_treatment),
        ):
            after = mend(quarter)
            if after != quarter:
                repairs.append(Repair(rule, quarter, after))
            quarter = after
        mended.append(quarter)
    return mended, repairs


def _mend_below_zero(quarter: Quarter) -> Quarter:
    return replace(quarter, **{name: max(0, getattr(quarter, name)) for name in _COLUMNS})


def _mend_statuses(quarter: Quarter) -> Quarter:
    left = max(0, quarter.came - quarter.known_positive - quarter.known_negative)
    if quarter.tested <= left:
        return quarter
    return replace(quarter, tested=left, tested_positive=min(quarter.tested_positive, left))


def _mend_treatment(quarter: Quarter) -> Quarter:
    return replace(quarter, on_treatment=min(quarter.on_treatment, quarter.known_positive))


def statuses(quarter: Quarter) -> list[tuple[Status, int]]:
    """How many women came with each status. The numbers sum to those who came."""
    return [
        (KNOWN_ON_TREATMENT, quarter.on_treatment),
        (KNOWN_UNTREATED, quarter.known_positive - quarter.on_treatment),
        (KNOWN_NEGATIVE, quarter.known_negative),
        (FOUND_POSITIVE, quarter.tested_positive),
        (FOUND_NEGATIVE, quarter.tested - quarter.tested_positive),
        (UNKNOWN, quarter.came - quarter.known_positive - quarter.known_negative - quarter.tested),
    ]


def months_of(start: date, months: int) -> list[date]:
    """The first day of each month of a run; the first and the last month are whole ones."""
    return [add_months(date(start.year, start.month, 1), number) for number in range(months)]


def quarters_of_month(quarters: Iterable[Quarter], month: date) -> list[Quarter]:
    """The quarters that a month takes its women from: its own, or the same quarter of the series' nearest year."""
    number = (month.month + 2) // 3
    same = [quarter for quarter in quarters if quarter.quarter == number]
    nearest = min((abs(quarter.year - month.year), quarter.year) for quarter in same)[1]
    return [quarter for quarter in same if quarter.year == nearest]


def district_of(quarter: Quarter) -> str:
    """The district by the boundaries' names: a city belongs to the district around it."""
    return CITIES.get(quarter.district, quarter.district)


@dataclass(frozen=True)
class National:
    """A year of the national series: shares of births to mothers with HIV, and their mothers by treatment."""

    year: int
    coverage: float
    infected_by_6_weeks: float
    infected_in_the_end: float
    mix: Mapping[str, float]  # shares of mothers, by the words of infection.by_birth


_MIX = {
    "before_pregnancy": "Option B+: ART started before current pregnancy",
    "over_four_weeks": "Option B+: ART started during current pregnancy > 4 weeks before delivery",
    "under_four_weeks": "Option B+: ART started during current pregnancy < 4 weeks before delivery",
}


def read_national(rows: Iterable[Row]) -> dict[int, National]:
    """The national series by year. Raises SeriesError naming the row that cannot be read."""
    found = {}
    for number, row in enumerate(rows, start=2):
        try:
            year = int(row["year"])
            need = float(row["Mothers needing PMTCT"])
            mix = {word: float(row[column]) / need for word, column in _MIX.items()}
            found[year] = National(
                year,
                min(1.0, float(row["PMTCT coverage"]) / 100),
                float(row["MTCT rate at 6 weeks"]) / 100,
                float(row["Final transmission rate including breastfeeding period"]) / 100,
                mix | {"no_treatment": max(0.0, 1 - sum(mix.values()))},
            )
        except (KeyError, ValueError, ZeroDivisionError) as error:
            raise SeriesError(f"row {number} of the national series cannot be read: {error}") from None
    return found


def national_of(series: Mapping[int, National], year: int) -> National:
    """The year's figures, or those of the nearest year the series has."""
    return series[min(series, key=lambda known: (abs(known - year), known))]
