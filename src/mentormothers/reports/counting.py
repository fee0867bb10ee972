"""Counting in this database, once: what was counted in a scope is kept until something changes there.

A count of one indicator over a few thousand clients takes a quarter of a second, and a page shows a hundred of them:
so many are counted together, over facts that are fetched once. What is asked for is counted again once the feed has
moved; a page may show what is kept meanwhile (`as_kept`), and says so (`older`).
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
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
WORTH = 20  # the worker counts anew what is older than so many times what counting it takes
_AT_A_LOOK = timedelta(minutes=1)  # what takes longer to count again is left to the worker
_KEPT_FOR = timedelta(days=7)
_as_kept: ContextVar[bool] = ContextVar("as_kept", default=False)
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


@dataclass(frozen=True)
class Older:
    """Kept counts that something has come in after. soon: they are quickly counted again."""

    counted_at: datetime
    soon: bool


def counts(questions: Sequence[Question]) -> list[tuple[list[Count], str]]:
    """What is counted in scope for each question, and the position of the log it was counted at."""
    kept, feed = _kept(questions), _feed()
    good = {q: _read(k) for q, k in kept.items() if _as_kept.get() or k.feed == feed}
    good |= _count([q for q in dict.fromkeys(questions) if q not in good], feed)
    return [good[question] for question in questions]


@contextmanager
def as_kept() -> Iterator[None]:
    """Within it what is kept is good enough, also where something has changed since."""
    token = _as_kept.set(True)
    try:
        yield
    finally:
        _as_kept.reset(token)


def older(questions: Sequence[Question]) -> Older | None:
    """How far what is kept is behind; None: nothing has changed since."""
    feed = _feed()
    changed = [kept for kept in _kept(questions).values() if kept.feed != feed]
    if not changed:
        return None
    return Older(min(kept.counted_at for kept in changed), _to_count_again(changed) <= _AT_A_LOOK)


def count_anew(questions: Sequence[Question]) -> int:
    """Count again what has changed and is worth it. Gives how many that were."""
    kept, feed = _kept(questions), _feed()
    changed = {q: k for q, k in kept.items() if k.feed != feed}
    worth = WORTH * _to_count_again(changed.values())
    stale = [q for q in dict.fromkeys(questions) if q not in kept or (q in changed and _age(kept[q]) >= worth)]
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
    took_ms = int((monotonic() - began) * 1000 / len(found))
    for question, counted_ in found.items():
        _keep(question, counted_, position, feed, took_ms)
    KeptCount.objects.filter(counted_at__lt=timezone.now() - _KEPT_FOR).delete()
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
    found = KeptCount.objects.filter(
        measure__in={_key(question)["measure"] for question in questions},
        last_day__in={question.period.end for question in questions},
    )
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


def _to_count_again(kept: Iterable[KeptCount]) -> timedelta:
    return timedelta(milliseconds=sum(k.took_ms for k in kept))


def _age(kept: KeptCount) -> timedelta:
    return timezone.now() - kept.counted_at


def _feed() -> str:
    with connection.cursor() as cursor:
        cursor.execute(_FEED)
        row = cursor.fetchone()
    return str(row[0]) if row else ""
