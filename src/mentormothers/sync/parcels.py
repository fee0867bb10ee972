"""Parcels: a record with the identities sealed beside it, checked before anything is kept."""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from mentormothers.access.devices import people_of, signed_by
from mentormothers.access.models import Device
from mentormothers.access.serverkey import open_sealed
from mentormothers.care.publishing import published_form
from mentormothers.care.records import (
    MadeRecord,
    Prepared,
    UnreadableRecordError,
    canonical,
    read_record,
    signed_text,
)
from mentormothers.care.stating import facts_stated
from mentormothers.facts.days import Precision, day_number, day_of
from mentormothers.forms.answers import WrongAnswerError, check_answers
from mentormothers.forms.extraction import Stated
from mentormothers.forms.model import Form
from mentormothers.register.names import SealedIdentity

PARCEL_INFO = b"mentormothers/parcel"
_FIRST_DAY = date(1900, 1, 1)
_LARGEST_SEAL = 100_000
_AHEAD = {"pregnancy.edd"}


class UnfitError(Exception):
    """A parcel that is to be quarantined, with the code and what was wrong (never the content)."""

    def __init__(self, code: str, reason: str = "") -> None:
        self.code = code
        self.reason = reason
        super().__init__(code)


@dataclass(frozen=True)
class Parcel:
    """A parcel fit to be kept."""

    prepared: Prepared
    identities: tuple[SealedIdentity, ...]
    device: Device | None


@dataclass
class Post:
    """Whom parcels may come from: devices and people, looked up once for a batch. `carrier` brought them."""

    today: date
    carrier: Device | None = None
    devices: dict[UUID, Device | None] = field(default_factory=dict)
    people: dict[UUID, dict[UUID, bool]] = field(default_factory=dict)

    def device(self, device_id: UUID | None) -> Device | None:
        """The device of this id, if it is known."""
        if device_id is None:
            return None
        if device_id not in self.devices:
            self.devices[device_id] = Device.objects.filter(id=device_id).first()
        return self.devices[device_id]

    def active(self, device: Device, author: UUID) -> bool | None:
        """Whether the person of this id is active; None for somebody who does not use the device."""
        if device.id not in self.people:
            self.people[device.id] = people_of(device)
        return self.people[device.id].get(author)


def unpack(content: object) -> dict[str, Any]:
    """The parcel inside a carried one, or the parcel itself. Raises UnfitError."""
    if isinstance(content, dict) and set(content) == {"carried"}:
        try:
            content = json.loads(open_sealed(_bytes(content["carried"]), PARCEL_INFO))
        except (ValueError, RecursionError):
            raise UnfitError("SYNC-021") from None
    if not isinstance(content, dict) or not set(content) <= {"record", "identities"} or "record" not in content:
        raise UnfitError("SYNC-010", "a parcel holds a record and its identities")
    return content


def check(parcel: dict[str, Any], post: Post, *, sender_trusted: bool = False) -> Parcel:
    """Everything that must hold of a parcel. Raises UnfitError.

    With `sender_trusted` a person vouches for it: phone, author, site and signature are not asked.
    """
    try:
        made, body = read_record(parcel["record"])
    except UnreadableRecordError as error:
        raise UnfitError("SYNC-010", str(error)) from None
    device = post.device(made.device) if sender_trusted else _sender(made, body, post)
    if not _FIRST_DAY <= made.happened <= post.today + timedelta(days=1):
        raise UnfitError("SYNC-013", "after tomorrow" if made.happened > post.today else "before 1900")
    facts = _facts(made)
    _check_days(facts, post.today + timedelta(days=1))
    return Parcel(Prepared(made, body, facts), _identities(parcel, made, facts), device)


def _sender(made: MadeRecord, body: bytes, post: Post) -> Device:
    device = post.device(made.device)
    if device is None or device.revoked_at:
        raise UnfitError("SYNC-016")
    if not signed_by(device, signed_text(body), made.signature):
        raise UnfitError("SYNC-018")
    active = post.active(device, made.author)
    if active is None:
        raise UnfitError("SYNC-014")
    if not active:
        raise UnfitError("SYNC-017")
    if (made.site, made.organisation) != (device.site, device.organisation):
        raise UnfitError("SYNC-015")
    if post.carrier and (made.site, made.organisation) != (post.carrier.site, post.carrier.organisation):
        raise UnfitError("SYNC-015", "a phone of another site brought it")
    if made.counter is None:
        raise UnfitError("SYNC-010", "a phone's record has a counter")
    return device


