"""The stranger's test of every address: made from the addresses themselves, so that a new one without it fails."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, reverse

from tests.office import NAMES, PEOPLE, Office, make_office, text, woman
from tests.programme import Programme

Things = Callable[[Office], dict[str, Any]]


def _office(programme: Programme) -> Office:
    """The small office, with a woman who was enrolled twice and joined."""
    from mentormothers.register.merging import say_same_person

    office = make_office(programme)
    again = {"name.given": "Ruth", "name.family": "Mwale", "address.village": "Mpemba"}
    (one, first), (other, second) = (woman(programme, days_ago=1, identity=again) for _ in range(2))
    programme.push([first, second])
    office.joined = say_same_person(UUID(one), UUID(other), by=programme.coordinator)
    return office


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


def _pair(office: Office) -> dict[str, Any]:
    """Grace and Takondwa, proposed as if they might be one."""
    from mentormothers.access.scope import LINKAGE, Scope, as_role, scoped
    from mentormothers.linkage.models import Proposal

    a, b = sorted((office.mother, office.baby))
    organisation = office.programme.home.organisation_id
    said = {"probability": 0.9, "weights": [["given name", "the same", 8.0]], "model": "tests"}
    with scoped(Scope((), (organisation,))), as_role(LINKAGE):
        Proposal.objects.get_or_create(a=a, b=b, organisation=organisation, defaults=said)
    return {"a": a, "b": b}


def _with_a_pair(office: Office) -> dict[str, Any]:
    _pair(office)
    return {}


# What of the home site stands in each address. Addresses with something in them are closed to strangers (404).
WITH: dict[str, Things] = {
    "home": _nothing,
    "password": _nothing,
    "my-site": _site,
    "take-along": _site,
    "print-list": _site,
    "export-list": _site,
    "mentor-list": lambda office: {"mentor": office.programme.mentor.id},
    "follow-up": _nothing,
    "clients": _nothing,
    "look-up": _nothing,
    "same-person": _with_a_pair,
    "decide-same-person": _pair,
    "is-here": _nothing,
    "end-stay": _client,
    "client": _client,
    "erase": _client,
    "put-right": lambda office: _client(office) | {"record": office.record},
    "part": lambda office: {"record": office.joined},
    "groups": _nothing,
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
    "cards": _nothing,
    "cards-file": lambda office: {"sheet": office.cards.id},
    "overview": _nothing,
    "place": lambda office: {"place": str(office.programme.home.id)},
    "country-file": lambda office: {"indicator": "TX_CURR"},
    "protocol": _nothing,
    "protocol-page": _nothing,
    "protocol-pdf": _nothing,
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
    "hand-over": lambda office: {"number": office.programme.home.id},
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
PUBLIC = {"indicator", "export-numbers", "country-file", "open-site"}
POSTED = {"mentor": "", "because": "came", "purpose": "clinic_day", "text": "Grace", "names": "on", "sites": [],
          "decision": "not_same"}  # fmt: skip


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
    office = _office(programme)
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
    office = _office(programme)
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

    office = _office(programme)
    browser = office.browser("stranger")
    theirs = browser.get(f"/clients/{office.mother}")
    nobody = browser.get(f"/clients/{uuid4()}")
    assert theirs.status_code == nobody.status_code == 404
    assert _without_tokens(text(theirs)) == _without_tokens(text(nobody))
    own = office.browser("coordinator").get(f"/clients/{office.mother}")
    assert own.status_code == 200 and "Grace" in text(own)


def test_an_inactive_account_is_out_at_once(programme: Programme) -> None:
    from mentormothers.access.models import User

    office = _office(programme)
    browser = office.browser("coordinator")
    assert browser.get("/clients").status_code == 200
    User.objects.filter(id=office.people["coordinator"].id).update(is_active=False)  # not the object: tests share it
    assert browser.get("/clients").status_code == 302


def test_whose_work_it_is_gets_there(programme: Programme) -> None:
    """Without this the stranger's tests could pass because nobody gets anywhere."""
    office = _office(programme)
    office.publish()
    reached = set()
    for who in ("mentor", "coordinator", "manager", "ministry", "administrator"):  # who closes accounts last
        browser = office.browser(who)
        for address in addresses():
            if address.name in OPEN or office.people[who].role not in address.view.seen_by:
                continue
            answer = browser.get(reverse(address.name, kwargs=WITH[address.name](office)))
            if answer.status_code == 405:
                answer = browser.post(answer.wsgi_request.path, POSTED)
            if address.name == "home" and who == "mentor":
                assert answer.status_code == 403, "her work is on the phone"
            else:
                assert answer.status_code in (200, 302, 400), (who, address.name, answer.status_code)
            reached.add(address.name)
    assert reached == set(WITH)


