"""In the office: she is here, said beside an answer of a look-up; the guests of a site; and what home sees of it."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.elsewhere import There
from tests.integration.test_visiting import confirm, handle, stays, supply_there


def browser(user: Any) -> Any:
    from django.test import Client

    made = Client()
    made.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return made


def page(answer: Any) -> str:
    assert answer.status_code == 200, (answer.status_code, answer.content)
    text: str = answer.content.decode().partition("<main")[2]
    return text


def handle_on(text: str) -> str:
    return text.partition('name="handle" value="')[2].partition('"')[0]


def say_here(there: There, user: Any = None, **said: str) -> Any:
    office = browser(user or there.coordinator)
    found = page(office.post("/look-up", {"text": "grace chilomoni"}))
    body = {"handle": handle_on(found), "reason": "visit", "site": str(there.site.id)} | said
    return office.post("/look-up/here", body, follow=True)


def test_a_coordinator_says_that_she_is_here_and_sees_her_page(there: There) -> None:
    shown = page(say_here(there, mentor=str(there.mentor.id)))
    assert "Visiting from Ndirande until" in shown and "Grace B." in shown
    assert "Confirmed with her present by Violet, Bangwe," in shown
    for not_ours in ("Erase the name", "Not right?", "Ask somebody to look for her"):
        assert not_ours not in shown
    (stay,) = stays()
    assert (stay.confirmed_by, stay.mentor, stay.device) == (there.coordinator.id, there.mentor.id, None)
    site = page(browser(there.coordinator).get(f"/sites/{there.site.id}"))
    assert "Here for a while" in site and "visiting from Ndirande until" in site
    assert "Grace" in page(browser(there.coordinator).post("/clients", {"text": "grace"}))
    assert [e["event"] for e in there.phone.pull(there.mentor) if e["event"] == "client_in"] == ["client_in"]


def test_her_home_sees_where_she_is_who_looked_and_what_was_done(there: There) -> None:
    until = there.programme.now.date() + timedelta(days=90)
    confirm(there, handle(there), "while", until=str(until))
    there.programme.push([supply_there(there)], there.phone.phone)
    home = browser(there.programme.coordinator)
    hers = page(home.get(f"/clients/{there.grace}"))
    assert "At Bangwe until" in hers and "Confirmed with her present by Eluby, Bangwe," in hers
    assert "Looked up by Eluby, Bangwe, on" in hers and "written down by Eluby" in hers
    assert "Erase the name" in hers, "she is a client of home as before"
    site = page(home.get(f"/sites/{there.programme.home.id}"))
    assert "Of ours, elsewhere" in site and "at Bangwe until" in site


def test_home_and_host_may_end_it_and_nobody_else(there: There) -> None:
    for who in (there.programme.coordinator, there.coordinator):
        confirm(there, handle(there))
        address = f"/clients/{there.grace}/stay"
        for other in (there.programme.stranger, there.programme.manager, there.programme.mentor):
            assert browser(other).post(address, {"because": "back"}).status_code in (403, 404)
        office = browser(who)
        assert "End the stay of" in page(office.get(address))
        assert office.post(address, {"because": "nonsense"}).status_code == 400
        assert office.post(address, {"because": "back"}).status_code == 302
        assert stays()[-1].ended_because == "She went home again" and stays()[-1].ended_by == who.id
        assert browser(there.coordinator).get(f"/clients/{there.grace}").status_code == 404
        assert office.post(address, {"because": "back"}).status_code == (
            302 if who is there.programme.coordinator else 404
        )
    assert "Was at Bangwe from" in page(browser(there.programme.coordinator).get(f"/clients/{there.grace}"))


def test_a_host_does_nothing_that_is_for_her_home_to_do(there: There) -> None:
    confirm(there, handle(there))
    office = browser(there.coordinator)
    for address in ("erase", "ask/ACC.REFILL", f"records/{there.enrolment}"):
        for answer in (
            office.get(f"/clients/{there.grace}/{address}"),
            office.post(f"/clients/{there.grace}/{address}"),
        ):
            assert answer.status_code == 404, address


def test_what_is_said_wrongly_brings_nobody(there: There) -> None:
    tomorrow = there.programme.now.date() + timedelta(days=1)
    cases = [
        ({"handle": "x" * 50}, "That was too long ago"),
        ({"handle": ""}, "That was too long ago"),
        ({"reason": "while"}, "Please give a last day within six months"),
        ({"reason": "while", "until": "2099-01-01"}, "Please give a last day within six months"),
        ({"reason": "while", "until": "soon"}, "Please give a day"),
        ({"reason": "holiday", "until": str(tomorrow)}, "Select a valid choice"),
        ({"site": str(there.programme.home.id)}, "Select a valid choice"),
        ({"mentor": str(there.programme.mentor.id)}, "Select a valid choice"),
    ]
    for said, words in cases:
        answer = say_here(there, **said)
        assert answer.status_code == 400, said
        assert words in answer.content.decode() or said.get("site"), said
    assert stays() == []
    assert browser(there.coordinator).get("/look-up/here").status_code == 302


def test_a_handle_of_the_office_is_good_for_nobody_else(there: There) -> None:
    found = page(browser(there.coordinator).post("/look-up", {"text": "grace chilomoni"}))
    taken = {"handle": handle_on(found), "reason": "visit"}
    assert confirm(there, taken["handle"], user=there.coordinator).status_code == 404, "not on a phone"
    for who, site in (
        (there.programme.coordinator, there.programme.home),
        (there.programme.stranger, there.programme.elsewhere),
    ):
        answer = browser(who).post("/look-up/here", taken | {"site": str(site.id)})
        assert answer.status_code == 400 and "too long ago" in answer.content.decode()
    assert stays() == []


def test_who_says_it_too_often_waits(there: There) -> None:
    from mentormothers.register.visiting import _MOST

    office = browser(there.coordinator)
    body = {"handle": "x", "reason": "visit", "site": str(there.site.id)}
    answers = [office.post("/look-up/here", body) for _ in range(_MOST + 1)]
    assert [answer.status_code for answer in answers[-2:]] == [400, 429]
    assert "Please wait half an hour" in answers[-1].content.decode()


_MOVING = json.loads((Path(__file__).parents[1] / "vectors" / "moving.json").read_text())


@pytest.mark.parametrize("case", _MOVING, ids=lambda case: str(case["name"]))
def test_who_says_that_she_goes_is_told_by_the_same_rule_as_on_the_phone(template: Any, case: dict[str, Any]) -> None:
    from mentormothers.followup.moving import _moving

    facts = [
        {"kind": kind, "value": value, "day": date(2026, 1, 1 + at)} for at, (kind, value) in enumerate(case["facts"])
    ]
    found = _moving(reversed(facts))
    assert (found.how if found else None) == case["moving"]


def test_what_she_says_of_another_clinic_stands_on_her_page_and_the_sites_until_it_is_confirmed(there: There) -> None:
    programme, home = there.programme, browser(there.programme.coordinator)
    pages = [f"/clients/{there.grace}", f"/sites/{programme.home.id}"]
    assert not any("not confirmed" in page(home.get(address)) for address in pages)
    for what, mark, words in (
        ("planned", "plan", "plans to go to a clinic in another district"),
        ("reported", "tells", "says she goes to a clinic in another district"),
    ):
        _another_clinic(there, what, mark)
        for address in pages:
            shown = page(home.get(address))
            assert words in shown and "not confirmed" in shown, address
    _another_clinic(there, "confirmed", "gone")
    assert not any("not confirmed" in page(home.get(address)) for address in pages)


def _another_clinic(there: There, what: str, mark: str) -> None:
    programme, where = there.programme, "other_district"
    today = programme.now.date().isoformat()
    answers = {"what_page/what": what, "where_page/where": where, mark: where}
    answers |= {} if what == "planned" else {"where_page/moved_on": today}
    answers |= {"where_page/seen_in": "register"} if what == "confirmed" else {}
    parcel = programme.phone.parcel("transfer", str(programme.mentor.id), str(there.grace), answers, at=programme.now,
                                    source="register" if what == "confirmed" else "client_told")  # fmt: skip
    (answer,) = programme.push([parcel])
    assert answer["status"] == "accepted", answer
