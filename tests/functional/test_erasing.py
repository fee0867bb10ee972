"""A name that is erased in the office is gone there, on the phone, and after an older backup was restored."""

import shutil
import tempfile
from datetime import date
from pathlib import Path

from playwright.sync_api import expect

from tests.functional.conftest import SignIn
from tests.functional.office import make_code, open_client
from tests.functional.phone import Phone
from tests.functional.running import Demo
from tests.functional.test_journey import enrolment


def test_an_erased_name_is_nowhere_any_more(demo: Demo, sign_in: SignIn, phone: Phone) -> None:
    coordinator = sign_in("agness")
    phone.open(make_code(coordinator, demo, "Promise"))
    phone.set_up("Promise", "Drum")
    phone.go("Find")
    phone.press("New client")
    phone.fill(enrolment(date.today()) | {"given_name": "Wezi", "family_name": "Msukwa"})
    phone.send()
    with tempfile.TemporaryDirectory(prefix="mm-backup-") as backup:
        assert demo.run("backup", backup).returncode == 0

        open_client(coordinator, demo, "Wezi Msukwa")
        page = coordinator.url
        coordinator.get_by_role("link", name="Erase the name of Wezi").click()
        coordinator.get_by_label("Why?").select_option(label="She asked for it")
        coordinator.get_by_label("The code above").fill(coordinator.locator(".sub .number").inner_text())
        coordinator.get_by_role("button", name="Erase the name for good").click()
        expect(coordinator.get_by_role("heading", level=1)).to_have_text("name erased")
        coordinator.goto(demo.address)
        coordinator.get_by_role("search", name="Find a client").get_by_role("searchbox").fill("Wezi Msukwa")
        coordinator.keyboard.press("Enter")
        expect(coordinator.locator("#found")).to_contain_text("Nobody found")

        phone.find("Wezi")
        phone.send()
        shows_no_name(phone)
        phone.page.reload()
        phone.unlock()
        shows_no_name(phone)

        assert demo.stop() == 0
        shutil.rmtree(demo.folder / "state" / "postgresql")  # the disk of the database; the keys lie elsewhere
        (care,), (keys,) = Path(backup).glob("*.care"), Path(backup).glob("*.keys")
        restored = demo.run("restore", str(care), "--keys", str(keys))
        assert restored.returncode == 0, restored.stderr
        assert "1 client(s) who were erased since this backup was made are erased again." in restored.stderr
        demo.start()
        coordinator = sign_in("agness")
        coordinator.goto(page)
        expect(coordinator.get_by_role("heading", level=1)).to_have_text("name erased")
        phone.send()  # starts its feed again, and gives once more what it sent: her name among it
        shows_no_name(phone)
        coordinator.reload()
        expect(coordinator.get_by_role("heading", level=1)).to_have_text("name erased")


def shows_no_name(phone: Phone) -> None:
    """She is on the phone, and nobody can tell from it who she is."""
    phone.go("Find")
    for typed in ("Wezi", "Msukwa"):
        phone.page.get_by_role("searchbox").fill(typed)
        expect(phone.page.get_by_role("status")).to_contain_text("found")
        expect(phone.page.locator("ul.rows").filter(has_text="Msukwa")).to_have_count(0)
    phone.go("Today")
    expect(phone.page.get_by_role("main")).not_to_contain_text("Wezi")
