"""The reference of the schedule: the rules of the vocabulary in plain Python, one client at a time.

Written from the words of the rules, not from the compiler, so that the two can be held against each other.
Slow and plain on purpose.
"""

from collections.abc import Iterator
from datetime import date

from mentormothers.engines.reference_people import Person, Stretch, Told, day_plus, people, stop_days
from mentormothers.engines.reference_versions import Governed, for_whom, governing
from mentormothers.engines.reference_windows import Occurrence, before_next_step, occurrences, raw_day
from mentormothers.engines.rows import ScheduleRow, State, in_order
from mentormothers.facts.fact import History
from mentormothers.protocol.model import Item, LostRule, Protocol
from mentormothers.protocol.terms import Satisfier


def schedule(protocol: Protocol, history: History, as_of: date) -> list[ScheduleRow]:
    """Every occurrence of every item for every client of the history on a day."""
    everyone = people(history, as_of)
    return in_order(
        row for client in everyone.clients for row in _rows_of(governing(protocol, everyone.of(client), as_of), as_of)
    )


def _rows_of(governed: Governed, as_of: date) -> Iterator[ScheduleRow]:
    for item in governed.version.items:
        yield from _rows(governed, item, as_of)


def _rows(governed: Governed, item: Item, as_of: date) -> Iterator[ScheduleRow]:
    protocol, person = governed.version, governed.person
    who = for_whom(protocol, item, person)
    if who is None or who.since > as_of:
        return
    for o in occurrences(item, person, who, as_of):
        if who.until is not None and who.until < o.base:
            continue
        halted = _halted(item, person, o)
        done = o.closed_on or (None if item.rolls else _done_on(protocol, item, person, o, who, halted))
        ended = min((day for day in (who.until, halted) if day), default=None)
        last_day = day_plus(o.anchor, item.last_day) if item.last_day else None
        state = _state(item, protocol.lost, o, done, ended, last_day, as_of)
        if done is None and governed.drops(item, o.due):
            state = "cancelled"
        late = (as_of - o.due).days
        is_open = state not in ("done", "cancelled", "expired")
        yield ScheduleRow(
            client=person.client, item=item.id, occurrence=o.number, due=o.due, opens=o.opens, state=state,
            days_late=late if late > 0 and is_open else None, done_on=done, rule=protocol.rule,
        )  # fmt: skip


def _halted(item: Item, person: Person, o: Occurrence) -> date | None:
    """The first day of a stop that still holds."""
    days = [day for stop in item.stop for day in stop_days(stop, person) if day >= o.base]
    return min(days + ([person.died] if person.died else []), default=None)


def _done_on(
    protocol: Protocol, item: Item, person: Person, o: Occurrence, who: Stretch, halted: date | None
) -> date | None:
    """The first day a satisfying fact fell in the window and before the item's end."""
    limits = [who.until, halted, day_plus(o.anchor, item.last_day) if item.last_day else None]
    limits.append(before_next_step(protocol, item, o))
    latest = min((day for day in limits if day), default=date.max)
    days = [
        told.day for satisfier in item.satisfied_by for told in _satisfying(satisfier, person, o) if told.day <= latest
    ]
    return min(days, default=None)


def _satisfying(satisfier: Satisfier, person: Person, o: Occurrence) -> Iterator[Told]:
    facts = person.matching(satisfier.match)
    if satisfier.number:
        facts = [t for t in facts if t.day >= o.base][satisfier.number - 1 : satisfier.number]
    earliest = o.base if satisfier.any_day else o.opens
    if satisfier.not_before:
        known = raw_day(satisfier.not_before, person)
        if known is None:
            return
        earliest = max(earliest, day_plus(known, satisfier.not_before.plus))
    for told in facts:
        sample = person.sample_of(told) if satisfier.of_anchor else None
        if satisfier.of_anchor and (sample is None or sample.event != o.own):
            continue
        if satisfier.another and told.event == o.own:
            continue
        if told.day >= earliest:
            yield told


def _state(
    item: Item,
    lost: LostRule,
    o: Occurrence,
    done: date | None,
    ended: date | None,
    last_day: date | None,
    as_of: date,
) -> State:
    """The state words of the vocabulary: done, cancelled, expired, then by how late it is."""
    late = (as_of - o.due).days
    if done:
        return "done"
    if ended and ended <= as_of and (last_day is None or ended <= last_day):
        return "cancelled"
    if last_day and as_of > last_day:
        return "expired"
    if item.lost and (late > lost.days or (lost.operator == "ge" and late == lost.days)):
        return "lost"
    if late > item.grace_days:
        return "defaulted" if item.defaulter_days is not None and late >= item.defaulter_days else "overdue"
    return "due" if as_of >= o.opens else "upcoming"
