"""Knowing a woman again at another site: four things of a few women, for whoever may see names, and nothing for others."""

from uuid import UUID

import psycopg
import pytest

from mentormothers.config.database import Database
from tests.elsewhere import There
from tests.integration.test_partners import partner
from tests.programme import Api, enrolment

GRACE = {"first_name": "Grace", "village": "Chilomoni", "site": "Ndirande", "age": 26}


@pytest.mark.parametrize("text", ["grace chilomoni", "Glace Chiromoni", "banda grace", "0991 234 567", "ANC 45/2025"])
def test_she_is_known_again_at_another_site_by_four_things_and_no_more(there: There, text: str) -> None:
    assert there.matches(text) == [GRACE]


def test_the_look_is_written_down_and_what_was_typed_is_not(there: There) -> None:
    from mentormothers.access.models import AuditEvent

    there.matches("grace chilomoni")
    there.matches("tadala nowhere")
    first, second = AuditEvent.objects.filter(what="identity.looked_up").order_by("id")
    assert first.clients == [there.grace] and first.detail == "1 shown"
    assert second.clients == [] and second.detail == "0 shown"
    for line in (first, second):
        assert line.who == there.mentor.id and str(line.device) == there.phone.phone.device


def test_at_most_five_are_shown_the_closest_first(there: There) -> None:
    programme = there.programme
    names = ["Gracie"] * 4 + ["Gilesi"] * 3
    programme.push([enrolment(programme, **{"name.given": name})[1] for name in names])
    assert [one["first_name"] for one in there.matches("grace chilomoni")] == ["Grace", *["Gracie"] * 4]


def test_who_has_no_right_gets_the_answer_for_nobody(there: There) -> None:
    programme, nobody = there.programme, there.ask("zione nowhere")
    stranger = Api(programme.strange_phone)
    for text in ("grace chilomoni", "0991234567", "45/2025", "zione nowhere"):
        for answer in (
            there.ask(text, user=programme.manager),  # on the phone, but works without names
            there.ask(text, phone=stranger, user=programme.strange_mentor),  # of another organisation
        ):
            assert answer.status_code == nobody.status_code == 200
            assert answer.content == nobody.content == b'{"matches": []}'
            assert answer.headers == nobody.headers


def test_somebody_who_does_not_use_the_phone_looks_nobody_up(there: There) -> None:
    answer = there.ask("grace chilomoni", user=there.programme.coordinator)
    assert (answer.status_code, answer.json()["code"]) == (403, "DEV-006")
    assert there.phone.post("/look-up", {"user": str(there.mentor.id), "text": "x y"}).status_code == 401


@pytest.mark.parametrize("text", ["grace", "", "   ", "village grace", "/ -"])
def test_a_single_word_says_too_little(there: There, text: str) -> None:
    answer = there.ask(text)
    assert (answer.status_code, answer.json()["code"]) == (422, "DEV-007")
    assert "grace" not in answer.content.decode()


@pytest.mark.parametrize("text", ["\x00 \x00", "x " * 5000, "% _", "\ud800 \ud800 a b", "' OR 1=1 --"])
def test_hostile_text_finds_nobody(there: There, text: str) -> None:
    answer = there.ask(text)
    assert answer.status_code == 422 or answer.json() == {"matches": []}


def test_who_asks_too_often_waits_by_phone_and_by_person(there: There) -> None:
    from mentormothers.register.recognition import _MOST

    codes = [there.ask("grace chilomoni").status_code for _ in range(_MOST + 1)]
    assert codes == [200] * _MOST + [429]
    refused = there.ask("zione nowhere")
    assert refused.json()["code"] == "DEV-002" and refused.headers["Retry-After"]
    assert there.ask("grace chilomoni", user=there.programme.manager).status_code == 429, "the phone waits too"


def test_whose_key_is_destroyed_is_nobody(there: There, db: Database) -> None:
    assert db.admin
    with psycopg.connect(db.admin) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("DELETE FROM people.client_key WHERE client = %s", [there.grace])
    assert there.matches("grace chilomoni") == there.matches("0991234567") == []


def test_who_was_erased_is_nobody(there: There) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.register.erasing import erase_client

    coordinator = there.programme.coordinator
    with scoped(scope_of(coordinator)):
        erase_client(there.grace, "asked", by=coordinator)
    assert there.matches("grace chilomoni") == there.matches("0991234567") == []


def test_who_has_two_pseudonyms_is_shown_once(there: There) -> None:
    from mentormothers.register.merging import say_same_person, take_back_same_person

    again, parcel = enrolment(there.programme, **{"name.given": "Glace"})
    there.programme.push([parcel])
    assert len(there.matches("grace chilomoni")) == 2
    record = say_same_person(there.grace, UUID(again), by=there.programme.coordinator)
    assert len(there.matches("grace chilomoni")) == 1
    take_back_same_person(record, by=there.programme.coordinator)
    assert len(there.matches("grace chilomoni")) == 2


