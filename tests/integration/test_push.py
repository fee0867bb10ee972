"""Push: an answer for every parcel, nothing lost, nothing doubled, whatever comes."""

import base64
import gzip
import hashlib
import json
import threading
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mentormothers.config.database import Database
from tests.programme import Api, Programme, enrolled, enrolment


def count(db: Database, sql: str, *values: Any) -> int:
    assert db.admin
    with psycopg.connect(db.admin) as connection:
        row = connection.execute(sql.encode(), values).fetchone()
        assert row
        return int(row[0])


def records(db: Database) -> int:
    return count(db, "SELECT count(*) FROM care.record")


def facts(db: Database) -> int:
    return count(db, "SELECT count(*) FROM care.fact")


def quarantined(db: Database, code: str) -> int:
    return count(db, "SELECT count(*) FROM care.quarantined WHERE code = %s", code)


def test_an_enrolment_is_kept_with_its_facts_and_its_sealed_identity(db: Database, programme: Programme) -> None:
    client, parcel = enrolment(programme)
    assert [a["status"] for a in programme.push([parcel])] == ["accepted"]
    assert records(db) == 1
    kinds = (
        "SELECT count(*) FROM care.fact WHERE client = %s AND kind = ANY(ARRAY['enrolled','hiv.test','art.dispense'])"
    )
    assert count(db, kinds, UUID(client)) == 3
    assert count(db, "SELECT count(*) FROM people.identity_record WHERE client = %s", UUID(client)) == 1
    assert count(db, "SELECT count(*) FROM care.caseload WHERE mentor = %s", programme.mentor.id) == 1


def test_a_carried_parcel_is_taken_like_a_plain_one(db: Database, programme: Programme) -> None:
    _, parcel = enrolment(programme)
    first, again = programme.push([programme.phone.carried(parcel), parcel])
    assert (first["status"], again["status"]) == ("accepted", "duplicate")
    assert records(db) == 1


def test_the_same_batch_again_doubles_nothing(db: Database, programme: Programme) -> None:
    batch = [enrolment(programme)[1] for _ in range(5)]
    programme.push(batch)
    before = facts(db)
    assert {a["status"] for a in programme.push(batch)} == {"duplicate"}
    assert (records(db), facts(db)) == (5, before)


def test_the_same_id_twice_in_one_batch(db: Database, programme: Programme) -> None:
    _, parcel = enrolment(programme)
    changed = json.loads(json.dumps(parcel))
    changed["record"]["answers"]["person/age"] = 27
    changed["record"] = programme.phone.signed(changed["record"])
    answers = programme.push([parcel, parcel, changed])
    assert [a["status"] for a in answers] == ["accepted", "duplicate", "quarantined"]
    assert answers[2]["code"] == "SYNC-019"
    assert records(db) == 1
    assert quarantined(db, "SYNC-019") == 1
    assert programme.push([changed])[0]["code"] == "SYNC-019"
    assert quarantined(db, "SYNC-019") == 1


