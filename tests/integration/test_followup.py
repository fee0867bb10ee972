"""Who needs us first, why, and what may be done about it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.programme import Programme, enrolment


def missed(programme: Programme, days_late: int, **consents: str) -> tuple[str, list[Any]]:
    """A woman whose refill is so many days late: her pseudonym and her parcels."""
    client = programme.phone.new_client()
    at = programme.now - timedelta(days=30 + days_late)
    day = at.date().isoformat()
    answers = {
        "keep/data_use": "given", "test/status": "known_positive", "test/source": "register", "person/age": 30,
        "test/positive_since": day, "treatment/on_treatment": "yes", "treatment/supplied_on": day,
        "treatment/supplied_days": 30, "group": "mother_hiv_pos",
    } | {f"purposes/{name}": value for name, value in consents.items()}  # fmt: skip
    parcel = programme.phone.parcel(
        "enrolment", str(programme.mentor.id), client, answers, at=at,
        identities={client: {"name.given": "Ruth"}},
    )  # fmt: skip
    return client, [parcel]


def attempt(programme: Programme, client: str, way: str, found: str, days_ago: int = 1) -> Any:
    at = programme.now - timedelta(days=days_ago)
    answers = {"how/way": way, "how/found": found, "told_me": "client_told"}
    if found == "refused":
        answers["refuses"] = "visits"
    return programme.phone.parcel("tracing", str(programme.mentor.id), client, answers, at=at, source="client_told")


def refill_of(programme: Programme, client: str) -> Any:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.followup.worklist import Worklist

    with scoped(scope_of(programme.coordinator)):
        items = Worklist.at([programme.home.id], programme.now.date()).items()
    return next((i for i in items if i.client == UUID(client) and i.item == "ACC.REFILL"), None)


YES = {"follow_up": "given", "phone_calls": "given", "home_visit": "given", "sms": "given"}


@pytest.mark.parametrize(
    ("days_late", "consents", "step"),
    [
        (1, YES, "Send the reminder she chose"),
        (4, YES, "Call her"),
        (8, YES, "Visit her at home"),
        (25, YES, "Decide together what to do"),
        (8, YES | {"home_visit": "refused"}, "Call her"),
        (8, {"follow_up": "given"}, "Decide together what to do from day 21 on"),
        (8, {}, "She did not agree to be looked for: mark her in the clinic's list"),
        (25, YES | {"follow_up": "refused"}, "She did not agree to be looked for: mark her in the clinic's list"),
    ],
)
def test_the_next_step_follows_the_days_and_never_passes_what_she_agreed_to(
    programme: Programme, days_late: int, consents: dict[str, str], step: str
) -> None:
    client, parcels = missed(programme, days_late, **consents)
    assert {a["status"] for a in programme.push(parcels)} == {"accepted"}
    found = refill_of(programme, client)
    assert (found.days_late, found.next_step, found.traceable) == (days_late, step, True)


def test_no_home_visit_after_a_refusal_and_nothing_after_two(programme: Programme) -> None:
    client, parcels = missed(programme, 10, **YES)
    programme.push([*parcels, attempt(programme, client, "home", "refused", 2)])
    assert refill_of(programme, client).next_step == "Call her"
    programme.push([attempt(programme, client, "call", "refused", 1)])
    assert refill_of(programme, client).next_step.startswith("She said no twice")


def test_a_step_is_over_when_it_was_tried_often_enough(programme: Programme) -> None:
    client, parcels = missed(programme, 5, **YES | {"sms": "refused"})
    programme.push(parcels + [attempt(programme, client, "call", "not_located", n) for n in (3, 2, 1)])
    assert refill_of(programme, client).next_step == "Visit her at home from day 7 on"


def test_who_comes_first_and_why(programme: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.followup.worklist import Worklist

    late, parcels = missed(programme, 40, **YES)
    little, more = missed(programme, 2, **YES)
    programme.push(parcels + more)
    with scoped(scope_of(programme.coordinator)):
        items = [i for i in Worklist.at([programme.home.id], programme.now.date()).items() if i.item == "ACC.REFILL"]
    assert [str(i.client) for i in items] == [late, little]
    assert [i.state for i in items] == ["lost", "overdue"]
    assert items[0].mentors == (programme.mentor.id,)


def test_one_owner_at_a_time_and_an_end_with_a_reason(programme: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.followup.actions import ask_to_look_for, end_assignment
    from mentormothers.followup.models import Assignment

    client, parcels = missed(programme, 9, **YES)
    programme.push(parcels)
    with scoped(scope_of(programme.coordinator)):
        ask_to_look_for(UUID(client), mentor=programme.mentor, item="ACC.REFILL", by=programme.coordinator)
        second = ask_to_look_for(
            UUID(client), mentor=programme.coordinator, item="ACC.REFILL", by=programme.coordinator
        )
        assert list(Assignment.objects.filter(ended_at=None)) == [second]
        assert second.until == programme.now.date() + timedelta(days=7)
        end_assignment(second, because="returned", by=programme.coordinator)
        assert not Assignment.objects.filter(ended_at=None).exists()


def test_nobody_of_another_site_is_asked(programme: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.followup.actions import NotAllowedError, ask_to_look_for

    client, parcels = missed(programme, 9, **YES)
    programme.push(parcels)
    with scoped(scope_of(programme.coordinator)), pytest.raises(NotAllowedError):
        ask_to_look_for(UUID(client), mentor=programme.strange_mentor, item="ACC.REFILL", by=programme.coordinator)


def test_a_stranger_cannot_ask_for_somebody_she_cannot_see(programme: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.models import Client
    from mentormothers.followup.actions import ask_to_look_for

    client, parcel = enrolment(programme)
    programme.push([parcel])
    with scoped(scope_of(programme.stranger)), pytest.raises(Client.DoesNotExist):
        ask_to_look_for(UUID(client), mentor=programme.strange_mentor, item="X", by=programme.stranger)
