"""Results: the same numbers as the reference counts from the same facts, the people behind them, honest and discreet."""

import csv
import html
import io
import re
from datetime import date, timedelta
from typing import Any

import pytest

from tests.office import NAMES, Office, born, make_office, sampled, text, woman
from tests.programme import Programme

INDICATORS = ("TX_CURR", "TX_ML", "PMTCT_EID", "PMTCT_ART", "M2M_MTCT_FINAL", "RET12")
SHOWN = ("TX_CURR", "TX_ML", "PMTCT_EID", "TX_PVLS", "PMTCT_ART", "M2M_MTCT_FINAL", "RET12")


@pytest.fixture
def office(programme: Programme) -> Office:
    """Women supplied over a year, one with a treatment that began before anybody enrolled her, one pregnant.

    Two children have reached their second birthday, one of them with a final test.
    """
    office = make_office(programme)
    programme.push([sampled(programme, str(office.baby), programme.now - timedelta(days=10))])
    for days_ago in (3, 40, 100, 200, 380):
        programme.push([woman(programme, days_ago=days_ago)[1]])
    began = (programme.now - timedelta(days=370)).date().isoformat()
    programme.push([woman(programme, days_ago=20, **{"treatment/started_on": began})[1]])
    programme.push([pregnant(programme, days_ago=120)])
    for tested in (True, False):
        child, birth = born(programme, str(office.mother), days_ago=731)
        programme.push([birth, *([rapid_test(programme, child, days_ago=8)] if tested else [])])
    return office


def pregnant(programme: Programme, *, days_ago: int) -> Any:
    """The parcel of a positive woman at her first antenatal contact some days ago."""
    lmp = (programme.now - timedelta(days=days_ago + 90)).date().isoformat()
    child = {"carrying": "pregnant", "how_known": "last_period", "contact_today": "yes", "last_period": lmp}
    return woman(programme, days_ago=days_ago, **{f"child/{name}": value for name, value in child.items()})[1]


def rapid_test(programme: Programme, child: str, *, days_ago: int) -> Any:
    """The parcel of a child's positive antibody test some days ago."""
    at = programme.now - timedelta(days=days_ago)
    said = {
        "what_page/what": ["rapid"], "what_page/source": "register", "rapid_page/rapid": "pos",
        "rapid_page/rapid_on": at.date().isoformat(),
    }  # fmt: skip
    return programme.phone.parcel("infant_test", str(programme.mentor.id), child, said, at=at, source="register")


