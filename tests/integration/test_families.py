"""Whoever looks after a baby is asked about it; a mother who has died, or does not have it, is not."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.integration.test_keeping import differing
from tests.office import NAMES, born, text, woman
from tests.programme import Programme

CARER = {
    "caregiver.name": "Esnart", "phone.number": "0888 000 002", "phone.owner": "own", "contact.hours": ["early"],
    "contact.wording": "neutral", "address.village": "Bangwe", "address.landmark": "near the borehole",
}  # fmt: skip


def cared_for(programme: Programme, baby: str, carer: str = "grandmother", days_ago: int = 2, **agreed: str) -> Any:
    """What somebody wrote of who looks after a baby."""
    at = programme.now - timedelta(days=days_ago)
    answers = {"who_page/carer": carer, "who_page/since": at.date().isoformat(), "told_me": "client_told"}
    known = carer not in ("mother", "not_known")
    agreed = {"follow_up": "given", "phone_calls": "given", "home_visit": "given"} | agreed if known else {}
    answers |= {f"carer_page/{name}": answer for name, answer in agreed.items()}
    return programme.phone.parcel(
        "caregiver", str(programme.mentor.id), baby, answers, at=at, source="client_told",
        identities={baby: CARER} if known else {},
    )  # fmt: skip


def died(programme: Programme, client: str) -> Any:
    at = programme.now - timedelta(days=5)
    answers = {"whose": "mother", "sorry_page/died_on": at.date().isoformat(), "sorry_page/source": "client_told"}
    return programme.phone.parcel("death", str(programme.mentor.id), client, answers, at=at, source="client_told")


@pytest.fixture
def pair(programme: Programme) -> tuple[str, str]:
    """A woman two months late who agreed to be called, and her baby who was never tested."""
    mother, first = woman(programme, days_ago=100)
    baby, birth = born(programme, mother, days_ago=95)
    assert {a["status"] for a in programme.push([first, birth])} == {"accepted"}
    return mother, baby


def houses(programme: Programme) -> dict[str, dict[str, set[str]]]:
    """Each household of the list: of everybody in it the next steps."""
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.followup.worklist import Worklist

    with scoped(scope_of(programme.coordinator)):
        page = Worklist.at([programme.home.id], programme.now.date()).page()
    return {
        str(one.id): {str(p.client): {i.next_step for i in p.items if i.traceable} for p in one.people}
        for one in page.households
    }


def test_a_baby_with_its_grandmother_is_a_household_of_its_own(programme: Programme, pair: tuple[str, str]) -> None:
    mother, baby = pair
    assert set(houses(programme)) == {mother}
    assert {a["status"] for a in programme.push([cared_for(programme, baby)])} == {"accepted"}
    found = houses(programme)
    assert set(found) == {mother, baby} and set(found[mother]) == {mother}
    (step,) = found[baby][baby]
    assert "looks after the baby" in step or step == "Visit the baby at home" or step == "Decide together what to do"
    assert differing() == []
    programme.push([cared_for(programme, baby, "mother", days_ago=1)])
    assert set(houses(programme)) == {mother}, "back with her"
    assert differing() == []


@pytest.mark.parametrize(
    ("carer", "agreed", "step"),
    [
        ("not_known", {}, "Ask at the clinic who looks after the baby"),
        ("aunt", {"follow_up": "refused"}, "Whoever looks after the baby did not agree to be contacted"),
    ],
)
def test_nobody_is_sent_where_nobody_agreed(
    programme: Programme, pair: tuple[str, str], carer: str, agreed: dict[str, str], step: str
) -> None:
    _, baby = pair
    programme.push([cared_for(programme, baby, days_ago=4), cared_for(programme, baby, carer, days_ago=3, **agreed)])
    (said,) = houses(programme)[baby][baby]
    assert said.startswith(step)


def test_twins_with_one_grandmother_are_one_visit(programme: Programme) -> None:
    mother, first = woman(programme, days_ago=100)
    one, birth = born(programme, mother, days_ago=95)
    two, again = born(programme, mother, days_ago=95)
    programme.push([first, birth, again, cared_for(programme, one), cared_for(programme, two)])
    found = houses(programme)
    assert set(found[min(one, two)]) == {one, two} and set(found[mother]) == {mother}
    assert differing() == []


def test_a_mother_who_died_is_no_way_to_her_baby(programme: Programme, pair: tuple[str, str]) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.followup.actions import NotAllowedError, ask_to_look_for

    mother, baby = pair
    programme.push([died(programme, mother)])
    found = houses(programme)
    assert set(found) == {baby}, "what is due for the baby goes on, for her nothing does"
    assert {step for steps in found[baby].values() for step in steps} == {
        "Ask at the clinic who looks after the baby: until then nobody calls or visits"
    }
    for client in (mother, baby):
        with scoped(scope_of(programme.coordinator)), pytest.raises(NotAllowedError):
            ask_to_look_for(UUID(client), mentor=programme.mentor, item="ACC.REFILL", by=programme.coordinator)
    programme.push([cared_for(programme, baby)])
    with scoped(scope_of(programme.coordinator)):
        assert ask_to_look_for(UUID(baby), mentor=programme.mentor, item="ACC.REFILL", by=programme.coordinator)


def test_the_office_says_whom_to_ask(programme: Programme, pair: tuple[str, str]) -> None:
    from django.test import Client

    mother, baby = pair
    programme.push([died(programme, mother)])
    browser, stranger = Client(), Client()
    for one, who in ((browser, programme.coordinator), (stranger, programme.stranger)):
        one.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    shown = text(browser.get(f"/clients/{baby}"))
    assert "She has died. Nobody calls or visits." in shown and "It is not known who looks after the baby" in shown
    assert "0991234567" not in shown, "nobody calls the phone of a woman who has died"
    programme.push([cared_for(programme, baby)])
    shown = text(browser.get(f"/clients/{baby}"))
    for said in ("Esnart", "0888 000 002, their own phone", "before 9", "Bangwe, near the borehole"):
        assert said in shown, said
    assert "0991234567" not in shown
    listed = text(browser.get(f"/sites/{programme.home.id}", headers={"HX-Request": "true"}))
    assert "with Esnart" in listed
    found = text(browser.post("/clients", {"name": "0888000002"}))
    assert "with Esnart" in found
    answer = stranger.get(f"/clients/{baby}")
    assert answer.status_code == 404 and not any(name in text(answer) for name in (*NAMES, "Esnart"))


def brought(programme: Programme) -> tuple[str, Any]:
    """A baby of ten weeks, exposed as its passport says, whom its grandmother brings: pseudonym and parcel."""
    baby = programme.phone.new_client()
    day = (programme.now - timedelta(days=70)).date().isoformat()
    answers = {
        "keep/data_use": "given", "baby_page/sex": "f", "baby_page/born_on": day, "exposed_page/mother": "died",
        "exposed_page/exposed": "yes", "exposed_page/source": "health_passport", "who_page/carer": "grandmother",
        "carer_page/follow_up": "given", "carer_page/phone_calls": "given", "carer_page/home_visit": "given",
        "food_page/feeding": "replacement", "food_page/gets": ["none"], "never_fed": "yes", "joins": "infant",
    }  # fmt: skip
    return baby, programme.phone.parcel(
        "infant_enrolment", str(programme.mentor.id), baby, answers, at=programme.now - timedelta(days=3),
        source="health_passport", identities={baby: CARER},
    )  # fmt: skip


def test_a_baby_without_its_mother_has_the_schedule_of_an_exposed_one(programme: Programme) -> None:
    from django.test import Client

    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.followup.family import family_of
    from mentormothers.followup.worklist import open_items_of

    baby, parcel = brought(programme)
    assert programme.push([parcel])[0]["status"] == "accepted"
    with scoped(scope_of(programme.coordinator)):
        assert "ACC.EID6W" in {item.item for item in open_items_of([UUID(baby)], programme.now.date())}
        assert family_of(UUID(baby)).members == (UUID(baby),) and family_of(UUID(baby)).mother is None
    assert set(houses(programme)) == {baby}
    browser, stranger = Client(), Client()
    for one, who in ((browser, programme.coordinator), (stranger, programme.stranger)):
        one.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    shown = text(browser.get(f"/clients/{baby}"))
    assert "Esnart, with Baby" in shown and "0888 000 002, their own phone" in shown
    assert "with Esnart" in text(browser.get("/clients"))
    assert stranger.get(f"/clients/{baby}").status_code == 404
