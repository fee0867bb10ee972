"""Another site of our organisation, where a client of home comes to be known again."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from mentormothers.facts.card_code import with_check
from tests.programme import Api, Programme, enrolled, enrolment

CARD = with_check("ABCDEF")


@dataclass
class There:
    """Another site of our organisation, with a mentor and her phone; Grace is a client at home."""

    programme: Programme
    mentor: Any
    phone: Api
    coordinator: Any
    site: Any
    grace: UUID
    enrolment: str
    handles: list[str] = field(default_factory=list)  # of the last look-up

    def ask(self, text: Any, phone: Api | None = None, user: Any = None) -> Any:
        phone = phone or self.phone
        body = {"user": str((user or self.mentor).id), "text": text}
        return phone.post("/look-up", body, authorization=f"Bearer {phone.token()}")

    def matches(self, text: str, **who: Any) -> list[dict[str, Any]]:
        answer = self.ask(text, **who)
        assert answer.status_code == 200, answer.content
        assert set(answer.json()) == {"matches"}
        found: list[dict[str, Any]] = answer.json()["matches"]
        self.handles = [one.pop("handle") for one in found]
        return found


@pytest.fixture
def there(programme: Programme) -> There:
    from mentormothers.access.models import Membership, Role, User
    from mentormothers.sites.models import Organisation, Site, SiteModel

    ours = Organisation.objects.get(id=programme.home.organisation_id)
    site = Site.objects.create(name="Bangwe", organisation=ours, opened="2024-01-01")
    SiteModel.objects.create(site=site, model="direct", since="2024-01-01")
    mentor = User.objects.create_user("eluby", "x", first_name="Eluby", role=Role.MENTOR, organisation=ours.id)
    manager = programme.manager
    coordinator = User.objects.create_user(
        "violet", "x", first_name="Violet", role=Role.COORDINATOR, organisation=ours.id
    )
    for user in (mentor, coordinator):
        Membership.objects.create(user=user, site=site.id)
    phone = enrolled(programme.coordinator, site, [mentor, coordinator, manager])
    client, parcel = enrolment(
        programme, **{"number.anc": "45/2025", "number.card": CARD, "name.called": "Amake Tadala"}
    )
    born = {"birth_year": str(programme.now.year - 26)}  # which a phone works out of her age
    parcel["record"] = programme.phone.signed(parcel["record"] | {"answers": parcel["record"]["answers"] | born})
    (answer,) = programme.push([parcel])
    assert answer["status"] == "accepted", answer
    return There(programme, mentor, Api(phone), coordinator, site, UUID(client), parcel["record"]["id"])
