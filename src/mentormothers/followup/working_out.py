"""What is open for clients on a day, worked out: by the schedule of their families, ranked by reasons to be read."""

import hashlib
import inspect
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from mentormothers.care.live import Relative, facts_of, item_of, protocol_in_force, schedule_of
from mentormothers.engines.rows import ScheduleRow, State
from mentormothers.engines.schedule_sql import compile_schedule
from mentormothers.followup import priority, steps, story
from mentormothers.followup import roofs as under_roofs
from mentormothers.followup.priority import as_rows, is_for_at_once, rank_of, reasons_for
from mentormothers.followup.roofs import is_apart, roofs
from mentormothers.followup.steps import AT_CLINIC, may_be_looked_for, next_step
from mentormothers.followup.story import KINDS, Story, story_of

OPEN: tuple[State, ...] = ("due", "overdue", "defaulted", "lost")


def work_out(clients: Iterable[UUID], kin: Sequence[Relative], today: date) -> list[dict[str, Any]]:
    """Everything open for clients in scope, as rows of `care.open_item`; `kin` are all of their families."""
    mothers = {one.client: one.mother for one in kin}
    rows = [row for row in latest_steps(schedule_of(clients, today)) if row.state in OPEN]
    stories = stories_of(mothers, today)
    together = roofs(kin, stories)
    return [_open_item(row, mothers[UUID(row.client)], stories, together) for row in rows]


@cache
def made_by() -> str:
    """The protocol in force, and a fingerprint of it and of this program: what other ones made is worked out anew."""
    protocol = protocol_in_force()
    parts = [compile_schedule(protocol, "postgres").query()]
    for version in protocol.versions:
        items = [(i.id, i.series, i.grace_days, is_for_at_once(i)) for i in version.items]
        parts.append(repr((version.rule, items, version.tracing)))
    program = (work_out, priority, under_roofs, steps, story)
    parts += [inspect.getsource(inspect.getmodule(part) or part) for part in program]
    return f"{protocol.rule} {hashlib.sha256(''.join(parts).encode()).hexdigest()[:12]}"


def latest_steps(rows: list[ScheduleRow]) -> list[ScheduleRow]:
    """Without the steps of a series that were missed: of those that have opened only the last can still be done."""
    series = [item_of(row.rule, row.item).series for row in rows]
    latest: dict[tuple[str, str], ScheduleRow] = {}
    for row, name in zip(rows, series, strict=True):
        if name and row.state != "upcoming":
            key = (row.client, name)
            latest[key] = max(row, latest.get(key, row), key=lambda r: r.opens)
    kept = set(latest.values())
    return [
        row
        for row, name in zip(rows, series, strict=True)
        if not name or row.state in ("done", "upcoming") or row in kept
    ]


def stories_of(clients: Iterable[UUID], today: date) -> dict[UUID, Story]:
    """The story of each client."""
    wanted = sorted(clients)
    facts = defaultdict(list)
    for fact in facts_of(wanted, KINDS):
        facts[fact["client"]].append(fact)
    return {client: story_of(facts[client], today) for client in wanted}


def _open_item(
    row: ScheduleRow, mother: UUID | None, stories: Mapping[UUID, Story], together: Mapping[UUID, UUID]
) -> dict[str, Any]:
    version, item, hers = protocol_in_force().of_rule(row.rule), item_of(row.rule, row.item), stories[UUID(row.client)]
    apart = is_apart(hers, stories.get(mother) if mother else None)
    reached = stories.get(mother, Story()) if mother and not apart else hers  # a baby is found through its mother
    traceable = row.item in version.tracing.open_when and row.state != "due"
    reasons = reasons_for(row, item, hers, version.lost, looked_for=traceable)
    in_the_clinic = AT_CLINIC["infant" if mother or apart else "mother"]
    return {
        "client": row.client,
        "household": str(together[UUID(row.client)]),
        "rule": row.rule,
        "item": row.item,
        "occurrence": row.occurrence,
        "state": row.state,
        "due": row.due.isoformat(),
        "until": (row.due + timedelta(days=item.grace_days)).isoformat(),
        "rank": rank_of(reasons),
        "reasons": as_rows(reasons),
        "next_step": next_step(version.tracing, reached, row.days_late or 0, apart=apart)
        if traceable
        else in_the_clinic,
        "traceable": traceable,
        "may_ask": traceable and may_be_looked_for(reached),
    }
