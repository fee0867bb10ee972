"""Who needs us first, and why: the site's open items, ranked by reasons that can be read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from mentormothers.care.live import facts_of, protocol_in_force, schedule_of
from mentormothers.care.models import Caseload, Client
from mentormothers.engines.rows import ScheduleRow, State
from mentormothers.followup.models import Assignment
from mentormothers.followup.steps import AT_CLINIC, may_be_looked_for, next_step
from mentormothers.followup.story import Story, story_of
from mentormothers.protocol.model import Item, Offset

OPEN: tuple[State, ...] = ("due", "overdue", "defaulted", "lost")
_BY_STATE: Mapping[State, int] = {"lost": 60, "defaulted": 50, "overdue": 30, "due": 10}
_AT_ONCE_WITHIN = 7  # days of grace
_THIRD_TRIMESTER = 28
# What the protocol looks for a client because of comes before what can wait for her next visit.
_LOOKED_FOR = 30
_AT_ONCE = 120  # before everything else, also on its first day


@dataclass(frozen=True)
class OpenItem:
    """One thing to be done for a client, with what is needed to decide who comes first.

    until     the last day that is still in time (due date and grace)
    reasons   why she ranks where she does, the weightiest first
    traceable whether it is worth looking for her because of it
    may_ask   whether somebody may be asked to: it is worth it, and she agreed
    """

    client: UUID
    mother: UUID | None
    item: str
    label: str
    state: State
    due: date
    until: date
    days_late: int
    reasons: tuple[str, ...]
    rank: int
    next_step: str
    traceable: bool
    may_ask: bool
    asked: Assignment | None
    mentors: tuple[UUID, ...]


def open_items(site: int, today: date) -> list[OpenItem]:
    """Everything open at a site today, those who need us first at the top."""
    return _open_items({client.id: client for client in Client.objects.filter(site=site)}, today)


def open_items_of(clients: Iterable[UUID], today: date) -> list[OpenItem]:
    """Everything open for some clients in scope, the weightiest first."""
    return _open_items(Client.objects.in_bulk(list(clients)), today)


def _open_items(clients: Mapping[UUID, Client], today: date) -> list[OpenItem]:
    rows = [r for r in latest_steps(schedule_of(clients, today)) if r.state in OPEN and UUID(r.client) in clients]
    people = {UUID(row.client) for row in rows}
    found = people | {c.mother for c in clients.values() if c.mother}
    stories = stories_of(found, today)
    asked = {a.client: a for a in Assignment.objects.filter(client__in=found, ended_at=None, until__gte=today)}
    mentors = defaultdict(list)
    for caseload in Caseload.objects.filter(client__in=people).exclude(reason="tracing").order_by("since"):
        mentors[caseload.client].append(caseload.mentor)
    items = [_open_item(row, clients[UUID(row.client)], stories, asked, mentors) for row in rows]
    return sorted(items, key=lambda o: (-o.rank, o.due, o.client))


def who_looks_after(client: UUID) -> set[UUID]:
    """The mentors whose caseload she is in for good, not only to be looked for."""
    found = Caseload.objects.filter(client=client).exclude(reason="tracing")
    return set(found.values_list("mentor", flat=True))


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
    for fact in facts_of(wanted):
        facts[fact["client"]].append(fact)
    return {client: story_of(facts[client], today) for client in wanted}


def _open_item(
    row: ScheduleRow,
    client: Client,
    stories: Mapping[UUID, Story],
    asked: Mapping[UUID, Assignment],
    mentors: Mapping[UUID, list[UUID]],
) -> OpenItem:
    protocol = protocol_in_force()
    item = protocol.item(row.item)
    story = stories.get(client.id, Story())
    reached = stories.get(client.mother, story) if client.mother else story  # a baby is found through its mother
    late = max(0, row.days_late or 0)
    weighed = sorted(_reasons(row, story), reverse=True)
    traceable = row.item in protocol.tracing.open_when and row.state != "due"
    return OpenItem(
        client=client.id,
        mother=client.mother,
        item=row.item,
        label=item.label,
        state=row.state,
        due=row.due,
        until=row.due + timedelta(days=item.grace_days),
        days_late=late,
        reasons=tuple(reason for _, reason in weighed),
        rank=_rank(row, sum(points for points, _ in weighed), traceable=traceable),
        next_step=next_step(protocol.tracing, reached, late) if traceable else _in_the_clinic(client),
        traceable=traceable,
        may_ask=traceable and may_be_looked_for(reached),
        asked=asked.get(client.mother or client.id),
        mentors=tuple(mentors.get(client.id, ())),
    )


def _rank(row: ScheduleRow, points: int, *, traceable: bool) -> int:
    late = max(0, row.days_late or 0)
    return _BY_STATE[row.state] + points + min(late, 20) // 2 + (_LOOKED_FOR if traceable else 0)


def _in_the_clinic(client: Client) -> str:
    return AT_CLINIC["infant" if client.mother else "mother"]


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
