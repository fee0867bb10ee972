"""Records as they are made: their shape, their canonical text, and what makes one unfit to be kept."""

import hashlib
import json
import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, Literal
from uuid import UUID

import rfc8785
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator

from mentormothers.facts.standing import Relation, RelationType
from mentormothers.forms.extraction import Stated

_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)
_LARGEST_COUNTER = 2**53 - 1
_PLAIN = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
# Numbers that may be written otherwise than RFC 8785 wants (or a text that looks like one): with an exponent, as a
# fraction that is none (`1.0`), or of so many digits that JSON may not hold them. Other fractions have the same
# shortest digits in both.
_ODD_NUMBER = re.compile(r"[:,\[]-?(?:\d{16}|\d+\.0(?!\d)|\d+(?:\.\d+)?[eE])")
Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[\w.-]+$")]


class UnreadableRecordError(ValueError):
    """This is no record; the message names the members that are wrong, never their content."""


class StatedRelation(BaseModel):
    """What a record says of another one."""

    model_config = _STRICT
    type: RelationType
    record: UUID
    repeat: UUID | None = None


class MadeRecord(BaseModel):
    """A record as a phone, an office or an import made it. See docs/reference/device-api.md for each member."""

    model_config = _STRICT
    id: UUID
    client: UUID | None
    form: Name
    form_version: Name
    happened: date
    precision: Literal["day", "month", "year"]
    author: UUID
    device: UUID | None
    counter: Annotated[int, Field(ge=1, le=_LARGEST_COUNTER)] | None
    device_clock: AwareDatetime
    site: Annotated[int, Field(ge=1, le=2**31 - 1)]
    organisation: Annotated[int, Field(ge=1, le=2**31 - 1)]
    source: Literal["observed", "register", "lab", "emr", "health_passport", "client_told"]
    relation: StatedRelation | None
    answers: dict[str, Any]
    seals: Annotated[list[Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]], Field(max_length=20)]
    signature: Annotated[str, Field(max_length=200)]

    @field_validator("device_clock")
    @classmethod
    def _is_of_these_centuries(cls, clock: datetime) -> datetime:
        if not 1900 <= clock.year < 2200:
            raise ValueError("a clock of these centuries is expected")
        return clock

    @property
    def states_facts(self) -> bool:
        """Withdrawals and links state nothing themselves; a correction stands in for what it corrects."""
        return self.relation is None or self.relation.type == "amends"

    @property
    def happened_text(self) -> str:
        """The day as far as it is known: `2025-03-04`, `2025-03` or `2025`."""
        return self.happened.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.precision]]


@dataclass(frozen=True)
class Prepared:
    """A record that passed every check, with the facts it states. `body` is its canonical JSON."""

    made: MadeRecord
    body: bytes
    facts: tuple[Stated, ...]

    @cached_property
    def digest(self) -> bytes:
        """Tells a repetition from another content under the same id."""
        return hashlib.sha256(self.body).digest()


def uuid7(at: datetime) -> UUID:
    """A record id that sorts by the time it was made (RFC 9562, version 7)."""
    milliseconds = int(at.timestamp() * 1000) & (2**48 - 1)
    number = milliseconds << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62)
    return UUID(int=number)


def relation_of(record: UUID, relation: RelationType, target: UUID, repeat: UUID | None) -> Relation:
    """A relation as the database keeps it, for the rules of standing."""
    return Relation(str(record), relation, str(target), str(repeat or ""))


def canonical(members: dict[str, Any]) -> bytes:
    """Canonical JSON (RFC 8785). Raises UnreadableRecordError for what JSON cannot hold exactly."""
    try:
        # Python's own writer takes a twentieth of the time, and writes the same but for odd numbers and the order of
        # names outside ASCII.
        text = _PLAIN.encode(members)
        return text.encode() if text.isascii() and not _ODD_NUMBER.search(text) else rfc8785.dumps(members)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError, ValueError, TypeError):
        raise UnreadableRecordError("a number is too large or a text is damaged") from None


def read_record(members: object) -> tuple[MadeRecord, bytes]:
    """A record and its canonical JSON. Raises UnreadableRecordError."""
    if not isinstance(members, dict):
        raise UnreadableRecordError("a record is an object")
    body = canonical(members)
    try:
        return MadeRecord.model_validate_json(body), body
    except ValidationError as error:
        wrong = {".".join(str(part) for part in problem["loc"][:2]): problem["type"] for problem in error.errors()}
        shown = ", ".join(f"{place} ({kind})" for place, kind in sorted(wrong.items())[:5])
        raise UnreadableRecordError(f"wrong members: {shown}") from None


def signed_text(body: bytes) -> bytes:
    """What a record's signature covers: its canonical JSON without the signature.

    The members of an object stand in the order of their names. After the signature come only `site` and `source`, so
    that the last member of that name is the record's own, whatever its answers hold.
    """
    before, name, after = body.rpartition(b'"signature":')
    return before + after[after.index(b'"site":') :] if name else body
