"""The clients of an organisation as persons to be compared, opened in memory and nowhere else.

It works as the database role mm_linkage, which gets sealed rows by one function (linkage/sql/security.sql) and sees no
table. Whoever calls this forgets what it gives as soon as it is judged.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from mentormothers.access.scope import LINKAGE, Scope, as_role, scoped
from mentormothers.access.statements import prepared
from mentormothers.facts.days import Precision
from mentormothers.linkage.births import Birth
from mentormothers.linkage.persons import Persons
from mentormothers.people.identity import NOBODY, Identity, identity_of
from mentormothers.people.sealing import open_answers, unwrap
from mentormothers.sites.models import Site

_PAGE = 2000  # clients read at a time, so that no transaction is long
_PERSONS = """
SELECT client, person, mother, role, site, sex, born, known_to, heard, organisation, wrapped, records, sealed
FROM linkage.persons(%s, %s)"""
Read = Callable[[int], None]


@dataclass
class Clients:
    """Clients as they are compared; by which pseudonym each is known who was said to have several; and when something
    was last heard of each that is compared."""

    persons: Persons = field(default_factory=Persons)
    person: dict[UUID, UUID] = field(default_factory=dict)
    heard: dict[UUID, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class _Known:
    id: UUID
    person: UUID
    mother: UUID | None
    role: str
    site: int
    sex: str
    birth: Birth
    heard: datetime
    identity: Identity


def clients_of(organisation: int, read: Read) -> Clients:
    """The clients of an organisation who have a name here and agree that it is kept; `read` is told how many so far."""
    scope = Scope((), (organisation,))
    with scoped(scope):
        districts = dict(Site.objects.values_list("id", "facility__district__name"))
    known = {one.id: one for one in _opened(scope, read)}
    found = Clients()
    for one in known.values():
        mother = known.get(one.mother) if one.mother else None
        found.persons.add(str(one.id), _cells(one, mother, districts), one.birth)
        found.person[one.id] = one.person
        found.heard[one.id] = max(one.heard, mother.heard) if mother else one.heard
    return found


def _opened(scope: Scope, read: Read) -> Iterator[_Known]:
    after, so_far = UUID(int=0), 0
    while rows := _rows(scope, after):
        yield from map(_known, rows)
        after, so_far = rows[-1][0], so_far + len(rows)
        read(so_far)


def _rows(scope: Scope, after: UUID) -> list[tuple[Any, ...]]:
    with scoped(scope), as_role(LINKAGE), prepared() as cursor:
        return cursor.execute(_PERSONS, [after, _PAGE]).fetchall()


def _known(row: tuple[Any, ...]) -> _Known:
    client, person, mother, role, site, sex, born, known_to, heard, organisation, wrapped, records, sealed = row
    key = unwrap(bytes(wrapped), client, organisation)
    answers = [open_answers(key, bytes(one), record, client) for record, one in zip(records, sealed, strict=True)]
    return _Known(client, person, mother, role, site, sex or "", _birth(born, known_to), heard, identity_of(answers))


def _birth(born: date | None, known_to: int | None) -> Birth:
    """A birth day as far as it is known."""
    if born is None or known_to is None:
        return Birth()
    if known_to == Precision.DAY:
        return Birth(born.year, born.month, born.day, f"{born:%Y%m%d}")
    return Birth(born.year, born.month if known_to == Precision.MONTH else 0)


def _cells(one: _Known, mother: _Known | None, districts: Mapping[int, str]) -> dict[str, str]:
    """What is known of somebody by the columns of a persons file; a child has its mother's phone and name."""
    mine, hers = one.identity, mother.identity if mother else NOBODY
    return {
        "given_name": mine.given,
        "surname": mine.family or hers.family,
        "sex": one.sex or ("f" if one.role == "mother" else ""),
        "role": one.role,
        "phone": mine.phone or hers.phone,
        "village": mine.village or hers.village,
        "district": districts.get(one.site) or "",
        "mother_id": str(one.mother or ""),
        "mother_name": f"{hers.given} {hers.family}".strip(),
        "art_number": mine.numbers.get("art", ""),
        "anc_number": mine.numbers.get("anc", ""),
        "card": mine.numbers.get("card", ""),
    }
