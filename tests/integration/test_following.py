"""What follows from records follows from all of them: in any order, however many come at once, also after corrections."""

import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from mentormothers.config.demo.phone import SyntheticPhone
from tests.programme import Api, Programme, enrolment


def supply(programme: Programme, phone: SyntheticPhone, client: str, days_ago: int, **members: Any) -> Any:
    at = programme.now - timedelta(days=days_ago)
    answers = {
        "where/place": "clinic", "where/source": "observed", "her_status": "pos", "refill/refilled": "yes",
        "refill/supply": "other", "refill/days_other": 30, "refill/refilled_on": at.date().isoformat(), "days": "30",
    }  # fmt: skip
    author = programme.mentor if phone is programme.phone else programme.strange_mentor
    return phone.parcel("visit", str(author.id), client, answers, at=at, **members)


def withdrawal(programme: Programme, client: str, target: Any, phone: SyntheticPhone | None = None) -> Any:
    relation = {"type": "withdraws", "record": target["record"]["id"]}
    return supply(programme, phone or programme.phone, client, 0, relation=relation)


def home(client: str) -> int:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT site FROM care.client WHERE id = %s", [client])
        return int(cursor.fetchone()[0])


def mentors(client: str) -> set[UUID]:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT mentor FROM care.caseload WHERE client = %s", [client])
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.parametrize("late", [False, True])
def test_an_enrolment_that_comes_late_brings_nobody_back_to_her_old_site(programme: Programme, late: bool) -> None:
    client, parcel = enrolment(programme)
    today, earlier = (str((programme.now - timedelta(days=days)).date()) for days in (0, 9))
    answers = {name: earlier if said == today else said for name, said in parcel["record"]["answers"].items()}
    before = programme.phone.signed(parcel["record"] | {"happened": earlier, "answers": answers})
    old = parcel | {"record": before}
    again = programme.strange_phone.parcel(
        "enrolment", str(programme.strange_mentor.id), client, parcel["record"]["answers"], at=programme.now,
        source="register",
    )  # fmt: skip
    moved = supply(programme, programme.strange_phone, client, 0)
    first, second = ([again, moved], programme.strange_phone), ([old], programme.phone)
    for parcels, phone in (first, second) if late else (second, first):
        assert {a["status"] for a in programme.push(parcels, phone)} == {"accepted"}
    assert home(client) == programme.elsewhere.id
    assert mentors(client) == {programme.strange_mentor.id}


def test_withdrawing_a_withdrawal_brings_her_home_again(programme: Programme) -> None:
    client, parcel = enrolment(programme)
    programme.push([parcel])
    moved = supply(programme, programme.strange_phone, client, -1)
    programme.push([moved], programme.strange_phone)
    assert home(client) == programme.elsewhere.id
    first = withdrawal(programme, client, moved, programme.strange_phone)
    programme.push([first], programme.strange_phone)
    assert home(client) == programme.home.id
    programme.push([withdrawal(programme, client, first, programme.strange_phone)], programme.strange_phone)
    assert home(client) == programme.elsewhere.id


def test_of_two_supplies_at_once_the_later_day_is_her_home_whoever_ends_last(programme: Programme) -> None:
    from django.db import connection, transaction

    from mentormothers.access.models import Device
    from mentormothers.sync.push import push

    client, parcel = enrolment(programme)
    old = programme.phone.signed(parcel["record"] | {"happened": "2025-01-01", "answers": parcel["record"]["answers"]
                                 | {"treatment/supplied_on": "2025-01-01"}})  # fmt: skip
    programme.push([parcel | {"record": old}])
    later, sooner = supply(programme, programme.strange_phone, client, 1), supply(programme, programme.phone, client, 2)

    def push_sooner() -> None:
        try:
            push(Device.objects.get(id=programme.phone.device), [sooner])
        finally:
            connection.close()

    waiting = threading.Thread(target=push_sooner)
    with transaction.atomic():
        push(Device.objects.get(id=programme.strange_phone.device), [later])
        waiting.start()
        waiting.join(1.5)  # it has not seen the later supply, and must wait for it
    waiting.join(20)
    assert home(client) == programme.elsewhere.id


def test_who_was_asked_to_look_for_her_and_enrols_her_keeps_her(programme: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.followup.actions import ask_to_look_for, end_assignment

    client, parcel = enrolment(programme)
    by_coordinator = programme.phone.signed(parcel["record"] | {"author": str(programme.coordinator.id)})
    programme.push([parcel | {"record": by_coordinator}])
    assert mentors(client) == set()
    with scoped(scope_of(programme.coordinator)):
        asked = ask_to_look_for(UUID(client), mentor=programme.mentor, item="ACC.REFILL", by=programme.coordinator)
    assert mentors(client) == {programme.mentor.id}
    again = programme.phone.parcel(
        "enrolment", str(programme.mentor.id), client, parcel["record"]["answers"], at=programme.now, source="register"
    )
    programme.push([again])
    with scoped(scope_of(programme.coordinator)):
        end_assignment(asked, because="she came", by=programme.coordinator)
    assert mentors(client) == {programme.mentor.id}


def test_what_was_asked_at_the_old_site_ends_when_she_moves(programme: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.followup.actions import ask_to_look_for
    from mentormothers.followup.models import Assignment

    client, parcel = enrolment(programme)
    programme.push([parcel])
    with scoped(scope_of(programme.coordinator)):
        ask_to_look_for(UUID(client), mentor=programme.mentor, item="ACC.REFILL", by=programme.coordinator)
    programme.push([supply(programme, programme.strange_phone, client, -1)], programme.strange_phone)
    with scoped(scope_of(programme.coordinator)):
        assert Assignment.objects.get().ended_because == "she moved to another site"
    with scoped(scope_of(programme.stranger)):
        ask_to_look_for(UUID(client), mentor=programme.strange_mentor, item="ACC.REFILL", by=programme.stranger)
    asked = [e["mentor"] for e in Api(programme.strange_phone).pull(programme.stranger) if e["event"] == "assignment"]
    assert set(asked) == {str(programme.strange_mentor.id)}


def test_a_remark_written_offline_before_she_moved_is_kept(programme: Programme) -> None:
    client, parcel = enrolment(programme)
    programme.push([parcel])
    remark = supply(programme, programme.phone, client, 3, identities={client: {"note": "she likes the choir"}})
    remark["identities"][0]["key"] = None
    programme.push([supply(programme, programme.strange_phone, client, -1)], programme.strange_phone)
    assert home(client) == programme.elsewhere.id
    assert programme.push([remark])[0]["status"] == "accepted"
    sealed = [e["record"] for e in Api(programme.strange_phone).pull(programme.stranger) if e["event"] == "identity"]
    assert remark["record"]["id"] in sealed
    assert not [e for e in Api(programme.phone).pull(programme.coordinator) if e["event"] == "identity"]