def test_a_partner_is_never_found(there: There) -> None:
    _, parcel = partner(there.programme)
    (answer,) = there.programme.push([parcel])
    assert answer["status"] == "accepted", answer
    for text in ("joseph tembo", "0888 777 001"):
        assert there.matches(text) == []


def test_who_did_not_agree_that_her_data_are_kept_is_nobody(there: There, db: Database) -> None:
    assert db.admin
    with psycopg.connect(db.admin) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE care.fact SET value = 'withdrawn' WHERE kind = 'consent.data_use'")
    assert there.matches("grace chilomoni") == []


def test_whose_enrolment_was_taken_back_is_nobody(there: There) -> None:
    phone = there.programme.phone
    taken = phone.parcel("enrolment", str(there.programme.mentor.id), str(there.grace), {}, at=there.programme.now)
    taken["record"] = phone.signed(
        taken["record"] | {"relation": {"type": "withdraws", "record": there.enrolment}, "answers": {}}
    )
    (answer,) = there.programme.push([taken])
    assert answer["status"] == "accepted", answer
    assert there.matches("grace chilomoni") == []


def test_only_the_role_of_identity_may_look_up_and_only_within_its_organisations(db: Database, there: There) -> None:
    from mentormothers.access.scope import NOWHERE, Scope, scoped
    from mentormothers.people.looking_up import look_up

    assert db.admin
    with psycopg.connect(db.admin) as admin:
        for role in ("mm_app", "mm_reports", "mm_backup", "public"):
            signature = "people.look_up(bytea[], int[], int[], int, int)"
            row = admin.execute("SELECT has_function_privilege(%s, %s, 'EXECUTE')", (role, signature)).fetchone()
            assert row == (False,), role
    ours, theirs = there.programme.home.organisation_id, there.programme.elsewhere.organisation_id
    for scope, found in ((Scope((), (ours,)), [there.grace]), (Scope((), (theirs,)), []), (NOWHERE, [])):
        with scoped(scope):
            assert [match.client for match in look_up("grace chilomoni", 5)] == found


def test_a_coordinator_looks_up_in_the_office_and_what_she_types_is_in_no_address(there: There) -> None:
    from django.test import Client

    from mentormothers.access.models import AuditEvent

    coordinator, browser = there.coordinator, Client()
    browser.force_login(coordinator, backend="django.contrib.auth.backends.ModelBackend")
    assert "Who is she?" in browser.get("/look-up").content.decode()
    assert "Grace" not in browser.get("/look-up", {"text": "glace chilomoni"}).content.decode()
    shown = browser.post("/look-up", {"text": "glace chiromoni"}).content.decode()
    assert "1 woman fits" in shown and all(str(value) in shown for value in GRACE.values())
    for secret in ("Banda", "0991234567", "45/2025", str(there.grace)):
        assert secret not in shown
    assert browser.get(f"/clients/{there.grace}").status_code == 404, "she is not her client for that"
    (line,) = AuditEvent.objects.filter(what="identity.looked_up")
    assert (line.who, line.device, line.clients, line.detail) == (coordinator.id, None, [there.grace], "1 shown")


def test_the_office_says_what_to_do_for_nobody_too_little_and_too_often(there: There) -> None:
    from django.test import Client

    from mentormothers.register.recognition import _MOST

    pages = {}
    for who in ("coordinator", "stranger"):
        browser = Client()
        browser.force_login(getattr(there.programme, who), backend="django.contrib.auth.backends.ModelBackend")
        little = browser.post("/look-up", {"text": "grace"})
        assert little.status_code == 400 and "That fits too many" in little.content.decode()
        pages[who] = [browser.post("/look-up", {"text": text}) for text in ("zione nowhere", "grace chilomoni")]
        answers = [browser.post("/look-up", {"text": "zione nowhere"}) for _ in range(_MOST - 1)]
        assert [answer.status_code for answer in answers[-2:]] == [200, 429]
        assert "Please wait half an hour" in answers[-1].content.decode()
    nobody, theirs = (page.content.decode().partition("<main")[2] for page in pages["stranger"])
    hidden = ("zione nowhere", "grace chilomoni")
    assert "Nobody is found" in nobody and nobody.count(hidden[0]) == theirs.count(hidden[1]) == 1
    assert len(nobody.replace(hidden[0], "")) == len(theirs.replace(hidden[1], ""))
    assert "Nobody is found" in pages["coordinator"][0].content.decode()
    assert "1 woman fits" in pages["coordinator"][1].content.decode()
