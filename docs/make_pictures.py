"""Takes the pictures that the documents show, of a fresh demo in a real browser: `just pictures`."""

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, Playwright, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.functional.conftest import DESK, PASSWORD
from tests.functional.office import make_code
from tests.functional.phone import Phone
from tests.functional.running import QUIET, Demo, running

PICTURES = Path(__file__).parent / "pictures"


def take_all() -> None:
    """Start a demo, set up a phone, and take one picture after the other."""
    with (
        tempfile.TemporaryDirectory(prefix="mm-pictures-", ignore_cleanup_errors=True) as folder,
        running(Demo(Path(folder))) as demo,
        sync_playwright() as playwright,
    ):
        office = _coordinator(playwright, demo)
        office.screenshot(path=PICTURES / "office.png")
        phone = Phone(playwright, Path(folder) / "phone", demo.address)
        try:
            phone.open(make_code(office, demo, "Promise"))
            phone.set_up("Promise", "Fish")
            _of_phone(phone, "phone-today")
            phone.page.locator("button.card").first.click()
            phone.page.get_by_role("region", name="How to reach her").wait_for()
            _of_phone(phone, "phone-person")
        finally:
            phone.kill()


def _coordinator(playwright: Playwright, demo: Demo) -> Page:
    browser = playwright.chromium.launch(executable_path=os.environ["MENTORMOTHERS_CHROMIUM"], args=list(QUIET))
    page = browser.new_context(viewport=DESK).new_page()
    page.goto(demo.address)
    page.get_by_label("Name").fill("agness")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("table").wait_for()
    return page


def _of_phone(phone: Phone, name: str) -> None:
    phone.page.wait_for_timeout(1000)  # pages arrive with a short movement
    phone.page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    take_all()
