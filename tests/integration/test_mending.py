"""Mending: a quarantined record is taken once its reason is gone or somebody vouches for its sender."""

import json
from typing import Any

import pytest

from tests.programme import Programme, enrolment


def spoilt(programme: Programme, **members: Any) -> Any:
    parcel = json.loads(json.dumps(enrolment(programme)[1]))
    parcel["record"] = programme.phone.signed(parcel["record"] | members)
    return parcel


def test_a_record_of_a_form_version_not_yet_published_is_taken_afterwards(programme: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.models import Publication, Record
    from mentormothers.care.quarantine import waiting
    from mentormothers.sync.mending import StillUnfitError, take_again

    (answer,) = programme.push([spoilt(programme, form_version="2027-01-01")])
    assert answer["code"] == "SYNC-011"
    with scoped(scope_of(programme.coordinator)):
        (row,) = waiting()
        with pytest.raises(StillUnfitError, match="not known here"):
            take_again(row, by=programme.coordinator)
        known = Publication.objects.get(kind="form", name="enrolment")
        body = known.body.replace(known.version, "2027-01-01")
        Publication.objects.create(kind="form", name="enrolment", version="2027-01-01", digest="d", body=body)
        take_again(row, by=programme.coordinator)
        assert not waiting()
        assert Record.objects.count() == 1


def test_a_coordinator_vouches_for_work_of_a_lost_phone(programme: Programme) -> None:
    from mentormothers.access.devices import revoke
    from mentormothers.access.models import Device
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.models import Fact, Record
    from mentormothers.care.quarantine import waiting
    from mentormothers.sync.mending import StillUnfitError, take_again
    from tests.programme import enrolled

    second = enrolled(programme.coordinator, programme.home, [programme.mentor])
    _, parcel = enrolment(programme)
    revoke(Device.objects.get(id=programme.phone.device), by=programme.coordinator)
    assert programme.push([programme.phone.carried(parcel)], second)[0]["code"] == "SYNC-016"
    with scoped(scope_of(programme.coordinator)):
        (row,) = waiting()
        with pytest.raises(StillUnfitError):
            take_again(row, by=programme.coordinator)
        take_again(row, by=programme.coordinator, vouched=True)
        assert Record.objects.count() == 1 and Fact.objects.exists()
        assert not waiting()


def test_nobody_can_vouch_for_what_a_record_says(programme: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.quarantine import waiting
    from mentormothers.sync.mending import StillUnfitError, take_again

    programme.push([spoilt(programme, happened="2099-01-01")])
    with scoped(scope_of(programme.coordinator)):
        (row,) = waiting()
        with pytest.raises(StillUnfitError, match="vouch"):
            take_again(row, by=programme.coordinator, vouched=True)
        assert list(waiting()) == [row]


def test_what_is_set_aside_stays_and_waits_no_more(programme: Programme) -> None:
    from mentormothers.access.models import AuditEvent
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.models import Quarantined
    from mentormothers.care.quarantine import SET_ASIDE, decide, waiting

    programme.push([spoilt(programme, happened="2099-01-01")])
    with scoped(scope_of(programme.coordinator)):
        (row,) = waiting()
        decide(row, SET_ASIDE, by=programme.coordinator, reason="entered again by hand")
        assert not waiting()
        assert Quarantined.objects.count() == 1
    assert AuditEvent.objects.filter(what="quarantine.set_aside", who=programme.coordinator.id).exists()


def test_what_waited_for_its_form_is_taken_also_when_its_phone_was_put_out_since(programme: Programme) -> None:
    from mentormothers.access.devices import revoke
    from mentormothers.access.models import Device
    from mentormothers.care.models import Publication
    from mentormothers.config.jobs import retry_quarantined

    assert programme.push([spoilt(programme, form_version="2027-01-01")])[0]["code"] == "SYNC-011"
    revoke(Device.objects.get(id=programme.phone.device), by=programme.coordinator)
    known = Publication.objects.get(kind="form", name="enrolment")
    body = known.body.replace("2026-11-20", "2027-01-01")
    Publication.objects.create(kind="form", name="enrolment", version="2027-01-01", digest="d", body=body)
    assert retry_quarantined() == 1
