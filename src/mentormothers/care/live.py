"""The engines over the facts of this database, within the scope of the transaction."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from mentormothers.access.scope import Scope, scoped
from mentormothers.access.statements import prepared
from mentormothers.care import queries
from mentormothers.care.records import relation_of
from mentormothers.engines.postgres import HASHED_JOINS
from mentormothers.engines.rows import ScheduleRow, in_order, schedule_row
from mentormothers.engines.schedule_sql import compile_schedule
from mentormothers.engines.tables import calendar_span
from mentormothers.facts.days import day_number
from mentormothers.facts.standing import standings
from mentormothers.protocol.model import Item, Protocol
from mentormothers.protocol.reading import find_protocol


@cache
def protocol_in_force() -> Protocol:
    """The protocol this installation follows."""
    return find_protocol(settings.PROTOCOL)


@cache
def item_of(rule: str, item: str) -> Item:
    """The item that a row of the schedule is of, in the version that its rule names. Raises KeyError."""
    return protocol_in_force().of_rule(rule).item(item)


@dataclass(frozen=True)
class Relative:
    """One of a family: her pseudonym, her birth mother, her home."""

    client: UUID
    mother: UUID | None
    site: int
    organisation: int


def schedule_of(clients: Iterable[UUID], as_of: date) -> list[ScheduleRow]:
    """What is due, overdue, done for those of the clients who are in scope, on a day.

    It hangs on the facts of their whole families, so the answer is the same whoever asks, also where a baby lives at
    another site than its mother.
    """
    with prepared() as cursor:  # one long query: planned once per connection instead of at every look
        cursor.execute(queries.IN_SCOPE, {"clients": list(clients)})
        wanted = [row[0] for row in cursor.fetchall()]
        if not wanted:
            return []
        with of_whole_families(wanted) as kin:
            family = sorted(relative.client for relative in kin)
            values = {"clients": family, "standing": _standing(cursor, family), **_days(cursor, family, as_of)}
            with hashed_joins(cursor):
                cursor.execute(_schedule_query(protocol_in_force()), values)
                found = cursor.fetchall()
    names = {str(client) for client in wanted}
    return in_order(schedule_row(*row) for row in found if row[0] in names)


@contextmanager
def of_whole_families(clients: Iterable[UUID]) -> Iterator[list[Relative]]:
    """A scope that reaches as far as the families of these clients, for what must not hang on who looks.

    Gives all of them. What it is used for may tell what is to be done for a client, never a fact of somebody else.
    """
    with prepared() as cursor:
        kin = [Relative(*row) for row in cursor.execute(queries.KIN, {"clients": list(clients)})]
    sites, organisations = {one.site for one in kin}, {one.organisation for one in kin}
    with scoped(Scope(tuple(sites), tuple(organisations))):
        yield kin


def facts_of(clients: Sequence[UUID], kinds: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """The facts of clients that count, of all kinds or some, the latest first: not withdrawn, replaced or repeats."""
    with connection.cursor() as cursor:
        standing = _standing(cursor, clients)
        values = {"clients": list(clients), "standing": standing, "kinds": None if kinds is None else list(kinds)}
        cursor.execute(queries.STANDING_FACTS, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@contextmanager
def hashed_joins(cursor: Any) -> Iterator[None]:
    """For compiled plans, whose steps PostgreSQL takes to be small (see HASHED_JOINS)."""
    cursor.execute(HASHED_JOINS)
    yield
    cursor.execute("SET LOCAL enable_nestloop = on")


def sources(clients: bool) -> dict[str, str]:
    """Queries for the relations that compiled plans read; with `clients`, of those clients only."""
    return {
        "observation": queries.OBSERVATION + (" WHERE f.client = ANY (%(clients)s)" if clients else ""),
        "standing": queries.STANDING,
    }


def standing_of_all() -> str:
    """The standing of every record in scope that a correction touches, as plans take it."""
    with connection.cursor() as cursor:
        return _standing(cursor, None)


@cache
def _schedule_query(protocol: Protocol) -> str:
    return compile_schedule(protocol, "postgres").query(**sources(clients=True), calendar=queries.CALENDAR)


def _days(cursor: Any, clients: Sequence[UUID], as_of: date) -> dict[str, int]:
    """The as-of day, and the first and last day that can be counted from the clients' facts."""
    cursor.execute(queries.SPAN, {"clients": list(clients), "as_of": as_of})
    first, last = calendar_span(*cursor.fetchone())
    return {"as_of": day_number(as_of), "first": day_number(first), "last": day_number(last)}


def _standing(cursor: Any, clients: Sequence[UUID] | None) -> str:
    cursor.execute(queries.RELATIONS, {"clients": None if clients is None else list(clients)})
    found = standings(relation_of(*row) for row in cursor.fetchall())
    return json.dumps([{"record": r, "stands": int(s.stands), "event": s.event} for r, s in found.items()])
