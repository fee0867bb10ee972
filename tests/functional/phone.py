"""Drives the Daybook as a mentor's hands do: by what stands on the screen."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

import segno
from playwright.sync_api import Locator, Page, Playwright, expect

from tests.functional.running import ChromiumProcess

PHONE = (360, 640)
PIN = "270594"
Answers = Mapping[str, Any]
"""Question -> a code, a list of codes, a text, a date, or (month, year) as shown."""

LAST_SUCCESS = """() => new Promise((good, bad) => {
    const opening = indexedDB.open('daybook')
    opening.onerror = () => bad(opening.error)
    opening.onsuccess = () => {
        const asked = opening.result.transaction('device').objectStore('device').get('device')
        asked.onerror = () => bad(asked.error)
        asked.onsuccess = () => { opening.result.close(); good(asked.result.lastSuccess ?? 0) }
    }
})"""


class Phone:
    """One phone: a browser profile with the app in it."""

    def __init__(self, playwright: Playwright, folder: Path, address: str) -> None:
        self._chromium = ChromiumProcess(playwright, folder, PHONE)
        self.folder, self.address = folder, f"{address}/phone/"
        self.troubles: list[str] = []

    def open(self, address: str = "") -> None:
        """Open the browser and the app."""
        browser = self._chromium.start()
        context = browser.contexts[0]
        context.set_default_timeout(20_000)
        self.page: Page = context.pages[0] if context.pages else context.new_page()
        self.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.goto(address or self.address)

    def hold_before_camera(self, text: str) -> None:
        """Let the camera see a QR with a text, from now on."""
        width, height, module = 640, 480, 10
        rows = [[cell for cell in row for _ in range(module)] for row in segno.make_qr(text).matrix_iter(border=4)]
        side = len(rows[0])
        left, top = (width - side) // 2, (height - side) // 2
        picture = bytearray(b"\xeb" * width * height)
        for y in range(side):
            begin = (top + y) * width + left
            picture[begin : begin + side] = bytes(0x10 if cell else 0xEB for cell in rows[y // module])
        colours = b"\x80" * (width * height // 2)
        self._chromium.camera.write_bytes(
            f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\nFRAME\n".encode() + bytes(picture) + colours
        )

    def kill(self) -> None:
        """kill -9 the browser."""
        self._chromium.kill()

    def press(self, name: str, **options: Any) -> None:
        self.page.get_by_role("button", name=name, **options).click()

    def enter_pin(self, pin: str = PIN) -> None:
        self.page.get_by_role("group", name="Your number").wait_for()
        for digit in pin:
            self.press(digit, exact=True)

    def set_up(self, first_name: str, picture: str) -> None:
        """Set up after the code was opened: who, picture, number twice; waits for her list."""
        self.press("Set up", exact=True)
        self.page.get_by_role("button", name=first_name).or_(
            self.page.get_by_text("Choose your picture")
        ).first.wait_for()
        if self.page.get_by_role("button", name=first_name).is_visible():
            self.press(first_name)
        self.press(picture, exact=True)
        self.page.get_by_text("Choose a number of six digits").wait_for()
        self.enter_pin()
        self.page.get_by_text("The same number once more").wait_for()
        self.enter_pin()
        self.page.get_by_role("navigation", name="Main").wait_for(timeout=30_000)
        expect(self.page.locator("[aria-busy=true]")).to_have_count(0, timeout=30_000)

    def unlock(self, pin: str = PIN) -> None:
        self.enter_pin(pin)
        self.page.get_by_role("navigation", name="Main").or_(self.page.get_by_role("heading", level=1)).first.wait_for()

    def go(self, tab: str) -> None:
        """Go to a main screen, back from wherever she is."""
        bar = self.page.get_by_role("navigation", name="Main")
        ways_back = self.page.get_by_role("button", name=re.compile("^Back"))
        bar.or_(ways_back).first.wait_for()
        while not bar.is_visible():
            ways_back.last.click()
            bar.or_(ways_back).first.wait_for()
        bar.get_by_role("button", name=tab).click()

    def find(self, text: str) -> None:
        """Look somebody up and open her page."""
        self.go("Find")
        self.page.get_by_role("searchbox").fill(text)
        self.page.locator("ul.rows button").first.click()
        self.page.get_by_role("region", name=re.compile("^How to reach")).wait_for()

    def begin(self, form: str) -> None:
        """Open a form from her page: by its own button, or from among the others."""
        actions = self.page.get_by_role("region", name="What to do")
        actions.wait_for()  # with all its buttons
        own = actions.get_by_role("button", name=form, exact=True)
        if own.is_visible():
            own.click()
            return
        actions.get_by_role("button", name="More").click()
        self.page.get_by_role("main").get_by_role("button", name=form, exact=True).click()

    def fill(self, answers: Answers, until: str = "") -> None:
        """Answer page by page and save; or stop, unsaved, on the page that asks `until`."""
        left = dict(answers)
        while True:
            self.page.locator(".question").first.wait_for()
            while asked := next((name for name in left if self._question(name).count()), None):
                self._answer(self._question(asked), left.pop(asked))
            if until and self._question(until).count():
                return
            button = self.page.locator('button[form="page"]')
            if button.inner_text() == "Save":
                button.click()
                self.page.get_by_role("heading", name="Saved", level=1).wait_for()
                assert not left, f"never asked: {sorted(left)}"
                return
            step = self._step()
            button.click()
            self._step_but(step).or_(self.alike()).first.wait_for()
            if self.alike().is_visible():
                self.press("None of these: go on")
            self._step_but(step).wait_for()

    def _question(self, name: str) -> Locator:
        return self.page.locator(f'[data-question$="/{name}"], [data-question="{name}"]')

    def _step(self) -> str:
        return self.page.locator("header p").inner_text()

    def _step_but(self, step: str) -> Locator:
        return self.page.locator("header p").filter(has_not_text=step)

    def alike(self) -> Locator:
        """Those on the list who may be the woman that is about to be enrolled."""
        return self.page.get_by_role("region", name="Is she one of these?")

    def _answer(self, question: Locator, value: Any) -> None:
        if isinstance(value, date):
            question.get_by_role("button", name="Another day").click()
            question.locator('input[type="date"]').fill(value.isoformat())
        elif isinstance(value, tuple):
            question.get_by_label("Month").select_option(label=value[0])
            question.get_by_label("Year").select_option(label=value[1])
        elif question.get_by_role("textbox").count():
            question.get_by_role("textbox").fill(str(value))
        else:
            for code in value if isinstance(value, list) else [value]:
                # The space bar chooses without going on to the next page by itself.
                choice = question.locator(f'input[value="{code}"]')
                choice.focus()
                choice.press("Space")

    def unsent(self) -> int:
        """How many pieces the Send page says are not sent."""
        self.go("Send")
        self.page.locator(".outbox").wait_for()
        words = self.page.locator(".outbox h2").inner_text()
        return int(words.split()[0]) if words[0].isdigit() else 0

    def send(self) -> None:
        """Send now and wait until a round that began after this has ended well and nothing is left."""
        self.go("Send")
        button = self.page.get_by_role("button", name="Send now")
        expect(button).to_be_enabled(timeout=30_000)
        before, until = self._last_success(), monotonic() + 30
        button.click()
        while self._last_success() <= before:
            assert monotonic() < until, self.page.get_by_role("status").all_inner_texts()
            self.page.wait_for_timeout(50)
        expect(self.page.locator(".outbox.clear")).to_be_visible(timeout=30_000)
        expect(button).to_be_enabled(timeout=30_000)

    def _last_success(self) -> float:
        """When the phone last finished a round, by its own clock; the screen tells only the minute."""
        return float(self.page.evaluate(LAST_SUCCESS))
