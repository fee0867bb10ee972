"""`bench schedule`, on PostgreSQL: one client's open items and her schedule, as the server's role asks for them."""

from collections.abc import Callable
from datetime import date
from functools import partial
from uuid import UUID

import psycopg

from mentormothers.config.benchmarks.measuring import Figure, Work, duration, timed
from mentormothers.config.database import Database

KEPT, OPEN = "one client: look-up of what is kept", "one client: her open items"
CHANGED = "one client: her open items after a change"
FACTS, SCHEDULE = "one client: look-up of her family's facts", "one client: her schedule"
_CLIENTS = 20  # one after another; what is told is the mean of one
_MOTHERS = """
SELECT o.client FROM care.open_item o JOIN care.client b ON b.mother = o.client
WHERE o.site = %s GROUP BY o.client ORDER BY o.client LIMIT %s"""
_KEPT = "SELECT client, item, state, due, rank FROM care.open_item WHERE client = %(client)s"
_FACTS = """
SELECT client, kind, day, value, number FROM care.fact
WHERE client IN (SELECT %(client)s::uuid UNION ALL SELECT id FROM care.client WHERE mother = %(client)s)"""
_TOUCH = "INSERT INTO care.touched (client) SELECT unnest(%s::uuid[])"


def client_works(found: Database, site: int, day: date) -> dict[str, Work]:
    """Mothers with babies at a site who have open items."""
    assert found.admin
    with psycopg.connect(found.admin) as server:
        clients = [row[0] for row in server.execute(_MOTHERS, (site, _CLIENTS)).fetchall()]

    def kept(number: int) -> float:
        for client in clients:  # whom another day was asked about meanwhile
            _scoped(site, partial(_open, day), client)
        return each(partial(_asked, _KEPT))(number)

    def touched(number: int) -> float:
        with psycopg.connect(str(found.admin)) as server:
            server.execute(_TOUCH, (clients,))
        return each(partial(_open, day))(number)

    def each(look: Callable[[UUID], int]) -> Work:
        whole = timed(lambda: sum(_scoped(site, look, client) for client in clients))
        return lambda number: whole(number) / max(1, len(clients))

    return {
        KEPT: kept, OPEN: each(partial(_open, day)), CHANGED: touched,
        FACTS: each(partial(_asked, _FACTS)), SCHEDULE: each(partial(_schedule, day)),
    }  # fmt: skip


def client_figures(values: dict[str, list[float]]) -> list[Figure]:
    """Each beside its floor."""
    pairs = ((KEPT, ""), (OPEN, KEPT), (FACTS, ""), (SCHEDULE, FACTS), (CHANGED, FACTS))
    return [duration(name, values, "s", floor) for name, floor in pairs]


def _scoped(site: int, look: Callable[[UUID], int], client: UUID) -> int:
    from mentormothers.access.scope import Scope, scoped

    with scoped(Scope((site,), (1,))):
        return look(client)


def _asked(query: str, client: UUID) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query, {"client": client})
        return len(cursor.fetchall())


def _open(day: date, client: UUID) -> int:
    from mentormothers.followup.worklist import open_items_of

    return len(open_items_of([client], day))


def _schedule(day: date, client: UUID) -> int:
    from mentormothers.care.live import schedule_of

    return len(schedule_of([client], day))
