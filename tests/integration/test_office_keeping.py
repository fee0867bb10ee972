"""Phones, records to mend, people and sites: what each screen does, and what it says to input that makes no sense."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.office import Office, make_office, text
from tests.programme import Programme

HUGE = "x" * 100_000


@pytest.fixture
def office(programme: Programme) -> Office:
    return make_office(programme)


def new_phone(office: Office, who: str = "coordinator", **sent: Any) -> Any:
    return office.browser(who).post("/phones/new", {"people": [str(office.programme.mentor.id)], "label": "P 3"} | sent)


@pytest.mark.parametrize("who", ["coordinator", "administrator"])
def test_a_code_is_shown_once_and_stands_in_no_address_that_travels(office: Office, who: str) -> None:
    answer = new_phone(office, who, site=str(office.programme.home.id))
    shown = text(answer)
    (code,) = re.findall(r'<p class="code" aria-label="Code">([A-Z0-9-]+)</p>', shown)
    assert "Show this to the phone" in shown and "<svg" in shown and "for Promise" in shown
    assert answer.headers["Cache-Control"] and "no-store" in answer.headers["Cache-Control"]
    for page in ("/phones", "/phones/new"):
        assert code not in text(office.browser(who).get(page))
    for address in re.findall(r'(?:href|action|src)="([^"]*)"', shown):
        assert code not in address


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"people": []}, "Please choose at least one person."),
        ({"people": ["not-an-id"]}, "not one of the available choices"),
        ({"people": [str(uuid4())]}, "not one of the available choices"),
        ({"label": ""}, "This field is required"),
        ({"label": HUGE}, "at most 60 characters"),
        ({"label": "\x00"}, "Null characters are not allowed"),
        ({"site": "999999"}, "At which site?"),
        ({"site": "' OR 1=1"}, "At which site?"),
        ({"site": HUGE}, "At which site?"),
    ],
)
def test_a_code_is_made_for_somebody_who_works_there_only(office: Office, sent: dict[str, Any], said: str) -> None:
    from mentormothers.access.models import EnrolmentCode

    before = EnrolmentCode.objects.count()
    answer = new_phone(office, **sent)
    assert answer.status_code == 400 and said in text(answer)
    assert EnrolmentCode.objects.count() == before


def test_a_phone_is_put_out_after_a_question(office: Office) -> None:
    from mentormothers.access.models import Device

    path, browser = f"/phones/{office.programme.phone.device}/revoke", office.browser()
    assert "out of service?" in text(browser.get(path))
    assert Device.objects.get(id=office.programme.phone.device).revoked_at is None
    assert browser.post(path).url == "/phones"
    shown = text(browser.get("/phones"))
    assert "The phone is out of service" in shown and "out of service since today" in shown


def test_a_record_to_mend_is_shown_without_opening_what_is_sealed(office: Office) -> None:
    from tests.office import NAMES

    browser, path = office.browser(), f"/mend/{office.quarantined.id}"
    assert "It happened on an impossible day" in text(browser.get("/mend"))
    shown = text(browser.get(path))
    assert "2099-01-01" in shown and "1 sealed part with name and address: not opened here" in shown
    assert not any(name in shown for name in NAMES)
    assert office.audited("quarantine.looked")[0].who == office.programme.coordinator.id
    assert "I vouch" not in shown, "nobody can vouch for a day that is not yet"
    again = browser.post(f"{path}/again")
    assert again.url == path and "It could not be taken" in text(browser.get(path))


def test_a_record_is_set_aside_for_a_reason_and_kept(office: Office) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.models import Quarantined

    browser, path = office.browser(), f"/mend/{office.quarantined.id}/set-aside"
    for because in ("", "I say so", HUGE, "\x00"):
        answer = browser.post(path, {"because": because})
        assert answer.status_code == 400 and "Why does it not count?" in text(answer)
    assert browser.post(path, {"because": "trial"}).url == "/mend"
    assert "Nothing to mend" in text(browser.get("/mend"))
    with scoped(scope_of(office.programme.coordinator)):
        assert Quarantined.objects.filter(id=office.quarantined.id).exists()
    assert browser.post(path, {"because": "trial"}).status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999999", "x", "%00", "1.5"])
def test_a_wrong_number_of_a_record_leads_nowhere(office: Office, number: str) -> None:
    assert office.browser().get(f"/mend/{number}").status_code == 404


PERSON = {"first_name": "Tiyamike", "work": "coordinator", "username": "tiyamike"}


def add(office: Office, **sent: Any) -> Any:
    given = PERSON | {"organisation": str(office.programme.home.organisation_id), "sites": []} | sent
    return office.browser("administrator").post("/people/add", given)


def test_a_password_is_shown_once_and_kept_nowhere(office: Office) -> None:
    from django.test import Client

    from mentormothers.access.models import AuditEvent

    answer = add(office, sites=[str(office.programme.home.id)])
    (password,) = re.findall(r'<p class="code">([a-z0-9-]+)</p>', text(answer))
    assert "no-store" in answer.headers["Cache-Control"]
    assert Client().post("/sign-in", {"username": "tiyamike", "password": password}).url == "/"
    for line in AuditEvent.objects.all():
        assert password not in line.detail and "iyamike" not in line.detail


def test_expert_clients_and_community_mentors_work_as_mentors(office: Office) -> None:
    from mentormothers.access.models import Role, User

    add(office, work="expert_client_man", first_name="Kondwani", username="")
    kondwani = User.objects.get(first_name="Kondwani")
    assert (kondwani.role, kondwani.work) == (Role.MENTOR, "Expert client (man)")
    assert "Expert client (man)" in text(office.browser("administrator").get("/people"))


def test_the_database_knows_no_other_cadre_and_none_of_a_manager(office: Office) -> None:
    from django.db import IntegrityError, transaction

    from mentormothers.access.models import User

    for name, cadre in (("manager", "mentor_mother"), ("mentor", "queen")):
        with pytest.raises(IntegrityError, match="user_cadre_of_mentors"), transaction.atomic():
            User.objects.filter(id=office.people[name].id).update(cadre=cadre)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"first_name": ""}, "This field is required"),
        ({"first_name": HUGE}, "at most 60 characters"),
        ({"family_name": "\x00"}, "Null characters are not allowed"),
        ({"work": "queen"}, "not one of the available choices"),
        ({"username": "Agness!"}, "Please use small letters"),
        ({"username": ""}, "Please give a name to sign in with"),
        ({"username": "agness"}, "This sign-in name is taken"),
        ({"organisation": "99999"}, "not one of the available choices"),
        ({"organisation": "x"}, "not one of the available choices"),
        ({"sites": ["99999"]}, "not one of the available choices"),
        ({"sites": ["x", ""]}, "not one of the available choices"),
    ],
)
def test_a_colleague_is_added_only_as_one_can_be(office: Office, sent: dict[str, Any], said: str) -> None:
    from mentormothers.access.models import User

    before = User.objects.count()
    answer = add(office, **sent)
    assert answer.status_code == 400 and said in text(answer)
    assert User.objects.count() == before


def test_an_account_is_closed_and_opened_but_never_ones_own(office: Office) -> None:
    from mentormothers.access.models import User

    browser, coordinator = office.browser("administrator"), office.programme.coordinator
    assert browser.post(f"/people/{coordinator.id}/close").url == f"/people/{coordinator.id}"
    assert not User.objects.get(id=coordinator.id).is_active
    assert "Her account is closed" in text(browser.get(f"/people/{coordinator.id}"))
    browser.post(f"/people/{coordinator.id}/open")
    assert User.objects.get(id=coordinator.id).is_active
    own = office.programme.administrator.id
    browser.post(f"/people/{own}/close")
    assert User.objects.get(id=own).is_active
    assert "Nobody can close her own account" in text(browser.get(f"/people/{own}"))
    assert browser.post(f"/people/{coordinator.id}/promote").status_code == 404


def facility(office: Office) -> Any:
    from mentormothers.sites.models import Facility

    return Facility.objects.create(
        name="Chileka Health Centre", country="MW", source="test", unplaced_because="no place given"
    )


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"opened": ""}, "This field is required"),
        ({"opened": "2026-02-30"}, "Please write a day that exists"),
        ({"opened": "soon"}, "Please write a day that exists"),
        ({"opened": "\x00"}, "Please write a day that exists"),
        ({"opened": "0001-01-01"}, "not more than a year ahead"),
        ({"opened": "9999-12-31"}, "not more than a year ahead"),
        ({"delivery_model": "magic"}, "not one of the available choices"),
        ({"organisation": "0"}, "not one of the available choices"),
    ],
)
def test_a_site_is_opened_on_a_day_that_can_be(office: Office, sent: dict[str, str], said: str) -> None:
    from mentormothers.sites.models import Site

    before, path = Site.objects.count(), f"/facilities/{facility(office).id}/open"
    given = {
        "opened": "2026-01-05",
        "delivery_model": "direct",
        "organisation": str(office.programme.home.organisation_id),
    }
    answer = office.browser("administrator").post(path, given | sent)
    assert answer.status_code == 400 and said in text(answer)
    assert Site.objects.count() == before


def test_a_site_is_opened_once_and_then_stands_in_the_list(office: Office) -> None:
    browser, path = office.browser("administrator"), f"/facilities/{facility(office).id}/open"
    assert "Chileka" in text(browser.get("/facilities", {"name": "chil"}))
    given = {
        "opened": "2026-01-05",
        "delivery_model": "direct",
        "organisation": str(office.programme.home.organisation_id),
    }
    assert browser.post(path, given).url == "/people"
    assert "Chileka Health Centre is a site now" in text(browser.get("/people"))
    again = browser.post(path, given)
    assert again.status_code == 400 and "has an open site at that facility already" in text(again)


def test_a_site_is_handed_over_from_a_day_on(office: Office) -> None:
    from mentormothers.sites.models import Site

    site, browser = office.programme.home, office.browser("administrator")
    address = f"/sites/{site.id}/hand-over"
    assert "run directly since 1 January 2024" in text(browser.get(address))
    day = office.today - timedelta(days=30)
    assert browser.post(address, {"delivery_model": "partner", "since": str(day)}).status_code == 302
    known = Site.objects.get(id=site.id)
    models = [known.delivery_model_on(one) for one in (date(2023, 12, 31), date(2024, 1, 1), day - timedelta(1), day)]
    assert models == [None, "direct", "direct", "partner"] and known.delivery_model == "partner"
    assert "run by a partner" in text(browser.get("/people"))
    (line,) = office.audited("site.handed_over")
    assert (line.site, line.detail) == (site.id, f"partner from {day}")
    assert browser.post(address, {"delivery_model": "direct", "since": str(day)}).status_code == 302
    assert Site.objects.get(id=site.id).delivery_model == "direct", "a later word on the same day counts"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"delivery_model": "direct", "since": "2024-06-01"}, "On that day it is run like that already"),
        ({"delivery_model": "partner", "since": "2023-12-31"}, "On that day the site was not open"),
        ({"delivery_model": "partner", "since": "2024-02-30"}, "Please write a day that exists"),
        ({"delivery_model": "partner", "since": "2199-01-01"}, "not more than a year ahead"),
        ({"delivery_model": "magic", "since": "2024-06-01"}, "not one of the available choices"),
    ],
)
def test_a_site_is_handed_over_only_as_it_can_be(office: Office, sent: dict[str, str], said: str) -> None:
    answer = office.browser("administrator").post(f"/sites/{office.programme.home.id}/hand-over", sent)
    assert answer.status_code == 400 and said in text(answer)


@pytest.mark.parametrize("name", ["", "x", HUGE[:200], "%", "\x00", "'; --"])
def test_a_facility_that_is_not_found_says_what_to_do(office: Office, name: str) -> None:
    answer = office.browser("administrator").get("/facilities", {"name": name})
    assert answer.status_code == 200
    assert "Part of the name is enough" in text(answer)


@pytest.mark.parametrize("number", ["0", "99999999999999999999999"])
def test_a_facility_that_is_none_leads_back_to_the_search(office: Office, number: str) -> None:
    assert office.browser("administrator").get(f"/facilities/{number}/open").url == "/facilities"
