"""Civil days: partial dates, day numbers and calendar months. No time zones, no clock."""

import re
from calendar import monthrange
from datetime import date, timedelta
from enum import IntEnum
from functools import lru_cache

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2199, 12, 31)
_EPOCH = date(1970, 1, 1)
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


class Precision(IntEnum):
    """How exactly a date is known. Greater is vaguer."""

    DAY = 0
    MONTH = 1
    YEAR = 2


def day_number(day: date) -> int:
    """Days since 1970-01-01, the form in which every engine counts."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """The civil day of a day number."""
    return _EPOCH + timedelta(days=number)


def parse_day(text: str) -> tuple[date, Precision]:
    """Read `2024-11-03`, `2024-11` (its 15th) or `2024` (1 July). Raises ValueError in words for a person."""
    return _read_day(text.strip())


@lru_cache(maxsize=20_000)  # the same days stand in many records
def _read_day(text: str) -> tuple[date, Precision]:
    match = _ISO.fullmatch(text)
    if not match:
        raise ValueError(f"date {text!r} is not of the form 2025-03-04, 2025-03 or 2025")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    precision = Precision.YEAR if month is None else Precision.MONTH if day is None else Precision.DAY
    try:
        found = date(year, 7 if month is None else month, (1 if month is None else 15) if day is None else day)
    except ValueError:
        raise ValueError(f"date {text!r} does not exist in the calendar") from None
    if not FIRST_DAY <= found <= LAST_DAY:
        raise ValueError(f"date {text!r} lies outside {FIRST_DAY.year} to {LAST_DAY.year}")
    return found, precision


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later, clamped to the last day of a shorter month.

    2025-08-31 plus 6 months is 2026-02-28 (`month_arithmetic` in the programme's schedule conventions).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
