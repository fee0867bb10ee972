"""The programme's page and the ministry's: numbers that agree, nobody to be seen, nothing small to be worked out."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.office import HTMX, NAMES, Office, make_office, text, woman
from tests.programme import Programme


@pytest.fixture
def office(programme: Programme) -> Office:
    """Nine women at home who came over a year, one of them elsewhere's only."""
    from mentormothers.reports.figures import year

    office = make_office(programme)
    ended = (office.today - year(office.today).end).days
    for days_ago in (3, 40, 100, 200, 380):
        programme.push([woman(programme, days_ago=days_ago)[1]])
    for n in range(3):
        programme.push([woman(programme, days_ago=ended + 5 + n)[1]])
    return office


def as_ministry() -> Any:
    from mentormothers.access.scope import COUNTRY, scoped

    return scoped(COUNTRY)


def test_the_managers_home_is_the_programme_and_the_ministrys_the_country(office: Office) -> None:
    office.publish()
    for who, place in (("manager", "Programme"), ("ministry", "Country")):
        answer = office.browser(who).get("/", follow=True)
        assert answer.redirect_chain == [("/programme", 302)]
        assert f"<title>{place} · Mentor Mothers</title>" in text(answer)


def test_the_page_waits_the_first_time_and_then_has_its_numbers(office: Office) -> None:
    browser = office.browser("manager", loads=False)
    waiting = text(browser.get("/programme"))
    assert "The numbers are being counted" in waiting and 'hx-trigger="load"' in waiting
    counted = text(browser.get("/programme", headers=HTMX))
    assert "The numbers are being counted" not in counted
    shown = text(browser.get("/programme"))
    for heading in ("How far they came", "Quarter by quarter", "Beside published figures", "Complete as of"):
        assert heading in shown
    assert "94 % of clients; 75 % in Eastern and Southern Africa" in shown
    assert "invented, so their numbers are synthetic" in shown


def test_its_numbers_are_those_of_the_results(office: Office) -> None:
    browser = office.browser("manager")
    on_page = re.search(r'<h3>Currently on treatment</h3>\s*<p class="now">(\d+)</p>', text(browser.get("/programme")))
    result = re.search(r"(\d+) (?:people are|person is) on treatment", text(browser.get("/results")))
    assert on_page and result and on_page[1] == result[1] != "0"


def test_a_managers_number_leads_to_short_codes_and_the_ministrys_nowhere(office: Office) -> None:
    office.publish()
    home = office.programme.home.id
    links = re.findall(r'href="(/results/[^"]+)"', text(office.browser("manager").get(f"/programme/{home}")))
    assert links
    behind = text(office.browser("manager").get(links[0]))
    assert "Short codes only" in behind and not any(name in behind for name in NAMES)
    ministry = office.browser("ministry")
    assert "/results/" not in text(ministry.get(f"/programme/{home}"))
    for closed in (links[0], "/results", "/results/TX_CURR", "/clients", f"/clients/{office.mother}", "/phones", "/people",
                   "/mend", f"/sites/{home}"):  # fmt: skip
        assert ministry.get(closed).status_code == 403, closed


def on_treatment(browser: Client, **options: Any) -> int:
    found = re.search(
        r'<h3>Currently on treatment</h3>\s*<p class="now">(\d+)</p>', text(browser.get("/programme", **options))
    )
    assert found
    return int(found[1])


def test_a_woman_who_comes_today_changes_the_page(office: Office) -> None:
    browser = office.browser("manager", loads=False)
    before = on_treatment(browser, headers=HTMX)
    office.programme.push([woman(office.programme, days_ago=0)[1]])
    at_once = text(browser.get("/programme"))
    assert "Something has come in since; it is being counted" in at_once and 'hx-trigger="load"' in at_once
    assert on_treatment(browser) == before, "what is kept is shown meanwhile"
    assert on_treatment(browser, headers=HTMX) == before + 1
    afterwards = text(browser.get("/programme"))
    assert "Something has come in since" not in afterwards and 'hx-trigger="load"' not in afterwards
    assert on_treatment(browser) == before + 1


