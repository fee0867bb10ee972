"""A tiny programme for tests: two sites of two organisations, and the people of the base fixture.

Three people stand in most tests: a Mentor Mother, her Site Coordinator, and a stranger from another site.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from mentormothers.config.database import Database
from mentormothers.config.demo.phone import SyntheticPhone
from mentormothers.config.embedded import Cluster
from tests.databases import disconnect

PASSWORD = "a long enough password"


@dataclass
class Programme:
    """Sites, people and phones, by the names tests use."""

    home: Any
    elsewhere: Any
    mentor: Any
    coordinator: Any
    manager: Any
    administrator: Any
    stranger: Any
    strange_mentor: Any
    phone: SyntheticPhone
    strange_phone: SyntheticPhone
    now: datetime

    def push(self, parcels: list[Any], phone: SyntheticPhone | None = None) -> list[dict[str, Any]]:
        """Push through the API as a phone does; gives the answers."""
        answer = Api(phone or self.phone).push(parcels)
        assert answer.status_code == 200, answer.content
        return answer.json()["answers"]


class Api:
    """A phone's requests, through Django's test client."""

    def __init__(self, phone: SyntheticPhone) -> None:
        from django.test import Client

        self.phone = phone
        self.client = Client()
        self._token = ""

    def token(self) -> str:
        if not self._token:
            asked = self.post("/grants/challenge", {"device": self.phone.device})
            text = asked.json()["challenge"]
            signature = self.phone.sign(f"mentormothers-grant:{text}".encode())
            granted = self.post("/grants", {"device": self.phone.device, "challenge": text, "signature": signature})
            assert granted.status_code == 200, granted.content
            self._token = granted.json()["token"]
        return self._token

    def post(self, path: str, content: Any, **headers: str) -> Any:
        return self.client.post(f"/api/v1{path}", content, content_type="application/json", headers=headers)

    def push(self, parcels: Any, **headers: str) -> Any:
        return self.post("/records", {"parcels": parcels}, authorization=f"Bearer {self.token()}", **headers)

    def pull(self, user: Any, since: str = "") -> list[dict[str, Any]]:
        import json

        query = {"user": str(user.id)} | ({"since": since} if since else {})
        answer = self.client.get("/api/v1/changes", query, headers={"authorization": f"Bearer {self.token()}"})
        assert answer.status_code == 200, answer.content
        return [json.loads(line) for line in answer.getvalue().splitlines()]


@pytest.fixture(scope="session")
def template_programme(template: Cluster) -> Programme:
    """Two sites, six people, two phones, made once in the template that tests copy."""
    from django.utils import timezone

    from mentormothers.access.models import Membership, Role, User
    from mentormothers.sites.models import Organisation, Site, SiteModel

    ours, theirs = Organisation.objects.create(name="Programme"), Organisation.objects.create(name="Partner")
    opened = date(2024, 1, 1)
    home = Site.objects.create(name="Ndirande", organisation=ours, opened=opened)
    elsewhere = Site.objects.create(name="Zomba", organisation=theirs, opened=opened)
    for site, model in ((home, "direct"), (elsewhere, "partner")):
        SiteModel.objects.create(site=site, model=model, since=opened)

    def person(username: str, role: str, organisation: Organisation, *sites: Site) -> User:
        user = User.objects.create_user(
            username, PASSWORD, first_name=username.title(), role=role, organisation=organisation.id
        )
        Membership.objects.bulk_create([Membership(user=user, site=site.id) for site in sites])
        return user

    people = {
        "mentor": person("promise", Role.MENTOR, ours, home),
        "coordinator": person("agness", Role.COORDINATOR, ours, home),
        "manager": person("chikondi", Role.MANAGER, ours, home),
        "administrator": person("limbani", Role.ADMINISTRATOR, ours),
        "stranger": person("stranger", Role.COORDINATOR, theirs, elsewhere),
        "strange_mentor": person("other", Role.MENTOR, theirs, elsewhere),
    }
    made = Programme(
        home=home,
        elsewhere=elsewhere,
        **people,
        phone=enrolled(people["coordinator"], home, [people["mentor"], people["coordinator"]]),
        strange_phone=enrolled(people["stranger"], elsewhere, [people["strange_mentor"], people["stranger"]]),
        now=timezone.localtime().replace(microsecond=0) - timedelta(hours=1),
    )
    disconnect()
    return made


@pytest.fixture
def programme(template_programme: Programme, db: Database) -> Programme:
    """The programme of the template, in this test's own database."""
    made = template_programme
    return replace(
        made,
        phone=replace(made.phone, client_keys={}),
        strange_phone=replace(made.strange_phone, client_keys={}),
    )


def enrolled(by: Any, site: Any, people: list[Any]) -> SyntheticPhone:
    """A phone enrolled through the API."""
    from mentormothers.access.devices import make_code

    code = make_code(by=by, site=site.id, organisation=site.organisation_id, people=people)
    phone = SyntheticPhone()
    answer = Api(phone).post("/devices", {"code": code, "public_key": phone.public_key})
    assert answer.status_code == 201, answer.content
    return phone.enrolled(answer.json())


def enrolment(programme: Programme, phone: SyntheticPhone | None = None, **identity: str) -> tuple[str, Any]:
    """A woman enrolled today, positive and supplied for 30 days: her pseudonym and the parcel."""
    phone = phone or programme.phone
    author = programme.mentor if phone is programme.phone else programme.strange_mentor
    client = phone.new_client()
    today = programme.now.date().isoformat()
    answers = {
        "keep/data_use": "given", "purposes/follow_up": "given", "purposes/phone_calls": "given",
        "purposes/home_visit": "refused", "person/age": 26, "test/status": "new_positive",
        "test/source": "register", "test/tested_on": today, "test_value": "pos", "treatment/on_treatment": "yes",
        "treatment/start_known": "yes", "treatment/started_on": today, "treatment/supplied_on": today,
        "treatment/supplied_days": 30, "group": "mother_hiv_pos",
    }  # fmt: skip
    said = {"name.given": "Grace", "name.family": "Banda", "address.village": "Chilomoni", "phone.number": "0991234567"}
    return client, phone.parcel(
        "enrolment", str(author.id), client, answers, at=programme.now, identities={client: said | identity},
        source="register",
    )  # fmt: skip
