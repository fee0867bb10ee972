"""The stranger's test of every address: made from the addresses themselves, so that a new one without it fails."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, reverse

from tests.office import PEOPLE, Office, make_office, text
from tests.programme import Programme

Things = Callable[[Office], dict[str, Any]]


def _nothing(office: Office) -> dict[str, Any]:
    return {}


def _site(office: Office) -> dict[str, Any]:
    return {"site": office.programme.home.id}


def _client(office: Office) -> dict[str, Any]:
    return {"client": office.mother}


def _row(office: Office) -> dict[str, Any]:
    return {"number": office.quarantined.id}


def _person(office: Office) -> dict[str, Any]:
    return {"person": office.programme.mentor.id}


def _place(office: Office) -> dict[str, Any]:
    from mentormothers.reports.numbers import quarters

    (quarter,) = quarters(office.today, 1)
    return {"indicator": "TX_ML", "period": quarter.name, "place": str(office.programme.home.id)}


# What of the home site stands in each address. Addresses with something in them are closed to strangers (404).
WITH: dict[str, Things] = {
    "home": _nothing,
    "password": _nothing,
    "my-site": _site,
    "take-along": _site,
    "print-list": _site,
    "export-list": _site,
    "clients": _nothing,
    "client": _client,
    "ask": lambda office: _client(office) | {"item": "ACC.REFILL"},
    "end": lambda office: {"assignment": office.assignment.id},
    "mend": _nothing,
    "mend-one": _row,
    "mend-again": _row,
    "mend-vouch": _row,
    "mend-set-aside": _row,
    "phones": _nothing,
    "new-phone": _nothing,
    "revoke-phone": lambda office: {"device": office.programme.phone.device},
    "results": _nothing,
    "indicator": lambda office: {"indicator": "TX_CURR"},
    "export-numbers": lambda office: {"indicator": "TX_CURR"},
    "behind": _place,
    "people": _nothing,
    "add-person": _nothing,
    "person": _person,
    "person-sites": _person,
    "person-account": lambda office: _person(office) | {"deed": "close"},
    "find-facility": _nothing,
    "open-site": lambda office: {"facility": 1},
}
# Addresses that need no sign-in; each says why.
OPEN = {
    "sign-in": "the door",
    "sign-out": "leaves by it",
    "health": "figures without people",
    "phone": "leads to the app",
    "phone-app": "the app itself holds nobody",
    "phone-file": "the app itself holds nobody",
}
# What stands in these addresses is the same for everybody: an indicator, a facility of a public list.
PUBLIC = {"indicator", "export-numbers", "open-site"}
POSTED = {"mentor": "", "because": "came", "purpose": "clinic_day", "text": "Grace", "names": "on", "sites": []}


@dataclass(frozen=True)
class Address:
    name: str
    view: Any


def addresses(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[Address]:
    """Every address of the server but the device API's, which has tests of its own."""
    from mentormothers.config.urls import urlpatterns

    for pattern in patterns or urlpatterns:
        if isinstance(pattern, URLPattern):
            yield Address(pattern.name or str(pattern.pattern), pattern.callback)
        elif pattern.namespace != "device-api":
            yield from addresses(pattern.url_patterns)


def test_every_address_has_its_strangers_test_and_says_who_sees_it(programme: Programme) -> None:
    for address in addresses():
        assert hasattr(address.view, "seen_by"), f"{address.name}: nobody said who may see it (office.rights)"
        known = OPEN if not address.view.seen_by else WITH
        assert address.name in known, f"{address.name}: please add it to the stranger's test"
    names = {address.name for address in addresses()}
    assert names == set(WITH) | set(OPEN), "the stranger's test names addresses that are no more"


def test_nobody_gets_where_her_role_does_not_lead(programme: Programme) -> None:
    office = make_office(programme)
    before = _state()
    for who in PEOPLE:
        browser = office.browser(who, raise_request_exception=True)
        for address in addresses():
            if address.name in OPEN or (who != "anonymous" and office.people[who].role in address.view.seen_by):
                continue
            path = reverse(address.name, kwargs=WITH[address.name](office))
            for answer in (browser.get(path), browser.post(path, POSTED)):
                if who == "anonymous":
                    assert answer.status_code == 302 and answer.url.startswith("/sign-in"), (who, path)
                else:
                    assert answer.status_code == 403, (who, path, answer.status_code)
                    _shows_nothing(office, who, path, answer, but=("Promise", "Ndirande"))
    assert _state() == before


def test_strangers_of_the_same_role_see_and_change_nothing(programme: Programme) -> None:
    office = make_office(programme)
    before = _state()
    for who in ("stranger", "strange_manager", "strange_administrator"):
        browser = office.browser(who)
        for address in addresses():
            if address.name in OPEN or office.people[who].role not in address.view.seen_by:
                continue
            things = WITH[address.name](office)
            path = reverse(address.name, kwargs=things)
            for answer in (browser.get(path), browser.post(path, POSTED)):
                if things and address.name not in PUBLIC:
                    assert answer.status_code in (404, 405), (who, path, answer.status_code)
                _shows_nothing(office, who, path, answer)
    assert _state() == before


def test_whoever_exists_elsewhere_looks_like_nobody(programme: Programme) -> None:
    from uuid import uuid4

    office = make_office(programme)
    browser = office.browser("stranger")
    theirs = browser.get(f"/clients/{office.mother}")
    nobody = browser.get(f"/clients/{uuid4()}")
    assert theirs.status_code == nobody.status_code == 404
    assert _without_tokens(text(theirs)) == _without_tokens(text(nobody))
    own = office.browser("coordinator").get(f"/clients/{office.mother}")
    assert own.status_code == 200 and "Grace" in text(own)


def test_an_inactive_account_is_out_at_once(programme: Programme) -> None:
    office = make_office(programme)
    browser = office.browser("coordinator")
    assert browser.get("/clients").status_code == 200
    office.people["coordinator"].is_active = False
    office.people["coordinator"].save()
    assert browser.get("/clients").status_code == 302


def _without_tokens(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def _shows_nothing(office: Office, who: str, path: str, answer: Any, but: tuple[str, ...] = ()) -> None:
    if answer.status_code == 302:
        return
    page = text(answer).replace(path, "")  # a form may repeat its own address
    for secret in office.secrets():
        # What somebody typed into a search box stands in it again.
        typed = POSTED["text"] if 'type="search"' in page else None
        assert secret in but or secret == typed or secret not in page, (who, path, secret)


def _state() -> tuple[Any, ...]:
    """What a stranger might have changed."""
    from mentormothers.access.models import Device, EnrolmentCode, Membership, User
    from mentormothers.access.scope import Scope, scoped
    from mentormothers.care.models import QuarantineDecision, Record
    from mentormothers.followup.models import Assignment
    from mentormothers.sites.models import Organisation, Site

    everywhere = Scope(
        tuple(Site.objects.values_list("id", flat=True)), tuple(Organisation.objects.values_list("id", flat=True))
    )
    with scoped(everywhere):
        return (
            Record.objects.count(),
            QuarantineDecision.objects.count(),
            sorted(Assignment.objects.values_list("id", "ended_at")),
            sorted(Device.objects.values_list("id", "revoked_at")),
            EnrolmentCode.objects.count(),
            sorted(Membership.objects.values_list("user", "site")),
            sorted(User.objects.values_list("id", "is_active", "password")),
            Site.objects.count(),
        )
