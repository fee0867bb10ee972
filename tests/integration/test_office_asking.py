"""Asking somebody to look for a woman: only where it is worth it and she agreed; ended with a reason."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.office import HTMX, Office, make_office, text, woman
from tests.programme import Programme


@pytest.fixture
def office(programme: Programme) -> Office:
    return make_office(programme)


def other_mentor(office: Office, *, first_name: str = "Tiyamike", site: bool = True) -> Any:
    from mentormothers.access.models import Membership, Role, User

    programme = office.programme
    mentor = User.objects.create_user(
        first_name.lower(), first_name=first_name, role=Role.MENTOR, organisation=programme.mentor.organisation
    )
    if site:
        Membership.objects.create(user=mentor, site=programme.home.id)
    return mentor


def test_the_form_names_the_sites_mentors_the_one_who_knows_her_first(office: Office) -> None:
    other_mentor(office, first_name="Aaa")
    other_mentor(office, first_name="Elsewhere", site=False)
    shown = text(office.browser().get(f"/clients/{office.mother}/ask/ACC.REFILL", headers=HTMX))
    assert shown.index("Promise, who looks after her") < shown.index("Aaa")
    assert "Elsewhere" not in shown and "<html" not in shown
    whole = text(office.browser().get(f"/clients/{office.mother}/ask/ACC.REFILL"))
    assert "<html" in whole and "Who looks for her?" in whole


def test_whoever_is_asked_is_shown_with_until_when(office: Office) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.models import Caseload
    from mentormothers.followup.models import Assignment

    mentor = other_mentor(office)
    path = f"/clients/{office.mother}/ask/ACC.REFILL"
    answer = office.browser().post(path, {"mentor": str(mentor.id)}, headers=HTMX)
    assert "Tiyamike looks for her until" in text(answer)
    with scoped(scope_of(office.programme.coordinator)):
        (asked,) = Assignment.objects.filter(ended_at=None)
        assert asked.mentor == mentor.id
        assert Caseload.objects.filter(mentor=mentor.id, client=office.baby, reason="tracing").exists()
    assert office.audited("tracing.asked")[-1].clients == [office.mother]
    browser = office.browser()
    again = browser.post(path, {"mentor": str(mentor.id)})
    assert again.url == f"/clients/{office.mother}"
    assert "It is asked." in str(browser.session["told"]) and "Tiyamike" not in str(browser.session["told"])
    shown = text(browser.get(again.url))
    assert "It is asked." in shown and "Tiyamike looks for her until" in shown


def test_it_ends_with_a_reason(office: Office) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.followup.models import Assignment

    browser, path = office.browser(), f"/asked/{office.assignment.id}/end"
    assert "Why does it end?" in text(browser.get(path, headers=HTMX))
    assert "Promise looks for her" in text(browser.get(path + "?not-now", headers=HTMX))
    assert "Why does it end?" in text(browser.post(path, {"because": ""}, headers=HTMX))
    assert browser.post(path, {"because": "I say so"}).status_code == 400
    answer = browser.post(path, {"because": "came"}, headers=HTMX)
    assert "Ask somebody to look for her" in text(answer)
    with scoped(scope_of(office.programme.coordinator)):
        ended = Assignment.objects.get(id=office.assignment.id)
        assert ended.ended_at and ended.ended_because == "She came"
    assert browser.get(path).status_code == 404


def test_nobody_is_asked_for_a_woman_who_did_not_agree(office: Office) -> None:
    client, parcel = woman(office.programme, days_ago=50, **{"purposes/follow_up": "refused"})
    office.programme.push([parcel])
    browser = office.browser()
    page = text(browser.get(f"/clients/{client}"))
    assert "did not agree to be looked for" in page and "Ask somebody" not in page
    answer = browser.post(
        f"/clients/{client}/ask/ACC.REFILL", {"mentor": str(office.programme.mentor.id)}, headers=HTMX
    )
    assert "Nobody can be asked: she did not agree" in text(answer)
    assert [UUID(client)] not in [line.clients for line in office.audited("tracing.asked")]


@pytest.mark.parametrize("item", ["ACC.ANC1", "nothing", "x" * 5000])
def test_nobody_is_asked_because_of_something_else(office: Office, item: str) -> None:
    path = f"/clients/{office.mother}/ask/{item}"
    answer = office.browser().post(path, {"mentor": str(office.programme.mentor.id)})
    assert answer.status_code == 400 and "nobody is looked for because of this" in text(answer)


def test_only_a_mentor_of_her_site_can_be_asked(office: Office) -> None:
    elsewhere = other_mentor(office, first_name="Elsewhere", site=False)
    for mentor in (str(elsewhere.id), str(office.programme.coordinator.id), str(uuid4()), "x", "\x00"):
        answer = office.browser().post(f"/clients/{office.mother}/ask/ACC.REFILL", {"mentor": mentor})
        assert answer.status_code == 400


def test_a_baby_is_found_through_its_mother(office: Office) -> None:
    shown = text(office.browser().get(f"/clients/{office.baby}"))
    assert f"/clients/{office.baby}/ask" not in shown and "Promise looks for her" in shown


def test_who_was_asked_until_a_day_that_is_over_is_asked_no_more(office: Office) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.models import Caseload
    from mentormothers.followup.actions import LEASE_DAYS, ask_to_look_for, end_lapsed
    from mentormothers.followup.worklist import open_items_of

    mentor, last = other_mentor(office), office.today + timedelta(days=LEASE_DAYS)
    with scoped(scope_of(office.programme.coordinator)):
        asked = ask_to_look_for(office.mother, mentor=mentor, item="ACC.REFILL", by=office.programme.coordinator)
        assert all(item.asked == asked for item in open_items_of([office.mother, office.baby], last))
        assert not any(item.asked for item in open_items_of([office.mother], last + timedelta(days=1)))
        assert end_lapsed(last) == 0
        assert end_lapsed(last + timedelta(days=1)) == 1
        assert not Caseload.objects.filter(mentor=mentor.id, reason="tracing").exists(), "her phone forgets"
        asked.refresh_from_db()
        assert asked.ended_because == "the days were over"
