"""Every screen can be read by everybody: names and contrasts (axe), and nothing to be pushed sideways on a phone."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.functional.conftest import DESK, SignIn
from tests.functional.office import make_code, wait_until_counted
from tests.functional.phone import Phone
from tests.functional.running import Demo

SMALL = {"width": 360, "height": 640}
SCREENS = {
    "agness": (
        "/",
        "/protocol",
        "/clients",
        "/look-up",
        "/same-person",
        "/mend",
        "/phones",
        "/phones/new",
        "/results",
        "/password",
        "/sites/1/take-along",
    ),
    "chikondi": (
        "/",
        "/protocol?show=unverified",
        "/programme?of=TX_PVLS",
        "/programme/1",
        "/follow-up",
        "/results",
        "/results/TX_CURR",
        "/results/TX_ML",
        "/results/PMTCT_EID",
        "/results/PMTCT_ART",
        "/results/TX_PVLS",
        "/results/M2M_MTCT_FINAL",
    ),
    "dalitso": ("/", "/protocol", "/protocol/page", "/programme?of=PMTCT_ART", "/programme/1"),
    "watson": ("/", "/protocol", "/people", "/people/add", "/facilities", "/facilities/1/open"),
}


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe finds that keeps somebody out."""
    found = Axe().run(page).response["violations"]
    return [
        {"what": one["id"], "where": [node["html"][:200] for node in one["nodes"]]}
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def overhang(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    return int(page.evaluate("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"))


@pytest.mark.parametrize("size", [DESK, SMALL], ids=["desk", "phone"])
@pytest.mark.parametrize("name", SCREENS)
def test_the_offices_screens(demo: Demo, sign_in: SignIn, name: str, size: dict[str, int]) -> None:
    page = sign_in(name, size)
    for path in SCREENS[name]:
        answer = page.goto(f"{demo.address}{path}")
        assert answer and answer.status == 200, path
        wait_until_counted(page)
        assert overhang(page) == 0, path
        assert violations(page) == [], path


@pytest.mark.parametrize("size", [DESK, SMALL], ids=["desk", "phone"])
def test_a_womans_page(demo: Demo, sign_in: SignIn, size: dict[str, int]) -> None:
    page = sign_in("agness", size)
    page.goto(f"{demo.address}/clients")
    page.get_by_role("main").get_by_role("row").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.title() == "Client · Mentor Mothers"
    assert overhang(page) == 0 and violations(page) == []


@pytest.mark.parametrize("size", [DESK, SMALL], ids=["desk", "phone"])
def test_a_mentors_list_with_its_reasons(demo: Demo, sign_in: SignIn, size: dict[str, int]) -> None:
    page = sign_in("agness", size)
    page.goto(f"{demo.address}/sites/1")
    page.get_by_role("link", name=re.compile("list$")).first.click()
    expect(page.get_by_role("heading", level=2, name="Who needs her first")).to_be_visible()
    page.locator("details.why summary").first.click()
    expect(page.get_by_text(re.compile(r"Why it stands here: \d+ points")).first).to_be_visible()
    assert page.title() == "A mentor's list · Mentor Mothers"
    assert overhang(page) == 0 and violations(page) == []


def test_the_phones_screens(demo: Demo, sign_in: SignIn, phone: Phone) -> None:
    phone.open(make_code(sign_in("agness"), demo, "Tiyamike"))
    seen = {}

    def look(name: str) -> None:
        phone.page.wait_for_timeout(300)  # pages arrive with a short movement
        assert overhang(phone.page) == 0, name
        assert violations(phone.page) == [], name
        assert phone.page.title() == "Daybook", name
        seen[name] = phone.page.locator("h1").inner_text()

    look("set up")
    phone.set_up("Tiyamike", "Moon")
    for tab in ("Today", "Find", "My work", "Send"):
        phone.go(tab)
        look(tab)
    phone.go("Today")
    phone.page.locator("button.card").first.click()
    phone.page.get_by_role("region", name=re.compile("^How to reach")).wait_for()
    look("her page")
    phone.begin("Visit")
    phone.page.locator(".question").first.wait_for()
    look("form")
    phone.page.reload()
    phone.page.get_by_role("group", name="Your number").wait_for()
    look("unlock")
    assert not [name for name in seen.values() if re.search(r"\b(HIV|ART|AIDS)\b", name)]