def test_what_takes_long_to_count_is_left_to_the_worker(office: Office) -> None:
    from django.utils import timezone

    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.config.jobs import keep_counts
    from mentormothers.reports.models import KeptCount

    browser = office.browser("manager")
    before = on_treatment(browser)
    with scoped(scope_of(office.people["manager"])):
        each = 61_000 // KeptCount.objects.count() + 1
        KeptCount.objects.update(took_ms=each, counted_at=timezone.now() - timedelta(hours=12))
    office.programme.push([woman(office.programme, days_ago=0)[1]])
    assert on_treatment(browser) == on_treatment(browser, headers=HTMX) == before
    assert "the worker does it" in text(browser.get("/programme"))
    assert keep_counts() > 0
    assert on_treatment(browser) == before + 1


def test_kept_counts_are_those_of_ones_own_scope(office: Office) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.reports.models import KeptCount

    office.browser("manager").get("/programme")
    with scoped(scope_of(office.people["manager"])):
        assert KeptCount.objects.exists()
    for who in ("strange_manager", "administrator", "ministry"):
        with scoped(scope_of(office.people[who])):
            assert not KeptCount.objects.exists(), who


def test_the_worker_counts_what_changed_once(office: Office) -> None:
    from mentormothers.config.jobs import keep_counts
    from mentormothers.reports.figures import questions

    assert keep_counts() == 2 * len(questions(office.today)), "for both managers"
    assert keep_counts() == 0
    assert "The numbers are being counted" not in text(office.browser("manager").get("/programme"))


def test_a_silent_site_is_the_first_thing_a_manager_reads(office: Office) -> None:
    from mentormothers.access.models import Device

    Device.objects.update(last_seen=office.programme.now - timedelta(days=9))
    page = text(office.browser("manager").get("/programme"))
    first = re.search(r"<h1>([^<]+)</h1>", page)
    assert first and first[1] == "1 site has sent nothing for a week: Ndirande"
    assert "1 record waits to be mended" in page


def test_before_the_first_night_the_ministry_is_told_so(office: Office) -> None:
    assert "not published yet" in text(office.browser("ministry").get("/programme"))
    assert office.browser("ministry").get(f"/programme/{office.programme.home.id}").status_code == 404


def test_without_sites_the_manager_is_told_what_comes_first(office: Office) -> None:
    from mentormothers.access.models import Membership

    Membership.objects.filter(user=office.programme.manager).delete()
    assert "There is no site yet" in text(office.browser("manager").get("/programme"))


@pytest.mark.parametrize(
    "path", ["/programme/0", "/programme/district:1", "/programme/x", "/programme/%00", f"/programme/{'9' * 400}"]
)
def test_a_wrong_place_leads_nowhere(office: Office, path: str) -> None:
    office.publish()
    for who in ("manager", "ministry"):
        assert office.browser(who).get(path).status_code == 404


@pytest.mark.parametrize("wish", ["NOTHING", "", "x" * 3000, "%00", "TX_CURR"])
def test_a_wrong_choice_shows_the_first(office: Office, wish: str) -> None:
    answer = office.browser("manager").get(f"/programme?of={wish}")
    assert answer.status_code == 200


def test_the_database_shows_the_ministry_nobody(office: Office) -> None:
    """Whatever code asks: no record, fact, client, seal, phone, membership or colleague."""
    from django.db import connection

    from mentormothers.access.scope import PEOPLE, REPORTS, as_role

    office.publish()
    tables = {
        None: ["care.record", "care.fact", "care.client", "care.caseload", "care.assignment", "care.quarantined",
               "care.quarantine_decision", "access_device", "access_device_people", "access_enrolmentcode",
               "access_membership", "audit_event", "kept_count"],
        PEOPLE: ["people.client_key", "people.identity_record", "people.search_token"],
        REPORTS: ["care.record", "care.fact", "care.client"],
    }  # fmt: skip

    def seen(role: str | None, table: str) -> int:
        with connection.cursor() as cursor:
            if role is None:
                cursor.execute(f"SELECT count(*) FROM {table}")
                return int(cursor.fetchone()[0])
            with as_role(role):
                cursor.execute(f"SELECT count(*) FROM {table}")
                return int(cursor.fetchone()[0])

    with as_ministry():
        for role, names in tables.items():
            assert {table: seen(role, table) for table in names} == dict.fromkeys(names, 0)
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT role FROM access_user")
            assert cursor.fetchall() == [("ministry",)]
            cursor.execute("SELECT count(*) FROM sync.feed WHERE site IS NOT NULL OR client IS NOT NULL")
            assert cursor.fetchone() == (0,)
            cursor.execute("SELECT count(*) FROM published_number")
            assert cursor.fetchone()[0] > 0


