"""A woman of one site visits another: known again, confirmed, seen there, heard of at home, and forgotten there."""

import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from mentormothers.facts.card_code import with_check
from tests.functional.conftest import DESK, SignIn
from tests.functional.office import make_code, open_client
from tests.functional.phone import PHONE, Phone
from tests.functional.running import Demo
from tests.functional.test_journey import enrolment, files_with

CARD = with_check("VKS7TQ")
HERS = {"given_name": "Mphatso", "family_name": "Kalilombe", "village": "Thyolo Goliati", "phone": "0888 777 666"}
# Everything of a user that is kept in the browser's database, in whatever form.
KEPT = """() => new Promise((good, bad) => {
    const opening = indexedDB.open('daybook')
    opening.onerror = () => bad(opening.error)
    opening.onsuccess = () => {
        const asked = opening.result.transaction('kept').objectStore('kept').getAllKeys()
        asked.onsuccess = () => { opening.result.close(); good(asked.result.map(String)) }
    }
})"""


@pytest.fixture
def her_phone(playwright: Playwright, demo: Demo) -> Iterator[Phone]:
    """A phone of another site."""
    with tempfile.TemporaryDirectory(prefix="mm-phone-", ignore_cleanup_errors=True) as folder:
        phone = Phone(playwright, Path(folder), demo.address)
        yield phone
        phone.kill()
        assert phone.troubles == []


def code_elsewhere(administrator: Page, demo: Demo, here: str) -> tuple[str, str, str]:
    """A code for a phone of another site of the organisation: the site, a mentor's first name, and the address."""
    administrator.goto(f"{demo.address}/phones/new")
    others = administrator.get_by_role("main").locator("li a").filter(has_not_text=here)
    site = others.first.inner_text()
    others.first.click()
    mentor = administrator.locator("label").filter(has_text="Mentor Mother").first
    first_name = mentor.inner_text().split()[0]
    mentor.click()
    administrator.get_by_role("main").get_by_role("textbox").fill("A phone of another site")
    administrator.get_by_role("button", name="Make the code").click()
    code = administrator.locator(".code").last.inner_text()
    return site, first_name, f"{demo.address}/phone/#/enrol/{code}"


def kept(phone: Phone) -> set[str]:
    """What lies on a phone of people, by its keys."""
    found: list[str] = phone.page.evaluate(KEPT)
    return {key for key in found if not key.endswith(("overview", "profile"))}


