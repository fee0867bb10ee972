"""Families on the phone and in the office: who has the baby, whom nobody calls any more, and whose partner is whose."""

import re
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from tests.functional.conftest import SignIn
from tests.functional.office import make_code, open_client
from tests.functional.phone import Phone
from tests.functional.running import Demo
from tests.functional.test_journey import BIRTH, enrolment
from tests.functional.test_looks import overhang, violations

HERS = {"given_name": "Mphatso", "family_name": "Kalua", "village": "Bangwe", "phone": "0999 222 333"}
CARER = {
    "carer": "grandmother", "carer_name": "Agogo Esnart", "follow_up": "given", "phone_calls": "given",
    "home_visit": "given", "phone_owner": "own", "phone": "0888 444 555", "hours": ["early"], "wording": "neutral",
    "village": "Nancholi",
}  # fmt: skip
HIM = {
    "data_use": "given", "follow_up": "given", "phone_calls": "given", "home_visit": "refused",
    "given_name": "Lyson", "family_name": "Mvula", "sex": "m", "age": "31", "phone_owner": "own",
    "phone": "0888 777 666", "hours": ["morning"], "wording": "neutral", "status": "unknown", "source": "observed",
}  # fmt: skip


def look(page: Page, name: str) -> None:
    """Nothing sticks out, everybody can read it, and no title tells anything."""
    page.wait_for_timeout(300)
    assert overhang(page) == 0 and violations(page) == [], name
    assert page.title() in ("Daybook", "Client · Mentor Mothers"), name
    assert not re.search(r"\b(HIV|ART|AIDS)\b", page.locator("h1").inner_text()), name


def test_families(demo: Demo, sign_in: SignIn, phone: Phone) -> None:
    today = date.today()
    coordinator = sign_in("agness")
    phone.open(make_code(coordinator, demo, "Promise"))
    phone.set_up("Promise", "Fish")
    main = phone.page.get_by_role("main")
    phone.go("Find")
    look(phone.page, "find")
    phone.press("New client")
    phone.fill(enrolment(today) | HERS)
    phone.press("Her page")
    phone.begin("Birth")
    phone.fill(BIRTH | {"baby_name": "Yamikani", "born_on": today - timedelta(days=60)})

    # A partner, with a consent of his own; then it is said on her page that they belong together.
    phone.go("Find")
    phone.press("Enrol a partner")
    phone.fill(HIM)
    phone.press("Her page")
    expect(main).not_to_contain_text("Mphatso")
    look(phone.page, "partner")
    phone.find("Mphatso")
    phone.begin("Her partner")
    phone.fill({"known": "not_tested", "source": "client_told", "way": "we", "partner_name": "Lyson"}, until="who")
    phone.page.get_by_role("radio", name="Lyson Mvula").check()
    look(phone.page, "partner-asked")
    phone.fill({})
    phone.find("Mphatso")
    expect(main).to_contain_text("Her partner")
    expect(main.get_by_role("button", name="Lyson Mvula")).to_be_visible()
    look(phone.page, "her-page")
    phone.find("Lyson")
    expect(main).to_contain_text("Their own phone")
    for secret in ("Mphatso", "Kalua", "Yamikani", "Bangwe"):
        expect(phone.page.locator("body")).not_to_contain_text(secret)

    # She dies: nobody calls her, and it is asked who has the baby.
    phone.find("Mphatso")
    phone.begin("Sad news")
    phone.fill({"died_on": today, "source": "client_told", "carer": "not_known"})
    phone.find("Yamikani")
    expect(main).to_contain_text("The mother has died")
    expect(phone.page.get_by_role("button", name="Call", exact=True)).to_have_count(0)
    look(phone.page, "baby-alone")
    phone.press("Who looks after the baby now?")
    look(phone.page, "caregiver-form")
    phone.fill(CARER)
    phone.find("Yamikani")
    expect(main).to_contain_text("Their own phone. Only before 9.")
    look(phone.page, "baby-with-grandmother")
    phone.press("Call", exact=True)
    expect(phone.page.locator('a[href="tel:0888444555"]')).to_be_visible()
    expect(phone.page.locator("h1")).to_have_text("Call Agogo Esnart")
    look(phone.page, "call-grandmother")
    phone.find("Mphatso")
    expect(phone.page.get_by_role("button", name="Call", exact=True)).to_have_count(0)
    expect(main).to_contain_text("This person has died")
    look(phone.page, "mother-died")
    phone.go("Today")
    for more in main.get_by_role("button", name=re.compile(r"^Show \d+ more")).all():
        more.click()
    expect(main.locator("button.card").filter(has_text="Yamikani · with Agogo Esnart")).to_have_count(1)
    look(phone.page, "today")

    # A baby that comes without its mother.
    phone.go("Find")
    phone.press("Enrol a baby without its mother")
    phone.fill({"data_use": "given", "given_name": "Chikumbutso", "sex": "m", "born_on": today - timedelta(days=50),
                "mother": "not_known", "exposed": "yes", "source": "health_passport"} | CARER
               | {"carer_name": "Falesi", "feeding": "replacement", "gets": ["none"]})  # fmt: skip
    phone.press("Her page")
    expect(phone.page.locator("header")).to_contain_text("with Falesi")
    expect(main).to_contain_text("Baby's daily syrup")
    look(phone.page, "baby-enrolled")
    phone.begin("Visit")
    phone.page.locator(".question").first.wait_for()
    phone.send()

    coordinator = sign_in("agness")
    open_client(coordinator, demo, "Mphatso Kalua")
    office = coordinator.get_by_role("main")
    for said in ("She has died. Nobody calls or visits.", "Agogo Esnart, with Yamikani", "0888 444 555", "Her partner"):
        expect(office).to_contain_text(said)
    look(coordinator, "office-family")
    coordinator.set_viewport_size({"width": 360, "height": 640})
    look(coordinator, "office-family-small")
    coordinator.set_viewport_size({"width": 1280, "height": 800})
    coordinator.get_by_role("link", name="A partner's own page").click()
    expect(office).to_contain_text("Lyson M.")
    expect(office).not_to_contain_text("Mphatso")
    look(coordinator, "office-partner")
    coordinator.set_viewport_size({"width": 360, "height": 640})
    look(coordinator, "office-partner-small")
