"""The straight path in real browsers: set up, enrol offline, lose power, sync, follow up, count."""

import re
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import expect

from tests.functional.conftest import SignIn
from tests.functional.office import make_code, on_treatment, open_client
from tests.functional.phone import Phone
from tests.functional.running import Demo

# She got tablets for 30 days 75 days ago: 45 days late, and so neither due nor lately missed but beyond the rule.
LAST_SUPPLY = timedelta(days=75)
BORN = timedelta(days=20)


def enrolment(today: date) -> dict[str, object]:
    return {
        "data_use": "given", "follow_up": "given", "phone_calls": "given", "sms": "refused", "whatsapp": "refused",
        "home_visit": "given", "referral_share": "refused", "research": "refused",
        "given_name": "Thandiwe", "family_name": "Nyirongo", "age": 27, "village": "Chemusa", "language": "ny",
        "phone_owner": "partner", "phone": "0999 123 456", "answerers": ["only_her"], "hours": ["early"],
        "wording": "covert", "her_words": "village bank",
        "status": "known_positive", "source": "register", "positive_since": ("March", str(today.year - 2)),
        "on_treatment": "yes", "start_known": "yes", "started_on": today - timedelta(days=600),
        "carrying": "pregnant", "how_known": "due_date", "due_date": today + timedelta(days=5),
        "contact_today": "no",
    }  # fmt: skip


VISIT = {
    "place": "clinic", "source": "register", "refilled": "yes", "supply": "30",
    "anc_today": "yes", "sample_today": "no",
}  # fmt: skip
BIRTH = {
    "outcome": "live", "birth_place": "this_clinic", "source": "register", "babies": "1", "baby_name": "Yankho",
    "sex": "f", "weight": "3.1", "plan": "exclusive", "medicine": "yes", "mother_seen": "yes",
}  # fmt: skip


SECRETS = ("Thandiwe", "Nyirongo", "Chemusa", "0999 123 456", "0999123456", "village bank", "Yankho")


def files_with(folder: Path, secret: str) -> list[str]:
    """Files that hold a text, as bytes or as UTF-16."""
    wanted = (secret.encode(), secret.encode("utf-16-le"))
    found = []
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            if any(text in content for text in wanted):
                found.append(str(path.relative_to(folder)))
    return found


def test_from_enrolment_to_the_number(demo: Demo, sign_in: SignIn, phone: Phone) -> None:
    today = date.today()
    coordinator, manager = sign_in("agness"), sign_in("chikondi")
    before = on_treatment(manager, demo)

    phone.open(make_code(coordinator, demo, "Promise"))
    phone.set_up("Promise", "Fish")
    expect(phone.page).to_have_title("Daybook")

    # The server is dead: everything below happens on the phone alone.
    assert demo.stop() == 0
    phone.page.reload()
    phone.unlock()
    phone.go("Find")
    phone.press("New client")
    phone.fill(enrolment(today))
    phone.press("Her page")
    phone.begin("Visit")
    phone.fill(VISIT | {"refilled_on": today - LAST_SUPPLY})
    phone.press("Her page")
    phone.begin("Birth")
    phone.fill(BIRTH | {"born_on": today - BORN})
    assert phone.unsent() == 3
    phone.find("Thandiwe")
    phone.begin("Visit")
    phone.fill({"place": "home", "source": "observed"}, until="refilled")
    phone.page.wait_for_timeout(1000)  # a draft keeps itself a moment after the last answer

    phone.kill()
    phone.open()
    phone.unlock()
    assert phone.unsent() == 3, "what was saved before the power went is there"
    phone.find("Nyirongo")
    main = phone.page.get_by_role("main")
    expect(main).to_contain_text("village bank")
    expect(main).to_contain_text("Yankho")
    expect(phone.page.get_by_role("button", name="Go on: Visit")).to_be_visible()

    # The same data, the same address: the phone finds its server again.
    demo.start(patience=60)
    phone.send()
    assert phone.unsent() == 0

    coordinator = sign_in("agness")
    coordinator.goto(demo.address)
    coordinator.get_by_label("Name, village or number").fill("Thandiwe")
    expect(coordinator.locator("#list").get_by_text(re.compile(r"^\d+ of \d+ things to do"))).to_be_visible()
    row = coordinator.get_by_role("row").filter(has_text="Refill").filter(has_text="Thandiwe")
    expect(row).to_contain_text("45 days late")
    row.get_by_role("link", name="Ask somebody to look for her").click()
    row.get_by_label("Who looks for her?").select_option(index=0)
    coordinator.get_by_role("button", name="Ask her").click()
    open_client(coordinator, demo, "Thandiwe Nyirongo")
    page = coordinator.get_by_role("main")
    expect(page).to_contain_text("Yankho")
    expect(page).to_contain_text("village bank")
    assert on_treatment(manager_again := sign_in("chikondi"), demo) == before, "she came 45 days late: not on treatment"

    # On the phone: she is to be looked for; how to reach her is read before any contact.
    phone.send()
    phone.go("Today")
    card = phone.page.get_by_role("region", name="Missed, find her first").locator("button.card").first
    expect(card).to_contain_text(
        "Thandiwe"
    )  # 45 days late is not the latest there: she is first because somebody asked
    card.click()
    expect(phone.page.get_by_role("region", name="How to reach her")).to_contain_text("Only before 9")
    phone.begin("Look for her")
    phone.fill({"way": "home", "found": "returning", "reasons": ["transport"], "comes_on": today})
    phone.press("Her page")
    phone.press("Go on: Visit")
    phone.fill({"refilled": "yes", "supply": "90", "refilled_on": today, "sample_today": "no",
                "feeding": "exclusive", "baby_got": ["none"]})  # fmt: skip
    phone.send()

    assert on_treatment(manager_again, demo) == before + 1
    open_client(coordinator, demo, "Thandiwe Nyirongo")
    expect(coordinator.get_by_role("main")).to_contain_text("she will come")

    # Neither the server's folder (database, logs, keys) nor the phone's own files know her by name.
    assert demo.run("backup", str(demo.folder / "backup")).returncode == 0
    phone.kill()
    assert files_with(demo.folder, "Promise") and files_with(phone.folder, "Promise"), "colleagues stand there in words"
    for folder in (demo.folder, phone.folder):
        for secret in SECRETS:
            assert files_with(folder, secret) == [], secret
