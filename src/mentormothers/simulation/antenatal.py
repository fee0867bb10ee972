"""Antenatal contacts and the mother's own HIV tests, in pregnancy and while she breastfeeds."""

from mentormothers.simulation.bodies import WEEK
from mentormothers.simulation.chances import Chances
from mentormothers.simulation.enrolment import write_pregnancy
from mentormothers.simulation.logbook import Logbook, month_of
from mentormothers.simulation.parameters import Antenatal
from mentormothers.simulation.people import Pregnancy, Woman
from mentormothers.simulation.series import KNOWN_NEGATIVE, UNKNOWN

_THREE_MONTHS = 91
_A_MONTH = 32  # days; a date known to the month is then in an earlier one


def attend(book: Logbook, chances: Chances, antenatal: Antenatal) -> None:
    """Her antenatal contacts in each pregnancy, the first on the day she came, and her tests."""
    _known_status(book, chances, antenatal)
    for number, pregnancy in enumerate(book.woman.pregnancies):
        days = _contacts(book, pregnancy, chances, antenatal, first_ever=number == 0)
        for day in _test_days(book.woman, pregnancy, days, chances, antenatal):
            if book.woman.found > day:
                _test(book, day, int(antenatal.test_window_days))


def _known_status(book: Logbook, chances: Chances, antenatal: Antenatal) -> None:
    """What she could show or tell of her status at the first visit."""
    woman, status = book.woman, book.woman.arrival.status
    if status.positive and status.known_before:
        woman.found = woman.arrival.day
        diagnosed = woman.infected + chances.within(antenatal.diagnosed_after_days)
        since = min(diagnosed, woman.started, woman.arrival.day - _A_MONTH)
        book.note(
            woman, since, "hiv.diagnosis", source="health_passport", stay=woman.stays[0],
            said=woman.arrival.day, date=month_of(since),
        )  # fmt: skip
    elif status == KNOWN_NEGATIVE:
        tested = woman.arrival.day - chances.within(antenatal.tested_before_days)
        book.note(
            woman, tested, "hiv.test", "neg", source="health_passport", stay=woman.stays[0], said=woman.arrival.day
        )


def _contacts(
    book: Logbook, pregnancy: Pregnancy, chances: Chances, antenatal: Antenatal, *, first_ever: bool
) -> list[int]:
    """Write the contacts of a pregnancy. Gives their days."""
    woman, days = book.woman, [pregnancy.first_contact]
    if not first_ever:
        write_pregnancy(book, pregnancy, pregnancy.first_contact, woman.stay_on(pregnancy.first_contact))
    for week in antenatal.contact_weeks.things:
        day = pregnancy.lmp + chances.within(week) * WEEK + chances.within(antenatal.days_off)
        comes = chances.happens(antenatal.attends / (1 + antenatal.unsteady_attend_less * (woman.steadiness - 1)))
        if comes and days[-1] + WEEK < day < pregnancy.ends:
            days.append(book.round_day(day, days[-1] + 1))
    for day in days:
        if book.note(woman, day, "anc.contact"):
            woman.visits.append(day)
    return days


def _test_days(
    woman: Woman, pregnancy: Pregnancy, contacts: list[int], chances: Chances, antenatal: Antenatal
) -> list[int]:
    """When she would be tested if she were not known to be positive."""
    arrival, days = woman.arrival, []
    first = pregnancy.first_contact
    if first != arrival.day or arrival.status.tested:
        days.append(first)
    elif arrival.status == UNKNOWN and len(contacts) > 1 and chances.happens(antenatal.tested_at_next_contact):
        days.append(contacts[1])
    late = pregnancy.lmp + chances.within(antenatal.retest_weeks) * WEEK
    if chances.happens(antenatal.retested_late_pregnancy):
        days.append(late)
    fed = max((baby.fed_until for baby in pregnancy.babies), default=0)
    for day in range(pregnancy.ends + _THREE_MONTHS, fed, _THREE_MONTHS):
        if chances.happens(antenatal.retested_breastfeeding):
            days.append(day + chances.within(antenatal.retest_days_off))
    return [
        day
        for day in _apart(sorted(days), first, int(antenatal.days_between_tests))
        if not late == day >= pregnancy.ends
    ]


def _apart(days: list[int], first: int, least: int) -> list[int]:
    """Days that are not too near to the one before, none before the first visit."""
    kept: list[int] = []
    for day in days:
        if day >= first and (not kept or day >= kept[-1] + least):
            kept.append(day)
    return kept


def _test(book: Logbook, day: int, window: int) -> None:
    woman = book.woman
    positive = woman.infected <= day - window
    if book.note(woman, day, "hiv.test", "pos" if positive else "neg"):
        woman.visits.append(day)
        if positive:
            woman.found = day
            book.note(woman, day, "hiv.diagnosis")
