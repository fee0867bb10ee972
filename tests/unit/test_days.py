"""Civil days: months that clamp, dates known in part."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentormothers.engines.tables import calendar
from mentormothers.facts.days import FIRST_DAY, LAST_DAY, Precision, add_months, day_number, day_of, parse_day


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2025-08-31", 6, "2026-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2025-01-31", 1, "2025-02-28"),
        ("2025-12-15", 1, "2026-01-15"),
        ("2025-12-31", 2, "2026-02-28"),
        ("2025-03-31", 0, "2025-03-31"),
    ],
)
def test_calendar_months_clamp(day: str, months: int, expected: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("2024-11-03", date(2024, 11, 3), Precision.DAY),
        ("2024-11", date(2024, 11, 15), Precision.MONTH),
        ("2024", date(2024, 7, 1), Precision.YEAR),
    ],
)
def test_partial_dates(text: str, day: date, precision: Precision) -> None:
    assert parse_day(text) == (day, precision)


@pytest.mark.parametrize("text", ["2024-13", "2024-00-10", "24-01-01", "2024-1-1", "2024-02-30", "9999", "٢٠٢٤-01-01x"])
def test_impossible_dates_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="date"):
        parse_day(text)


@given(st.dates(FIRST_DAY, LAST_DAY))
def test_day_numbers_count_both_ways(day: date) -> None:
    assert day_of(day_number(day)) == day


@given(st.dates(date(1960, 1, 1), date(2180, 1, 1)), st.integers(0, 40))
def test_the_calendar_gives_the_same_months(day: date, months: int) -> None:
    """The table that engines join adds months as the function does."""
    rows = list(calendar(day, add_months(day, months)))
    by_day = {row[0]: row for row in rows}
    starts = {row[1]: row for row in rows if row[2] == 1}
    _, month, dom, _ = by_day[day_number(day)]
    start, _, _, length = starts[month + months]
    assert start + min(dom, length) - 1 == day_number(add_months(day, months))
