"""What the tests do and read in the office, by what stands on its pages."""

import re

from playwright.sync_api import Page, expect

from tests.functional.running import Demo


def make_code(office: Page, demo: Demo, *people: str) -> str:
    """Make a code for a new phone of these people; gives the address that its square holds."""
    office.goto(f"{demo.address}/phones")
    office.get_by_role("link", name="Set up a phone").click()
    for person in people:
        office.get_by_label(person).check()
    office.get_by_role("main").get_by_role("textbox").fill("A phone of the tests")
    office.get_by_role("button", name="Make the code").click()
    code = office.locator(".code").last.inner_text()
    return f"{demo.address}/phone/#/enrol/{code}"


def open_client(office: Page, demo: Demo, name: str) -> None:
    """Find somebody by name and open her page."""
    office.goto(demo.address)
    office.get_by_role("search", name="Find a client").get_by_role("searchbox").fill(name)
    office.keyboard.press("Enter")
    office.locator("#found").get_by_role("link", name=re.compile(name.split()[0])).first.click()
    expect(office.get_by_role("heading", level=1)).to_contain_text(name.split()[0])


def on_treatment(manager: Page, demo: Demo) -> int:
    """The manager's number: how many are on treatment now, once everything that came in is counted."""
    manager.goto(f"{demo.address}/results")
    wait_until_counted(manager)
    found = re.search(r"(\d+) people are on treatment", manager.get_by_role("main").inner_text())
    assert found
    return int(found[1])


def wait_until_counted(page: Page) -> None:
    """A page of numbers asks for itself again while something in it is being counted."""
    expect(page.locator("[hx-trigger=load]")).to_have_count(0, timeout=180_000)
