"""Every form by hand on a phone: found, filled, saved, told; what is due follows the same moment."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, expect

from mentormothers.facts.card_code import in_groups, with_check
from tests.functional.conftest import SignIn
from tests.functional.office import make_code, open_client
from tests.functional.phone import Phone
from tests.functional.running import Demo
from tests.functional.test_journey import BIRTH, enrolment

WEEK = timedelta(days=7)


@pytest.fixture
def tiyamikes(demo: Demo, sign_in: SignIn, phone: Phone) -> Phone:
    """A phone that is set up and then has no network."""
    phone.open(make_code(sign_in("agness"), demo, "Tiyamike"))
    phone.set_up("Tiyamike", "Moon")
    phone.page.context.set_offline(True)
    return phone


def enrol(phone: Phone, first: str, **more: object) -> None:
    today = date.today()
    phone.go("Find")
    phone.press("New client")
    phone.fill(enrolment(today) | {"given_name": first, "started_on": today - timedelta(days=400)} | more)
    phone.press("Her page")


def write_down(phone: Phone, form: str, answers: dict[str, object]) -> str:
    """Fill a form from her page; gives what the phone says was written down, and goes back to her page."""
    phone.begin(form)
    phone.fill(answers)
    said = phone.page.get_by_role("region", name="What was written down").inner_text()
    phone.press("Her page")
    return said


def next_things(phone: Phone) -> Locator:
    """All that is next for her and her babies."""
    more = phone.page.locator(".pair").get_by_role("button", name=re.compile(r"^and \d+ more"))
    phone.page.locator(".pair").wait_for()
    while more.count():
        more.first.click()
    return phone.page.locator(".pair")


def test_forms_about_a_woman(tiyamikes: Phone, demo: Demo, sign_in: SignIn) -> None:
    phone, today = tiyamikes, date.today()
    enrol(phone, "Ulemu")
    said = write_down(phone, "Check-up", {
        "contact_on": today, "source": "health_passport", "services": ["malaria", "tetanus"], "cough": "neg",
        "appointment": today + 4 * WEEK,
    })  # fmt: skip
    assert "check-up before birth" in said and "malaria tablets" in said
    said = write_down(phone, "Tablets begun", {
        "began": "restart", "began_on": today - WEEK, "source": "register", "stopped_on": ("January", str(today.year)),
        "stop_reason": "transport", "regimen": "tld", "supply": "30",
    })  # fmt: skip
    assert "began her tablets again" in said and "refill, 30 days" in said
    write_down(phone, "Blood test", {
        "what": ["sample"], "source": "register", "sampled_on": today - 3 * WEEK, "reason": "pregnant",
    })  # fmt: skip
    said = write_down(phone, "Blood test", {
        "what": ["result"], "source": "lab", "result_on": today, "says": "number", "copies": "23456",
    })  # fmt: skip
    assert "a result has come" in said and "23456" not in said and "23456" not in phone.page.content()
    expect(next_things(phone)).to_contain_text("Come to the nurse together")
    write_down(phone, "Blood test", {"what": ["told"], "source": "register", "told_on": today})
    expect(next_things(phone)).to_contain_text("Talk about taking the tablets")
    said = write_down(
        phone, "Talk", {"mode": "one_to_one", "topics": ["adherence"], "planned_talk": "yes", "partner": "neg"}
    )
    assert "talk about tablets" in said
    expect(next_things(phone)).not_to_contain_text("Talk about taking the tablets")
    said = write_down(phone, "Next date", {"what": "moved", "moved_to": today + 5 * WEEK})
    assert "moved to" in said
    write_down(phone, "Next date", {"what": "missed", "missed_on": today - WEEK, "reason": "far"})
    said = write_down(phone, "Another clinic", {"what": "planned", "where": "other_district", "clinic_name": "Ntcheu"})
    assert "plans to go to another clinic" in said

    # A visit on the same day asks for nothing that stands already.
    phone.begin("Visit")
    phone.fill({"place": "clinic", "source": "register", "refilled": "no", "sample_today": "no"}, until="note")
    asked = phone.page.content()
    assert "When shall she come again?" not in asked
    phone.go("Today")

    phone.page.context.set_offline(False)
    phone.send()
    page = sign_in("agness")
    open_client(page, demo, "Ulemu")
    main = page.get_by_role("main")
    for words in (
        "ART restarted",
        "Viral load result told to her",
        "Transfer planned",
        "Appointment moved",
        "Malaria preventive dose",
    ):
        expect(main).to_contain_text(words)


def test_a_pregnancy_that_ended_and_what_was_wrong_about_it(tiyamikes: Phone, demo: Demo, sign_in: SignIn) -> None:
    phone, today = tiyamikes, date.today()
    enrol(phone, "Tamanda", due_date=today + 10 * WEEK)
    expect(next_things(phone)).to_contain_text("check-up before birth")
    said = write_down(phone, "Pregnancy ended", {
        "ended_on": today, "what": "miscarriage", "source": "client_told", "seen": "no", "company": "yes",
    })  # fmt: skip
    assert "the pregnancy ended early" in said and "would like somebody to talk with" in said
    expect(next_things(phone)).not_to_contain_text("before birth")

    # It was another thing that happened: the form again, with what was written.
    phone.page.get_by_role("button", name="the pregnancy ended early").click()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Put something right")
    wrong = phone.page.get_by_role("article").filter(has_text="the pregnancy ended early")
    wrong.get_by_role("button", name="Something in it is wrong").click()
    expect(phone.page.locator('input[value="miscarriage"]')).to_be_checked()
    phone.fill({"what": "stillbirth"})
    phone.press("Her page")
    expect(phone.page.get_by_role("main")).not_to_contain_text("the pregnancy ended early")
    expect(phone.page.get_by_role("main")).to_contain_text("the baby was born dead")
    expect(next_things(phone)).not_to_contain_text("before birth")

    # And it never happened at all: everything is as it was.
    phone.page.get_by_role("button", name="the baby was born dead").click()
    wrong = phone.page.get_by_role("article").filter(has_text="the baby was born dead")
    wrong.get_by_role("button", name="This never happened").click()
    wrong.get_by_role("button", name="Yes, take it back").click()
    phone.press("Her page")
    expect(phone.page.get_by_role("main")).not_to_contain_text("born dead")
    expect(next_things(phone)).to_contain_text("check-up before birth")

    phone.page.context.set_offline(False)
    phone.send()
    page = sign_in("agness")
    open_client(page, demo, "Tamanda")
    expect(page.get_by_role("main")).not_to_contain_text("baby born dead")


def test_forms_about_a_baby(tiyamikes: Phone, demo: Demo, sign_in: SignIn) -> None:
    phone, today = tiyamikes, date.today()
    enrol(phone, "Madalo", due_date=today - 3 * WEEK)
    write_down(phone, "Birth", BIRTH | {"born_on": today - 7 * WEEK, "baby_name": "Wezi"})
    expect(next_things(phone)).to_contain_text("Baby's first test")
    said = write_down(phone, "Wezi: Baby's visit", {
        "place": "clinic", "source": "health_passport", "weight": "4.6", "feeding": "exclusive", "changed": ["syrup"],
        "vaccines": ["penta1"],
    })  # fmt: skip
    assert "4.6 kg" in said and "began the daily syrup" in said and "vaccine" in said
    expect(next_things(phone)).not_to_contain_text("Baby's daily syrup")
    phone.begin("Visit")
    phone.fill(
        {"place": "clinic", "source": "register", "refilled": "no", "pnc_today": "yes", "sample_today": "no"},
        until="note",
    )
    assert phone.page.locator("header p").inner_text().startswith("4 of 4"), "the baby's food was asked today"
    phone.go("Today")
    phone.find("Madalo")
    said = write_down(phone, "Wezi: Sad news", {"died_on": today, "source": "client_told"})
    assert "died" in said
    expect(next_things(phone)).not_to_contain_text("Baby's")
    expect(next_things(phone)).to_contain_text("has died")

    phone.page.context.set_offline(False)
    phone.send()
    page = sign_in("agness")
    open_client(page, demo, "Madalo")
    expect(page.get_by_role("main")).to_contain_text("Death")


def test_a_group_talk_is_counted_and_names_nobody(tiyamikes: Phone, demo: Demo, sign_in: SignIn) -> None:
    phone, today = tiyamikes, date.today()
    phone.go("My work")
    phone.press("Write down a group talk")
    phone.fill(
        {
            "held_on": today,
            "place": "clinic",
            "audience": "new_mothers",
            "topics": ["parenting", "ecd"],
            "women": "14",
            "men": "2",
            "young": "5",
        }
    )
    expect(phone.page.get_by_role("main")).to_contain_text("will be sent by itself")
    phone.press("Back to Today")
    phone.go("My work")
    expect(phone.page.get_by_role("main")).to_contain_text("16")
    phone.page.context.set_offline(False)
    phone.send()
    page = sign_in("agness")
    page.goto(f"{demo.address}/groups")
    expect(page.get_by_role("row").filter(has_text="New mothers").first).to_contain_text("16")


def test_forms_in_another_language_for_whoever_chooses_it(tiyamikes: Phone) -> None:
    phone = tiyamikes
    phone.go("My work")
    language = phone.page.get_by_role("radiogroup", name="Language of the forms")
    language.get_by_role("radio", name="Chichewa").click()
    phone.press("Write down a group talk")
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Kukambirana pagulu")
    expect(phone.page.get_by_role("main")).to_contain_text("Munakumana liti?")
    expect(phone.page.get_by_role("main")).to_contain_text("Amayi amene angobereka kumene")
    phone.page.reload()
    phone.unlock()
    phone.go("My work")
    expect(language.get_by_role("radio", name="Chichewa")).to_be_checked()
    phone.find("a")
    phone.press("More", exact=True)
    expect(phone.page.get_by_role("main").get_by_role("button", name="Sikelo")).to_be_visible()


def test_a_card_is_read_right_belongs_to_one_woman_and_finds_her(tiyamikes: Phone) -> None:
    phone, (hers, another) = tiyamikes, (with_check("7K3MQ2"), with_check("HJ0001"))
    enrol(phone, "Lonjezo", card=hers.lower())
    enrol(phone, "Mphatso")
    phone.begin("Card")
    phone.fill({"why": "first", "card": hers[1] + hers[0] + hers[2:]}, until="card")
    save, problem = phone.page.locator('button[form="page"]'), phone.page.get_by_role("alert")
    save.click()
    expect(problem).to_contain_text("not what a card says")
    code = phone.page.locator('[data-question$="/card"]').get_by_role("textbox")
    code.fill(in_groups(hers))
    expect(problem).to_contain_text("belongs to somebody else")
    code.fill(in_groups(another))
    expect(problem).to_have_count(0)
    save.click()
    phone.page.get_by_role("heading", name="Saved", level=1).wait_for()
    for card, whose in ((hers, "Lonjezo"), (another, "Mphatso")):
        phone.find(in_groups(card).lower())
        expect(phone.page.get_by_role("heading", level=1)).to_contain_text(whose)
        expect(phone.page.get_by_role("main")).to_contain_text(f"Her card: {in_groups(card)}")

    # The card is lost: the new one is hers, and the old one nobody's. The camera reads it, where there is one.
    phone.begin("Card")
    phone.fill({"why": "lost"}, until="card")
    phone.press("Scan a card")
    expect(phone.page.get_by_role("dialog")).to_contain_text("The camera cannot be used here")
    phone.press("Type it instead")
    phone.hold_before_camera("a ticket of something else")
    phone.press("Scan a card")
    expect(phone.page.get_by_role("dialog")).to_contain_text("This is something else")
    phone.press("Type it instead")
    phone.hold_before_camera(with_check("ZZZZZZ"))
    phone.press("Scan a card")
    expect(phone.page.get_by_role("dialog")).to_have_count(0)
    expect(code).to_have_value(with_check("ZZZZZZ"))
    save.click()
    phone.page.get_by_role("heading", name="Saved", level=1).wait_for()
    phone.go("Find")
    phone.press("Scan a card")
    phone.page.locator("ul.rows button").click()
    expect(phone.page.get_by_role("heading", level=1)).to_contain_text("Mphatso")
    phone.go("Find")
    phone.page.get_by_role("searchbox").fill(another)
    expect(phone.page.get_by_role("status")).to_contain_text("0 found")


def test_somebody_who_is_on_the_list_already_is_offered_before_she_is_enrolled_again(tiyamikes: Phone) -> None:
    phone, today = tiyamikes, date.today()
    enrol(phone, "Lusungu")
    phone.go("Find")
    phone.press("New client")
    phone.fill(enrolment(today) | {"given_name": "Nyilongo", "family_name": "Lusunggu"}, until="given_name")
    phone.press("Next", exact=True)
    expect(phone.alike()).to_contain_text("Lusungu Nyirongo")
    phone.press("Back")
    expect(phone.page.locator('[data-question$="/given_name"]').get_by_role("textbox")).to_have_value("Nyilongo")
    phone.press("Next", exact=True)
    phone.alike().get_by_role("button").first.click()
    expect(phone.page.get_by_role("heading", level=1)).to_contain_text("Lusungu")
    phone.go("Find")
    expect(phone.page.get_by_role("button", name="New client", exact=True)).to_be_visible()  # nothing is left begun
    enrol(phone, "Lusungu")  # and a namesake can be enrolled
    phone.go("Find")
    phone.page.get_by_role("searchbox").fill("nyilongo lusungu")
    expect(phone.page.get_by_role("status")).to_contain_text("2 found")


def test_a_phone_asks_the_programme_whether_a_woman_is_known_and_shows_no_more_than_that(tiyamikes: Phone) -> None:
    phone = tiyamikes
    enrol(phone, "Chimwemwe", family_name="Kamphinda", village="Kachere")
    phone.go("Find")
    asked = phone.page.get_by_role("region", name="Known in the programme")

    def look_up(text: str) -> None:
        phone.page.get_by_role("searchbox").fill(text)
        asked.get_by_role("button", name="Ask the whole programme").click()

    look_up("chimwemwe kachere")
    expect(asked).to_contain_text("There is no connection now")
    phone.page.context.set_offline(False)
    phone.send()
    phone.go("Find")
    look_up("chimwemwe")
    expect(asked).to_contain_text("Please write two things")
    look_up("xyzzy nowhereland")
    expect(asked).to_contain_text("Nobody like that is known")
    look_up("chimuemue kachele")
    expect(asked.get_by_role("listitem")).to_contain_text(["Chimwemwe"])
    expect(asked).to_contain_text("Kachere · 27")
    expect(asked).not_to_contain_text("Kamphinda")