def test_the_same_batch_twice_at_once(db: Database, programme: Programme) -> None:
    """Two phones' worth of threads push the same records, in opposite order."""
    batch = [enrolment(programme)[1] for _ in range(30)]
    statuses: list[str] = []

    def send(parcels: list[Any]) -> None:
        from django.db import connections

        try:
            statuses.extend(a["status"] for a in programme.push(parcels))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=(part,)) for part in (batch, batch[::-1], batch, batch[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == ["accepted"] * 30 + ["duplicate"] * 90
    assert records(db) == 30
    assert count(db, "SELECT count(*) FROM people.identity_record") == 30


def _with(parcel: Any, programme: Programme, **members: Any) -> Any:
    changed = json.loads(json.dumps(parcel))
    changed["record"] = programme.phone.signed(changed["record"] | members)
    return changed


def _spoilt(parcel: Any, **members: Any) -> Any:
    changed = json.loads(json.dumps(parcel))
    changed["record"] |= members
    return changed


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda p, pr: "text", "SYNC-010"),
        (lambda p, pr: None, "SYNC-010"),
        (lambda p, pr: {"record": 7}, "SYNC-010"),
        (lambda p, pr: {"record": p["record"], "extra": 1}, "SYNC-010"),
        (lambda p, pr: {"carried": "AAAA"}, "SYNC-021"),
        (lambda p, pr: {"carried": "not base64!"}, "SYNC-021"),
        (lambda p, pr: {"carried": 5}, "SYNC-021"),
        (lambda p, pr: _with(p, pr, id="7"), "SYNC-010"),
        (lambda p, pr: _with(p, pr, counter="12"), "SYNC-010"),
        (lambda p, pr: _with(p, pr, counter=-1), "SYNC-010"),
        (lambda p, pr: _with(p, pr, site=10**12), "SYNC-010"),
        (lambda p, pr: _with(p, pr, device_clock="yesterday"), "SYNC-010"),
        (lambda p, pr: _with(p, pr, device_clock="2026-11-20T10:00:00"), "SYNC-010"),
        (lambda p, pr: _with(p, pr, answers=[]), "SYNC-010"),
        (lambda p, pr: _with(p, pr, happened="2025-02-30"), "SYNC-010"),
        (lambda p, pr: _with(p, pr, colour="blue"), "SYNC-010"),
        (lambda p, pr: _spoilt(p, answers={"person/age": 2**60}), "SYNC-010"),
        (lambda p, pr: _with(p, pr, form="horoscope"), "SYNC-011"),
        (lambda p, pr: _with(p, pr, form_version="1999-01-01"), "SYNC-011"),
        (lambda p, pr: _with(p, pr, answers={"person/age": "old"}), "SYNC-012"),
        (lambda p, pr: _with(p, pr, answers={"person/given_name": "Grace"}), "SYNC-012"),
        (lambda p, pr: _with(p, pr, answers={"treatment/supplied_days": 5000}), "SYNC-012"),
        (lambda p, pr: _with(p, pr, answers={"birth_year": "\x00"}), "SYNC-012"),
        (lambda p, pr: _with(p, pr, happened="2099-01-01"), "SYNC-013"),
        (lambda p, pr: _with(p, pr, happened="1899-12-31"), "SYNC-013"),
        (lambda p, pr: _with(p, pr, author=str(pr.strange_mentor.id)), "SYNC-014"),
        (lambda p, pr: _with(p, pr, site=pr.elsewhere.id), "SYNC-015"),
        (lambda p, pr: _with(p, pr, organisation=pr.elsewhere.organisation_id), "SYNC-015"),
        (lambda p, pr: _with(p, pr, device=str(UUID(int=1))), "SYNC-016"),
        (lambda p, pr: _with(p, pr, device=pr.strange_phone.device), "SYNC-018"),
        (lambda p, pr: _spoilt(p, happened="2025-01-01"), "SYNC-018"),
        (lambda p, pr: _spoilt(p, signature="AAAA"), "SYNC-018"),
        (lambda p, pr: _with(p, pr, device_clock="9999-12-31T23:59:59+00:00"), "SYNC-010"),
        (lambda p, pr: _with(p, pr, device_clock="0001-01-01T00:00:00+00:00"), "SYNC-010"),
        (lambda p, pr: p | {"identities": []}, "SYNC-020"),
        (lambda p, pr: p | {"identities": "none"}, "SYNC-020"),
        (lambda p, pr: p | {"identities": [p["identities"][0] | {"sealed": "AAAA"}]}, "SYNC-020"),
        (lambda p, pr: p | {"identities": [p["identities"][0] | {"key": None}]}, "SYNC-020"),
        (lambda p, pr: p | {"identities": [p["identities"][0] | {"key": "AAAA"}]}, "SYNC-020"),
        (lambda p, pr: p | {"identities": [p["identities"][0] | {"client": "x"}]}, "SYNC-020"),
        (lambda p, pr: p | {"identities": [p["identities"][0] | {"client": str(uuid4())}]}, "SYNC-020"),
        (lambda p, pr: _with(p, pr, seals=p["record"]["seals"] * 2) | {"identities": p["identities"] * 2}, "SYNC-020"),
    ],
)
def test_one_bad_parcel_is_quarantined_and_the_others_kept(
    db: Database, programme: Programme, spoil: Any, code: str
) -> None:
    good = [enrolment(programme)[1] for _ in range(2)]
    bad = spoil(enrolment(programme)[1], programme)
    for _ in range(2):
        answers = programme.push([good[0], bad, good[1]])
        assert answers[1]["status"] == "quarantined"
        assert answers[1]["code"] == code, answers[1]
        assert {answers[0]["status"], answers[2]["status"]} <= {"accepted", "duplicate"}
        assert "Grace" not in json.dumps(answers)
    assert records(db) == 2
    assert quarantined(db, code) == 1


