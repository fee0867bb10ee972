"""The coordinators' queue in the office: what is shown of whom, and what becomes of each answer."""

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.integration.test_proposing import HERE, THERE, Two, make_two
from tests.office import HTMX, text
from tests.programme import Programme


@pytest.fixture
def two(programme: Programme) -> Two:
    made = make_two(programme)
    made.propose()
    return made


def browser(user: Any) -> Any:
    from django.test import Client

    found = Client()
    found.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return found


def address(two: Two) -> str:
    return "/same-person/{}/{}".format(*two.pair)


def test_her_own_client_is_shown_in_full_and_the_other_by_four_things(two: Two) -> None:
    page = text(browser(two.programme.coordinator).get("/same-person"))
    assert "1 pair waits" in page
    for said in (*HERE.values(), "Tokozani", "Mpemba", "Bangwe", "no more is shown", f"/clients/{two.here}"):
        assert said in page, said
    for hers in (THERE["name.family"], f"/clients/{two.there}"):
        assert hers not in page, hers
    theirs = text(browser(two.coordinator_there).get("/same-person"))
    for said in (*THERE.values(), "Thokozani", "Ndirande", f"/clients/{two.there}"):
        assert said in theirs, said
    assert HERE["name.family"] not in theirs
    for who in (two.programme.stranger, two.programme.coordinator):
        assert browser(who).get(f"/clients/{two.there}").status_code == 404


def test_what_speaks_for_and_against_is_said_and_drawn(two: Two) -> None:
    page = text(browser(two.programme.coordinator).get("/same-person"))
    for said in ("any two people", "hardly ever one", "given name", "sounds the same", "strongly for", "of 100 such"):
        assert said in page, said
    drawn = re.findall(r'<rect class="(for|against)" x="([\d.]+)" y="1" width="([\d.]+)"', page)
    assert drawn[0][0] == "against" and "for" in {tone for tone, _, _ in drawn}
    for tone, left, width in drawn:
        middle = float(left) + (float(width) if tone == "against" else 0)
        assert abs(middle - 50) < 0.11 and float(width) <= 50, "a bar begins in the middle and stays in the picture"


@pytest.mark.parametrize(
    ("decision", "told", "left"),
    [("link", "one person from now on", 0), ("not_same", "They are two", 0), ("unsure", "end of the queue", 1)],
)
def test_each_answer_is_kept_told_and_seen_by_the_other_site(two: Two, decision: str, told: str, left: int) -> None:
    from mentormothers.access.models import AuditEvent

    hers = browser(two.programme.coordinator)
    answer = hers.post(address(two), {"decision": decision})
    assert (answer.status_code, answer.url) == (302, "/same-person")
    assert told in text(hers.get("/same-person"))
    assert len(two.waiting()) == len(two.waiting(two.coordinator_there)) == left
    (line,) = AuditEvent.objects.filter(what="linkage.decided")
    assert (line.who, set(line.clients), line.detail) == (two.programme.coordinator.id, set(two.pair), decision)
    page = text(browser(two.coordinator_there).get("/same-person"))
    right = {"link": "1 is one person: too few", "not_same": "0 are one person: too few", "unsure": None}[decision]
    assert right in page if right else "How right" not in page
    assert "How right" not in text(browser(two.programme.stranger).get("/same-person"))
    again = browser(two.coordinator_there).post(address(two), {"decision": "link"})
    assert again.status_code == (302 if left else 404)


def test_what_she_linked_is_taken_back_by_her_wherever_the_woman_lives_now(two: Two) -> None:
    """The other site supplied her last, so that linking makes it her home and she leaves this one's lists."""
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.models import Client

    hers = browser(two.programme.coordinator)
    hers.post(address(two), {"decision": "link"})
    page = text(hers.get("/same-person"))
    assert "Linked in the last month" in page and "Linked in the last month" not in text(
        browser(two.programme.stranger).get("/same-person")
    )
    (question,) = re.findall(r'href="(/same-person/[\w-]+)">Take that back', page)
    with scoped(scope_of(two.programme.coordinator)):
        assert not Client.objects.filter(id=two.here).exists(), "she lives where she was supplied last"
    asked = text(hers.get(question))
    assert "Are they two persons?" in asked and "lives at another site now" in asked
    assert browser(two.programme.stranger).get(question).status_code == 404
    assert hers.post(question).status_code == 302
    assert "Linked in the last month" not in text(hers.get("/same-person"))
    assert hers.get(f"/clients/{two.here}").status_code == 200


def test_an_answer_that_is_none_decides_nothing(two: Two) -> None:
    hers = browser(two.programme.coordinator)
    for sent in ({}, {"decision": "maybe"}, {"decision": "link\x00"}):
        assert hers.post(address(two), sent).status_code == 302
        assert "Nothing was decided" in text(hers.get("/same-person"))
    swapped = "/same-person/{1}/{0}".format(*two.pair)
    assert hers.post(swapped, {"decision": "link"}).status_code == 404
    assert two.waiting() == [two.pair]


def test_how_many_wait_stands_where_she_works(two: Two) -> None:
    hers = browser(two.programme.coordinator)
    for path in ("/clients", f"/sites/{two.programme.home.id}"):
        assert re.search(r"Perhaps one person.{0,40}<b[^>]*>1</b>", text(hers.get(path)).replace("\n", "")), path
    two.decide("not_same")
    assert "Perhaps one person" not in text(hers.get(f"/sites/{two.programme.home.id}"))


def test_it_says_when_nobody_waits_nobody_was_compared_and_how_far_it_is(two: Two) -> None:
    from mentormothers.access.scope import LINKAGE, Scope, as_role, scoped
    from mentormothers.linkage.models import Run

    two.decide("not_same")
    hers = browser(two.programme.coordinator)
    assert "Nobody waits for a decision" in text(hers.get("/same-person"))
    assert "8 people were compared" in text(hers.get("/same-person"))
    assert "Nobody has been compared yet" in text(browser(two.programme.stranger).get("/same-person"))
    ours = Scope((), (two.programme.home.organisation_id,))
    with scoped(ours), as_role(LINKAGE):
        run = Run.objects.create(organisation=ours.organisations[0], doing="comparing those who meet", done=3, of=4)
    page = text(hers.get("/same-person"))
    assert "being compared just now" in page and "comparing those who meet, step 4 of 4" in page
    assert 'hx-trigger="every 5s"' in page
    polled = hers.get("/same-person", headers=HTMX)
    assert "step 4 of 4" in text(polled) and "<html" not in text(polled), "only how far it is, and nobody's name"
    with scoped(ours), as_role(LINKAGE):
        Run.objects.filter(id=run.id).update(at=run.at - timedelta(hours=1))
    assert "Show who may be one person now" in text(hers.get("/same-person", headers=HTMX))
    assert "Nobody waits for a decision" in text(hers.get("/same-person")), "a run that was killed is over"
