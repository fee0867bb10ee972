"""Due dates that hang on a date known to the month or year only: they are marked approximate (vocabulary)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mentormothers.engines.rows import ScheduleRow
from mentormothers.facts.days import Precision, add_months
from mentormothers.facts.fact import Fact, History
from mentormothers.facts.standing import Standing, standings
from mentormothers.protocol.model import Item, Protocol
from mentormothers.protocol.terms import DAYS_LMP_TO_EDD, Offset


@dataclass(frozen=True)
class PartialDay:
    """The day that a partial date counts as, and the days of supply of that fact, if it is one."""

    day: date
    number: int | None


def marked(protocol: Protocol, history: History, rows: Iterable[ScheduleRow]) -> Iterator[ScheduleRow]:
    """The rows, marked where the due date hangs on a partial date: the client's, her mother's, her children's."""
    partial = _partial_days(history)
    for row in rows:
        item = protocol.of_rule(row.rule).item(row.item)
        yield replace(row, approximate=is_approximate(item, row.due, partial.get(row.client, ())))


def is_approximate(item: Item, due: date, partial: Collection[PartialDay]) -> bool:
    """Whether one of these days gives the due date, by an offset of the item's."""
    again = (item.repeat.every,) if item.repeat and item.repeat.every else ()
    terms = (*item.anchor.terms, *([item.anchor.anew] if item.anchor.anew else []))
    first = {_plus(one, term.plus) for term in terms for one in partial}
    days = first | set(partial)
    return any(_plus(one, offset).day == due for one in days for offset in (*item.steps, *again))


def _plus(one: PartialDay, offset: Offset) -> PartialDay:
    if offset.supply:
        return PartialDay(one.day + timedelta(days=one.number or 0), None)
    return PartialDay(add_months(one.day, offset.months) + timedelta(days=offset.days), one.number)


def _partial_days(history: History) -> Mapping[str, set[PartialDay]]:
    """By client, of those facts that stand: her own, her birth mother's and her children's."""
    touched = standings(relation for relation, _ in history.relations)
    own = defaultdict(set)
    for fact in history.facts:
        if fact.precision is not Precision.DAY and touched.get(fact.record, Standing(True, "")).stands:
            own[fact.client].add(_partial_day(fact))
    found = defaultdict(set, {client: set(days) for client, days in own.items()})
    for child, mother in {(fact.client, fact.mother) for fact in history.facts if fact.mother}:
        found[child] |= own.get(mother, set())
        found[mother] |= own.get(child, set())
    return found


def _partial_day(fact: Fact) -> PartialDay:
    day = fact.day - timedelta(days=DAYS_LMP_TO_EDD if fact.kind == "pregnancy.edd" else 0)
    return PartialDay(day, fact.number if fact.kind == "art.dispense" else None)
