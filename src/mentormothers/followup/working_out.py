"""What is open for clients on a day, worked out: by the schedule of their families, ranked by reasons to be read."""

import hashlib
import inspect
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from mentormothers.care.live import facts_of, protocol_in_force, schedule_of
from mentormothers.engines.rows import ScheduleRow, State
from mentormothers.engines.schedule_sql import compile_schedule
from mentormothers.followup import steps, story
from mentormothers.followup.steps import AT_CLINIC, may_be_looked_for, next_step
from mentormothers.followup.story import KINDS, Story, story_of
from mentormothers.protocol.model import Item
from mentormothers.protocol.terms import Offset

OPEN: tuple[State, ...] = ("due", "overdue", "defaulted", "lost")
_BY_STATE: Mapping[State, int] = {"lost": 60, "defaulted": 50, "overdue": 30, "due": 10}
_AT_ONCE_WITHIN = 7  # days of grace
_THIRD_TRIMESTER = 28
# What the protocol looks for a client because of comes before what can wait for her next visit.
_LOOKED_FOR = 30
_AT_ONCE = 120  # before everything else, also on its first day


def work_out(mothers: Mapping[UUID, UUID | None], today: date) -> list[dict[str, Any]]:
    """Everything open for clients in scope, given with their birth mothers, as rows of `care.open_item`."""
    rows = [row for row in latest_steps(schedule_of(mothers, today)) if row.state in OPEN]
    people = {UUID(row.client) for row in rows}
    stories = stories_of(people | {mother for one in people if (mother := mothers[one])}, today)
    return [_open_item(row, mothers[UUID(row.client)], stories) for row in rows]


@cache
def made_by() -> str:
    """The protocol in force, and a fingerprint of it and of this program: what other ones made is worked out anew."""
    protocol = protocol_in_force()
    items = [(i.id, i.series, i.grace_days, _is_for_at_once(i)) for i in protocol.items]
    parts = [compile_schedule(protocol, "postgres").query(), repr((items, protocol.tracing))]
    parts += [inspect.getsource(inspect.getmodule(part) or part) for part in (work_out, steps, story)]
    return f"{protocol.rule} {hashlib.sha256(''.join(parts).encode()).hexdigest()[:12]}"


def latest_steps(rows: list[ScheduleRow]) -> list[ScheduleRow]:
    """Without the steps of a series that were missed: of those that have opened only the last can still be done."""
    series = {item.id: item.series for item in protocol_in_force().items if item.series}
    latest: dict[tuple[str, str], ScheduleRow] = {}
    for row in rows:
        if row.item in series and row.state != "upcoming":
            key = (row.client, series[row.item])
            latest[key] = max(row, latest.get(key, row), key=lambda r: r.opens)
    kept = set(latest.values())
    return [row for row in rows if row.item not in series or row.state in ("done", "upcoming") or row in kept]


def stories_of(clients: Iterable[UUID], today: date) -> dict[UUID, Story]:
    """The story of each client."""
    wanted = sorted(clients)
    facts = defaultdict(list)
    for fact in facts_of(wanted, KINDS):
        facts[fact["client"]].append(fact)
    return {client: story_of(facts[client], today) for client in wanted}


def _open_item(row: ScheduleRow, mother: UUID | None, stories: Mapping[UUID, Story]) -> dict[str, Any]:
    protocol = protocol_in_force()
    item, hers = protocol.item(row.item), stories[UUID(row.client)]
    reached = stories[mother] if mother else hers  # a baby is found through its mother
    weighed = sorted(_reasons(row, hers), reverse=True)
    traceable = row.item in protocol.tracing.open_when and row.state != "due"
    in_the_clinic = AT_CLINIC["infant" if mother else "mother"]
    return {
        "client": row.client,
        "item": row.item,
        "occurrence": row.occurrence,
        "state": row.state,
        "due": row.due.isoformat(),
        "until": (row.due + timedelta(days=item.grace_days)).isoformat(),
        "rank": _rank(row, sum(points for points, _ in weighed), traceable=traceable),
        "reasons": [reason for _, reason in weighed],
        "next_step": next_step(protocol.tracing, reached, row.days_late or 0) if traceable else in_the_clinic,
        "traceable": traceable,
        "may_ask": traceable and may_be_looked_for(reached),
    }


def _rank(row: ScheduleRow, points: int, *, traceable: bool) -> int:
    late = max(0, row.days_late or 0)
    return _BY_STATE[row.state] + points + min(late, 20) // 2 + (_LOOKED_FOR if traceable else 0)


def _reasons(row: ScheduleRow, story: Story) -> Iterable[tuple[int, str]]:
    """Points and words; the points are the programme's own choice."""
    if _is_for_at_once(protocol_in_force().item(row.item)):
        yield _AT_ONCE, "to be done at once"
    if story.weeks_old is not None:
        tested = "" if story.tested else ", never tested"
        yield (0 if story.tested else 15), f"{_weeks(story.weeks_old)} old{tested}"
    if story.weeks_pregnant is not None:
        months = story.weeks_pregnant * 7 // 30
        points = 15 if story.weeks_pregnant >= _THIRD_TRIMESTER else 5
        yield points, f"{months} months pregnant" if months > 1 else "newly pregnant"
    if story.late_before:
        times = "once" if story.late_before == 1 else f"{story.late_before} times"
        yield min(15, 5 * story.late_before), f"came late {times} before"
    if story.refusals:
        yield -20, "asked to be left alone"


def _is_for_at_once(item: Item) -> bool:
    """A baby's, due on the very day of what happened and late within a week: medicine, treatment, a second sample."""
    of_a_baby = all("exposed_infant" in group for group in item.who.alternatives)
    return of_a_baby and item.offset == Offset() and not item.early_days and item.grace_days <= _AT_ONCE_WITHIN


def _weeks(weeks: int) -> str:
    if weeks >= 24:
        return f"{weeks * 7 // 30} months"
    return f"{weeks} weeks" if weeks != 1 else "1 week"
