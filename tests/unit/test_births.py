"""Birth days as people write them."""

import pytest

from mentormothers.linkage.births import Birth, read_birth


@pytest.mark.parametrize(
    ("text", "year", "month", "day"),
    [
        ("1990-05-17", 1990, 5, 17), ("19900517", 1990, 5, 17), ("17/05/1990", 1990, 5, 17), ("1990/5/7", 1990, 5, 7),
        ("05/17/1990", 1990, 5, 17), ("04/05/1990", 1990, 5, 4), ("17.05.1990", 1990, 5, 17), ("17 May 1990", 1990, 5, 17),
        ("17-MAY-1990", 1990, 5, 17), ("1990-05-17T00:00:00", 1990, 5, 17), ("1990-05-17 00:00:00", 1990, 5, 17),
        ("1990-05", 1990, 5, 0), ("1990", 1990, 0, 0), (" 1990 ", 1990, 0, 0), ("", 0, 0, 0),
    ],
)  # fmt: skip
def test_a_day_that_can_be_read(text: str, year: int, month: int, day: int) -> None:
    found, problem = read_birth(text)
    assert (found.year, found.month, found.day, problem) == (year, month, day, "")


@pytest.mark.parametrize("text", ["31/02/1990", "1990-13-01", "19350231", "1990-00-05", "1990-02-30"])
def test_a_day_that_is_not_in_the_calendar_leaves_its_year(text: str) -> None:
    found, problem = read_birth(text)
    assert "calendar" in problem
    assert found.year in (1990, 1935) and not found.day


def test_a_slip_of_the_pen_can_still_be_compared() -> None:
    assert read_birth("l9770220") == (Birth(written="19770220"), read_birth("soon")[1])
    assert read_birth("soon")[0] == Birth()
    assert "Please write" in read_birth("17/05/90")[1]