def facts_of_everybody(office: Office) -> Any:
    """The facts of the database as the facts file holds them."""
    from django.db import connection

    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.queries import OBSERVATION
    from mentormothers.facts.csv_file import read_facts

    columns = ("client", "role", "mother", "kind", "date", "value", "record", "ref", "source", "site")
    with scoped(scope_of(office.programme.manager)), connection.cursor() as cursor:
        cursor.execute(OBSERVATION)
        names = [column.name for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(row | {"date": date(1970, 1, 1) + timedelta(days=row["day"])} for row in found)
    return lambda folder: (folder.write_text(file.getvalue()), read_facts(folder).history)[1]


def exported(
    office: Office, indicator: str, who: str = "manager", asked: str = "", **sent: str
) -> list[dict[str, str]]:
    answer = office.browser(who).post(f"/results/{indicator}/export{asked}", sent)
    assert answer.status_code == 200 and answer.headers["Content-Disposition"].startswith("attachment")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("indicator", INDICATORS)
def test_every_number_equals_the_reference_over_the_same_facts(office: Office, indicator: str, tmp_path: Any) -> None:
    from mentormothers.engines.reference_indicators import indicators
    from mentormothers.indicators.model import Question
    from mentormothers.indicators.rows import rows
    from mentormothers.reports.numbers import measures, quarters

    history = facts_of_everybody(office)(tmp_path / "facts.csv")
    shown = exported(office, indicator, inside="on", purpose="supervision")
    periods = quarters(office.today, 6)
    questions = [Question(measures()[indicator], period, by_site=by) for period in periods for by in (True, False)]
    expected = {
        (row.period, (row.site or "nowhere") if question.by_site else "all", row.disaggregation): row
        for question, counts in zip(questions, indicators(questions, history), strict=True)
        for row in rows(question, counts, "")
    }
    assert {period.name for period in periods[-4:]} <= {row["period"] for row in shown}
    for row in shown:
        known = expected.get((row["period"], row["site"], row["disaggregation"]))
        assert row["numerator"] == str(known.numerator if known else 0), row
        assert row["denominator"] == ("" if known is None or known.denominator is None else str(known.denominator)), row
    assert any(row["numerator"] != "0" for row in shown)


@pytest.mark.parametrize("indicator", INDICATORS)
@pytest.mark.parametrize("who", ["manager", "coordinator"])
def test_the_list_behind_a_number_is_as_long_as_the_number(office: Office, indicator: str, who: str) -> None:
    browser = office.browser(who)
    links = re.findall(r'<a href="(/results/[^"]+)">(\d+)</a>', text(browser.get(f"/results/{indicator}")))
    assert links
    for address, number in links:
        shown = text(browser.get(address))
        assert re.search(r"<h1>(\d+) (?:person|people) behind", shown)[1] == number  # type: ignore[index]
        assert shown.count('<th scope="row"') == int(number)
        assert any(name in shown for name in NAMES) == (who == "coordinator")
    (line, *_) = office.audited("number.looked_behind")
    assert line.who == office.people[who].id and line.clients


def test_a_quarter_carries_both_of_its_names(office: Office) -> None:
    from mentormothers.indicators.periods import parse_period
    from mentormothers.office.words.periods import fiscal_name, is_running
    from mentormothers.reports.numbers import quarters

    named = {name: fiscal_name(parse_period(name)) for name in ("2025Q3", "2025Q4", "2026Q1", "2026Q2")}
    assert named == {"2025Q3": "FY25 Q4", "2025Q4": "FY26 Q1", "2026Q1": "FY26 Q2", "2026Q2": "FY26 Q3"}
    assert [is_running(quarter) for quarter in quarters(date(2026, 3, 30), 2)] == [False, True]
    assert not is_running(quarters(date(2026, 3, 31), 1)[0]), "on its last day it is whole"


def test_treatment_before_she_was_enrolled_is_said_to_be_so(office: Office) -> None:
    shown = text(office.browser("manager").get("/results/TX_ML"))
    assert "Not yet at a site" in shown and "supplies of that time may be missing" in shown
    assert "supplies of that time" not in text(office.browser("manager").get("/results/TX_CURR"))


def test_more_babies_than_women_is_explained(office: Office) -> None:
    explained = "A number can be larger than what it is out of"
    assert explained not in text(office.browser("manager").get("/results/TX_CURR"))
    assert explained in text(office.browser("manager").get("/results/PMTCT_EID"))


def test_each_result_is_said_and_drawn_in_its_own_words(office: Office) -> None:
    shown = text(office.browser("manager").get("/results"))
    assert re.findall(r'<p class="small">[^<]*\((\w+)\)</p>', shown) == list(SHOWN)
    assert "Nobody on treatment has a viral load result on record" in shown, "no form states one yet"
    assert "No HIV-positive woman came for a first antenatal visit in" in shown
    office.programme.push([pregnant(office.programme, days_ago=0)])
    shown = text(office.browser("manager").get("/results"))
    said = re.search(
        r"1 of 1 HIV-positive woman with a first antenatal visit in [^:<]+ received treatment: ([^<]+)<", shown
    )
    assert said and said[1] == "1 began treatment in this pregnancy"
    for indicator, words in {
        "PMTCT_ART": ("on treatment in pregnancy", "no treatment on record"),
        "PMTCT_EID": ("first test by two months of age", "between two and twelve months"),
    }.items():
        page = text(office.browser("manager").get(f"/results/{indicator}"))
        key = re.search(r"<figcaption.*</figcaption>", page)
        assert key and re.findall(r"</i>([^<]+)</span>", key[0]) == list(words)
    assert "<figcaption" not in text(office.browser("manager").get("/results/TX_CURR"))


def told(indicator: str, *numbers: tuple[str, int, int]) -> tuple[str, tuple[int, int]]:
    """The sentence and the column of counts (part, numerator, denominator) in one quarter that is over."""
    from mentormothers.indicators.model import Question
    from mentormothers.indicators.periods import parse_period
    from mentormothers.indicators.rows import Count, rows
    from mentormothers.office.words.drawings import dark_and_light
    from mentormothers.office.words.findings import finding
    from mentormothers.reports.numbers import measures
    from mentormothers.reports.tables import TOGETHER, Key, Table

    period, measure = parse_period("2025Q2"), measures()[indicator]
    found = rows(Question(measure, period), [Count("", *number) for number in numbers], "")
    table = Table(measure, [period], [TOGETHER], {Key("2025Q2", TOGETHER, row.disaggregation): row for row in found})
    return finding(table, TOGETHER), dark_and_light(table, period, TOGETHER)


def test_a_number_that_is_out_of_another_is_said_and_drawn_with_it(db: Any) -> None:
    result = "a viral load result on record for the twelve months to the end of 2025 Q2"
    assert told("TX_PVLS", ("", 9, 12)) == (f"9 of 12 people with {result} are suppressed", (9, 3))
    assert told("TX_PVLS", ("", 1, 1)) == (f"1 of 1 person with {result} is suppressed", (1, 0))
    assert told("TX_PVLS") == (f"Nobody on treatment has {result}", (0, 0))
    assert told("M2M_MTCT_FINAL", ("", 1, 9), ("no final test by the second birthday", 5, 0)) == (
        "1 of 9 children with a final test in 2025 Q2 is HIV-positive", (1, 8)
    )  # fmt: skip
    assert told("M2M_MTCT_FINAL", ("", 0, 1))[0] == "0 of 1 child with a final test in 2025 Q2 are HIV-positive"
    assert told("M2M_MTCT_FINAL") == ("No child had a final test in 2025 Q2", (0, 0))
    year = "whose first year on treatment ended in 2025 Q2"
    assert told("RET12", ("others", 3, 5), ("pregnant at start", 1, 1)) == (
        f"4 of 6 people {year} are still on treatment", (4, 2)
    )  # fmt: skip
    assert told("RET12") == ("Nobody's first year on treatment ended in 2025 Q2", (0, 0))
    visit = "a first antenatal visit in 2025 Q2"
    assert told("PMTCT_ART", ("", 0, 5), ("new on ART", 1, 0), ("already on ART", 3, 0)) == (
        f"4 of 5 HIV-positive women with {visit} received treatment: "
        "1 began treatment in this pregnancy, 3 on treatment before",
        (4, 1),
    )
    assert told("PMTCT_ART", ("", 0, 1)) == (f"0 of 1 HIV-positive woman with {visit} received treatment", (0, 1))


def test_how_complete_says_since_when_a_phone_is_silent(office: Office) -> None:
    from mentormothers.access.models import Device
    from mentormothers.office.words.days import say_moment
    from mentormothers.reports.numbers import completeness

    phone, home = Device.objects.get(id=office.programme.phone.device), office.programme.home.id
    assert (completeness([home]).silent, completeness([home]).since) == (0, None)
    tuesday = office.programme.now - timedelta(days=4)
    Device.objects.create(
        label="second", site=home, organisation=phone.organisation, public_key=b"k", enrolled_by=phone.enrolled_by,
        last_seen=tuesday,
    )  # fmt: skip
    for path in ("/results", "/results/TX_CURR"):
        shown = text(office.browser("manager").get(path))
        assert f"(1 of 2 phones still to send, silent since {say_moment(tuesday)})" in shown
    Device.objects.update(last_seen=None)
    assert "nothing was sent yet (2 phones still to send)" in text(office.browser("manager").get("/results"))
    Device.objects.update(revoked_at=office.programme.now)
    assert "no phone sends from here yet" in text(office.browser("manager").get("/results"))


def test_small_numbers_do_not_leave_the_programme(office: Office) -> None:
    outside = exported(office, "TX_CURR")
    numbers = {row["numerator"] for row in outside}
    assert "<5" in numbers and not {"1", "2", "3", "4"} & numbers
    assert not any(row["value"] in ("1", "2", "3", "4") for row in outside)
    assert office.audited("numbers.exported")[0].detail == "TX_CURR"
    refused = office.browser("manager").post("/results/TX_CURR/export", {"inside": "on"})
    assert refused.status_code == 400 and "This field is required" in text(refused)
    assert not office.audited("numbers.exported_inside")


def test_labels_above_columns_of_two_parts_do_not_run_into_each_other(office: Office) -> None:
    from mentormothers.reports.charts import Column, Look, Panel, small_multiples

    columns = [Column(("Q1", "2026"), 15, 1), Column(("Q2", "so far"), 3, running=True)]
    (first, second) = small_multiples([Panel("A & <b>", columns), Panel("All", columns, True)], Look("babies"))
    for drawn in (first, second):
        assert ">15</text>" in drawn and ">of 16</text>" in drawn and ">3</text>" in drawn
        assert "<style" not in drawn and "<b>" not in drawn


@pytest.mark.parametrize(
    "path",
    [
        "/results/NOTHING", "/results/TX_CURR/2026Q1/nowhere-known", "/results/TX_CURR/2099Q1/all",
        "/results/TX_CURR/1900Q1/all", "/results/TX_CURR/x/all", "/results/TX_CURR/%00/%00", f"/results/{'x' * 3000}",
    ],
)  # fmt: skip
def test_a_wrong_address_leads_nowhere(office: Office, path: str) -> None:
    for who in ("manager", "coordinator"):
        assert office.browser(who).get(path).status_code == 404


def test_a_programme_without_sites_says_what_comes_first(office: Office) -> None:
    from mentormothers.access.models import Membership

    Membership.objects.filter(user=office.programme.manager).delete()
    assert "There is no site yet" in text(office.browser("manager").get("/results"))


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("", None),
        ("?period=2025Q2", ["2024Q1", "2024Q2", "2024Q3", "2024Q4", "2025Q1", "2025Q2"]),
        ("?period=FY25Q2", ["2023Q4", "2024Q1", "2024Q2", "2024Q3", "2024Q4", "2025Q1"]),
        ("?first=2025-01-01&last=2025-03-30", ["2025-01-01..2025-03-30"]),
        ("?period=2025-01-01..2025-03-30", ["2025-01-01..2025-03-30"]),
    ],
)
def test_numbers_of_the_days_that_somebody_chose(office: Office, asked: str, names: list[str] | None) -> None:
    from mentormothers.reports.numbers import quarters

    rows = exported(office, "TX_CURR", asked=asked, inside="on", purpose="supervision")
    expected = names or [period.name for period in quarters(office.today, 6)]
    found = list(dict.fromkeys(row["period"] for row in rows))
    assert found == expected[-len(found) :], "the oldest ones may have nothing at any site"
    browser = office.browser("manager")
    assert ('href="/results/TX_CURR?period=' in text(browser.get(f"/results{asked}"))) == bool(asked)
    assert browser.get(f"/results/TX_CURR{asked}").status_code == 200


