"""Indicators counted in this database, as the database role that cannot even see that identity exists."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from uuid import UUID

from django.db import connection
from django.utils import timezone

from mentormothers.access.models import Device
from mentormothers.access.scope import REPORTS, as_role
from mentormothers.care.live import hashed_joins, standing_of_all
from mentormothers.engines.indicator_sql import clients_behind, compile_indicator, parameters
from mentormothers.facts.days import add_months
from mentormothers.indicators.model import Measure, Question
from mentormothers.indicators.periods import Period, parse_period
from mentormothers.indicators.reading import find_indicators
from mentormothers.indicators.rows import IndicatorRow, rows
from mentormothers.reports.counting import SOURCES, counts

# A quarter shows the cohort whose time ended in it: of those who begin in it nothing is known yet.
_REACHED = {"cohort": "reached"}
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Behind:
    """One client behind a number: her pseudonym, the site she counts for and the part she counts in."""

    client: UUID
    site: str
    part: str


@dataclass(frozen=True)
class Completeness:
    """How complete what we know is: when a phone was last heard of, how many were silent today, and one since when."""

    as_of: datetime | None
    phones: int
    silent: int
    since: datetime | None = None


@cache
def measures() -> dict[str, Measure]:
    """Every indicator of the programme with its default options, by id; of cohorts those that a period completes."""
    return {definition.id: definition.measure(_REACHED) for definition in find_indicators([])}


def quarters(today: date, number: int) -> list[Period]:
    """The last quarters, the oldest first; the one that runs now ends today."""
    found = []
    for back in reversed(range(number)):
        day = add_months(date(today.year, today.month, 1), -3 * back)
        period = parse_period(f"{day.year}Q{(day.month - 1) // 3 + 1}")
        found.append(replace(period, end=min(period.end, today)))
    return found


def numbers(question: Question) -> list[IndicatorRow]:
    """The rows of an indicator in scope, with the position of the log as their snapshot.

    By delivery model the sites in scope count; all others are one, `ELSEWHERE`.
    """
    ((found, position),) = counts([question])
    return rows(question, found, position)


def behind(question: Question) -> list[Behind]:
    """The clients behind a number in scope; not those whom the count could not place."""
    values = parameters(question) | {"standing": standing_of_all()}
    with as_role(REPORTS), connection.cursor() as cursor:
        plan = replace(compile_indicator(question.measure, question.by, "postgres"), result=clients_behind(question.by))
        with hashed_joins(cursor):
            cursor.execute(plan.query(**SOURCES), values)
            found = cursor.fetchall()
    left_out = question.measure.definition.left_out
    placed = [row for row in found if not left_out or row[2] != left_out]
    return [Behind(UUID(client), str(site), str(part)) for client, site, part in placed]


def completeness(sites: Sequence[int]) -> Completeness:
    """How complete the numbers of some sites are."""
    phones = Device.objects.filter(site__in=sites, revoked_at=None)
    heard = [phone.last_seen for phone in phones if phone.last_seen]
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    silent = [phone.last_seen or phone.enrolled_at for phone in phones if (phone.last_seen or _NEVER) < midnight]
    return Completeness(max(heard, default=None), len(phones), len(silent), min(silent, default=None))