def test_nothing_is_taken_without_the_token_of_its_form(programme: Programme) -> None:
    office = _office(programme)
    before = _state()
    for who in ("coordinator", "manager", "ministry", "administrator"):
        browser = office.browser(who, enforce_csrf_checks=True)
        for address in addresses():
            if address.view.seen_by and office.people[who].role not in address.view.seen_by:
                continue
            if address.name.startswith("phone") and address.name in OPEN:
                continue
            kwargs = {} if address.name in OPEN else WITH[address.name](office)
            answer = browser.post(reverse(address.name, kwargs=kwargs), POSTED)
            assert answer.status_code == 403 and "Please send it again" in text(answer), (who, address.name)
    assert _state() == before
    assert office.browser("coordinator").get("/clients").status_code == 200


def test_other_methods_are_refused(programme: Programme) -> None:
    office = _office(programme)
    for who in ("coordinator", "manager", "ministry", "administrator"):
        browser = office.browser(who)
        for address in addresses():
            if address.name in OPEN or office.people[who].role not in address.view.seen_by:
                continue
            path = reverse(address.name, kwargs=WITH[address.name](office))
            for method in (browser.put, browser.patch, browser.delete, browser.options):
                assert method(path).status_code == 405, (who, path)


def test_wherever_a_name_is_shown_the_look_is_written_down(programme: Programme) -> None:
    from mentormothers.access.models import AuditEvent

    office = _office(programme)
    shown = set()
    for who in ("coordinator", "manager", "ministry", "administrator"):
        browser = office.browser(who)
        for address in addresses():
            if address.name in OPEN or office.people[who].role not in address.view.seen_by:
                continue
            path = reverse(address.name, kwargs=WITH[address.name](office))
            for send in (browser.get, lambda path, by=browser: by.post(path, POSTED)):
                last = AuditEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
                page = text(send(path)).replace(f'value="{POSTED["text"]}"', "")
                looked = AuditEvent.objects.filter(
                    id__gt=last, what__startswith="identity.seen", who=office.people[who].id
                )
                seen = {client for line in looked for client in line.clients}
                for client, names in ((office.mother, NAMES[:-1]), (office.baby, NAMES[-1:])):
                    if any(name in page for name in names):
                        assert client in seen, (who, path)
                        shown.add((who, address.name))
                for title in re.findall(r"<title>(.*?)</title>", page):
                    assert not any(name in title for name in NAMES), path
    assert {who for who, _ in shown} == {"coordinator"}
    assert {name for _, name in shown} == {
        "my-site", "mentor-list", "follow-up", "clients", "client", "erase", "put-right", "behind",
        "export-list", "same-person",
    }  # fmt: skip


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
    from mentormothers.linkage.models import Decision
    from mentormothers.sites.models import Organisation, Site

    everywhere = Scope(
        tuple(Site.objects.values_list("id", flat=True)), tuple(Organisation.objects.values_list("id", flat=True))
    )
    with scoped(everywhere):
        return (
            Record.objects.count(),
            QuarantineDecision.objects.count(),
            Decision.objects.count(),
            sorted(Assignment.objects.values_list("id", "ended_at")),
            sorted(Device.objects.values_list("id", "revoked_at")),
            EnrolmentCode.objects.count(),
            sorted(Membership.objects.values_list("user", "site")),
            sorted(User.objects.values_list("id", "is_active", "password")),
            Site.objects.count(),
        )
