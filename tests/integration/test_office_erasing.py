"""A coordinator erases a name in the office; every page goes on without it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.office import BABY, NAMES, Office, make_office, text
from tests.programme import Programme


@pytest.fixture
def office(programme: Programme) -> Iterator[Office]:
    from mentormothers.access.serverkey import keys_path
    from mentormothers.people.erasure_list import list_beside

    yield make_office(programme)
    list_beside(keys_path()).unlink(missing_ok=True)


def code_of(client: Any) -> str:
    from mentormothers.followup.paper import short_code

    return short_code(client)


def sent(office: Office, **other: str) -> dict[str, str]:
    return {"reason": "asked", "code": code_of(office.mother)} | other


def test_the_page_says_what_goes_and_what_stays(office: Office) -> None:
    browser = office.browser()
    address = f"/clients/{office.mother}/erase"
    assert address in text(browser.get(f"/clients/{office.mother}"))
    page = text(browser.get(address))
    assert "Grace B." in page and code_of(office.mother) in page
    for said in ("What goes", "What stays", "still is personal data of hers", "beyond reach", "cannot be undone"):
        assert said in page, said
    assert "name stays: it is erased on its own" in text(browser.get(f"/clients/{office.baby}/erase"))
    assert office.audited("identity.erased") == []


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"reason": ""}, "This field is required"),
        ({"reason": "cleaning"}, "Select a valid choice"),
        ({"code": ""}, "This field is required"),
        ({"code": "AAA-AAA"}, "This is another code"),
        ({"code": "\x00"}, "Null characters are not allowed"),
    ],
)
def test_nothing_is_erased_by_a_slip(office: Office, other: dict[str, str], said: str) -> None:
    browser = office.browser()
    answer = browser.post(f"/clients/{office.mother}/erase", sent(office, **other))
    assert answer.status_code == 400 and said in text(answer)
    assert "Grace B." in text(browser.get(f"/clients/{office.mother}"))


def test_the_code_is_taken_as_people_type_it(office: Office) -> None:
    typed = code_of(office.mother).replace("-", " ").lower()
    assert office.browser().post(f"/clients/{office.mother}/erase", sent(office, code=typed)).status_code == 302


def test_every_page_goes_on_without_her_name(office: Office) -> None:
    browser, pages = office.browser(), _pages(office)
    assert any("Grace" in text(browser.get(path)) for path in pages)
    done = browser.post(f"/clients/{office.mother}/erase", sent(office))
    assert done.status_code == 302 and done.url == f"/clients/{office.mother}"
    (line,) = office.audited("identity.erased")
    assert (line.who, line.clients, line.detail) == (office.people["coordinator"].id, [office.mother], "asked")
    hers = [name for name in NAMES if name != BABY]
    for path in pages:
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert not any(name in text(answer) for name in hers), path
    for taken in ("print", "export"):
        answer = browser.post(f"/sites/{office.programme.home.id}/{taken}", {"purpose": "clinic_day", "names": "on"})
        assert answer.status_code == 200 and not any(name in text(answer) for name in hers), taken
    hers_now = text(browser.get(f"/clients/{office.mother}"))
    assert "name erased on" in hers_now
    assert (
        "How to reach her" in hers_now
        and "Nobody looks for her" in hers_now
        and f"/clients/{office.mother}/erase" not in hers_now
    )
    assert BABY in hers_now, "the baby's name is its own"
    assert "name erased" in text(browser.get("/clients"))
    for looked_for in ("Grace", "Banda", "0991234567", "Chilomoni"):
        assert "Nobody found" in text(browser.post("/clients", {"text": looked_for})), looked_for
    assert "name erased" in text(browser.post("/clients", {"text": code_of(office.mother)}))


def test_nobody_looks_for_her_any_more(office: Office) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.followup.models import Assignment

    browser, address = office.browser(), f"/clients/{office.mother}/ask/ACC.REFILL"
    browser.post(f"/clients/{office.mother}/erase", sent(office))
    with scoped(scope_of(office.programme.coordinator)):
        assert not Assignment.objects.filter(ended_at=None)
    for answer in (browser.get(address), browser.post(address, {"mentor": str(office.programme.mentor.id)})):
        assert "Nobody can be asked: her name was erased." in text(answer)
    with scoped(scope_of(office.programme.coordinator)):
        assert not Assignment.objects.filter(ended_at=None)


def test_erasing_again_leads_back_to_her_page(office: Office) -> None:
    browser, address = office.browser(), f"/clients/{office.mother}/erase"
    browser.post(address, sent(office))
    assert browser.get(address).status_code == 302
    browser.post(address, sent(office))
    assert "It was erased already" in text(browser.get(f"/clients/{office.mother}"))
    assert len(office.audited("identity.erased")) == 1


def test_whoever_does_not_see_her_does_not_learn_that_there_is_anybody(office: Office) -> None:
    for who, status in (("stranger", 404), ("manager", 403), ("administrator", 403), ("mentor", 403)):
        browser = office.browser(who)
        address = f"/clients/{office.mother}/erase"
        assert [browser.get(address).status_code, browser.post(address, sent(office)).status_code] == [status] * 2
    assert "Grace" in text(office.browser().get(f"/clients/{office.mother}"))


def _pages(office: Office) -> list[str]:
    """Every page on which a coordinator sees names, and those about her."""
    home: Any = office.programme.home.id
    mentor = office.programme.mentor.id
    return [
        f"/sites/{home}", f"/mentors/{mentor}", "/follow-up", "/clients", f"/clients/{office.mother}",
        f"/clients/{office.baby}", f"/clients/{office.mother}/records/{office.record}", f"/sites/{home}/take-along",
    ]  # fmt: skip


def test_nobody_puts_other_bytes_in_the_place_of_what_was_refused_elsewhere(programme: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.models import Quarantined
    from mentormothers.care.quarantine import content_of, reseal

    make_office(programme)
    with scoped(scope_of(programme.coordinator)):
        refused = Quarantined.objects.get()
        before = content_of(refused)
    with scoped(scope_of(programme.stranger)):
        reseal(refused, b"{}")
    with scoped(scope_of(programme.coordinator)):
        assert content_of(Quarantined.objects.get()) == before
        reseal(refused, b"{}")
        assert content_of(Quarantined.objects.get()) == b"{}"
