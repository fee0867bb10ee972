"""The scope: what the database lets through, whatever the code asks for."""

from typing import Any
from uuid import UUID

import pytest

from tests.programme import Programme, enrolment


def test_nothing_is_seen_without_a_scope(programme: Programme) -> None:
    from mentormothers.care.models import Client, Fact, Record

    programme.push([enrolment(programme)[1]])
    assert not Record.objects.exists() and not Fact.objects.exists() and not Client.objects.exists()


def test_each_person_sees_her_sites(programme: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.models import Record

    programme.push([enrolment(programme)[1]])
    seen = {}
    for name in ("mentor", "coordinator", "manager", "administrator", "stranger", "strange_mentor"):
        with scoped(scope_of(getattr(programme, name))):
            seen[name] = Record.objects.count()
    assert seen == {
        "mentor": 1, "coordinator": 1, "manager": 1, "administrator": 0, "stranger": 0, "strange_mentor": 0,
    }  # fmt: skip


def test_a_scope_ends_with_its_transaction_and_the_outer_one_comes_back(programme: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.models import Record

    programme.push([enrolment(programme)[1]])
    with scoped(scope_of(programme.coordinator)):
        with scoped(scope_of(programme.stranger)):
            assert not Record.objects.exists()
        assert Record.objects.exists()
    assert not Record.objects.exists()


def test_the_scope_comes_back_also_after_an_error(programme: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.models import Record

    programme.push([enrolment(programme)[1]])
    with scoped(scope_of(programme.coordinator)):
        with pytest.raises(ValueError, match="on purpose"), scoped(scope_of(programme.stranger)):
            raise ValueError("on purpose")
        assert Record.objects.exists()


def test_rows_for_another_site_cannot_be_written(programme: Programme) -> None:
    from django.db import ProgrammingError

    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.models import Client

    with pytest.raises(ProgrammingError, match="row-level security"), scoped(scope_of(programme.coordinator)):
        Client.objects.create(
            id=UUID(int=1), role="mother", site=programme.elsewhere.id, organisation=programme.elsewhere.organisation_id
        )


def test_identity_is_read_only_in_its_own_role_and_scope(programme: Programme) -> None:
    from django.db import ProgrammingError

    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.people.keeping import read
    from mentormothers.people.models import IdentityRecord

    client, parcel = enrolment(programme)
    programme.push([parcel])
    with scoped(scope_of(programme.coordinator)):
        assert read([UUID(client)])[UUID(client)].name == "Grace Banda"
    with scoped(scope_of(programme.stranger)):
        assert read([UUID(client)]) == {}
    with pytest.raises(ProgrammingError), scoped(scope_of(programme.coordinator)):
        list(IdentityRecord.objects.all())


def test_only_roles_that_need_names_get_them_and_every_look_is_audited(programme: Programme) -> None:
    from mentormothers.access.models import AuditEvent
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.register.names import find_clients, names_for

    client, parcel = enrolment(programme)
    programme.push([parcel])
    wanted = [UUID(client)]
    for person in (programme.manager, programme.administrator, programme.stranger):
        with scoped(scope_of(person)):
            assert names_for(person, wanted, screen="test") == {}
            assert find_clients(person, "Grace", wanted) == {}
    with scoped(scope_of(programme.coordinator)):
        assert names_for(programme.coordinator, wanted, screen="test")[UUID(client)].short == "Grace B."
    (line,) = AuditEvent.objects.filter(what="identity.seen:test", who=programme.coordinator.id)
    assert line.clients == wanted


@pytest.mark.parametrize(
    ("text", "found"),
    [("grace", True), ("banda grace", True), ("BAN", True), ("chilomoni", True), ("0991234567", True),
     ("+265 991 234 567", True), ("mercy", False), ("grace mercy", False), ("0881234567", False), ("", False), ("   ", False)],
)  # fmt: skip
def test_a_client_is_found_by_any_part_of_her_name_or_by_her_phone(
    programme: Programme, text: str, found: bool
) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.models import Client
    from mentormothers.register.names import find_clients

    client, parcel = enrolment(programme)
    programme.push([parcel])
    with scoped(scope_of(programme.coordinator)):
        everyone = Client.objects.values_list("id", flat=True)
        assert set(find_clients(programme.coordinator, text, everyone)) == ({UUID(client)} if found else set())


def test_later_answers_replace_earlier_ones_field_by_field(programme: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.people.keeping import read

    client, parcel = enrolment(programme)
    note = programme.phone.parcel(
        "visit", str(programme.mentor.id), client, {"where/place": "home", "where/source": "observed"},
        at=programme.now, identities={client: {"name.given": "Gracious", "name.family": "", "note": "moved"}},
    )  # fmt: skip
    programme.push([parcel])
    programme.push([note])
    with scoped(scope_of(programme.coordinator)):
        known = read([UUID(client)])[UUID(client)]
        assert (known.given, known.family, known.village) == ("Gracious", "Banda", "Chilomoni")


def test_an_error_of_the_database_inside_a_scope_is_told_as_what_it_is(programme: Programme) -> None:
    from django.db import DataError, connection, transaction

    from mentormothers.access.scope import NOWHERE, scoped

    with scoped(NOWHERE):
        with pytest.raises(DataError, match="division by zero"), scoped(NOWHERE), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        except DataError:
            transaction.set_rollback(True)  # as after an answer 503: the scope's end must not stumble over it


def supply_elsewhere(programme: Programme, client: str, **members: Any) -> Any:
    """What the strange mentor writes down of a supply, by mistake about our woman."""
    answers = {
        "where/place": "clinic", "where/source": "register", "refill/refilled": "yes", "refill/supply": "30",
        "refill/refilled_on": programme.now.date().isoformat(), "days": "30", "her_status": "pos",
    }  # fmt: skip
    return programme.strange_phone.parcel(
        "visit", str(programme.strange_mentor.id), client, answers, at=programme.now, source="register", **members
    )


@pytest.mark.parametrize("withdrawal_first", [False, True])
def test_a_supply_that_was_taken_back_brings_nobody_home(programme: Programme, withdrawal_first: bool) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.models import Caseload, Client

    client, parcel = enrolment(programme)
    programme.push([parcel])
    mistaken = supply_elsewhere(programme, client)
    taken_back = supply_elsewhere(programme, client, relation={"type": "withdraws", "record": mistaken["record"]["id"]})
    first, second = (taken_back, mistaken) if withdrawal_first else (mistaken, taken_back)
    for sent in (first, second):
        (answer,) = programme.push([sent], programme.strange_phone)
        assert answer["status"] == "accepted", answer
        if sent is mistaken and not withdrawal_first:
            with scoped(scope_of(programme.stranger)):
                assert Client.objects.get(id=client).site == programme.elsewhere.id, "her latest supply was there"
    with scoped(scope_of(programme.coordinator)):
        assert Client.objects.get(id=client).site == programme.home.id
        assert [c.mentor for c in Caseload.objects.filter(client=client)] == [programme.mentor.id]
    with scoped(scope_of(programme.stranger)):
        assert not Client.objects.filter(id=client).exists()


def test_a_birth_away_from_home_keeps_the_babys_name_for_its_mothers_site(programme: Programme) -> None:
    """She gave birth at her parents': the clinic there writes the birth, her own clinic goes on caring for both."""
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.models import Caseload
    from mentormothers.people.keeping import read

    client, parcel = enrolment(programme)
    programme.push([parcel])
    baby = programme.strange_phone.new_client()
    born = programme.now.date().isoformat()
    entry = {"baby_id": baby, "sex": "f", "plan": "exclusive", "medicine": "no", "joins": "infant", "dob": born}
    answers = {
        "when/born_on": born, "when/outcome": "live", "when/birth_place": "this_clinic", "babies": "1",
        "how_many": "1", "baby": [entry], "mother/mother_seen": "yes",
    }  # fmt: skip
    birth = programme.strange_phone.parcel(
        "birth", str(programme.strange_mentor.id), client, answers, at=programme.now,
        identities={baby: {"name.given": "Chisomo"}},
    )  # fmt: skip
    (answer,) = programme.push([birth], programme.strange_phone)
    assert answer["status"] == "accepted", answer
    with scoped(scope_of(programme.coordinator)):
        assert read([UUID(baby)])[UUID(baby)].given == "Chisomo"
        assert [c.mentor for c in Caseload.objects.filter(client=baby)] == [programme.mentor.id]
    with scoped(scope_of(programme.stranger)):
        assert not read([UUID(baby)]), "where it was born it is nobody's client"


def test_what_was_sealed_about_a_woman_who_moved_meanwhile_is_kept(programme: Programme) -> None:
    """Her old mentor's phone had no network; its last visit, with a note, arrives after she moved."""
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.models import Client
    from mentormothers.people.keeping import read, sealed_for_phone

    client, parcel = enrolment(programme)
    programme.push([parcel])
    assert programme.push([supply_elsewhere(programme, client)], programme.strange_phone)[0]["status"] == "accepted"
    answers = {"where/place": "home", "where/source": "observed"}
    visit = programme.phone.parcel(
        "visit", str(programme.mentor.id), client, answers, at=programme.now, identities={client: {"note": "A dog."}}
    )
    visit["identities"][0]["key"] = None
    (answer,) = programme.push([visit])
    assert answer["status"] == "accepted", answer
    with scoped(scope_of(programme.coordinator)):
        assert not Client.objects.filter(id=client).exists() and not read([UUID(client)])
    with scoped(scope_of(programme.stranger)):
        assert set(sealed_for_phone([(UUID(visit["record"]["id"]), UUID(client))]))
