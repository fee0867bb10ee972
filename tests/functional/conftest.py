"""One demo and one browser for the tests of this folder."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.functional.phone import Phone
from tests.functional.running import QUIET, Demo, running

PASSWORD = "synthetic-people-only"  # what the demo prints
PATIENCE_MS = 30_000
DESK = {"width": 1280, "height": 800}
SignIn = Callable[..., Page]


@pytest.fixture(scope="session")
def only_demo() -> Iterator[Demo]:
    with tempfile.TemporaryDirectory(prefix="mm-demo-") as folder, running(Demo(Path(folder))) as demo:
        yield demo


@pytest.fixture
def demo(only_demo: Demo) -> Demo:
    """The demo, running: a test that stopped it may have failed before it started it again."""
    if not only_demo.is_running():
        only_demo.start()
    return only_demo


# Not for the session: while Playwright runs its loop, Django in the same process takes every query for a mistake.
@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=os.environ["MENTORMOTHERS_CHROMIUM"], args=list(QUIET))
    yield browser
    browser.close()


@pytest.fixture
def sign_in(browser: Browser, demo: Demo) -> Iterator[SignIn]:
    """Sign in to the office: sign_in("agness")."""
    opened = []

    def sign_in(name: str, viewport: dict[str, int] = DESK) -> Page:
        context = browser.new_context(viewport=viewport)
        context.set_default_timeout(PATIENCE_MS)
        opened.append(context)
        page = context.new_page()
        page.goto(demo.address)
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("navigation").first.wait_for()
        return page

    yield sign_in
    for context in opened:
        context.close()


@pytest.fixture
def phone(playwright: Playwright, demo: Demo) -> Iterator[Phone]:
    with tempfile.TemporaryDirectory(prefix="mm-phone-", ignore_cleanup_errors=True) as folder:
        phone = Phone(playwright, Path(folder), demo.address)
        yield phone
        phone.kill()
        assert phone.troubles == []
