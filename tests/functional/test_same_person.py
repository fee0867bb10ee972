"""The queue of who is perhaps one person, filled beside the running server and decided in a browser."""

import re
import subprocess

from playwright.sync_api import expect

from tests.functional.conftest import SignIn
from tests.functional.running import PROGRAM, Demo


def test_a_coordinator_decides_who_is_one(demo: Demo, sign_in: SignIn) -> None:
    done = subprocess.run([PROGRAM, "propose"], env=demo.environment, capture_output=True, text=True, check=True)
    assert re.fullmatch(r"(.+: \d+ persons compared, \d+ pairs wait, \d+ of them new\n){2}", done.stderr), done.stderr
    page = sign_in("agness")
    page.goto(f"{demo.address}/clients")
    page.get_by_role("link", name="Perhaps one person").click()
    waiting = int(page.locator(".count").inner_text().partition(" ")[0])
    assert waiting > 1
    first = page.locator("section.same").first
    expect(first.get_by_role("table", name="What was compared, and what it says").get_by_role("row")).not_to_have_count(
        0
    )
    expect(first.get_by_text("Of somebody at another site no more is shown.")).to_be_visible()
    names = first.get_by_role("heading", level=2).inner_text()
    first.get_by_role("button", name="Not sure").click()
    expect(page.get_by_text("at the end of the queue")).to_be_visible()
    expect(page.locator("section.same").first.get_by_role("heading", level=2)).not_to_have_text(names)
    page.locator("section.same").first.get_by_role("button", name="Not the same").click()
    expect(page.get_by_text("They are two.")).to_be_visible()
    expect(page.locator(".count")).to_contain_text(re.compile(rf"^{waiting - 1} pair"))