def test_any_days_are_said_in_words_and_lead_to_who_is_behind_them(office: Office) -> None:
    browser = office.browser("manager")
    first, last = office.today - timedelta(days=9), office.today
    shown = text(browser.get(f"/results/TX_CURR?first={first}&last={last}"))
    said = f"{first.day} {first:%B} to {last.day} {last:%B} {last.year}"
    if first.year == last.year:
        assert said in shown
    (behind, *_) = re.findall(r'<a href="(/results/TX_CURR/[^"]+)">\d+</a>', shown)
    assert f"{first}..{last}" in behind
    page = text(browser.get(behind))
    assert f"?period={first}..{last}" in page and "behind" in page


@pytest.mark.parametrize(
    ("asked", "refused"),
    [
        ("first=2025-03-01&last=2025-02-01", "The last day lies before the first"),
        ("first=2025-03-01", "Please give both days"),
        ("first=2025-03-01&last=2100-01-01", "Nothing is known of days to come"),
        ("first=2019-01-01&last=2025-01-01", "more than three years"),
        ("first=1999-01-01&last=1999-02-01", "Please begin in 2001 or later"),
        ("first=2025-02-30&last=2025-03-01", "Please write a day that exists"),
        ("period=2099Q1", "has not begun yet"),
        ("first=2025-03-01&last=2999-01-01", "lies outside 1900 to 2199"),
        ("period=FY99Q1", "has not begun yet"),
        ("period=2025Q7", "is not one. Please give a calendar quarter"),
        ("period=%00", "Null characters are not allowed"),
        ("period=2025-02-01..2025-01-01", "ends before it begins"),
    ],
)
def test_days_that_cannot_be_shown_are_refused_in_words(office: Office, asked: str, refused: str) -> None:
    browser = office.browser("manager")
    for page in ("/results", "/results/TX_CURR"):
        answer = browser.get(f"{page}?{asked}")
        assert answer.status_code == 400
        assert refused in html.unescape(text(answer)) and "<svg" in text(answer), "what there is stays in sight"
    assert browser.post(f"/results/TX_CURR/export?{asked}").status_code == 404


