"""Counting in this database, once: what was counted in a scope is kept until something changes there.

A count of one indicator over a few thousand clients takes a quarter of a second, and a page shows a hundred of them:
so many are counted together, over facts that are fetched once. What took long may be shown for a day while the worker
counts it anew; its receipt says from what. What is quick is counted again as soon as the feed has moved.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from time import monotonic
from typing import Any

from django.db import connection
from django.utils import timezone

from mentormothers.access.scope import REPORTS, as_role
from mentormothers.care.live import hashed_joins, sources, standing_of_all
from mentormothers.engines import duckdb
from mentormothers.engines.indicator_sql import compile_indicator, counted, parameters
from mentormothers.engines.tables import Row, gathered_tables
from mentormothers.indicators.model import Question
from mentormothers.indicators.rows import Count
from mentormothers.reports.models import KeptCount
from mentormothers.sites.queries import SITE_MODEL

SOURCES = sources(clients=False) | {"site_model": SITE_MODEL}
A_FEW = 3  # counts; so many are quicker asked one by one than by fetching every fact
QUICK_MS = 20_000  # what is counted anew so quickly is so at every look after a change
WORTH = 20  # the worker counts anew what is older than so many times what counting it took
_KEPT_FOR = timedelta(days=1)  # what took long is shown for so long without being counted again
# The receipt of a number: how many records there were, and when the last one came.
_POSITION = """
SELECT count(*), coalesce(to_char(max(received) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'none')
FROM care.record
"""
# The days of the facts in scope.
_SPAN = "SELECT coalesce(min(day), CURRENT_DATE), coalesce(max(day), CURRENT_DATE) FROM care.fact"
# The last change in scope, and the last word on who runs a site; an index away.
_FEED = """
SELECT coalesce((SELECT tx::text || '/' || place FROM sync.feed ORDER BY tx DESC, place DESC LIMIT 1), '')
       || '/' || coalesce((SELECT max(id) FROM site_model), 0)
"""
_SCOPE = """
SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[],
       coalesce(nullif(current_setting('app.organisations', true), ''), '{}')::int[]
"""


def counts(questions: Sequence[Question]) -> list[tuple[list[Count], str]]:
    """What is counted in scope for each question, and the position of the log it was counted at."""
    kept, feed = _kept(questions), _feed()
    good = {q: _read(kept[q]) for q in questions if q in kept and _still_good(kept[q], feed)}
    good |= _count([q for q in dict.fromkeys(questions) if q not in good], feed)
    return [good[question] for question in questions]


def count_anew(questions: Sequence[Question]) -> int:
    """Count again what has changed and is worth it. Gives how many that were."""
    kept, feed = _kept(questions), _feed()
    stale = [q for q in dict.fromkeys(questions) if q not in kept or _worth_it(kept[q], feed)]
    if stale:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")  # nobody waits for the worker
    _count(stale, feed)
    return len(stale)


def are_kept(questions: Sequence[Question]) -> bool:
    """Whether all of these were counted before, so that they can be answered at once or nearly so."""
    return len(_kept(questions)) == len(set(questions))


def _count(questions: Sequence[Question], feed: str) -> dict[Question, tuple[list[Count], str]]:
    """Count and keep. A few are one query each; many share the facts, which are fetched once for all of them."""
    if not questions:
        return {}
    began, standing = monotonic(), standing_of_all()
    with as_role(REPORTS), connection.cursor() as cursor:
        cursor.execute(_POSITION)
        position = "{} records to {}".format(*cursor.fetchone())
        count = _one_by_one if len(questions) <= A_FEW else _together
        found = count(cursor, questions, standing)
    took_ms = int((monotonic() - began) * 1000)  # of all: to count one of them anew takes the same facts
    for question, counted_ in found.items():
        _keep(question, counted_, position, feed, took_ms)
    return {question: (counted_, position) for question, counted_ in found.items()}


def _one_by_one(cursor: Any, questions: Sequence[Question], standing: str) -> dict[Question, list[Count]]:
    found = {}
    with hashed_joins(cursor):
        for question in questions:
            plan = compile_indicator(question.measure, question.by, "postgres")
            cursor.execute(plan.query(**SOURCES), parameters(question) | {"standing": standing})
            found[question] = counted(cursor.fetchall())
    return found


def _together(cursor: Any, questions: Sequence[Question], standing: str) -> dict[Question, list[Count]]:
    """On DuckDB: here a hundred counts take as long as the facts take to come."""
    cursor.execute(_SPAN)
    first, last = cursor.fetchone()
    with connection.chunked_cursor() as facts:  # never all of them at once
        facts.execute(SOURCES["observation"])
        rows: dict[str, Iterable[Row]] = {"observation": facts}
        for name in ("standing", "site_model"):
            cursor.execute(SOURCES[name], {"standing": standing})
            rows[name] = cursor.fetchall()
        answers = duckdb.indicators_over(questions, gathered_tables(rows, first, last))
    return dict(zip(questions, answers, strict=True))


def _keep(question: Question, found: list[Count], position: str, feed: str, took_ms: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SCOPE)
        sites, organisations = cursor.fetchone()
    KeptCount.objects.update_or_create(
        sites=sites,
        organisations=organisations,
        **_key(question),
        defaults={
            "counts": [[c.site, c.disaggregation, c.numerator, c.denominator] for c in found],
            "position": position,
            "feed": feed,
            "counted_at": timezone.now(),
            "took_ms": took_ms,
        },
    )


def _kept(questions: Sequence[Question]) -> dict[Question, KeptCount]:
    """What is kept of this scope; the database shows no other."""
    found = KeptCount.objects.filter(measure__in={_key(question)["measure"] for question in questions})
    known = {(kept.measure, kept.first_day, kept.last_day, kept.by): kept for kept in found}
    return {question: known[key] for question in questions if (key := tuple(_key(question).values())) in known}


def _key(question: Question) -> dict[str, Any]:
    period = question.period
    known = f" known on {question.known}" if question.known else ""
    return {
        "measure": question.measure.name + known,
        "first_day": period.start,
        "last_day": period.end,
        "by": question.by,
    }


def _read(kept: KeptCount) -> tuple[list[Count], str]:
    return [Count(site, part, number, of) for site, part, number, of in kept.counts], kept.position


def _worth_it(kept: KeptCount, feed: str) -> bool:
    return kept.feed != feed and _age(kept) >= WORTH * timedelta(milliseconds=kept.took_ms)


def _still_good(kept: KeptCount, feed: str) -> bool:
    return kept.feed == feed or (kept.took_ms >= QUICK_MS and _age(kept) < _KEPT_FOR)


def _age(kept: KeptCount) -> timedelta:
    return timezone.now() - kept.counted_at


def _feed() -> str:
    with connection.cursor() as cursor:
        cursor.execute(_FEED)
        row = cursor.fetchone()
    return str(row[0]) if row else ""