def _facts(made: MadeRecord) -> tuple[Stated, ...]:
    form = published_form(made.form, made.form_version)
    if form is None:
        raise UnfitError("SYNC-011", f"{made.form} {made.form_version}")
    if made.client and not form.roles:
        raise UnfitError("SYNC-012", "the form is about nobody, and the record names a client")
    try:
        check_answers(form, made.answers)
        _check_happened(form, made)
        facts = facts_stated(made, form)
    except (WrongAnswerError, ValueError) as error:
        raise UnfitError("SYNC-012", _without_answers(error)) from None
    _check_ids(facts, made)
    return facts


def _check_happened(form: Form, made: MadeRecord) -> None:
    """Where a question asks for the record's day, both say the same."""
    said = made.answers.get(form.asking_day.path) if form.asking_day else None
    if said and said != made.happened_text:
        raise WrongAnswerError("the record's day is another than the form says")


def _check_days(facts: Iterable[Stated], last: date) -> None:
    """Nothing is told before it happened but a due date. A vague day counts by the first of its month or year."""
    number = day_number(last)
    for fact in facts:
        if fact.day > number and fact.kind not in _AHEAD and _first_day(fact) > last:
            raise UnfitError("SYNC-013", f"{fact.kind} after tomorrow")


def _first_day(fact: Stated) -> date:
    """The first day on which what is told so vaguely can have been."""
    day = day_of(fact.day)
    first = {Precision.MONTH: day.replace(day=1), Precision.YEAR: day.replace(month=1, day=1)}
    return first.get(Precision(fact.precision), day)


def _without_answers(error: ValueError) -> str:
    """A reason that names questions and kinds, and cuts what was answered."""
    return str(error).partition("'")[0].strip() if not isinstance(error, WrongAnswerError) else str(error)


def _check_ids(facts: Iterable[Stated], made: MadeRecord) -> None:
    known = {"", str(made.client), str(made.id)}
    for fact in facts:
        for value in {fact.client, fact.mother, fact.ref} - known:
            try:
                UUID(value)
            except ValueError:
                raise UnfitError("SYNC-012", f"{fact.kind}: the person it is about has no proper id") from None
            known.add(value)


def _identities(parcel: dict[str, Any], made: MadeRecord, facts: Iterable[Stated]) -> tuple[SealedIdentity, ...]:
    """What came sealed with a record: at most once for each person whom it is about."""
    given = parcel.get("identities") or []
    if not isinstance(given, list):
        raise UnfitError("SYNC-020", "identities is a list")
    found = tuple(_identity(entry, made) for entry in given)
    if len(found) != len(made.seals) or not all(map(_is_named, found, made.seals)):
        raise UnfitError("SYNC-020", "what came is not what the record names")
    about = {str(made.client), *(fact.client for fact in facts)}
    whose = [str(identity.client) for identity in found]
    if not about.issuperset(whose) or len(set(whose)) < len(whose):
        raise UnfitError("SYNC-020", "an identity is of somebody whom the record does not name, or came twice")
    return found


def _is_named(identity: SealedIdentity, seal: str) -> bool:
    """Whether a record names what came sealed. Nothing came of somebody erased while it lay in the quarantine."""
    return not identity.sealed or hashlib.sha256(identity.sealed).hexdigest() == seal


def _identity(entry: object, made: MadeRecord) -> SealedIdentity:
    if not isinstance(entry, dict) or set(entry) != {"client", "sealed", "key"}:
        raise UnfitError("SYNC-020", "an identity has client, sealed and key")
    try:
        return SealedIdentity(
            record=made.id,
            client=UUID(entry["client"]),
            sealed=_bytes(entry["sealed"]) if entry["sealed"] is not None else b"",
            key=_bytes(entry["key"]) if entry["key"] is not None else b"",
            site=made.site,
            organisation=made.organisation,
        )
    except (ValueError, TypeError, AttributeError):
        raise UnfitError("SYNC-020", "its client, seal or key is damaged") from None


def _bytes(text: object) -> bytes:
    if not isinstance(text, str) or len(text) > _LARGEST_SEAL:
        raise ValueError("no base64")
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("no base64") from None


def record_id(parcel: object) -> str:
    """The id a parcel gives its record, if it is one, for answers and the quarantine."""
    if isinstance(parcel, dict) and isinstance(parcel.get("record"), dict):
        try:
            return str(UUID(str(parcel["record"].get("id"))))
        except ValueError:
            return ""
    return ""


def raw(content: object) -> bytes:
    """The bytes under which a parcel is quarantined: canonical where possible, so that a repetition is one."""
    try:
        return canonical({"parcel": content})
    except UnreadableRecordError:
        return json.dumps(content, sort_keys=True, default=str).encode("utf-8", "backslashreplace")
