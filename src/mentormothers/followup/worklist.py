"""Who needs us first, and why: the open items of a site, from what is kept of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from mentormothers.care.live import protocol_in_force
from mentormothers.care.models import Caseload
from mentormothers.engines.rows import State
from mentormothers.followup import queries
from mentormothers.followup.counting import GROUPS, Group, Waiting
from mentormothers.followup.keeping import bring_clients_up_to_date, bring_site_up_to_date
from mentormothers.followup.models import Assignment

Order = Literal["first", "what", "state"]
_FIRST = "o.rank DESC, o.due, o.client, o.item, o.occurrence"
_ORDERS: Mapping[Order, str] = {
    "first": _FIRST,
    "what": f"array_position(%(by_label)s::text[], o.item), {_FIRST}",
    "state": f"greatest(%(today)s::date - o.due, 0) DESC, o.until, {_FIRST}",
}


@dataclass(frozen=True)
class OpenItem:
    """One thing to be done for a client, with what is needed to decide who comes first.

    until     the last day that is still in time (due date and grace)
    reasons   why she ranks where she does, the weightiest first
    traceable whether it is worth looking for her because of it
    may_ask   whether somebody may be asked to: it is worth it, and she agreed
    asked     who is asked to look for her today
    """

    client: UUID
    mother: UUID | None
    item: str
    label: str
    state: State
    due: date
    until: date
    days_late: int
    reasons: tuple[str, ...]
    rank: int
    next_step: str
    traceable: bool
    may_ask: bool
    asked: Assignment | None
    mentors: tuple[UUID, ...]


@dataclass(frozen=True)
class Wanted:
    """Which open items: of a group, of one item, with a mentor (hers, or asked to look for her), about some people."""

    group: Group | None = None
    item: str = ""
    mentor: UUID | None = None
    people: frozenset[UUID] | None = None

    @property
    def condition(self) -> str:
        """What is added to a condition on an open item `o` and the assignment `a` that belongs to it."""
        asked = [queries.IN_GROUP[self.group]] if self.group else []
        asked += [queries.OF_ITEM] if self.item else []
        asked += [queries.WITH_MENTOR] if self.mentor else []
        asked += [queries.ABOUT] if self.people is not None else []
        return "".join(f" AND ({condition})" for condition in asked)

    @property
    def values(self) -> dict[str, Any]:
        """What the condition is filled with."""
        return {"item": self.item, "mentor": self.mentor, "people": list(self.people or ())}


EVERYTHING = Wanted()


class Worklist:
    """The open items of a site on a day. Whoever is not up to date is worked out when it is made."""

    def __init__(self, site: int, today: date) -> None:
        bring_site_up_to_date(site, today)
        self._values: dict[str, Any] = {"site": site, "today": today}

    def items(self, wanted: Wanted = EVERYTHING, order: Order = "first", most: int | None = None) -> list[OpenItem]:
        """The wanted ones in an order: who needs us first, by what it is, or by how late it is."""
        return _read(f"o.site = %(site)s{wanted.condition}", self._values | wanted.values, order, most)

    def count(self, wanted: Wanted) -> int:
        """How many things to do are wanted."""
        return int(self._rows(queries.COUNT, wanted)[0][0])

    def people(self, wanted: Wanted) -> set[UUID]:
        """Whom the wanted ones are about, with the mothers of babies."""
        return {person for (person,) in self._rows(queries.PEOPLE, wanted)}

    def waiting(self) -> dict[Group, Waiting]:
        """How much waits in each group."""
        things = ", ".join(f"count(*) FILTER (WHERE {queries.IN_GROUP[g]}) AS {g}" for g in GROUPS)
        counts = ", ".join(f"coalesce(sum({g}), 0), count(*) FILTER (WHERE {g} > 0)" for g in GROUPS)
        with connection.cursor() as cursor:
            cursor.execute(queries.WAITING.format(things=things, counts=counts), self._values)
            row = cursor.fetchone()
        return {group: Waiting(int(row[2 * n]), row[2 * n + 1]) for n, group in enumerate(GROUPS)}

    def things(self) -> dict[str, int]:
        """How many things to do there are in all, by item."""
        with connection.cursor() as cursor:
            cursor.execute(queries.ITEMS, self._values)
            return dict(cursor.fetchall())

    def _rows(self, sql: str, wanted: Wanted) -> list[tuple[Any, ...]]:
        found = queries.FOUND.format(wanted=f"o.site = %(site)s{wanted.condition}")
        with connection.cursor() as cursor:
            cursor.execute(sql.format(found=found), self._values | wanted.values)
            return list(cursor.fetchall())


def open_items_of(clients: Collection[UUID], today: date) -> list[OpenItem]:
    """Everything open for some clients in scope, the weightiest first."""
    bring_clients_up_to_date(clients, today)
    return _read("o.client = ANY (%(people)s)", {"people": list(clients), "today": today}, "first", None)


@cache
def labels() -> Mapping[str, str]:
    """The labels of the protocol's items by their ids, in alphabetical order."""
    return {item.id: item.label for item in sorted(protocol_in_force().items, key=lambda item: item.label)}


def who_looks_after(client: UUID) -> set[UUID]:
    """The mentors whose caseload she is in for good, not only to be looked for."""
    found = Caseload.objects.filter(client=client).exclude(reason="tracing")
    return set(found.values_list("mentor", flat=True))


def _read(wanted: str, values: dict[str, Any], order: Order, most: int | None) -> list[OpenItem]:
    sql = queries.OPEN_ITEMS.format(found=queries.FOUND.format(wanted=wanted), order=_ORDERS[order])
    with connection.cursor() as cursor:
        cursor.execute(sql, values | {"by_label": list(labels()), "most": most})
        rows = cursor.fetchall()
    asked = Assignment.objects.in_bulk(_asked(rows))
    return [_open_item(row, asked, values["today"]) for row in rows]


def _asked(rows: Iterable[Sequence[Any]]) -> set[UUID]:
    return {row[-2] for row in rows if row[-2]}


def _open_item(row: Sequence[Any], asked: Mapping[UUID, Assignment], today: date) -> OpenItem:
    client, mother, item, state, due, until, reasons, rank, step, traceable, may_ask, assignment, mentors = row
    return OpenItem(
        client=client,
        mother=mother,
        item=item,
        label=protocol_in_force().item(item).label,
        state=state,
        due=due,
        until=until,
        days_late=max(0, (today - due).days),
        reasons=tuple(reasons),
        rank=rank,
        next_step=step,
        traceable=traceable,
        may_ask=may_ask,
        asked=asked.get(assignment),
        mentors=tuple(mentors),
    )
