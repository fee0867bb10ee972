"""A form as a mentor filled it in, with the answers by the names of its questions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

Answers = dict[str, Any]


@dataclass(frozen=True)
class Earlier:
    """An answer that is the id of an earlier record, by its key."""

    key: str


@dataclass(frozen=True)
class Written:
    """A form as a mentor filled it in.

    key       names it among all others; `told` the simulation's records it holds
    day       the day it was written, a day number; `sent` the day her phone sent it
    mentor    the code of who wrote it
    about     the client; None for a group
    relation  what it says of earlier ones: type, key of the record and, for links, of the repeat
    """

    key: str
    told: frozenset[str]
    day: int
    sent: int
    mentor: str
    form: str
    about: UUID | None
    answers: Answers
    source: str
    identities: Mapping[UUID, Answers] = field(default_factory=dict)
    relation: tuple[str, ...] | None = None


def given(answers: Answers) -> Answers:
    """The questions that have an answer."""
    return {name: answer for name, answer in answers.items() if answer not in (None, "", [])}
