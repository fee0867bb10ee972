"""A small office for tests: a late woman with her baby at one site, a record to mend, somebody asked to look for her.

Beside the people of the programme there are a manager and an administrator of the other organisation, so that every
screen meets a stranger of each role.
"""

import html
import io
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.test import Client
from pypdf import PdfReader

from tests.programme import Programme

GRACE = {
    "name.given": "Grace", "name.family": "Banda", "address.village": "Chilomoni", "phone.number": "0991234567",
    "phone.owner": "own", "phone.answerers": ["only_her"], "contact.hours": ["early"], "contact.wording": "covert",
    "contact.words": "savings group",
}  # fmt: skip
BABY = "Takondwa"
# What must never show itself in an address, a log or to a stranger.
NAMES = ("Grace", "Banda", "Chilomoni", "0991234567", "savings group", BABY)
PEOPLE = (
    "coordinator", "manager", "administrator", "mentor", "ministry", "stranger", "strange_manager",
    "strange_administrator", "anonymous",
)  # fmt: skip
HTMX = {"HX-Request": "true"}
_LOADED = re.compile(r'hx-get="([^"]+)" hx-trigger="load"')


class Loading(Client):
    """A client that answers with what a page puts in its own place as soon as it is open."""

    def get(self, path: str, *args: Any, **options: Any) -> Any:
        answer = super().get(path, *args, **options)
        is_page = "HX-Request" not in (options.get("headers") or {}) and not answer.streaming
        loaded = _LOADED.search(answer.content.decode(errors="replace")) if is_page else None
        if loaded:
            content = super().get(html.unescape(loaded[1]), headers=HTMX)
            content.status_code = answer.status_code
            return content
        return answer


@dataclass
class Office:
    """The programme with its people, and the things on its screens by name."""

    programme: Programme
    people: dict[str, Any]
    mother: UUID
    baby: UUID
    assignment: Any
    quarantined: Any
    record: UUID
    cards: Any
    today: date
    joined: UUID | None = None  # the record that joins two pseudonyms, where a test has one

    def browser(self, who: str = "coordinator", *, loads: bool = True, **options: Any) -> Any:
        """A browser in which somebody has signed in. loads: it fetches what a page itself asks for, as htmx does."""
        browser = Loading(**options) if loads else Client(**options)
        if who != "anonymous":
            browser.force_login(self.people[who], backend="django.contrib.auth.backends.ModelBackend")
        return browser

    def audited(self, what: str) -> list[Any]:
        """The audit lines of a kind, the oldest first."""
        from mentormothers.access.models import AuditEvent

        return list(AuditEvent.objects.filter(what=what).order_by("id"))

    def publish(self) -> int:
        """Publish the country's numbers, as the worker does at night; gives how many."""
        from mentormothers.config.jobs import publish_country

        return int(publish_country())

    def secrets(self) -> tuple[str, ...]:
        """What nobody of another organisation may see."""
        from mentormothers.followup.paper import short_code

        ours = [str(self.mother), str(self.baby), short_code(self.mother), short_code(self.baby), "Phone of Promise"]
        return (*NAMES, *ours, self.programme.mentor.first_name, "Ndirande")


def make_office(programme: Programme) -> Office:
    """Fill the programme's database with what the screens show."""
    from mentormothers.access.models import Device, Membership, Role, User
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.quarantine import waiting
    from mentormothers.followup.actions import ask_to_look_for
    from mentormothers.sites.cards import new_cards

    theirs = programme.elsewhere
    strangers = {
        role: User.objects.create_user(
            f"strange-{role}", "x", first_name=f"Strange {role}", role=role, organisation=theirs.organisation_id
        )
        for role in (Role.MANAGER, Role.ADMINISTRATOR)
    }
    Membership.objects.create(user=strangers[Role.MANAGER], site=theirs.id)
    mother, first = woman(programme, days_ago=75)
    baby, birth = born(programme, mother, days_ago=60)
    spoilt = woman(programme, days_ago=1)[1]
    spoilt["record"] = programme.phone.signed(spoilt["record"] | {"happened": "2099-01-01"})
    programme.push([first, birth, spoilt])
    Device.objects.filter(id=programme.phone.device).update(label="Phone of Promise")
    with scoped(scope_of(programme.coordinator)):
        (row,) = waiting()
        asked = ask_to_look_for(
            UUID(mother), mentor=programme.mentor, item="ACC.REFILL", by=programme.coordinator
        )  # fmt: skip
        cards = new_cards(programme.home, 10, by=programme.coordinator)
    people = {name: getattr(programme, name, None) for name in PEOPLE}
    people |= {f"strange_{role}": user for role, user in strangers.items()}
    people["ministry"] = User.objects.create_user("dalitso", "x", first_name="Dalitso", role=Role.MINISTRY)
    return Office(
        programme,
        people,
        UUID(mother),
        UUID(baby),
        asked,
        row,
        UUID(birth["record"]["id"]),
        cards,
        programme.now.date(),
    )


def woman(programme: Programme, *, days_ago: int, **answers: Any) -> tuple[str, Any]:
    """A positive woman enrolled and supplied for 30 days some days ago; gives her pseudonym and the parcel."""
    client, at = programme.phone.new_client(), programme.now - timedelta(days=days_ago)
    day = at.date().isoformat()
    said = {
        "keep/data_use": "given", "purposes/follow_up": "given", "purposes/phone_calls": "given",
        "purposes/home_visit": "refused", "person/age": 26, "test/status": "new_positive", "test/source": "register",
        "test/tested_on": day, "test_value": "pos", "treatment/on_treatment": "yes", "treatment/start_known": "yes",
        "treatment/started_on": day, "treatment/supplied_on": day, "treatment/supplied_days": 30,
        "group": "mother_hiv_pos",
    }  # fmt: skip
    identity = answers.pop("identity", GRACE)
    parcel = programme.phone.parcel(
        "enrolment", str(programme.mentor.id), client, said | answers, at=at, identities={client: identity},
        source="register",
    )  # fmt: skip
    return client, parcel


def born(programme: Programme, mother: str, *, days_ago: int) -> tuple[str, Any]:
    """A living baby, some days ago; gives its pseudonym and the parcel."""
    baby, at = programme.phone.new_client(), programme.now - timedelta(days=days_ago)
    day = at.date().isoformat()
    newborn = {
        "baby_id": baby, "sex": "f", "plan": "exclusive", "medicine": "yes", "joins": "infant", "dob": day,
    }  # fmt: skip
    parcel = programme.phone.parcel(
        "birth", str(programme.mentor.id), mother,
        {"when/born_on": day, "when/outcome": "live", "when/birth_place": "home", "when/source": "observed",
         "babies": "1", "baby": [newborn]},
        at=at, identities={baby: {"name.given": BABY}},
    )  # fmt: skip
    return baby, parcel


def sampled(programme: Programme, baby: str, at: datetime) -> Any:
    """The baby's first sample."""
    return programme.phone.parcel(
        "infant_test", str(programme.mentor.id), baby,
        {"what_page/what": ["sample"], "what_page/source": "register", "sample_page/sampled_on": at.date().isoformat(),
         "sample_page/point": "6w"},
        at=at, source="register",
    )  # fmt: skip


def text(answer: Any) -> str:
    """The page as text; of a PDF what it says."""
    if answer.headers.get("Content-Type") == "application/pdf":
        return "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.content)).pages)
    return str(answer.content.decode())
