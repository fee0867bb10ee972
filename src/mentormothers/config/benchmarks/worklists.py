"""`bench schedule`: a site's worklist on PostgreSQL as the office asks for it, a client's, and everybody's on DuckDB.

The simulated programme is put into a server of the benchmark's own, with the programme's tables, indexes and row-level
security, and asked as the server's role.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import psycopg

from mentormothers.config.benchmarks.copies import copied
from mentormothers.config.benchmarks.everybody import Everybody, clients_in, some_figures, some_works
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
from mentormothers.config.benchmarks.one_client import client_figures, client_works
from mentormothers.config.benchmarks.own_server import own_server, publish_content
from mentormothers.config.benchmarks.programme_of import fill
from mentormothers.config.benchmarks.simulated import Given, simulated
from mentormothers.config.database import Database
from mentormothers.config.starting import collect_static
from mentormothers.engines.by_families import Asked
from mentormothers.engines.duckdb import schedule_of_clients
from mentormothers.engines.portable import texts
from mentormothers.engines.rows import ScheduleRow
from mentormothers.engines.snapshot import Snapshot, opened
from mentormothers.protocol.model import Protocol
from mentormothers.protocol.reading import find_protocol

SITE_FACTS, SCHEDULE = "usual site: its facts", "usual site: its schedule"
WORKLIST, PAGE, KEPT = "{} site: worklist", "{} site: the whole page", "{} site: index scan of what is kept"
DISTRICT, DISTRICT_KEPT = "twenty sites: worklist", "twenty sites: index scan of what is kept"
CHANGED, NEW_DAY = "usual site: first look after a change", "another usual site: first look of a day, without worker"
WORKER = "the worker, clients worked out"
_SAMPLE = 300
_WORKER_SECONDS = 60


@dataclass(frozen=True)
class Place:
    """A site by its size among all: its number, and how many clients live there."""

    size: str
    site: int
    clients: int


def bench_schedule(given: Given, progress: Progress) -> Result:
    """Measure schedules. Raises RuntimeError when the engines' rows differ: then nothing was measured."""
    with simulated(given, progress) as one, copied(one, given.copies, progress) as snapshot:
        return _of_everybody(given, snapshot, progress) if given.copies > 1 else _of_both(given, snapshot, progress)


def _of_everybody(given: Given, snapshot: Snapshot, progress: Progress) -> Result:
    """On DuckDB alone, over copies."""
    asked = Asked(find_protocol(_PROTOCOL), snapshot, snapshot.span[1])
    everybody = Everybody(asked, progress)
    with opened(snapshot, None) as database:
        sizes: dict[str, int | str] = {"clients": clients_in(asked, database), "facts": snapshot.facts}
        values = in_turn(given.rounds, everybody.works() | some_works(asked, database), progress)
    sizes |= {"copies of one programme": given.copies, "seed": given.seed, "rounds": given.rounds}
    sizes |= {"protocol": asked.protocol.rule, "rows": everybody.rows}
    figures = (*everybody.figures(values), *some_figures(values))
    return Result("schedule", figures, sizes, machine(("duckdb",)), (_COPIES, _APART))


def _of_both(given: Given, snapshot: Snapshot, progress: Progress) -> Result:
    with own_server() as found, opened(snapshot, None) as database:
        from mentormothers.care.live import protocol_in_force

        publish_content()
        collect_static()
        fill(found, snapshot, progress)
        places, day, protocol = _places(found), snapshot.span[1], protocol_in_force()
        progress("comparing the engines' rows")
        compared = _compared(snapshot, protocol, places[1], day)
        asked = Asked(protocol, snapshot, day)
        everybody = Everybody(asked, progress)
        values = in_turn(given.rounds, _looks(found, places, day) | client_works(found, places[1].site, day), progress)
        values |= in_turn(given.rounds, everybody.works() | some_works(asked, database), progress)
        progress("the worker works out ahead")
        worker = _worker(day)
        sizes = {
            "clients": clients_in(asked, database), "facts": snapshot.facts,
            **{f"clients at the {place.size} site": place.clients for place in places}, "seed": given.seed,
            "rounds": given.rounds, "rows equal on both engines": compared, "protocol": protocol.rule,
            "rows of everybody": everybody.rows,
        }  # fmt: skip
    figures = (
        *_figures(values), *client_figures(values), worker, *everybody.figures(values), *some_figures(values),
    )  # fmt: skip
    return Result("schedule", figures, sizes, machine(("duckdb", "psycopg", "django")), (*_NOTES, _APART))


