"""What is known of a client as a person: her name, how she may be reached, and how not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class ContactPolicy:
    """How she may be contacted: whose phone, who may answer, when, and what may be said."""

    owner: str = ""
    answerers: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()
    wording: str = ""
    words: str = ""


@dataclass(frozen=True)
class Identity:
    """A client as a person. Every field may be missing; all are where her name was erased.

    partner        whom she named as her partner; `partners`: those who are clients, said nowhere but here
    caregiver      of a baby: what whoever looks after it instead of its mother is called
    names, phones  every name and phone number that was ever said of her, the first first: she is found by any of them
    """

    given: str = ""
    family: str = ""
    called: str = ""
    phone: str = ""
    village: str = ""
    landmark: str = ""
    language: str = ""
    caregiver: str = ""
    partner: str = ""
    partners: tuple[UUID, ...] = ()
    numbers: Mapping[str, str] = field(default_factory=dict)
    contact: ContactPolicy = ContactPolicy()
    names: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    erased: date | None = None

    @property
    def name(self) -> str:
        """The whole name, or a word for one that is not known."""
        return " ".join(part for part in (self.given, self.family) if part) or self._nameless

    @property
    def short(self) -> str:
        """First name and the first letter of the family name."""
        return f"{self.given} {self.family[:1] + '.' if self.family else ''}".strip() or self._nameless

    @property
    def _nameless(self) -> str:
        return "name erased" if self.erased else "no name yet"


NOBODY = Identity()


def identity_of(answers: Iterable[Mapping[str, Any]]) -> Identity:
    """What all identity answers say together, given in the order in which they came: the last one counts."""
    said = [(name, value) for some in answers for name, value in some.items() if value not in (None, "", [])]
    known = dict(said)

    def text(name: str) -> str:
        return _text(known.get(name, ""))

    def several(name: str) -> tuple[str, ...]:
        value = known.get(name, [])
        return tuple(_text(v) for v in value) if isinstance(value, list) else (_text(value),)

    def ever(start: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_text(value) for name, value in said if name.startswith(start)))

    return Identity(
        given=text("name.given"),
        family=text("name.family"),
        called=text("name.called"),
        # There may be a number of before, when there still was a phone.
        phone="" if text("phone.owner") == "none" else text("phone.number"),
        village=text("address.village"),
        landmark=text("address.landmark"),
        language=text("language"),
        caregiver=text("caregiver.name"),
        partner=" ".join(part for part in (text("partner.name"), text("partner.phone")) if part),
        partners=tuple(client for client in map(_pseudonym, ever("partner.client")) if client),
        numbers={name[7:]: text(name) for name in known if name.startswith("number.")},
        contact=ContactPolicy(
            owner=text("phone.owner"),
            answerers=several("phone.answerers"),
            hours=several("contact.hours"),
            wording=text("contact.wording"),
            words=text("contact.words"),
        ),
        names=ever("name."),
        phones=ever("phone.number"),
    )


def _pseudonym(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _text(value: Any) -> str:
    """An answer as text that can be shown. A phone's text may end in half a character, which no page can hold."""
    if isinstance(value, dict | list):
        return ""
    return str(value).replace("\x00", "").encode("utf-8", "replace").decode()
