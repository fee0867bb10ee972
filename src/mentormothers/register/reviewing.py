"""Deciding whether two clients are one woman: the pairs that wait, with what it takes to recognise both.

Whom a coordinator has at her own sites she sees as on every page. Of one at another site she sees what is shown of a
look-up: first name, village, site and age. Every look is written down, and so is every decision.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from mentormothers.access.audit import note
from mentormothers.access.models import User
from mentormothers.access.scope import scope_of
from mentormothers.followup.counting import late_among
from mentormothers.linkage import deciding
from mentormothers.linkage.costs import cost_of_waiting
from mentormothers.linkage.deciding import NotProposedError, Waiting, count_waiting, is_waiting
from mentormothers.linkage.models import LINK
from mentormothers.linkage.recognising import Proposed, proposed_among
from mentormothers.people.identity import Identity
from mentormothers.register.merging import say_same_person
from mentormothers.register.names import may_see_names
from mentormothers.register.recognition import Recognised, recognised_as
from mentormothers.sites.models import Site

__all__ = ["NotProposedError", "Side", "ToDecide", "count_waiting", "decide", "is_waiting", "to_decide"]


@dataclass(frozen=True)
class Side:
    """One of a pair; `known` is empty of somebody at another site, of whom nothing else may be shown."""

    client: UUID
    shown: Recognised
    known: Identity | None
    looked_for: bool


@dataclass(frozen=True)
class ToDecide:
    """A pair that waits for a decision, the side nearer to whoever decides first."""

    waiting: Waiting
    sides: tuple[Side, Side]


def to_decide(user: User, today: date, most: int) -> list[ToDecide]:
    """The pairs that wait, the dearest first, those of whom somebody was not sure last. The look is audited."""
    if not may_see_names(user):
        return []
    pairs = deciding.waiting()
    late = late_among({client for pair in pairs for client in (pair.a, pair.b)})
    pairs.sort(key=lambda pair: _order(pair, late))
    found = proposed_among(client for pair in pairs[:most] for client in (pair.a, pair.b))
    readable = [pair for pair in pairs[:most] if pair.a in found and pair.b in found]
    own = set(scope_of(user).sites)
    sites = dict(Site.objects.values_list("id", "name"))
    shown = [_to_decide(pair, _Viewer(own, sites, late, today), found[pair.a], found[pair.b]) for pair in readable]
    if shown:
        note("identity.seen:same-person", who=user, clients=[side.client for one in shown for side in one.sides])
    return shown


def decide(user: User, a: UUID, b: UUID, decision: str) -> None:
    """Link a pair that waits, say that it is not one woman, or that one cannot tell. Raises NotProposedError, and
    CannotBeOneError, and then nothing is kept."""
    with transaction.atomic():
        deciding.decide(a, b, decision, by=user)
        if decision == LINK:
            say_same_person(a, b, by=user)
        note("linkage.decided", who=user, clients=[a, b], detail=decision)


def _order(pair: Waiting, late: set[UUID]) -> tuple[bool, float, float, UUID]:
    cost = cost_of_waiting(pair.probability, len({pair.a, pair.b} & late))
    unsure: datetime | None = pair.unsure_since
    return unsure is not None, unsure.timestamp() if unsure else 0.0, -cost, pair.a


@dataclass(frozen=True)
class _Viewer:
    """Who looks: her sites, the names of all, who is looked for, and the day."""

    own: set[int]
    sites: dict[int, str]
    late: set[UUID]
    today: date


def _to_decide(pair: Waiting, viewer: _Viewer, *two: Proposed) -> ToDecide:
    first, second = sorted((_side(one, viewer) for one in two), key=lambda side: side.known is None)
    return ToDecide(pair, (first, second))


def _side(one: Proposed, viewer: _Viewer) -> Side:
    person, mother = one.person, one.mother
    shown = recognised_as(person, viewer.sites[person.site], viewer.today)
    if mother:
        shown = shown.of_mother(mother.identity.given, mother.identity.village)
    known = person.identity if person.site in viewer.own else None
    return Side(person.client, shown, known, person.client in viewer.late)
