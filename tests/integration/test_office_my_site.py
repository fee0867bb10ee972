"""My site: who needs us first, counted and listed, filtered and sorted, without a name in any address."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest

from tests.office import HTMX, NAMES, Office, make_office, text, woman
from tests.programme import Programme


@pytest.fixture
def office(programme: Programme) -> Office:
    return make_office(programme)


def page(office: Office, **sent: Any) -> str:
    return text(office.browser().get(f"/sites/{office.programme.home.id}", sent))


def posted(office: Office, **sent: Any) -> str:
    answer = office.browser().post(f"/sites/{office.programme.home.id}", sent, headers=HTMX)
    assert answer.status_code == 200
    return text(answer)


def people_of(found: str) -> list[str]:
    return re.findall(r'<th scope="row"[^>]*><a href="/clients/[0-9a-f-]+">([^<]+)</a>', found)


def wanted_of(found: str) -> list[str]:
    """Of whom something stands in the list because it was asked for, and not beside something else of the household."""
    return people_of(re.sub(r'<tr class="also">.*?</tr>', "", found, flags=re.DOTALL))


def test_the_page_says_how_it_stands_and_how_complete_that_is(office: Office) -> None:
    shown = page(office)
    assert "<h1>Ndirande</h1>" in shown and "run directly" in shown
    assert re.search(r"complete as of today \d\d:\d\d \(its phone has sent today\)", shown)
    assert "Not signed off by a ministry: protocol ACC-1, for synthetic people only" in shown
    assert "beyond 28 days" in shown and "45 days late" in shown
    assert "TX_CURR@1/gt28,documented" in shown, "the receipt of the number on treatment"
    of_people = re.sub(r'value="lost"|group=lost|nothing is lost', "", shown)
    assert not re.search(r"defaulter|lost", of_people), "no woman is called so"


def test_a_silent_phone_and_a_record_to_mend_wait_for_her(office: Office) -> None:
    from mentormothers.access.models import Device

    Device.objects.filter(id=office.programme.phone.device).update(
        last_seen=office.programme.now - timedelta(days=4)
    )  # fmt: skip
    shown = page(office)
    assert "Phone silent 4 days" in shown and "Agness, Promise" in shown
    assert re.search(r"Records to mend</a><b>1</b>", shown)
    assert re.search(r"\(1 of 1 phone still to send, silent since \w+ \d\d:\d\d\)", shown)


def test_each_line_names_the_person_what_why_with_whom_and_the_next_step(office: Office) -> None:
    shown = page(office)
    assert "Grace B." in shown and "Chilomoni" in shown
    assert "with Grace B." in shown and "Takondwa" in shown, "a baby stands with its mother"
    assert "8 weeks old, never tested" in shown
    assert "Baby&#x27;s first test" in shown and "At the baby&#x27;s next visit" in shown
    assert "Promise looks for her until" in shown


def test_every_look_at_names_is_written_down(office: Office) -> None:
    page(office)
    (line,) = office.audited("identity.seen:my_site")
    assert line.who == office.programme.coordinator.id
    assert office.mother in line.clients and office.baby in line.clients


def test_the_list_is_filtered_by_state_thing_and_mentor(office: Office) -> None:
    assert set(wanted_of(posted(office, group="lost"))) == {"Grace B."}
    first_test = posted(office, item="ACC.EID6W")
    assert set(wanted_of(first_test)) == {"Takondwa"}
    assert set(people_of(first_test)) == {"Grace B.", "Takondwa"}, "what else the visit is for is not hidden"
    assert re.search(r"1 of \d+ things to do in 1 household<", first_test)
    assert people_of(posted(office, mentor=str(office.programme.mentor.id)))
    assert "Nobody fits that" in posted(office, mentor=str(office.programme.coordinator.id))
    assert "Nobody fits that" in posted(office, group="defaulted")


def test_a_name_is_looked_for_within_the_list(office: Office) -> None:
    _, parcel = woman(office.programme, days_ago=50, identity={"name.given": "Esther", "name.family": "Moyo"})
    office.programme.push([parcel])
    assert set(people_of(posted(office, text="esther mo"))) == {"Esther M."}
    assert set(people_of(posted(office, text="grace"))) == {"Grace B.", "Takondwa"}, "a baby is found by its mother"
    assert "Nobody fits that" in posted(office, text="zzz")
    assert office.audited("identity.searched")


def test_the_list_is_sorted_by_each_column(office: Office) -> None:
    _, parcel = woman(office.programme, days_ago=50, identity={"name.given": "Esther", "name.family": "Moyo"})
    office.programme.push([parcel])
    names = people_of(posted(office, sort="person"))
    assert names.index("Esther M.") < names.index("Grace B."), "by who is looked for"
    assert len(names) == 3 and abs(names.index("Takondwa") - names.index("Grace B.")) == 1, "a household stays together"
    by_state = posted(office, sort="state").split('<tbody class="household">')[1:]
    late = [max(int(days) for days in re.findall(r"(\d+) days late</span>", one)) for one in by_state]
    assert late == sorted(late, reverse=True) and len(late) == 2
    by_what = posted(office, sort="what").split('<tbody class="household">')[1:]
    labels = [min(re.findall(r'data-label="What">([^<]+)<', one)) for one in by_what]
    assert labels == sorted(labels) and len(labels) == 2
    for key in ("first", "with"):
        assert people_of(posted(office, sort=key))


def test_a_name_never_comes_by_an_address(office: Office) -> None:
    found = page(office, text="zzz")
    assert people_of(found), "what stands in the address is not searched for"


@pytest.mark.parametrize(
    "sent",
    [
        {"group": "' OR 1=1"}, {"item": "\x00"}, {"mentor": "not-an-id"}, {"sort": "__class__"}, {"show": "-1"},
        {"show": "99999999999999999999"}, {"show": "٣"}, {"text": "\x00"}, {"text": "x" * 100_000}, {"text": "%"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_left_out(office: Office, sent: dict[str, str]) -> None:
    assert "Grace B." in posted(office, **sent) or "Nobody fits that" in posted(office, **sent)
    safe = {name: value for name, value in sent.items() if len(value) < 1000}
    assert office.browser().get(f"/sites/{office.programme.home.id}", safe).status_code == 200


def test_no_name_stands_in_any_address_of_any_page(office: Office) -> None:
    browser, site = office.browser(), office.programme.home.id
    for path in (f"/sites/{site}", "/clients", f"/clients/{office.mother}", "/mend", "/phones", "/results"):
        found = text(browser.get(path))
        for address in re.findall(r'(?:href|action|hx-get|hx-post|src)="([^"]*)"', found):
            assert not any(name in address for name in NAMES), (path, address)
        title = found.partition("<title>")[2].partition("</title>")[0]
        assert not any(name in title for name in NAMES)


def test_an_empty_site_is_told_kindly(programme: Programme) -> None:
    office = make_office(programme)
    shown = text(office.browser("stranger").get(f"/sites/{programme.elsewhere.id}"))
    assert "Nobody is waiting" in shown and "Nothing waits for a decision" in shown


def test_a_coordinator_of_several_sites_chooses(office: Office) -> None:
    from mentormothers.access.models import Membership
    from mentormothers.sites.models import Site

    second = Site.objects.create(name="Area 25", organisation=office.programme.home.organisation, opened=office.today)
    Membership.objects.create(user=office.programme.coordinator, site=second.id)
    shown = text(office.browser().get("/"))
    assert "Which site?" in shown and "Ndirande" in shown and "Area 25" in shown
    Membership.objects.filter(user=office.programme.coordinator).delete()
    assert "You have no site yet" in text(office.browser().get("/"))


def lines(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_file_has_no_names_unless_it_says_what_for(office: Office) -> None:
    browser, path = office.browser(), f"/sites/{office.programme.home.id}/export"
    plain = browser.post(path)
    assert plain.headers["Content-Disposition"].startswith("attachment")
    assert not any(name in plain.content.decode() for name in NAMES)
    assert lines(plain)[0][0] == "Code" and len(lines(plain)) > 2
    assert office.audited("list.exported")[0].clients

    refused = browser.post(path, {"names": "on"})
    assert refused.status_code == 400 and "what the names are needed for" in text(refused)
    assert browser.post(path, {"names": "on", "purpose": "because I want to"}).status_code == 400
    assert not office.audited("list.exported_with_names")

    named = browser.post(path, {"names": "on", "purpose": "case_meeting", "group": "lost"})
    assert {row[0] for row in lines(named)[1:]} == {"Grace B."}
    (line,) = office.audited("list.exported_with_names")
    assert (line.who, line.detail, line.clients) == (office.programme.coordinator.id, "case_meeting", [office.mother])
    assert office.audited("identity.seen:list_export")


def test_a_name_is_no_formula_in_the_file(office: Office) -> None:
    _, parcel = woman(office.programme, days_ago=50, identity={"name.given": '=HYPERLINK("x")', "name.family": "+1"})
    office.programme.push([parcel])
    named = office.browser().post(
        f"/sites/{office.programme.home.id}/export", {"names": "on", "purpose": "case_meeting", "sort": "person"}
    )
    assert any(row[0].startswith("'=HYPERLINK") for row in lines(named))


def test_paper_holds_codes_and_neutral_tasks_and_says_what_it_is_for(office: Office) -> None:
    from mentormothers.followup.paper import short_code

    browser, path = office.browser(), f"/sites/{office.programme.home.id}/print"
    assert browser.post(path).status_code == 400
    answer = browser.post(path, {"purpose": "home_visits"})
    shown = text(answer)
    body = shown.partition("<main")[2]
    assert short_code(office.mother) in body and "Home visits and calls of the day" in body
    for word in (*NAMES, "Refill", "test", "ART", "HIV", "viral", "baby", "Mentor Mothers"):
        assert word not in body, word
    assert "<title>List</title>" in shown
    (line,) = office.audited("list.printed")
    assert line.detail == "home_visits" and office.mother in line.clients
    assert not office.audited("identity.seen:my_site"), "paper needs no name"


def test_trouble_of_ours_shows_nothing_of_the_inside(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from mentormothers.office.views import my_site

    def fail(*_: Any) -> None:
        raise RuntimeError("the inside, with Grace Banda")

    monkeypatch.setattr(my_site, "Worklist", fail)
    answer = office.browser(raise_request_exception=False).get(f"/sites/{office.programme.home.id}")
    assert answer.status_code == 500 and "Something went wrong here" in text(answer)
    assert not any(word in text(answer) for word in ("Grace", "RuntimeError", "Traceback", "inside"))


def test_searches_stand_in_no_log(office: Office, caplog: pytest.LogCaptureFixture, capfd: Any) -> None:
    browser = office.browser()
    for path in ("/clients", f"/sites/{office.programme.home.id}", "/nothing?text=Grace"):
        browser.post(path, {"text": "Grace Banda"})
    out, err = capfd.readouterr()
    assert not any(name in out + err for name in NAMES)