_PROTOCOL = "MW-2022"
_COPIES = (
    "Copies of one simulated programme under other ids and sites: no new women. PostgreSQL is measured without them."
)
_APART = (
    "On DuckDB everybody's is done in a process of its own: its seconds without its start, the CPU seconds of its "
    "threads, the most memory it had in any round."
)
_NOTES = (
    "On PostgreSQL under row-level security, as the server's role; on DuckDB everybody, over the snapshot. A worklist "
    "is all that the page asks of it: its first 25 households, its counts. The page has no names: nobody has any.",
    f"The worker was measured for {_WORKER_SECONDS} seconds at most; a night's work is all clients at that rate.",
)


def _figures(values: dict[str, list[float]]) -> list[Figure]:
    sizes = ("small", "usual", "large")
    return [
        *(duration(KEPT.format(size), values, "s") for size in sizes),
        *(duration(name.format(size), values, "s", KEPT.format(size)) for name in (WORKLIST, PAGE) for size in sizes),
        duration(DISTRICT_KEPT, values, "s"), duration(DISTRICT, values, "s", DISTRICT_KEPT),
        duration(SITE_FACTS, values, "s"),
        *(duration(name, values, "s", SITE_FACTS) for name in (SCHEDULE, CHANGED, NEW_DAY)),
    ]  # fmt: skip


def _looks(found: Database, places: list[Place], day: date) -> dict[str, Work]:
    """What is asked of PostgreSQL; every list is brought up to date first."""
    works = {}
    *listed, untouched = places  # the last one goes from day to day, the others stay
    for place in listed:
        _worklist([place.site], day)
        works[KEPT.format(place.size)] = timed(partial(_asked, [place.site], _KEPT))
        works[WORKLIST.format(place.size)] = timed(partial(_worklist, [place.site], day))
        works[PAGE.format(place.size)] = timed(_page(place, day))
    district = _district(found, but=untouched.site)
    _worklist(district, day)
    works[DISTRICT_KEPT] = timed(lambda: _asked(district, _KEPT))
    works[DISTRICT] = timed(lambda: _worklist(district, day))
    usual, days = listed[1].site, iter(range(1, 10_000))
    works[SITE_FACTS] = timed(lambda: _asked([usual], _FACTS))
    works[SCHEDULE] = timed(lambda: len(_live(usual, day)))
    works[CHANGED] = lambda number: timed(lambda: _worklist([usual], day))(_touched(found, usual, number))
    works[NEW_DAY] = timed(lambda: _worklist([untouched.site], day + timedelta(days=next(days))))
    return works


_KEPT = "SELECT client, item, state, due, rank FROM care.open_item WHERE site = ANY (%(sites)s)"
_FACTS = """
SELECT client, kind, day, value, number FROM care.fact
WHERE client IN (SELECT id FROM care.client WHERE site = ANY (%(sites)s))"""


def _asked(sites: list[int], query: str) -> int:
    from django.db import connection

    from mentormothers.access.scope import Scope, scoped

    with scoped(Scope(tuple(sites), (1,))), connection.cursor() as cursor:
        cursor.execute(query, {"sites": sites})
        return len(cursor.fetchall())


def _worklist(sites: list[int], day: date) -> int:
    from mentormothers.access.scope import Scope, scoped
    from mentormothers.followup.worklist import Worklist
    from mentormothers.office.listing import PAGE as LINES

    with scoped(Scope(tuple(sites), (1,))):
        worklist = Worklist.at(sites, day)
        worklist.waiting()
        return len(worklist.page(most=LINES).households) + len(worklist.things())


