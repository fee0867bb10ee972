"""The phone's own schedule (TypeScript, sqlite-wasm) in Chromium gives the rows of the reference."""

import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser

from mentormothers.engines import reference
from mentormothers.engines.rows import ScheduleRow, in_order, schedule_row
from mentormothers.facts.fact import History
from mentormothers.protocol.model import Protocol
from mentormothers.protocol.reading import find_protocol
from tests.conftest import Engine
from tests.generative.histories import AS_OF, some_families, together
from tests.phone_engine import NODE, PHONE, question
from tests.spec.examples import PROTOCOLS, asked, worked
from tests.spec.tables import check_statements

RANDOM_FAMILIES = 200


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def page_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page with the phone's schedule, built as the app is and served on this machine."""
    folder = tmp_path_factory.mktemp("engine")
    subprocess.run([NODE, "tests/engine_page.mjs", folder], cwd=PHONE, check=True)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/engine_page.html"
        server.shutdown()


@pytest.fixture(scope="module")
def chromium(browser: Browser, page_address: str) -> Iterator[Engine]:
    """The schedule in Chromium, each answer compared with the reference."""
    page = browser.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto(page_address)
    page.wait_for_function("() => 'answer' in globalThis")

    def schedule(protocol: Protocol, history: History, as_of: date) -> list[ScheduleRow]:
        found = page.evaluate("question => answer(question)", question(protocol, history, as_of))
        rows = in_order(schedule_row(*row) for row in found)
        assert rows == reference.schedule(protocol, history, as_of)
        return rows

    yield schedule
    page.close()
    assert troubles == []


@pytest.mark.parametrize("name", PROTOCOLS)
def test_worked_examples(name: str, chromium: Engine, tmp_path: Path) -> None:
    for example in worked(name):
        check_statements(chromium, asked(name), example, tmp_path)


@pytest.mark.parametrize("days_ago", [500, 200, 0, -200])
@pytest.mark.parametrize("name", ["ACC-1", "MW-2022", "KE-2026"])
def test_random_families(name: str, days_ago: int, chromium: Engine) -> None:
    families = together(list(some_families(RANDOM_FAMILIES)))
    assert chromium(find_protocol(name), families, AS_OF - timedelta(days=days_ago))
