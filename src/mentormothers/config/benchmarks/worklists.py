"""`bench schedule`: a site's worklist on PostgreSQL as the office asks for it, and everybody's on DuckDB.

The simulated programme is put into a server of the benchmark's own, with the programme's tables, indexes and row-level
security, and asked as the server's role.
"""

from collections.abc import Iterable
from datetime import date
from hashlib import md5
from uuid import UUID

import psycopg

from mentormothers.config.benchmarks.measuring import (
    Figure,
    Progress,
    Result,
    Work,
    duration,
    in_turn,
    machine,
    timed,
)
from mentormothers.config.benchmarks.own_server import own_server, publish_content
from mentormothers.config.benchmarks.programme_of import fill
from mentormothers.config.benchmarks.simulated import GROUP, SCAN, Given, group, scan, simulated
from mentormothers.config.database import Database
from mentormothers.engines.columns import Connection
from mentormothers.engines.duckdb import count_schedule, schedule_of_clients
from mentormothers.engines.rows import ScheduleRow
from mentormothers.engines.snapshot import opened
from mentormothers.protocol.model import Protocol

SITE_SCAN, SITE_GROUP = "the site's facts", "GROUP BY client of them"
SCHEDULE, WORKLIST = "the site's schedule", "the site's worklist as the office shows it"
EVERYBODY = "everybody's schedule"
_SAMPLE = 300


def bench_schedule(given: Given, progress: Progress) -> Result:
    """Measure schedules. Raises RuntimeError when the engines' rows differ: then nothing was measured."""
    with simulated(given, progress) as snapshot, own_server() as found, opened(snapshot, None) as database:
        from mentormothers.care.live import protocol_in_force

        publish_content()
        fill(found, snapshot, progress)
        site, clients = _usual_site(found)
        day, protocol = snapshot.span[1], protocol_in_force()
        progress("comparing the engines' rows")
        compared = _compared(database, protocol, site, day)
        values = in_turn(given.rounds, _works(database, protocol, site, day), progress)
    sizes = {
        "clients at the site": clients, "facts": snapshot.facts, "seed": given.seed, "rounds": given.rounds,
        "rows equal on both engines": compared,
    }  # fmt: skip
    return Result("schedule", tuple(_figures(values)), sizes, machine(("duckdb", "psycopg", "django")), _NOTES)


_NOTES = (
    "On PostgreSQL the site with the median number of clients, under row-level security, as the server's role; on "
    "DuckDB everybody, over the snapshot.",
)


def _figures(values: dict[str, list[float]]) -> list[Figure]:
    return [
        duration(SITE_SCAN, values, "s"), duration(SITE_GROUP, values, "s"),
        *(duration(name, values, "s", SITE_SCAN) for name in (SCHEDULE, WORKLIST)),
        duration(SCAN, values, "s"), duration(GROUP, values, "s"),
        *(duration(EVERYBODY, values, "s", floor) for floor in (SCAN, GROUP)),
    ]  # fmt: skip


def _works(database: Connection, protocol: Protocol, site: int, day: date) -> dict[str, Work]:
    from django.db import connection

    from mentormothers.access.scope import Scope, scoped
    from mentormothers.followup.worklist import Worklist

    def asked(query: str) -> int:
        with scoped(Scope((site,), (1,))), connection.cursor() as cursor:
            cursor.execute(query.format(f"client IN (SELECT id FROM care.client WHERE site = {site})"))
            return len(cursor.fetchall())

    def worklist() -> int:
        with scoped(Scope((site,), (1,))):
            return len(Worklist(site, day).items())

    return {
        SITE_SCAN: timed(lambda: asked("SELECT client, kind, day, value, number FROM care.fact WHERE {}")),
        SITE_GROUP: timed(lambda: asked("SELECT client, max(day) FROM care.fact WHERE {} GROUP BY client")),
        SCHEDULE: timed(lambda: len(_live(site, day))), WORKLIST: timed(worklist),
        SCAN: timed(lambda: scan(database)), GROUP: timed(lambda: group(database)),
        EVERYBODY: timed(lambda: count_schedule(database, protocol, day)),
    }  # fmt: skip


def _live(site: int, day: date) -> list[ScheduleRow]:
    from mentormothers.access.scope import Scope, scoped
    from mentormothers.care.live import schedule_of
    from mentormothers.care.models import Client

    with scoped(Scope((site,), (1,))):
        return schedule_of(Client.objects.filter(site=site).values_list("id", flat=True), day)


def _compared(database: Connection, protocol: Protocol, site: int, day: date) -> int:
    """How many rows both engines give alike for some clients of the site. Raises RuntimeError when they differ."""
    live = _live(site, day)
    wanted = set(sorted({row.client for row in live})[:_SAMPLE])
    asked = database.execute("SELECT DISTINCT client FROM observation").fetchall()
    known = {_uuid(client): client for (client,) in asked if _uuid(client) in wanted}
    ours = _facts_of(row for row in live if row.client in wanted)
    names = {client: uuid for uuid, client in known.items()}
    rows = schedule_of_clients(database, protocol, day, list(names))
    theirs = {(names[row[0]], *row[1:]) for row in _facts_of(rows)}
    if ours != theirs:
        raise RuntimeError(f"the engines differ in {len(ours ^ theirs)} rows of {len(ours)}, so nothing is measured")
    return len(ours)


def _facts_of(rows: Iterable[ScheduleRow]) -> set[tuple[object, ...]]:
    return {(r.client, r.item, r.occurrence, r.due, r.opens, r.state, r.days_late, r.done_on) for r in rows}


def _uuid(client: str) -> str:
    return str(UUID(md5(client.encode(), usedforsecurity=False).hexdigest()))


def _usual_site(found: Database) -> tuple[int, int]:
    """The site with the median number of clients, and that number."""
    assert found.admin
    with psycopg.connect(found.admin) as server:
        sites = server.execute("SELECT site, count(*) FROM care.client GROUP BY site ORDER BY 2, 1").fetchall()
    site, clients = sites[len(sites) // 2]
    return int(site), int(clients)
