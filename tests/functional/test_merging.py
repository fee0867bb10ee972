"""A woman who was enrolled twice becomes one on a phone when the office joins her, and two again when it is taken back."""

import subprocess
import sys
from datetime import date

from playwright.sync_api import expect

from tests.functional.conftest import SignIn
from tests.functional.office import make_code, open_client
from tests.functional.phone import Phone
from tests.functional.running import Demo
from tests.functional.test_journey import enrolment

FIRST = {"given_name": "Tadala", "family_name": "Zgambo", "phone": "0999 777 001"}
SECOND = {"given_name": "Wongani", "family_name": "Zgambo", "phone": "0999 777 002"}

JOIN = """
import sys
from uuid import UUID
from mentormothers.config.starting import django_running
with django_running():
    from mentormothers.access.models import User
    from mentormothers.register.merging import say_same_person
    say_same_person(UUID(sys.argv[1]), UUID(sys.argv[2]), by=User.objects.get(username="agness"))
"""


def test_a_phone_shows_one_woman_and_two_again(demo: Demo, sign_in: SignIn, phone: Phone) -> None:
    coordinator = sign_in("agness")
    phone.open(make_code(coordinator, demo, "Promise"))
    phone.set_up("Promise", "Drum")
    for names in (FIRST, SECOND):
        phone.go("Find")
        phone.press("New client")
        phone.fill(enrolment(date.today()) | names)
    phone.send()
    addresses = []
    for name in ("Tadala Zgambo", "Wongani Zgambo"):
        open_client(coordinator, demo, name)
        addresses.append(coordinator.url)
    person, other = sorted(address.rpartition("/")[2] for address in addresses)
    assert person != other
    join(demo, person, other)

    coordinator.goto(f"{demo.address}/clients/{other}")
    assert coordinator.url.endswith(person)
    expect(coordinator.get_by_role("heading", name="Enrolled more than once")).to_be_visible()
    phone.send()
    for name in ("Tadala", "Wongani", "0999 777 001", "0999 777 002"):
        phone.go("Find")
        phone.page.get_by_role("searchbox").fill(name)
        expect(phone.page.locator("ul.rows li").filter(has_text="Zgambo")).to_have_count(1)
    phone.page.locator("ul.rows li").filter(has_text="Zgambo").click()
    expect(phone.page.get_by_text("Enrolled more than once")).to_be_visible()
    phone.page.reload()
    phone.unlock()
    phone.go("Find")
    phone.page.get_by_role("searchbox").fill("Zgambo")
    expect(phone.page.locator("ul.rows li").filter(has_text="Zgambo")).to_have_count(1)

    coordinator.get_by_role("link", name="Take that back").click()
    expect(coordinator.get_by_role("heading", level=1)).to_have_text("Are they two persons?")
    coordinator.get_by_role("button", name="Yes, they are two").click()
    expect(coordinator.get_by_role("main").get_by_role("heading", name="Enrolled more than once")).to_have_count(0)
    phone.send()
    for name in ("Tadala", "Wongani"):
        phone.go("Find")
        phone.page.get_by_role("searchbox").fill(name)
        expect(phone.page.locator("ul.rows li").filter(has_text=name)).to_have_count(1)
    phone.page.get_by_role("searchbox").fill("Zgambo")
    expect(phone.page.locator("ul.rows li").filter(has_text="Zgambo")).to_have_count(2)
    assert not phone.troubles


def join(demo: Demo, one: str, other: str) -> None:
    """Say that they are one person, as the coordinators' queue does."""
    said = subprocess.run(
        [sys.executable, "-c", JOIN, one, other], env=demo.environment, capture_output=True, text=True, timeout=120
    )
    assert said.returncode == 0, said.stderr
