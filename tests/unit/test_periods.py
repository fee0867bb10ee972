"""Reporting periods: calendar and fiscal quarters, any two days; what is no period is refused in words."""

from datetime import date

import pytest

from mentormothers.indicators.periods import parse_period


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2025Q1", date(2025, 1, 1), date(2025, 3, 31)),
        ("2025Q2", date(2025, 4, 1), date(2025, 6, 30)),
        ("2024Q4", date(2024, 10, 1), date(2024, 12, 31)),
        ("FY25Q1", date(2024, 10, 1), date(2024, 12, 31)),
        ("FY25Q2", date(2025, 1, 1), date(2025, 3, 31)),
        ("FY24Q2", date(2024, 1, 1), date(2024, 3, 31)),
        ("FY25Q3", date(2025, 4, 1), date(2025, 6, 30)),
        ("FY25Q4", date(2025, 7, 1), date(2025, 9, 30)),
        ("FY00Q1", date(1999, 10, 1), date(1999, 12, 31)),
        ("2025-01-01..2025-03-31", date(2025, 1, 1), date(2025, 3, 31)),
        ("2024-02-29..2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
        ("1900Q1", date(1900, 1, 1), date(1900, 3, 31)),
        ("2199Q4", date(2199, 10, 1), date(2199, 12, 31)),
    ],
)
def test_a_period_has_a_first_and_a_last_day_and_keeps_its_name(text: str, start: date, end: date) -> None:
    period = parse_period(f" {text} ")
    assert (period.name, period.start, period.end) == (text, start, end)


def test_the_day_before_a_period() -> None:
    assert parse_period("FY25Q2").day_before == date(2024, 12, 31)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is not one. Please give a calendar quarter"),
        ("2025Q5", "is not one"),
        ("2025Q", "is not one"),
        ("FY2025Q1", "is not one"),
        ("fy25q1", "is not one"),
        ("2025", "is not one"),
        ("\u0662\u0660\u0662\u0665Q2", "is not one"),
        ("2025-01-01", "is not one"),
        ("2025-01-01..", "'' is not of the form"),
        ("2025-01-01..2025-02-30", "does not exist in the calendar"),
        ("2025-01..2025-03-31", "'2025-01' is not a whole date"),
        ("2025-01-01..2025", "'2025' is not a whole date"),
        ("2025-01-01..2025-02-01..2025-03-01", "is not of the form"),
        ("2025-03-31..2025-01-01", "ends before it begins"),
        ("0000Q1", "lies outside 1900 to 2199"),
        ("2200Q1", "lies outside 1900 to 2199"),
        ("2199-12-31..2200-01-01", "lies outside 1900 to 2199"),
    ],
)
def test_what_is_no_period_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=r"^period ") as error:
        parse_period(text)
    assert reason in str(error.value)
