"""The engines over the facts of this database, within the scope of the transaction."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from mentormothers.access.statements import prepared
from mentormothers.care import queries
from mentormothers.care.records import relation_of
from mentormothers.engines.postgres import HASHED_JOINS
from mentormothers.engines.rows import ScheduleRow, in_order, schedule_row
from mentormothers.engines.schedule_sql import compile_schedule
from mentormothers.facts.days import day_number
from mentormothers.facts.standing import standings
from mentormothers.protocol.model import Protocol
from mentormothers.protocol.reading import find_protocol


@cache
def protocol_in_force() -> Protocol:
    """The protocol this installation follows."""
    return find_protocol(settings.PROTOCOL)


def schedule_of(clients: Iterable[UUID], as_of: date) -> list[ScheduleRow]:
    """What is due, overdue, done for clients and the members of their families, on a day."""
    wanted = sorted(clients)
    if not wanted:
        return []
    with prepared() as cursor:  # one long query: planned once per connection instead of at every look
        family = _family(cursor, wanted)
        values: dict[str, Any] = {"clients": family, "standing": _standing(cursor, family), "as_of": day_number(as_of)}
        with hashed_joins(cursor):
            cursor.execute(_schedule_query(protocol_in_force()), values)
            found = cursor.fetchall()
    return in_order(schedule_row(protocol_in_force().rule, *row) for row in found)


def facts_of(clients: Sequence[UUID]) -> list[dict[str, Any]]:
    """The facts of clients that count, the latest first: not withdrawn, not replaced, not repeats."""
    with connection.cursor() as cursor:
        cursor.execute(queries.STANDING_FACTS, {"clients": list(clients), "standing": _standing(cursor, list(clients))})
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
    return compile_schedule(protocol, "postgres").query(**sources(clients=True))


def _family(cursor: Any, clients: Sequence[UUID]) -> list[UUID]:
    cursor.execute(queries.FAMILY, {"clients": list(clients)})
    return [row[0] for row in cursor.fetchall()]


def _standing(cursor: Any, clients: Sequence[UUID] | None) -> str:
    cursor.execute(queries.RELATIONS, {"clients": clients})
    found = standings(relation_of(*row) for row in cursor.fetchall())
    return json.dumps([{"record": r, "stands": int(s.stands), "event": s.event} for r, s in found.items()])
