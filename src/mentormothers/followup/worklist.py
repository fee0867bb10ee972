"""Who needs us first, and why: what is open at sites or for a mentor, by household, from what is kept of it."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from mentormothers.care.live import item_of, protocol_in_force
from mentormothers.care.models import Caseload
from mentormothers.engines.rows import State
from mentormothers.followup import queries
from mentormothers.followup.counting import GROUPS, Group, Waiting
from mentormothers.followup.keeping import bring_clients_up_to_date, bring_sites_up_to_date
from mentormothers.followup.models import Assignment
from mentormothers.followup.priority import Reason, rank_of, reasons_from

Order = Literal["first", "what", "state"]


@dataclass(frozen=True)
class OpenItem:
    """One thing to be done for a client, with what is needed to decide who comes first.

    household who is found together with her: her mother's pseudonym, or her own; where somebody else looks after
              babies, that of the first of them
    rule      the version of the protocol that it is of, with its lost rule
    until     the last day that is still in time (due date and grace)
    reasons   all that it is ranked by, the weightiest first
    traceable whether it is worth looking for her because of it
    may_ask   whether somebody may be asked to: it is worth it, and she agreed
    wanted    whether it is what was asked for, or stands here because something else of the household is
    asked     who is asked to look for her today
    """

    household: UUID
    client: UUID
    mother: UUID | None
    site: int
    rule: str
    item: str
    label: str
    state: State
    due: date
    until: date
    days_late: int
    reasons: tuple[Reason, ...]
    next_step: str
    traceable: bool
    may_ask: bool
    wanted: bool
    asked: Assignment | None
    mentors: tuple[UUID, ...]

    @property
    def rank(self) -> int:
        """How urgent it is: the sum of its reasons."""
        return rank_of(self.reasons)


@dataclass(frozen=True)
class Person:
    """One of a household, with what is to be done for her or him, the most urgent first."""

    client: UUID
    mother: UUID | None
    site: int
    items: tuple[OpenItem, ...]


@dataclass(frozen=True)
class Household:
    """Who is found together, a woman with her babies: one visit. Whose need is most urgent stands first.

    id  the mother's pseudonym, or that of somebody who has none here, or of the first of babies whom somebody else
        looks after
    """

    id: UUID
    people: tuple[Person, ...]

    @property
    def items(self) -> list[OpenItem]:
        """Everything to be done in it."""
        return [item for person in self.people for item in person.items]


@dataclass(frozen=True)
class Page:
    """The first households of a list, whole; and how many households and things are wanted in all."""

    households: tuple[Household, ...] = ()
    found: int = 0
    things: int = 0


@dataclass(frozen=True)
class Wanted:
    """Which open items: of a group, of one item, with a mentor (hers, or asked to look for her), about some people."""

    group: Group | None = None
    item: str = ""
    mentor: UUID | None = None
    people: frozenset[UUID] | None = None

    @property
    def conditions(self) -> list[str]:
        """What must hold of an open item `o`."""
        asked = [queries.IN_GROUP[self.group]] if self.group else []
        asked += [queries.OF_ITEM] if self.item else []
        asked += [queries.WITH_MENTOR] if self.mentor else []
        asked += [queries.ABOUT] if self.people is not None else []
        return asked

    @property
    def values(self) -> dict[str, Any]:
        """What the conditions are filled with."""
        return {"item": self.item, "mentor": self.mentor, "people": list(self.people or ())}


EVERYTHING = Wanted()


class Worklist:
    """What is open on a day at sites, for a mentor, or for some clients: as far as it is in scope.

    Whoever is not up to date is worked out when the list is made; with `most`, so many at most.

    behind  how many are still to be worked out; 0 unless `most` was given
    """

    def __init__(self, within: str, values: dict[str, Any], behind: int = 0) -> None:
        self._within, self._values, self.behind = within, values, behind

    @classmethod
    def at(cls, sites: Collection[int], today: date, most: int | None = None) -> "Worklist":
        """Of one site, a district, or wherever else somebody looks."""
        behind = bring_sites_up_to_date(sites, today, most)
        return cls(queries.AT_SITES, {"sites": list(sites), "today": today}, behind)

    @classmethod
    def of_mentor(cls, mentor: UUID, today: date) -> "Worklist":
        """Of her caseload, with those whom she is asked to look for."""
        hers = Caseload.objects.filter(mentor=mentor).values_list("client", flat=True)
        bring_clients_up_to_date(list(hers), today)
        return cls(queries.OF_MENTOR, {"whose": mentor, "today": today})

    @classmethod
    def of(cls, clients: Collection[UUID], today: date) -> "Worklist":
        """Of some clients."""
        bring_clients_up_to_date(clients, today)
        return cls(queries.OF_CLIENTS, {"clients": list(clients), "today": today})

    def page(self, wanted: Wanted = EVERYTHING, order: Order = "first", most: int | None = None) -> Page:
        """Households with something that is wanted, in an order: who needs us first, by what it is, or by how late."""
        listed = queries.LISTED.format(
            wanted=self._wanted(wanted), more=queries.MORE_FOR[order], order=queries.ORDERS[order]
        )
        sql = queries.HOUSEHOLDS.format(
            listed=listed,
            within=self._within,
            is_wanted=_all(wanted.conditions),
            within_household=queries.WITHIN[order],
            order=", ".join(f"l.{column}" for column in queries.ORDERS[order].split(", ")),
        )
        rows = self._rows(sql, wanted.values | {"by_label": list(labels()), "most": most})
        if not rows:
            return Page()
        found = groupby(_open_items(rows, self._values["today"]), attrgetter("household"))
        return Page(tuple(_household(id, list(items)) for id, items in found), *rows[0][:2])

    def items(self, wanted: Wanted = EVERYTHING, order: Order = "first") -> list[OpenItem]:
        """Every wanted thing, household by household."""
        return [item for one in self.page(wanted, order).households for item in one.items if item.wanted]

    def people(self, wanted: Wanted) -> set[UUID]:
        """Whom the wanted things are about, with the mothers of babies."""
        sql = queries.PEOPLE.format(wanted=f"care.open_item o WHERE {self._wanted(wanted)}")
        return {person for (person,) in self._rows(sql, wanted.values)}

    def waiting(self) -> Mapping[int, Mapping[Group, Waiting]]:
        """How much waits at each site where anything does, in each group."""
        things = ", ".join(f"count(*) FILTER (WHERE {queries.IN_GROUP[g]}) AS {g}" for g in GROUPS)
        counts = ", ".join(f"sum({g})::int, count(*) FILTER (WHERE {g} > 0)" for g in GROUPS)
        rows = self._rows(queries.WAITING.format(things=things, counts=counts, within=self._within), {})
        return {site: dict(zip(GROUPS, map(Waiting, said[::2], said[1::2]), strict=True)) for site, *said in rows}

    def things(self) -> dict[str, int]:
        """How many things to do there are in all, by item."""
        return dict(self._rows(queries.ITEMS.format(within=self._within), {}))

    def _wanted(self, wanted: Wanted) -> str:
        return _all([self._within, *wanted.conditions])

    def _rows(self, sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, self._values | values)
            return list(cursor.fetchall())


def open_items_of(clients: Collection[UUID], today: date) -> list[OpenItem]:
    """Everything open for some clients in scope, household by household."""
    return Worklist.of(clients, today).items()


def in_all(waiting: Mapping[int, Mapping[Group, Waiting]]) -> Mapping[Group, Waiting]:
    """How much waits at all sites together."""
    return {group: sum((one[group] for one in waiting.values()), Waiting(0, 0)) for group in GROUPS}


@cache
def labels() -> Mapping[str, str]:
    """The labels of the items of all versions by their ids, in alphabetical order; of one id that of the latest."""
    known = {item.id: item.label for version in protocol_in_force().versions for item in version.items}
    return dict(sorted(known.items(), key=lambda pair: pair[1]))


def who_looks_after(client: UUID) -> set[UUID]:
    """The mentors whose caseload she is in for good, not only to be looked for."""
    found = Caseload.objects.filter(client=client).exclude(reason="tracing")
    return set(found.values_list("mentor", flat=True))


def _all(conditions: Iterable[str]) -> str:
    return " AND ".join(f"({condition})" for condition in conditions) or "true"


def _household(id: UUID, items: Sequence[OpenItem]) -> Household:
    people = dict.fromkeys(item.client for item in items)
    hers = {client: tuple(item for item in items if item.client == client) for client in people}
    return Household(id, tuple(Person(c, some[0].mother, some[0].site, some) for c, some in hers.items()))


def _open_items(rows: Sequence[Sequence[Any]], today: date) -> list[OpenItem]:
    asked = Assignment.objects.in_bulk({row[-2] for row in rows if row[-2]})
    return [_open_item(row[2:], asked, today) for row in rows]


def _open_item(row: Sequence[Any], asked: Mapping[UUID, Assignment], today: date) -> OpenItem:
    household, client, mother, site, rule, item, state, due, until, reasons, step, traceable, may_ask, *rest = row
    wanted, assignment, mentors = rest
    return OpenItem(
        household=household,
        client=client,
        mother=mother,
        site=site,
        rule=rule,
        item=item,
        label=item_of(rule, item).label,
        state=state,
        due=due,
        until=until,
        days_late=max(0, (today - due).days),
        reasons=reasons_from(json.loads(reasons)),
        next_step=step,
        traceable=traceable,
        may_ask=may_ask,
        wanted=wanted,
        asked=asked.get(assignment),
        mentors=tuple(mentors),
    )