def test_nobody_else_sees_the_published_numbers(office: Office) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.reports.models import Edition, PublishedNumber

    office.publish()
    for who in ("manager", "coordinator", "administrator", "strange_manager"):
        with scoped(scope_of(office.people[who])):
            assert not Edition.objects.exists() and not PublishedNumber.objects.exists(), who


@pytest.mark.parametrize("small", [{"number": 3}, {"number": 9, "of": 1}, {"number": 4, "of": 40}])
def test_the_database_refuses_a_small_number(office: Office, small: dict[str, int]) -> None:
    from django.db import IntegrityError

    from mentormothers.reports.models import Edition, PublishedNumber

    with pytest.raises(IntegrityError, match="never_small"), as_ministry():
        edition = Edition.objects.create(position="", complete={})
        PublishedNumber.objects.create(edition=edition, measure="TX_CURR", period="2026Q1", place="all", **small)


def test_a_ministry_account_belongs_to_no_organisation(office: Office) -> None:
    from django.db import IntegrityError, transaction

    from mentormothers.access.models import User

    with pytest.raises(IntegrityError, match="user_ministry_of_none"), transaction.atomic():
        User.objects.create_user("x", first_name="X", role="ministry", organisation=1)
    answer = office.browser("administrator").post(
        "/people/add", {"first_name": "X", "work": "ministry", "username": "x", "organisation": "1"}
    )
    assert answer.status_code == 400, "an organisation's administrator makes none"


def test_published_numbers_are_those_counted_over_all_organisations(office: Office) -> None:
    from mentormothers.access.scope import scoped
    from mentormothers.reports.figures import finished, year
    from mentormothers.reports.models import PublishedNumber
    from mentormothers.reports.numbers import measures
    from mentormothers.reports.small_cells import SMALLEST
    from mentormothers.reports.tables import TOGETHER, table
    from mentormothers.sites.scopes import everywhere

    office.publish()
    periods = [*finished(office.today), year(office.today)]
    with scoped(everywhere()):
        found = table(measures()["TX_CURR"], periods, everywhere().sites)
    with as_ministry():
        shown = {
            (row.period, row.place): row.number if row.number_word == "" else row.number_word
            for row in PublishedNumber.objects.filter(measure="TX_CURR", place=TOGETHER)
        }
    expected = {
        (period.name, TOGETHER): "<5" if 0 < (n := found.number(period, TOGETHER)) < SMALLEST else n
        for period in periods
    }
    assert shown == expected
    assert any(isinstance(number, int) and number for number in shown.values()) and "<5" in shown.values()


def test_a_ministrys_page_and_file_show_no_small_number(office: Office) -> None:
    office.publish()
    browser = office.browser("ministry")
    answer = browser.post("/programme/TX_CURR/file")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    numbers = {row["numerator"] for row in rows}
    assert "<5" in numbers and not {"1", "2", "3", "4"} & numbers
    assert office.audited("numbers.exported")[0].who == office.people["ministry"].id
    page = text(browser.get(f"/programme/{office.programme.home.id}"))
    cells = re.findall(r'<td class="right">(.*?)</td>', page, re.DOTALL)
    assert cells and not any(re.fullmatch(r"\s*[1-4]\s*", cell) for cell in cells)


def test_an_edition_replaces_the_one_before(office: Office) -> None:
    from mentormothers.reports.models import Edition

    first = office.publish()
    assert office.publish() == first
    with as_ministry():
        assert Edition.objects.count() == 1


def test_who_was_left_out_stands_beside_the_number(office: Office) -> None:
    from tests.office import born

    for _ in range(2):
        office.programme.push([born(office.programme, str(office.mother), days_ago=731)[1]])
    page = text(office.browser("manager").get("/results/M2M_MTCT_FINAL"))
    assert "Not in the number: no final test by the second birthday" in page
    assert re.search(r'2 <span class="muted">of 2</span><small>100 %</small>', page)
