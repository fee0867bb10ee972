"""Due dates that hang on a date known to the month or year only: they are marked approximate (vocabulary)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mentormothers.engines.rows import ScheduleRow
from mentormothers.facts.days import Precision, add_months
from mentormothers.facts.fact import History
from mentormothers.facts.standing import Standing, standings
from mentormothers.protocol.model import Item, Protocol
from mentormothers.protocol.terms import DAYS_LMP_TO_EDD, Offset, StartTerm, Term


@dataclass(frozen=True)
class PartialDay:
    """What a partial date is of, the day that it counts as, and the days of supply of that fact, if it is one."""

    kind: str
    day: date
    number: int | None


def marked(protocol: Protocol, history: History, rows: Iterable[ScheduleRow]) -> Iterator[ScheduleRow]:
    """The rows, marked where the due date hangs on a partial date: the client's, her mother's, her children's."""
    partial = _partial_days(history)
    for row in rows:
        item = protocol.of_rule(row.rule).item(row.item)
        yield replace(row, approximate=is_approximate(item, row.due, partial.get(row.client, ())))


def is_approximate(item: Item, due: date, partial: Collection[PartialDay]) -> bool:
    """Whether one of these days gives the due date, by the item's anchor or from the last time it was done."""
    terms = (*item.anchor.terms, *([item.anchor.anew] if item.anchor.anew else []))
    begun = [_plus(one, term.plus) for term in terms for one in partial if _may_begin(one, term, item)]
    again = [one for one in partial if item.rolls and any(one.kind == does.match.kind for does in item.satisfied_by)]
    every = item.repeat.every if item.rolls and item.repeat and item.repeat.every else item.offset
    return any(_plus(one, step).day == due for one in begun for step in item.steps) or any(
        _plus(one, every).day == due for one in again
    )


def _may_begin(one: PartialDay, term: Term, item: Item) -> bool:
    """Whether an anchor may be counted from such a fact; a definition may begin with facts of many kinds."""
    if isinstance(term, StartTerm):
        return True
    kinds = {term.match.kind, item.anchor.shift_to} | ({"birth.date"} if term.match.kind == "child.dob" else set())
    return one.kind in kinds


def _plus(one: PartialDay, offset: Offset) -> PartialDay:
    days = (one.number or 0) if offset.supply else offset.days
    return replace(one, day=add_months(one.day, offset.months) + timedelta(days=days))


def _partial_days(history: History) -> Mapping[str, set[PartialDay]]:
    """By client, of those facts that stand: her own, her birth mother's and her children's."""
    touched = standings(relation for relation, _ in history.relations)
    own = defaultdict(set)
    for fact in history.facts:
        if fact.precision is not Precision.DAY and touched.get(fact.record, Standing(True, "")).stands:
            own[fact.client].add(partial_day(fact.kind, fact.day, fact.number))
    found = defaultdict(set, {client: set(days) for client, days in own.items()})
    for child, mother in {(fact.client, fact.mother) for fact in history.facts if fact.mother}:
        found[child] |= own.get(mother, set())
        found[mother] |= own.get(child, set())
    return found


def partial_day(kind: str, day: date, number: int | None) -> PartialDay:
    """A partial date as schedules count from it: a due date of a pregnancy as its last period."""
    if kind == "pregnancy.edd":
        return PartialDay("pregnancy.lmp", day - timedelta(days=DAYS_LMP_TO_EDD), None)
    return PartialDay(kind, day, number if kind == "art.dispense" else None)
