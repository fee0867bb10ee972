"""Schedule and indicators over the database equal those over the same facts in a file, within the scope."""

from datetime import timedelta
from uuid import UUID

from tests.programme import Programme, enrolment


def test_a_woman_enrolled_today_is_on_treatment_and_due_for_her_refill(programme: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.live import schedule_of
    from mentormothers.indicators.model import Question
    from mentormothers.reports.numbers import behind, measures, numbers, quarters

    client, parcel = enrolment(programme)
    programme.push([parcel])
    today = programme.now.date()
    with scoped(scope_of(programme.coordinator)):
        refill = next(row for row in schedule_of([UUID(client)], today) if row.item == "ACC.REFILL")
        assert (refill.state, refill.due) == ("upcoming", today + timedelta(days=30))
        question = Question(measures()["TX_CURR"], quarters(today, 1)[0], by_site=True)
        (row,) = numbers(question)
        assert (row.numerator, row.site) == (1, str(programme.home.id))
        assert [b.client for b in behind(question)] == [UUID(client)]
    with scoped(scope_of(programme.stranger)):
        assert schedule_of([UUID(client)], today) == []
        assert all(row.numerator == 0 for row in numbers(question))
        assert behind(question) == []


def test_a_correction_counts_at_once(programme: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.live import facts_of, schedule_of

    client, parcel = enrolment(programme)
    programme.push([parcel])
    answers = parcel["record"]["answers"] | {"treatment/supplied_days": 90}
    corrected = programme.phone.parcel(
        "enrolment", str(programme.mentor.id), client, answers, at=programme.now,
        relation={"type": "amends", "record": parcel["record"]["id"]},
    )  # fmt: skip
    assert programme.push([corrected])[0]["status"] == "accepted"
    with scoped(scope_of(programme.coordinator)):
        refill = next(r for r in schedule_of([UUID(client)], programme.now.date()) if r.item == "ACC.REFILL")
        assert refill.due == programme.now.date() + timedelta(days=90)
        assert {f["number"] for f in facts_of([UUID(client)]) if f["kind"] == "art.dispense"} == {90}
    withdrawn = programme.phone.parcel(
        "enrolment", str(programme.mentor.id), client, {}, at=programme.now,
        relation={"type": "withdraws", "record": corrected["record"]["id"]},
    )  # fmt: skip
    programme.push([withdrawn])
    with scoped(scope_of(programme.coordinator)):
        refill = next(r for r in schedule_of([UUID(client)], programme.now.date()) if r.item == "ACC.REFILL")
        assert refill.due == programme.now.date() + timedelta(days=30)


def test_quarters_end_today(programme: Programme) -> None:
    from datetime import date

    from mentormothers.reports.numbers import quarters

    found = quarters(date(2026, 2, 10), 3)
    assert [(p.name, p.start.isoformat(), p.end.isoformat()) for p in found] == [
        ("2025Q3", "2025-07-01", "2025-09-30"),
        ("2025Q4", "2025-10-01", "2025-12-31"),
        ("2026Q1", "2026-01-01", "2026-02-10"),
    ]