def _district(found: Database, but: int) -> list[int]:
    """Twenty sites, the middle ones by clients, or all that there are but one."""
    assert found.admin
    with psycopg.connect(found.admin) as server:
        counted = "SELECT site FROM care.client WHERE site <> %s GROUP BY site ORDER BY count(*), site"
        sites = [int(site) for (site,) in server.execute(counted, (but,)).fetchall()]
    first = max(0, len(sites) // 2 - 10)
    return sites[first : first + 20] or [but]


def _page(place: Place, day: date) -> Callable[[], int]:
    """A coordinator's browser at her site, on that day."""
    from django.test import Client
    from django.utils import timezone

    from mentormothers.access.models import Membership, Role, User
    from mentormothers.sites.models import Organisation, Site

    organisation, _ = Organisation.objects.get_or_create(id=1, defaults={"name": "Synthetic programme"})
    # A small simulation has one site for all sizes.
    about = {"name": f"Site {place.site}", "organisation": organisation, "opened": day}
    Site.objects.get_or_create(id=place.site, defaults=about)
    user = User.objects.create_user(
        f"coordinator of the {place.size} site", None, role=Role.COORDINATOR, organisation=1
    )
    Membership.objects.create(user=user, site=place.site)
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def look() -> int:
        real, timezone.localdate = timezone.localdate, lambda *_: day
        try:
            answer = browser.get(f"/sites/{place.site}")
        finally:
            timezone.localdate = real
        return int(answer.status_code == 200)

    look()  # the number on treatment is counted once
    return look


def _touched(found: Database, site: int, number: int) -> int:
    """Touch somebody of the site, as a record about her does; gives the number again."""
    assert found.admin
    with psycopg.connect(found.admin) as server:
        server.execute(
            "INSERT INTO care.touched (client)"
            " SELECT id FROM care.client WHERE site = %s ORDER BY id OFFSET %s LIMIT 1",
            (site, number),
        )
    return number


def _worker(day: date) -> Figure:
    """How many clients a second the worker works out, of those who are not up to date."""
    from mentormothers.followup.keeping import bring_everybody_up_to_date

    started = time.perf_counter()
    done = bring_everybody_up_to_date(day, _WORKER_SECONDS)
    return Figure(WORKER, done / (time.perf_counter() - started), "clients/s")


def _live(site: int, day: date) -> list[ScheduleRow]:
    from mentormothers.access.scope import Scope, scoped
    from mentormothers.care.live import schedule_of
    from mentormothers.care.models import Client

    with scoped(Scope((site,), (1,))):
        return schedule_of(Client.objects.filter(site=site).values_list("id", flat=True), day)


def _compared(snapshot: Snapshot, protocol: Protocol, place: Place, day: date) -> int:
    """How many rows both engines give alike for some clients of the site. Raises RuntimeError when they differ."""
    live = _live(place.site, day)
    wanted = sorted({row.client for row in live})[:_SAMPLE]
    ours = _facts_of(row for row in live if row.client in wanted)
    with opened(snapshot, None) as database:
        database.execute(f"CREATE TABLE named AS {_NAMED.format(wanted=texts(wanted))}")
        database.execute(f"CREATE TABLE theirs AS {_THEIRS}")
        database.execute("CREATE OR REPLACE VIEW observation AS FROM theirs")
        names = dict(database.execute("SELECT client, id FROM named").fetchall())
        rows = schedule_of_clients(database, protocol, day, list(names))
    theirs = {(names[row[0]], *row[1:]) for row in _facts_of(rows)}
    if ours != theirs:
        raise RuntimeError(f"the engines differ in {len(ours ^ theirs)} rows of {len(ours)}, so nothing is measured")
    return len(ours)


# Clients of a snapshot by their UUIDs in the programme, and the facts of them and their kin.
_NAMED = """
SELECT client, id FROM (SELECT DISTINCT client, md5(client)::UUID::VARCHAR AS id FROM observation)
WHERE id IN ({wanted})"""
_THEIRS = """
WITH hers AS (SELECT client, max(mother) AS mother FROM observation GROUP BY client),
     near AS (SELECT h.client, h.mother FROM hers h JOIN named n ON n.client = h.client)
SELECT o.* FROM observation o JOIN hers h ON h.client = o.client
WHERE h.client IN (SELECT client FROM near UNION ALL SELECT mother FROM near)
   OR h.mother IN (SELECT client FROM near UNION ALL SELECT mother FROM near WHERE mother <> '')"""


def _facts_of(rows: Iterable[ScheduleRow]) -> set[tuple[object, ...]]:
    return {(r.client, r.item, r.occurrence, r.due, r.opens, r.state, r.days_late, r.done_on) for r in rows}


def _places(found: Database) -> list[Place]:
    """The sites with the fewest clients, the median number and the most, and another one of the usual size."""
    assert found.admin
    with psycopg.connect(found.admin) as server:
        sites = server.execute("SELECT site, count(*) FROM care.client GROUP BY site ORDER BY 2, 1").fetchall()
    usual = len(sites) // 2
    chosen = {"small": sites[0], "usual": sites[usual], "large": sites[-1], "other usual": sites[usual - 1]}
    return [Place(size, int(site), int(clients)) for size, (site, clients) in chosen.items()]