def test_a_woman_of_another_site_visits(demo: Demo, sign_in: SignIn, phone: Phone, her_phone: Phone) -> None:
    here = sign_in("agness")
    ours = here.get_by_role("heading", level=1).inner_text()
    site, her_mentor, address = code_elsewhere(sign_in("watson"), demo, ours)
    her_phone.open(address)
    her_phone.set_up(her_mentor, "Leaf")
    her_phone.go("Find")
    her_phone.press("New client")
    her_phone.fill(enrolment(date.today()) | HERS | {"card": CARD, "started_on": date.today() - timedelta(days=400)})
    her_phone.send()

    phone.open(make_code(here, demo, "Promise"))
    phone.set_up("Promise", "Star")
    before = kept(phone)
    phone.go("Find")
    phone.page.get_by_role("searchbox").fill("mpatso goliati")
    asked = phone.page.get_by_role("region", name="Known in the programme")
    asked.get_by_role("button", name="Ask the whole programme").click()
    expect(asked.get_by_role("button", name="Mphatso")).to_contain_text(f"Thyolo Goliati · 27 · {site}")
    expect(phone.page.get_by_role("main")).not_to_contain_text("Kalilombe")
    _look(phone, "found")
    asked.get_by_role("button", name="Mphatso").click()
    _look(phone, "confirm")
    phone.press("She stays here for a while")
    phone.press("In 8 weeks")
    _look(phone, "while")
    phone.press("She stays until then")
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Mphatso", timeout=30_000)
    expect(phone.page.get_by_role("main")).to_contain_text("Staying here until")
    expect(phone.page.get_by_role("main")).to_contain_text("village bank")
    _look(phone, "guest")
    phone.begin("Visit")
    phone.fill({"place": "clinic", "source": "register", "refilled": "yes", "supply": "30",
                "refilled_on": date.today(), "anc_today": "yes", "sample_today": "no"})  # fmt: skip
    phone.send()
    assert len(kept(phone)) > len(before)
    phone.go("Find")
    _look(phone, "list")

    # At home it is known where she is, and what was done there.
    her_phone.send()
    her_phone.find("Kalilombe")
    expect(her_phone.page.get_by_role("main")).to_contain_text(f"She is at {ours} until")
    expect(her_phone.page.get_by_role("main")).to_contain_text("refill, 30 days")
    _look(her_phone, "away")

    # In the office of the site where she stays: a guest with what is due, whose stay is ended.
    here.goto(demo.address)
    guests = here.get_by_role("region", name="Guests")
    expect(guests.get_by_role("row").filter(has_text="Mphatso")).to_contain_text(f"staying here from {site} until")
    open_client(here, demo, "Mphatso Kalilombe")
    expect(here.get_by_role("main")).to_contain_text(f"Staying here from {site} until")
    here.get_by_role("link", name="End this").click()
    here.get_by_label("Why does it end?").select_option(label="She went home again")
    here.get_by_role("button", name="End it").click()
    expect(here.get_by_role("main")).to_contain_text("Her stay is over")

    phone.send()
    assert kept(phone) == before, "nothing of her is left, nor of what was written down here"
    phone.go("Find")
    phone.page.get_by_role("searchbox").fill("Mphatso")
    expect(phone.page.locator("ul.rows").filter(has_text="Kalilombe")).to_have_count(0)
    her_phone.send()
    her_phone.find("Kalilombe")
    expect(her_phone.page.get_by_role("main")).not_to_contain_text(f"She is at {ours}")

    # The same in the office: looked up, said to be here, among the guests.
    here.goto(f"{demo.address}/look-up")
    here.get_by_label("Her name and village").fill("mpatso goliati")
    here.get_by_role("button", name="Look up").click()
    here.get_by_text("She is here with me").click()
    _look_at_both_sizes(here, "office look-up")
    here.get_by_label("Why is she here?").select_option(label="She visits today")
    here.get_by_role("button", name="Yes, it is she").click()
    expect(here.get_by_role("heading", level=1)).to_contain_text("Mphatso")
    expect(here.get_by_role("main")).to_contain_text(f"Visiting from {site} until")
    _look_at_both_sizes(here, "office page")
    her_page = here.url
    here.goto(demo.address)
    guests.scroll_into_view_if_needed()
    _look_at_both_sizes(here, "office site")
    here.goto(her_page)
    here.get_by_role("link", name="End this").click()
    _look_at_both_sizes(here, "office end")
    here.get_by_label("Why does it end?").select_option(label="It was another woman")
    here.get_by_role("button", name="End it").click()
    expect(here.get_by_role("main")).to_contain_text("Her stay is over")

    # Her card, shown where there is no network: nothing is said of it, and she comes with the next connection.
    phone.page.context.set_offline(True)
    phone.page.get_by_role("searchbox").fill(CARD.lower())
    asked.get_by_role("button", name="Ask the whole programme").click()
    expect(asked).to_contain_text("Nothing more can be said of it here")
    _look(phone, "card offline")
    phone.press("Ask for her history later")
    expect(asked).to_contain_text("Her history is asked for as soon as there is a connection")
    other = with_check("000001")
    phone.page.get_by_role("searchbox").fill(other)
    asked.get_by_role("button", name="Ask the whole programme").click()
    expect(asked).to_contain_text("Nothing more can be said of it here")
    phone.press("Ask for her history later")
    phone.go("Today")
    expect(phone.page.get_by_text("her history is asked for as soon as")).to_have_count(2)
    _look(phone, "card asked")
    phone.page.reload()
    phone.unlock()
    expect(phone.page.get_by_text("her history is asked for as soon as")).to_have_count(2)
    phone.page.context.set_offline(False)
    phone.send()
    phone.go("Today")
    expect(phone.page.get_by_text("nobody is found by it")).to_have_count(1)
    _look(phone, "card nobody")
    phone.press("All right")
    expect(phone.page.get_by_text("nobody is found by it")).to_have_count(0)
    phone.find("Kalilombe")
    expect(phone.page.get_by_role("main")).to_contain_text(f"Visiting from {site} until")

    phone.kill()
    for secret in ("Kalilombe", "Goliati", "0888777666", "0888 777 666"):
        assert files_with(phone.folder, secret) == [], secret


def _look_at_both_sizes(page: Page, name: str) -> None:
    for size in (DESK, {"width": PHONE[0], "height": PHONE[1]}):
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
    page.set_viewport_size(DESK)


def _look(phone: Phone, name: str) -> None:
    """Nothing hangs over the edge of a small screen."""
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], name
