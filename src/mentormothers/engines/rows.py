"""What an engine returns: one row per occurrence of an item, in the same order on every engine."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from mentormothers.facts.days import day_of

State = Literal["upcoming", "due", "overdue", "defaulted", "lost", "expired", "done", "cancelled"]
STATES: tuple[State, ...] = get_args(State)


@dataclass(frozen=True, order=True)
class ScheduleRow:
    """One occurrence of an item for a client at the as-of date.

    days_late is given when positive and the item is still open; `rule` names protocol, version and lost rule.
    approximate is for who marks it (approximate.py): the due date hangs on a date known to the month or year only.
    """

    client: str
    item: str
    due: date
    occurrence: int
    opens: date
    state: State
    days_late: int | None
    done_on: date | None
    rule: str
    approximate: bool = False


COLUMNS = ("client", "item", "occurrence", "due", "opens", "state", "days_late", "done_on", "rule")


def in_order(rows: Iterable[ScheduleRow]) -> list[ScheduleRow]:
    """Sorted by client, item and due date, as the interchange promises."""
    return sorted(rows, key=lambda row: (row.client, row.item, row.due, row.occurrence))


def schedule_row(
    client: Any,
    item: Any,
    occurrence: Any,
    due: Any,
    opens: Any,
    state: Any,
    done_on: Any,
    days_late: Any,
    rule: Any,
) -> ScheduleRow:
    """A row as a compiled query gives it, with its day numbers as dates."""
    return ScheduleRow(
        client=str(client),
        item=item,
        occurrence=int(occurrence),
        due=day_of(due),
        opens=day_of(opens),
        state=state,
        days_late=days_late,
        done_on=None if done_on is None else day_of(done_on),
        rule=str(rule),
    )
