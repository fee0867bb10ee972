"""A woman with her babies, everybody's things to do, and what comes next for each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from mentormothers.care.joining import known_by, persons_of
from mentormothers.care.live import facts_of, item_of, schedule_of
from mentormothers.care.models import Client, Guest
from mentormothers.engines.approximate import is_approximate, partial_day
from mentormothers.engines.rows import ScheduleRow, State
from mentormothers.facts.days import Precision
from mentormothers.followup.working_out import OPEN, latest_steps

INFANT = "infant"  # the role
# What is open and weighs most comes first; then what lies ahead.
_FIRST: tuple[State, ...] = ("lost", "defaulted", "overdue", "due", "upcoming")


class UnknownClientError(Exception):
    """Nobody of this pseudonym is in scope; whether she exists elsewhere is not said."""


@dataclass(frozen=True)
class Family:
    """A pair as it is cared for: the mother, if she is known here, and her children, the youngest first."""

    mother: UUID | None
    children: tuple[UUID, ...]

    @property
    def members(self) -> tuple[UUID, ...]:
        """Everyone, the mother first."""
        return ((self.mother,) if self.mother else ()) + self.children


@dataclass(frozen=True)
class Planned:
    """One occurrence of the schedule for a client.

    until       the last day that is still in time (due date and grace)
    rule        protocol, version and lost rule that it follows
    approximate its days hang on a date known to the month or year only
    """

    client: UUID
    item: str
    label: str
    state: State
    opens: date
    due: date
    until: date
    days_late: int
    done_on: date | None
    rule: str
    approximate: bool = False


def family_of(client: UUID) -> Family:
    """The family of somebody in scope, by whichever of her pseudonyms. Raises UnknownClientError."""
    known = Client.objects.filter(id=persons_of([client])[client]).first()
    if known is None:
        raise UnknownClientError
    if known.role == INFANT and known.mother is None:
        return Family(None, (known.id,))
    mother = known.mother or known.id
    children = tuple(
        Client.objects.filter(known_by(), mother=mother).order_by("-since", "id").values_list("id", flat=True)
    )
    return Family(mother if Client.objects.filter(id=mother).exists() else None, children)


def clients_at(sites: Sequence[int]) -> "QuerySet[Client]":
    """Everybody whose home is one of these sites, each person once."""
    return Client.objects.filter(known_by(), site__in=sites).order_by("id")


def guests_at(sites: Sequence[int]) -> "QuerySet[Client]":
    """Everybody of other sites who is a guest at one of these."""
    guests = Guest.objects.filter(site__in=sites, ends__gt=timezone.now()).values("client")
    return Client.objects.filter(id__in=guests).order_by("id")


def planned(clients: Iterable[UUID], today: date) -> list[Planned]:
    """What the schedule says for clients, without what was cancelled or can be done no more."""
    rows = latest_steps(schedule_of(clients, today))
    return [_planned(row) for row in rows if row.state not in ("cancelled", "expired")]


def planned_for_family(family: Family, today: date) -> list[Planned]:
    """The same for one family, marked where the days hang on a date of theirs known to the month or year only."""
    facts = facts_of(family.members)
    partial = {partial_day(f["kind"], f["day"], f["number"]) for f in facts if f["precision"] != Precision.DAY}
    return [
        replace(one, approximate=is_approximate(item_of(one.rule, one.item), one.due, partial))
        for one in planned(family.members, today)
    ]


def next_for_each(plan: Iterable[Planned]) -> Mapping[UUID, Planned]:
    """For each client what comes first: the weightiest that is open, otherwise the nearest ahead."""
    following = [p for p in plan if p.state in _FIRST]
    following.sort(key=_when, reverse=True)
    return {p.client: p for p in following}


def _when(thing: Planned) -> tuple[int, date, str]:
    return _FIRST.index(thing.state), thing.opens if thing.state == "upcoming" else thing.due, thing.item


def is_open(thing: Planned) -> bool:
    """Whether it may or should be done now."""
    return thing.state in OPEN


def _planned(row: ScheduleRow) -> Planned:
    item = item_of(row.rule, row.item)
    return Planned(
        client=UUID(row.client),
        item=row.item,
        label=item.label,
        state=row.state,
        opens=row.opens,
        due=row.due,
        until=row.due + timedelta(days=item.grace_days),
        days_late=max(0, row.days_late or 0),
        done_on=row.done_on,
        rule=row.rule,
    )