def test_what_is_quarantined_can_be_read_again_byte_for_byte(programme: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.quarantine import content_of, waiting

    bad = _with(enrolment(programme)[1], programme, happened="2099-01-01")
    programme.push([bad])
    with scoped(scope_of(programme.coordinator)):
        (row,) = waiting()
        assert json.loads(content_of(row))["parcel"] == bad
        assert b"Grace" not in bytes(row.sealed)
    with scoped(scope_of(programme.stranger)):
        assert not waiting()


def test_a_revoked_phone_is_refused_and_what_others_carry_for_it_is_quarantined(
    db: Database, programme: Programme
) -> None:
    from mentormothers.access.devices import revoke
    from mentormothers.access.models import Device

    api = Api(programme.phone)
    api.token()
    second = enrolled(programme.coordinator, programme.home, [programme.mentor])
    _, parcel = enrolment(programme)
    revoke(Device.objects.get(id=programme.phone.device), by=programme.coordinator)
    refused = api.push([parcel])
    assert (refused.status_code, refused.json()["code"]) == (403, "DEV-004")
    assert programme.push([programme.phone.carried(parcel)], second)[0]["code"] == "SYNC-016"
    assert records(db) == 0


def test_another_phone_of_the_site_may_carry_unsent_work(db: Database, programme: Programme) -> None:
    second = enrolled(programme.coordinator, programme.home, [programme.coordinator])
    _, parcel = enrolment(programme)
    assert programme.push([programme.phone.carried(parcel)], second)[0]["status"] == "accepted"


def test_a_phone_of_another_site_may_not_bring_records_in(db: Database, programme: Programme) -> None:
    _, parcel = enrolment(programme)
    (answer,) = programme.push([programme.phone.carried(parcel)], programme.strange_phone)
    assert (answer["status"], answer["code"]) == ("quarantined", "SYNC-015")
    assert records(db) == 0


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        pytest.param(b"", {}, 422, "SYNC-001", id="empty"),
        pytest.param(b"[]", {}, 422, "SYNC-001", id="a list"),
        pytest.param(b'{"parcels": {}}', {}, 422, "SYNC-001", id="parcels no list"),
        pytest.param(b'{"parcels": [], "more": 1}', {}, 422, "SYNC-001", id="unknown member"),
        pytest.param(b'{"parcels": [NaN]}', {}, 422, "SYNC-001", id="NaN"),
        pytest.param(b'{"parcels": [' + b"[" * 100_000, {}, 422, "SYNC-001", id="very deep"),
        pytest.param(b"\xff\xfe", {}, 422, "SYNC-001", id="no UTF-8"),
        pytest.param(
            gzip.compress(b'{"parcels": []}')[:-9], {"content-encoding": "gzip"}, 422, "SYNC-001", id="gzip cut off"
        ),
        pytest.param(b"not gzip", {"content-encoding": "gzip"}, 422, "SYNC-001", id="no gzip"),
        pytest.param(b"{}", {"content-encoding": "br"}, 415, "SYNC-003", id="brotli"),
        pytest.param(
            gzip.compress(b" " * 50_000_000), {"content-encoding": "gzip"}, 413, "SYNC-002", id="gzip of 50 MB"
        ),
        pytest.param(b" " * 8_000_001, {}, 413, "SYNC-002", id="8 MB"),
        pytest.param(json.dumps({"parcels": [None] * 1001}).encode(), {}, 413, "SYNC-002", id="1001 parcels"),
    ],
)
def test_a_batch_that_cannot_be_read_changes_nothing(
    db: Database, programme: Programme, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    api = Api(programme.phone)
    answer = api.client.post(
        "/api/v1/records", body, content_type="application/json",
        headers={"authorization": f"Bearer {api.token()}"} | headers,
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert set(answer.json()) == {"code", "message", "remedy"}
    assert records(db) == 0


def test_another_content_type_is_refused(programme: Programme) -> None:
    api = Api(programme.phone)
    answer = api.client.post(
        "/api/v1/records", b"<x/>", content_type="text/xml", headers={"authorization": f"Bearer {api.token()}"}
    )
    assert (answer.status_code, answer.json()["code"]) == (415, "SYNC-003")


def test_a_gzipped_batch_is_taken(programme: Programme) -> None:
    api = Api(programme.phone)
    body = gzip.compress(json.dumps({"parcels": [enrolment(programme)[1]]}).encode())
    answer = api.client.post(
        "/api/v1/records", body, content_type="application/json",
        headers={"authorization": f"Bearer {api.token()}", "content-encoding": "gzip"},
    )  # fmt: skip
    assert answer.json()["answers"][0]["status"] == "accepted"


def test_identity_and_care_of_one_enrolment_are_kept_together_or_not_at_all(
    db: Database, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    from mentormothers.sync import push as pushing

    def fail(_: object) -> None:
        raise OperationalError("the server went away between the two writes")

    _, parcel = enrolment(programme)
    monkeypatch.setattr(pushing, "keep_identities", fail)
    answer = Api(programme.phone).push([parcel])
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "SYNC-005", "30")
    assert (records(db), facts(db), quarantined(db, "SYNC-029")) == (0, 0, 0)
    monkeypatch.undo()
    assert programme.push([parcel])[0]["status"] == "accepted"
    assert records(db) == 1


def test_of_two_keys_that_come_at_once_the_first_counts(
    db: Database, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mentormothers.people import keeping

    client, parcel = enrolment(programme)
    assert programme.push([parcel])[0]["status"] == "accepted"
    programme.phone.client_keys[client] = b"another key of thirty-two bytes."
    other = programme.phone.parcel(
        "enrolment", str(programme.mentor.id), client, parcel["record"]["answers"], at=programme.now,
        identities={client: {"name.given": "Grace"}}, source="register",
    )  # fmt: skip
    # As if the first were not committed yet when the second looked for a key.
    monkeypatch.setattr(keeping, "_keys_to_keep_with", lambda clients: ({}, set()))
    assert programme.push([other])[0]["code"] == "SYNC-020"
    assert (records(db), count(db, "SELECT count(*) FROM people.identity_record")) == (1, 1)


def test_a_woman_who_refuses_is_counted_without_a_trace_of_her(db: Database, programme: Programme) -> None:
    parcel = programme.phone.parcel(
        "enrolment", str(programme.mentor.id), None, {"keep/data_use": "refused"}, at=programme.now
    )
    assert programme.push([parcel])[0]["status"] == "accepted"
    assert (records(db), facts(db), count(db, "SELECT count(*) FROM care.client")) == (1, 0, 0)


def test_a_result_may_come_before_the_birth(db: Database, programme: Programme) -> None:
    mother, enrolled_parcel = enrolment(programme)
    baby = programme.phone.new_client()
    today = programme.now.date().isoformat()
    birth = programme.phone.parcel(
        "birth", str(programme.mentor.id), mother,
        {"when/born_on": today, "when/outcome": "live", "when/birth_place": "home", "when/source": "observed",
         "babies": "1", "baby": [{"baby_id": baby, "sex": "f", "plan": "exclusive", "medicine": "yes", "joins": "infant",
                                  "dob": today}]},
        at=programme.now, identities={baby: {}},
    )  # fmt: skip
    test = programme.phone.parcel(
        "infant_test", str(programme.mentor.id), baby,
        {"what_page/what": ["sample"], "what_page/source": "register", "sample_page/sampled_on": today, "sample_page/point": "birth"},
        at=programme.now + timedelta(minutes=1), source="register",
    )  # fmt: skip
    for parcel in (test, birth, enrolled_parcel):
        assert programme.push([parcel])[0]["status"] == "accepted"
    assert count(db, "SELECT count(*) FROM care.client WHERE mother = %s AND role = 'infant'", UUID(mother)) == 1
    assert count(db, "SELECT count(*) FROM care.caseload WHERE client = %s", UUID(baby)) == 1


def test_the_counter_is_remembered(programme: Programme) -> None:
    from mentormothers.access.models import Device

    programme.push([enrolment(programme)[1] for _ in range(3)])
    assert Device.objects.get(id=programme.phone.device).last_counter == 3


def test_no_name_stands_in_care(db: Database, programme: Programme) -> None:
    programme.push([enrolment(programme)[1], _with(enrolment(programme)[1], programme, happened="2099-01-01")])
    assert db.admin
    with psycopg.connect(db.admin) as connection:
        for table in ("care.record", "care.fact", "care.client", "care.quarantined", "people.identity_record"):
            text = str(connection.execute(f"SELECT t::text FROM {table} t".encode()).fetchall())
            for word in ("Grace", "Banda", "Chilomoni", "0991234567"):
                assert word not in text, table
                assert base64.b64encode(word.encode()).decode().rstrip("=") not in text, table


def sealed_again(programme: Programme, text: bytes) -> Any:
    """An enrolment whose identity answers are these bytes, properly sealed and signed."""
    client, parcel = enrolment(programme)
    record, nonce = parcel["record"], b"0" * 12
    label = f"{record['id']}/{client}".encode()
    sealed = nonce + AESGCM(programme.phone.client_keys[client]).encrypt(nonce, text, label)
    parcel["identities"][0]["sealed"] = base64.b64encode(sealed).decode()
    parcel["record"] = programme.phone.signed(record | {"seals": [hashlib.sha256(sealed).hexdigest()]})
    return parcel


@pytest.mark.parametrize(
    "text", [b'{"note":' + b"[" * 60_000, b'{"note":' + b"[" * 30_000 + b"]" * 30_000 + b"}", b"[]", b"\xff", b""]
)
def test_a_sealed_part_that_cannot_be_read_costs_its_own_record_only(
    db: Database, programme: Programme, text: bytes
) -> None:
    good, bad = programme.push([enrolment(programme)[1], sealed_again(programme, text)])
    assert (good["status"], bad["code"]) == ("accepted", "SYNC-020")
    assert bad["reason"].count("Its sealed part is missing") == 1
    assert records(db) == 1


def test_a_name_cut_in_the_middle_of_a_sign_can_be_shown(programme: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.register.names import names_for

    said = (
        b'{"name.given": "Gr\\ud83d", "name.called": [[]], "phone.number": 991234567, "address.village": "a\\u0000b"}'
    )
    parcel = sealed_again(programme, said)
    assert programme.push([parcel])[0]["status"] == "accepted"
    with scoped(scope_of(programme.coordinator)):
        client = UUID(parcel["record"]["client"])
        seen = names_for(programme.coordinator, [client], screen="test")[client]
    assert (seen.given, seen.called, seen.phone, seen.village) == ("Gr?", "", "991234567", "ab")
    assert seen.name.encode()


@pytest.mark.parametrize(
    "error", [RecursionError("too deep"), ValueError("whatever")], ids=lambda error: type(error).__name__
)
def test_whatever_a_parcel_breaks_costs_the_others_nothing(
    db: Database, programme: Programme, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    from mentormothers.sync import push as pushing

    _, good = enrolment(programme)
    _, bad = enrolment(programme)
    keep = pushing.keep_records

    def fail(batch: Any, also: Any = ()) -> Any:
        if any(str(prepared.made.id) == bad["record"]["id"] for prepared in batch):
            raise error
        return keep(batch, also)

    monkeypatch.setattr(pushing, "keep_records", fail)
    answers = programme.push([good, bad])
    assert [a.get("code", a["status"]) for a in answers] == ["accepted", "SYNC-029"]
    assert records(db) == 1 and quarantined(db, "SYNC-029") == 1


@pytest.mark.parametrize(("day", "taken"), [(1, True), (2, False), (27_000, False)])
def test_nothing_is_supplied_after_tomorrow(db: Database, programme: Programme, day: int, taken: bool) -> None:
    from django.utils import timezone

    _, parcel = enrolment(programme)
    answers = parcel["record"]["answers"] | {
        "treatment/supplied_on": (timezone.localdate() + timedelta(days=day)).isoformat()
    }
    parcel["record"] = programme.phone.signed(parcel["record"] | {"answers": answers})
    (answer,) = programme.push([parcel])
    assert answer.get("code", "") == ("" if taken else "SYNC-013")
    assert records(db) == int(taken)


def test_a_body_in_chunks_is_told_what_to_do(programme: Programme) -> None:
    answer = Api(programme.phone).push([], **{"transfer-encoding": "chunked"})
    assert (answer.status_code, answer.json()["code"]) == (422, "SYNC-001")
    assert "length" in answer.json()["message"]
