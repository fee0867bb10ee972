"""The reference of the schedule: the rules of the vocabulary in plain Python, one client at a time.

Written from the words of the rules, not from the compiler, so that the two can be held against each other.
Slow and plain on purpose.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mentormothers.engines.reference_people import Person, Stretch, Told, day_plus, fits, people, stop_days
from mentormothers.engines.rows import ScheduleRow, State, in_order
from mentormothers.facts.fact import History
from mentormothers.protocol.model import (
    EventTerm,
    Item,
    LostRule,
    Match,
    Protocol,
    Satisfier,
    StartTerm,
    Term,
)  # fmt: skip


def schedule(protocol: Protocol, history: History, as_of: date) -> list[ScheduleRow]:
    """Every occurrence of every item for every client of the history on a day."""
    everyone = people(history, as_of)
    return in_order(
        row
        for client in everyone.clients
        for item in protocol.items
        for row in _rows(protocol, item, everyone.of(client), as_of)
    )


@dataclass(frozen=True)
class Occurrence:
    """One occurrence before its state is known. `base` is the day of the fact it hangs on; `own` its event."""

    number: int
    base: date
    due: date
    opens: date
    anchor: date
    own: str = ""
    closed_on: date | None = None


def _rows(protocol: Protocol, item: Item, person: Person, as_of: date) -> Iterator[ScheduleRow]:
    who = _who(item, person)
    if who is None or who.since > as_of:
        return
    for o in _occurrences(item, person, who, as_of):
        if who.until is not None and who.until < o.base:
            continue
        halted = _halted(item, person, o)
        done = o.closed_on or (None if item.repeat else _done_on(protocol, item, person, o, who, halted))
        ended = min((day for day in (who.until, halted) if day), default=None)
        last_day = day_plus(o.anchor, item.last_day) if item.last_day else None
        state = _state(item, protocol.lost, o, done, ended, last_day, as_of)
        late = (as_of - o.due).days
        is_open = state not in ("done", "cancelled", "expired")
        yield ScheduleRow(
            client=person.client, item=item.id, occurrence=o.number, due=o.due, opens=o.opens, state=state,
            days_late=late if late > 0 and is_open else None, done_on=done, rule=protocol.rule,
        )  # fmt: skip


def _who(item: Item, person: Person) -> Stretch | None:
    """The stretch in which the item is for this person: the groups of `who`, joined."""
    found = []
    for group in item.who.alternatives:
        stretches = [person.stretch(definition) for definition in group]
        if any(s is None for s in stretches):
            continue
        since = max(s.since for s in stretches if s)
        until = min((s.until for s in stretches if s and s.until), default=None)
        if until is None or since < until:
            found.append(Stretch(since, until))
    if not found:
        return None
    ends = [s.until for s in found]
    return Stretch(min(s.since for s in found), None if None in ends else max(e for e in ends if e))


def _occurrences(item: Item, person: Person, who: Stretch, as_of: date) -> Iterator[Occurrence]:
    if item.repeat:
        yield from _repeated(item, person, who, as_of)
    elif not _excluded(item, person, as_of):
        yield from _counted(item, person)


def _counted(item: Item, person: Person) -> Iterator[Occurrence]:
    if item.anchor.each or any(s.another or s.of_anchor for s in item.satisfied_by):
        for number, (base, own) in enumerate(_hanging(item, person), start=1):
            yield _windowed(item, number, base, base, own)
        return
    days = [(_raw(term, person), term.plus) for term in item.anchor.terms]
    if item.anchor.pick == "latest" and days[0][0] is None:
        return
    known = [(raw, day_plus(raw, plus)) for raw, plus in days if raw]
    if not known:
        return
    anchor = (max if item.anchor.pick == "latest" else min)(counted for _, counted in known)
    anew = _raw(item.anchor.anew, person) if item.anchor.anew else None
    if anew and item.anchor.anew:
        anchor = max(anchor, day_plus(anew, item.anchor.anew.plus))
    yield _windowed(item, 1, min(raw for raw, _ in known), anchor)


def _hanging(item: Item, person: Person) -> list[tuple[date, str]]:
    """Day and event of the facts an item hangs on, or of the samples those facts belong to."""
    term = item.anchor.terms[0]
    assert isinstance(term, EventTerm)
    found = []
    for told in person.matching(term.match):
        sample = person.sample_of(told)
        if item.anchor.shift_to and not sample:
            continue
        day = sample.day if item.anchor.shift_to and sample else told.day
        found.append((day, told.position, sample.event if sample else told.event))
    found.sort(key=lambda f: f[:2], reverse=term.which == "latest")
    chosen = found if term.which == "each" else found[:1]
    return [(day, own) for day, _, own in chosen]


def _raw(term: Term, person: Person) -> date | None:
    if isinstance(term, StartTerm):
        stretch = person.stretch(term.definition)
        return stretch.since if stretch else None
    days = [t.day for t in person.matching(term.match)]
    if term.since:
        begun = max((t.day for t in person.matching(term.since)), default=None)
        days = [day for day in days if begun and day >= begun]
    return (min if term.which == "first" else max)(days, default=None)


def _windowed(item: Item, number: int, base: date, anchor: date, own: str = "") -> Occurrence:
    due = day_plus(anchor, item.offset)
    return Occurrence(number, base, due, due - timedelta(days=item.early_days), anchor, own)


def _repeated(item: Item, person: Person, who: Stretch, as_of: date) -> Iterator[Occurrence]:
    """The last occurrence that was done, and the next one."""
    satisfier, anchor = item.satisfied_by[0], item.anchor.terms[0]
    assert isinstance(anchor, EventTerm)
    first = None
    supplies: dict[date, int | None] = {}
    for told in person.matching(satisfier.match):
        supplies[told.day] = max(supplies.get(told.day) or 0, told.fact.number or 0)
    if anchor.match != satisfier.match:
        first = _raw(anchor, person)
        if first is None:
            return
        supplies = {day: n for day, n in supplies.items() if day > first}
        supplies[first] = None
    days = sorted(day for day in supplies if who.until is None or day <= who.until)
    number, last_done = 1, None
    for day, following in zip(days, [*days[1:], None][: len(days)], strict=True):
        due = day_plus(day, item.every if item.every and day != first else item.offset, supplies[day])
        now = Occurrence(number, day, due, due - timedelta(days=item.early_days), day)
        if following is None:
            if last_done:
                yield last_done
            if not _excluded(item, person, as_of):
                yield now
        elif (
            who.since <= following
            and (satisfier.any_day or following >= now.opens)
            and not _excluded(item, person, following - timedelta(days=1))
        ):
            last_done = replace(now, closed_on=following)
            number += 1


def _excluded(item: Item, person: Person, on: date) -> bool:
    """Whether the latest fact of the `unless` kind, on or before a day, says that the item is not for now."""
    if item.unless is None:
        return False
    known = [t for t in person.matching(Match(item.unless.kind)) if t.day <= on]
    latest = max((t.day for t in known), default=None)
    return any(fits(item.unless, t.fact) for t in known if t.day == latest)


def _halted(item: Item, person: Person, o: Occurrence) -> date | None:
    """The first day of a stop that still holds."""
    days = [day for stop in item.stop for day in stop_days(stop, person) if day >= o.base]
    return min(days + ([person.died] if person.died else []), default=None)


def _done_on(
    protocol: Protocol, item: Item, person: Person, o: Occurrence, who: Stretch, halted: date | None
) -> date | None:
    """The first day a satisfying fact fell in the window and before the item's end."""
    limits = [who.until, halted, day_plus(o.anchor, item.last_day) if item.last_day else None]
    following = _next_step(protocol, item)
    if following:
        limits.append(day_plus(o.anchor, following.offset) - timedelta(days=following.early_days + 1))
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
        known = _raw(satisfier.not_before, person)
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


def _next_step(protocol: Protocol, item: Item) -> Item | None:
    """The step after this one in its series."""
    later = [
        step
        for step in protocol.items
        if item.series and step.series == item.series and step.offset.days > item.offset.days
    ]
    return min(later, key=lambda step: step.offset.days, default=None)


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
