"""Phones: enrolled once by a short-lived code, let in by their key, put out at once."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from mentormothers.config.demo.phone import SyntheticPhone
from tests.programme import Api, Programme


def code(programme: Programme) -> str:
    from mentormothers.access.devices import make_code

    return make_code(
        by=programme.coordinator, site=programme.home.id, organisation=programme.home.organisation_id,
        people=[programme.mentor],
    )  # fmt: skip


def enrol(text: str, phone: SyntheticPhone | None = None) -> Any:
    phone = phone or SyntheticPhone()
    return Api(phone).post("/devices", {"code": text, "public_key": phone.public_key})


def test_a_code_works_once_however_it_is_typed(programme: Programme) -> None:
    text = code(programme)
    first = enrol(text.lower().replace("-", " "))
    assert first.status_code == 201
    assert first.json()["users"] == [
        {"id": str(programme.mentor.id), "first_name": "Promise", "role": "mentor", "language": "en"}
    ]
    again = enrol(text)
    assert (again.status_code, again.json()["code"]) == (404, "DEV-001")


def test_a_code_is_over_after_a_quarter_of_an_hour(programme: Programme) -> None:
    from django.utils import timezone

    from mentormothers.access.models import EnrolmentCode

    text = code(programme)
    EnrolmentCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert enrol(text).json()["code"] == "DEV-001"


def test_unknown_used_and_outdated_codes_are_told_alike(programme: Programme) -> None:
    used = code(programme)
    enrol(used)
    assert enrol(used).content == enrol("AAAA-AAAA-AA").content


def test_codes_cannot_be_tried_one_after_another(programme: Programme) -> None:
    answers = [enrol(f"AAAA-AAAA-{n:02d}") for n in range(12)]
    assert answers[-1].status_code == 429
    assert answers[-1].headers["Retry-After"]
    good = enrol(code(programme))
    assert good.json()["code"] == "DEV-002"


def test_the_code_itself_is_not_kept(programme: Programme) -> None:
    from mentormothers.access.models import EnrolmentCode

    text = code(programme)
    row = EnrolmentCode.objects.values().latest("expires_at")
    assert text not in str(row) and text.replace("-", "") not in str(row)


@pytest.mark.parametrize("key", ["", "AAAA", "not base64", "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE"])
def test_what_is_no_public_key_is_refused_and_the_code_stays_good(programme: Programme, key: str) -> None:
    text = code(programme)
    answer = Api(SyntheticPhone()).post("/devices", {"code": text, "public_key": key})
    assert (answer.status_code, answer.json()["code"]) == (422, "DEV-005")
    assert enrol(text).status_code == 201


def test_a_key_of_another_curve_is_refused(programme: Programme) -> None:
    import base64

    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP384R1()).public_key()
    text = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    answer = Api(SyntheticPhone()).post(
        "/devices", {"code": code(programme), "public_key": base64.b64encode(text).decode()}
    )
    assert answer.json()["code"] == "DEV-005"


def test_a_challenge_works_once(programme: Programme) -> None:
    api = Api(programme.phone)
    text = api.post("/grants/challenge", {"device": programme.phone.device}).json()["challenge"]
    signed = {
        "device": programme.phone.device,
        "challenge": text,
        "signature": programme.phone.sign(f"mentormothers-grant:{text}".encode()),
    }
    assert api.post("/grants", signed).status_code == 200
    assert api.post("/grants", signed).json()["code"] == "DEV-003"


def test_another_key_gets_no_grant_and_an_unknown_device_is_told_the_same(programme: Programme) -> None:
    stranger = SyntheticPhone(device=programme.phone.device)
    unknown = SyntheticPhone(device=str(uuid4()))
    answers = []
    for phone in (stranger, unknown):
        api = Api(phone)
        asked = api.post("/grants/challenge", {"device": phone.device})
        assert asked.status_code == 200
        text = asked.json()["challenge"]
        signature = phone.sign(f"mentormothers-grant:{text}".encode())
        answers.append(api.post("/grants", {"device": phone.device, "challenge": text, "signature": signature}))
    assert answers[0].content == answers[1].content
    assert answers[0].status_code == 401


def test_a_grant_is_over_after_hours(programme: Programme) -> None:
    from django.utils import timezone

    from mentormothers.access.models import Grant

    api = Api(programme.phone)
    api.token()
    Grant.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert api.push([]).json()["code"] == "DEV-003"


def test_revocation_takes_effect_at_the_next_request(programme: Programme) -> None:
    from mentormothers.access.devices import revoke
    from mentormothers.access.models import AuditEvent, Device

    api = Api(programme.phone)
    assert api.push([]).status_code == 200
    revoke(Device.objects.get(id=programme.phone.device), by=programme.coordinator)
    assert (api.push([]).status_code, api.push([]).json()["code"]) == (403, "DEV-004")
    asked = api.post("/grants/challenge", {"device": programme.phone.device}).json()["challenge"]
    signature = programme.phone.sign(f"mentormothers-grant:{asked}".encode())
    granted = api.post("/grants", {"device": programme.phone.device, "challenge": asked, "signature": signature})
    assert granted.json()["code"] == "DEV-004"
    assert AuditEvent.objects.filter(what="device.revoked", who=programme.coordinator.id).count() == 1


def test_a_grant_tells_the_highest_counter(programme: Programme) -> None:
    from tests.programme import enrolment

    programme.push([enrolment(programme)[1] for _ in range(4)])
    api = Api(programme.phone)
    asked = api.post("/grants/challenge", {"device": programme.phone.device}).json()["challenge"]
    signature = programme.phone.sign(f"mentormothers-grant:{asked}".encode())
    granted = api.post("/grants", {"device": programme.phone.device, "challenge": asked, "signature": signature})
    assert granted.json()["last_counter"] == 4


@pytest.mark.parametrize("text", ["\ud800", "\x00", "", "é"])
def test_a_damaged_challenge_or_signature_gets_no_grant(programme: Programme, text: str) -> None:
    signed = {"device": programme.phone.device, "challenge": text, "signature": text}
    answer = Api(programme.phone).post("/grants", signed)
    assert (answer.status_code, answer.json()["code"]) == (401, "DEV-003")


@pytest.mark.parametrize("path", ["/api/v1/horoscope", "/api/v2/records", "/api/"])
def test_a_phone_that_asks_for_an_address_that_is_not_here_is_told_so(programme: Programme, path: str) -> None:
    from django.test import Client

    answer = Client().get(path)
    assert answer.status_code == 404
    assert answer.json()["code"] == "SYNC-008" and answer.json()["remedy"]


def test_what_goes_wrong_here_is_said_to_a_phone_without_its_inside(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.test import Client

    from mentormothers.access import devices

    def broken(*_: object) -> None:
        raise RuntimeError("Grace Banda")

    monkeypatch.setattr(devices, "challenge", broken)
    client = Client(raise_request_exception=False)
    answer = client.post(
        "/api/v1/grants/challenge", {"device": programme.phone.device}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (500, "SYNC-009")
    assert "Grace" not in answer.content.decode()
