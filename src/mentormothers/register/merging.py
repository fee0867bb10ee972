"""Making one woman with two pseudonyms one woman, and taking that back: a record each, checked and audited.

Both histories stay as they were written, and both sealed identities too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from mentormothers.access.audit import note
from mentormothers.access.models import User
from mentormothers.access.scope import scope_of, scoped
from mentormothers.care.actions import take_back
from mentormothers.care.joining import persons_of, pseudonyms_of
from mentormothers.care.joining import say_same_person as say
from mentormothers.care.live import facts_of, of_whole_families
from mentormothers.care.models import Client, Record
from mentormothers.care.stating import SAME_PERSON
from mentormothers.facts.persons import SAME_PERSON_AS
from mentormothers.register.erasing import erased_among

__all__ = ["CannotBeOneError", "persons_of", "pseudonyms_of", "say_same_person", "take_back_same_person"]

# Roles that one person may be met in: a girl becomes a woman, a baby a child.
_ONE_LIFE = ({"infant", "child"}, {"child", "adolescent"}, {"adolescent", "mother"})


class CannotBeOneError(Exception):
    """These two are not to be joined, or are not joined; the message says why, for the person who tried."""


@transaction.atomic
def say_same_person(a: UUID, b: UUID, *, by: User) -> UUID:
    """Say that two pseudonyms are one person; gives the record that says so. Raises CannotBeOneError.

    One of them must be in the scope of whoever says it; the other may live at another site of her organisation.
    """
    with scoped(scope_of(by)):
        hers = next((c for c in sorted(Client.objects.filter(id__in=[a, b]), key=lambda c: c.id != a)), None)
        if hers is None:
            raise CannotBeOneError("Neither of them is seen at a site of yours.")
        other = b if hers.id == a else a
        _check(hers.id, other)
        record = say(hers, other, by=by)
    note("person.joined", who=by, clients=[a, b], site=hers.site, detail=str(record))
    return record


@dataclass(frozen=True)
class Joined:
    """What stands of two pseudonyms: that they are one person. `site` is where it was said."""

    record: UUID
    client: UUID
    other: UUID
    author: UUID
    day: date
    site: int


def joined_by(record: UUID) -> Joined | None:
    """What a record in scope says of two pseudonyms; nothing for another record, or where it was taken back."""
    said = Record.objects.filter(id=record, form=SAME_PERSON.id, relation="").first()
    return _joined(said) if said else None


def joined_since(day: date, sites: Sequence[int]) -> list[Joined]:
    """Who was joined at some sites since a day, the latest first, wherever they live by now."""
    said = Record.objects.filter(form=SAME_PERSON.id, relation="", site__in=sites, happened__gte=day)
    return [joined for joined in map(_joined, said.order_by("-received", "id")) if joined]


@transaction.atomic
def take_back_same_person(record: UUID, *, by: User) -> None:
    """Take back what was said of two pseudonyms: they are two persons again, unless other statements join them.

    It may be done where she lives and where it was said. Raises CannotBeOneError for a record that is not in scope,
    says something else, or was taken back before.
    """
    with scoped(scope_of(by)):
        joined = joined_by(record)
    if joined is None:
        raise CannotBeOneError("That was taken back already, or was said elsewhere.")
    with of_whole_families([joined.client]):
        take_back(record, by=by)
    note("person.parted", who=by, clients=[joined.client, joined.other], site=joined.site, detail=str(record))


def _joined(said: Record) -> Joined | None:
    """What a statement says, where it stands, wherever she lives by now."""
    assert said.client
    with of_whole_families([said.client]):
        standing = {fact["record"]: fact["value"] for fact in facts_of([said.client], [SAME_PERSON_AS])}
    if said.id not in standing:
        return None
    return Joined(said.id, said.client, UUID(standing[said.id]), said.author, said.happened, said.site)


def _check(a: UUID, b: UUID) -> None:
    """Raises CannotBeOneError with the first reason why these cannot be one person."""
    with of_whole_families([a, b]):
        known = Client.objects.in_bulk([a, b])
        persons, pseudonyms = persons_of([a, b]), pseudonyms_of([a, b])
        if reason := _reason_against(known, a, b, persons):
            raise CannotBeOneError(reason)
    if erased_among({one for several in pseudonyms.values() for one in several}):
        raise CannotBeOneError("A name was erased: nobody can know any more who she was.")


def _reason_against(known: dict[UUID, Client], a: UUID, b: UUID, persons: dict[UUID, UUID]) -> str:
    if a == b or b not in known:
        return "The other of the two is not known."
    if persons[a] == persons[b]:
        return "They are one person already."
    one, other = known[a], known[b]
    if one.organisation != other.organisation:
        return "They are cared for by two organisations."
    if persons[a] == other.mother or persons[b] == one.mother:
        return "One of them is the mother of the other."
    if not _may_be_one(one, other):
        return "A woman and a baby cannot be one person."
    return ""


def _may_be_one(one: Client, other: Client) -> bool:
    return one.role == other.role or {one.role, other.role} in _ONE_LIFE