def test_whom_numbers_of_days_to_come_would_count_is_nobody(office: Office) -> None:
    assert office.browser("manager").get("/results/TX_CURR/2998Q1/all").status_code == 404
    assert office.browser("manager").get("/results/TX_CURR/nonsense/all").status_code == 404


@pytest.mark.parametrize("indicator", INDICATORS)
def test_numbers_by_delivery_model_equal_the_reference(office: Office, indicator: str, tmp_path: Any) -> None:
    from mentormothers.engines.reference_indicators import indicators
    from mentormothers.indicators.delivery import SiteModel
    from mentormothers.indicators.model import Question
    from mentormothers.indicators.rows import rows
    from mentormothers.reports.numbers import measures, quarters
    from mentormothers.sites.actions import hand_over

    site, day = office.programme.home, office.today - timedelta(days=60)
    hand_over(site, "partner", since=day)
    history = facts_of_everybody(office)(tmp_path / "facts.csv")
    known = [SiteModel(str(site.id), site.opened, "direct"), SiteModel(str(site.id), day, "partner")]
    periods = quarters(office.today, 6)
    questions = [Question(measures()[indicator], period, by_model=True) for period in periods]
    expected = {
        (row.period, row.site or "nowhere", row.disaggregation): str(row.numerator)
        for question, counts in zip(questions, indicators(questions, history, known), strict=True)
        for row in rows(question, counts, "")
    }
    shown = exported(office, indicator, asked="?by=delivery_model", inside="on", purpose="supervision")
    found = {(row["period"], row["site"], row["disaggregation"]): row["numerator"] for row in shown}
    models = {key: number for key, number in found.items() if key[1] != "all"}
    assert models and models == {key: number for key, number in expected.items() if key in models}
    assert {key for key, number in expected.items() if number != "0"} <= set(models)


def test_by_delivery_model_leads_to_who_is_behind(office: Office) -> None:
    browser = office.browser("manager")
    shown = text(browser.get("/results/TX_CURR?by=delivery_model"))
    assert "By delivery model" in shown and "Sites run directly" in shown
    links = re.findall(r'<a href="(/results/TX_CURR/[^"]+/direct)">(\d+)</a>', shown)
    assert links
    for address, number in links:
        assert text(browser.get(address)).count('<th scope="row"') == int(number)
    assert browser.get("/results/TX_CURR?by=magic").status_code == 400
