"""Who comes first, and that all of it is told: the points of each reason, their sum, and their order."""

from datetime import date
from typing import Any

import pytest

from mentormothers.engines.rows import ScheduleRow
from mentormothers.followup.priority import OF_THE_THING, WEIGHTS, Reason, as_rows, rank_of, reasons_for, reasons_from
from mentormothers.followup.story import Story
from mentormothers.protocol.model import LostRule
from mentormothers.protocol.reading import find_protocol

_DAY = date(2026, 3, 1)
_PROTOCOL = find_protocol("ACC-1")


def reasons(
    item: str, state: Any, late: int, story: Story | None = None, *, looked_for: bool = False
) -> tuple[Reason, ...]:
    row = ScheduleRow("c", item, _DAY, 1, _DAY, state, late, None, _PROTOCOL.rule)
    return reasons_for(row, _PROTOCOL.item(item), story or Story(), _PROTOCOL.lost, looked_for=looked_for)


def rank(*given: Any, **told: Any) -> int:
    return rank_of(reasons(*given, **told))


def test_a_missed_refill_comes_before_what_can_wait_for_a_visit() -> None:
    assert rank("ACC.REFILL", "defaulted", 9, looked_for=True) > rank(
        "ACC.PARTNER", "overdue", 83, Story(weeks_pregnant=30)
    )


def test_a_babys_treatment_waits_for_nothing() -> None:
    worst = Story(weeks_pregnant=36, late_before=9)
    assert rank("ACC.INFANTART", "due", 0) > rank("ACC.REFILL", "lost", 400, worst, looked_for=True)


@pytest.mark.parametrize(
    ("story", "name", "points", "words"),
    [
        (Story(weeks_old=8), "never_tested", 15, "8 weeks old, never tested"),
        (Story(weeks_old=1, tested=True), "child", 0, "1 week old"),
        (Story(weeks_old=30, tested=True), "child", 0, "7 months old"),
        (Story(weeks_pregnant=28), "near_birth", 15, "6 months pregnant"),
        (Story(weeks_pregnant=27), "pregnant", 5, "6 months pregnant"),
        (Story(weeks_pregnant=3), "pregnant", 5, "newly pregnant"),
        (Story(late_before=1), "late_before", 5, "came late once before"),
        (Story(late_before=2), "late_before", 10, "came late 2 times before"),
        (Story(late_before=9), "late_before", 15, "came late 9 times before"),
        (Story(refusals=1), "refused", -20, "asked to be left alone"),
    ],
)
def test_who_she_is_counts(story: Story, name: str, points: int, words: str) -> None:
    (hers,) = [one for one in reasons("ACC.REFILL", "due", 0, story) if one.weight not in OF_THE_THING]
    assert hers == Reason(name, points, words)


@pytest.mark.parametrize(("days", "points"), [(0, None), (1, 0), (2, 1), (19, 9), (20, 10), (400, 10)])
def test_how_late_it_is_counts_for_three_weeks(days: int, points: int | None) -> None:
    said = {one.weight: one.points for one in reasons("ACC.REFILL", "overdue", days)}
    assert said.get("late") == points


def test_the_weightiest_is_told_first_and_the_line_is_the_versions() -> None:
    told = reasons("ACC.REFILL", "lost", 45, Story(refusals=1), looked_for=True)
    assert [one.points for one in told] == [60, 30, 10, -20] and rank_of(told) == 80
    assert told[0].words == "late by more than 28 days"
    row = ScheduleRow("c", "ACC.REFILL", _DAY, 1, _DAY, "lost", 45, None, "")
    (first, *_) = reasons_for(row, _PROTOCOL.item("ACC.REFILL"), Story(), LostRule(28, "ge"), looked_for=False)
    assert first.words == "late by 28 or more days"


def test_reasons_come_back_as_they_were_kept() -> None:
    told = reasons("ACC.REFILL", "lost", 45, looked_for=True)
    assert reasons_from(as_rows(told)) == told


def test_the_table_says_how_much_each_counts() -> None:
    assert WEIGHTS["lost"].said == "60"
    assert WEIGHTS["late_before"].said == "5 for each time, 15 at most"
    assert WEIGHTS["late"].said == "1 for every 2 days, 10 at most"
