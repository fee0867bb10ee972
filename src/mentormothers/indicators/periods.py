"""Reporting periods: calendar quarters, quarters of the US fiscal year, and any first and last day."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from mentormothers.facts.days import FIRST_DAY, LAST_DAY, Precision, add_months, parse_day

_QUARTER = re.compile(r"(\d{4})Q([1-4])", re.ASCII)
_FISCAL_QUARTER = re.compile(r"FY(\d{2})Q([1-4])", re.ASCII)
_FISCAL_YEAR_BEGINS_EARLIER = 3  # months: FY25 began on 1 October 2024


@dataclass(frozen=True)
class Period:
    """Whole days from `start` to `end`, both included, under the name by which it was asked."""

    name: str
    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"period {self.name!r} ends before it begins. Please give the first day first")
        if self.start < FIRST_DAY or self.end > LAST_DAY:
            raise ValueError(f"period {self.name!r} lies outside {FIRST_DAY.year} to {LAST_DAY.year}")

    @property
    def day_before(self) -> date:
        """The day before it begins, whose state is what the period begins with."""
        return self.start - timedelta(days=1)


def is_quarter(period: Period) -> bool:
    """Whether it was asked as a quarter of the calendar."""
    return _QUARTER.fullmatch(period.name) is not None


def parse_period(text: str) -> Period:
    """Read `2025Q2`, `FY25Q2` or `2025-01-01..2025-03-31`. Raises ValueError in words for a person."""
    name = text.strip()
    if match := _QUARTER.fullmatch(name):
        return _quarter(name, int(match[1]), int(match[2]), months_earlier=0)
    if match := _FISCAL_QUARTER.fullmatch(name):
        return _quarter(name, 2000 + int(match[1]), int(match[2]), months_earlier=_FISCAL_YEAR_BEGINS_EARLIER)
    first, dots, last = name.partition("..")
    if not dots:
        raise ValueError(
            f"period {name!r} is not one. Please give a calendar quarter (2025Q2), a quarter of the US fiscal "
            "year (FY25Q2) or first and last day (2025-01-01..2025-03-31)"
        )
    return Period(name, _whole_day(name, first), _whole_day(name, last))


def _quarter(name: str, year: int, quarter: int, *, months_earlier: int) -> Period:
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise ValueError(f"period {name!r} lies outside {FIRST_DAY.year} to {LAST_DAY.year}")
    start = add_months(date(year, 1, 1), 3 * (quarter - 1) - months_earlier)
    return Period(name, start, add_months(start, 3) - timedelta(days=1))


def _whole_day(name: str, text: str) -> date:
    try:
        day, precision = parse_day(text)
    except ValueError as error:
        raise ValueError(f"period {name!r}: {error}") from None
    if precision is not Precision.DAY:
        raise ValueError(f"period {name!r}: {text.strip()!r} is not a whole date. Please give one such as 2025-03-31")
    return day
