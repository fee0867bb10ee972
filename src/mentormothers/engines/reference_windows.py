"""The reference's windows: every time that an item comes up for a person, and when."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mentormothers.engines.reference_people import Person, Stretch, day_plus, fits
from mentormothers.protocol.model import Item, Protocol
from mentormothers.protocol.terms import EventTerm, Match, Offset, StartTerm, Term, Unless


@dataclass(frozen=True)
class Occurrence:
    """One occurrence before its state is known. `base` is the day of the fact it hangs on; `own` its event.

    next_opens is the day on which the next one of the same item opens, of those that are counted from the anchor.
    """

    number: int
    base: date
    due: date
    opens: date
    anchor: date
    own: str = ""
    closed_on: date | None = None
    next_opens: date | None = None


def occurrences(item: Item, person: Person, who: Stretch, as_of: date) -> Iterator[Occurrence]:
    """Every time that the item comes up for somebody to whom it belongs in a stretch."""
    if item.rolls:
        yield from _rolling(item, person, who, as_of)
    elif not _excluded(item, person, as_of):
        yield from _counted(item, person)


def _counted(item: Item, person: Person) -> Iterator[Occurrence]:
    if item.anchor.each or any(s.another or s.of_anchor for s in item.satisfied_by):
        for number, (base, own) in enumerate(_hanging(item, person), start=1):
            yield _windowed(item, number, base, base, own)
        return
    found = _anchor_day(item, person)
    if found:
        for number in range(1, len(item.steps) + 1):
            yield _windowed(item, number, *found)


def _anchor_day(item: Item, person: Person) -> tuple[date, date] | None:
    """The first day of what the anchor hangs on, and the day that it gives."""
    if item.anchor.shift_to:
        hanging = _hanging(item, person)
        return (hanging[0][0], hanging[0][0]) if hanging else None
    days = [(raw_day(term, person), term.plus) for term in item.anchor.terms]
    if item.anchor.pick == "latest" and days[0][0] is None:
        return None
    known = [(raw, day_plus(raw, plus)) for raw, plus in days if raw]
    if not known:
        return None
    anchor = (max if item.anchor.pick == "latest" else min)(counted for _, counted in known)
    anew = raw_day(item.anchor.anew, person) if item.anchor.anew else None
    if anew and item.anchor.anew:
        anchor = max(anchor, day_plus(anew, item.anchor.anew.plus))
    return min(raw for raw, _ in known), anchor


def _hanging(item: Item, person: Person) -> list[tuple[date, str]]:
    """Day and event of the facts an item hangs on, or of the samples those facts belong to."""
    term = item.anchor.terms[0]
    assert isinstance(term, EventTerm)
    found = []
    for told in person.matching(term.match):
        sample = None if term.match.of else person.sample_of(told)
        if item.anchor.shift_to and not sample:
            continue
        day = sample.day if item.anchor.shift_to and sample else told.day
        found.append((day, told.position, sample.event if sample else told.event))
    found.sort(key=lambda f: f[:2], reverse=term.which == "latest")
    chosen = found if term.which == "each" else found[:1]
    return [(day, own) for day, _, own in chosen]


def raw_day(term: Term, person: Person) -> date | None:
    """The day of a term before its offset is added."""
    if isinstance(term, StartTerm):
        stretch = person.stretch(term.definition)
        return stretch.since if stretch else None
    days = [t.day for t in person.matching(term.match)]
    if term.since:
        begun = max((t.day for t in person.matching(term.since)), default=None)
        days = [day for day in days if begun and day >= begun]
    return (min if term.which == "first" else max)(days, default=None)


def _windowed(item: Item, number: int, base: date, anchor: date, own: str = "") -> Occurrence:
    def opening(step: Offset) -> date:
        return day_plus(anchor, step) - timedelta(days=item.early_days)

    # An item that comes up for each of several facts has one step; the number then is that of the fact.
    steps = item.steps if item.repeat else item.steps * number
    due, following = day_plus(anchor, steps[number - 1]), steps[number : number + 1]
    return Occurrence(
        number,
        base,
        due,
        opening(steps[number - 1]),
        anchor,
        own,
        next_opens=opening(following[0]) if following else None,
    )


def _rolling(item: Item, person: Person, who: Stretch, as_of: date) -> Iterator[Occurrence]:
    """The last occurrence that was done, and the next one."""
    repeat, satisfier, anchor = item.repeat, item.satisfied_by[0], item.anchor.terms[0]
    assert repeat
    supplies: dict[date, int] = {}
    for told in person.matching(satisfier.match):
        supplies[told.day] = max(supplies.get(told.day) or 0, told.fact.number or 0)
    first = None
    if not (item.anchor.chained and isinstance(anchor, EventTerm) and anchor.match == satisfier.match):
        found = _anchor_day(item, person)
        if found is None:
            return
        first = found[1]
    done = sorted(day for day in supplies if first is None or day > first)
    days = [day for day in ([first] if first else []) + done if who.until is None or day <= who.until]
    number, last_done = 1, None
    for day, following in zip(days, [*days[1:], None][: len(days)], strict=True):
        if repeat.most and len([d for d in done if d <= day]) >= repeat.most:
            if last_done:
                yield last_done
            return
        offset = repeat.every if repeat.every and day != first else item.offset
        due = day_plus(day, offset, supplies.get(day))
        if offset.booked:
            due = max([due, *_booked(person, day, following)])
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


def _booked(person: Person, since: date, until: date | None) -> list[date]:
    """The day that was booked last, from one supply until the next."""
    told = [t for kind in ("appointment", "appointment.moved") for t in person.matching(Match(kind))]
    told = [t for t in told if t.day >= since and (until is None or t.day < until)]
    latest = max(told, key=lambda t: (t.day, t.position), default=None)
    return [date.fromisoformat(latest.fact.value)] if latest else []


def _excluded(item: Item, person: Person, on: date) -> bool:
    """Whether something says that the item is not for now."""
    return any(_says_no(unless, person, on) for unless in item.unless)


def _says_no(unless: Unless, person: Person, on: date) -> bool:
    """Whether a definition holds on a day, or the latest fact of a kind until then matches."""
    if unless.match is None:
        stretch = person.stretch(unless.definition)
        return stretch is not None and stretch.since <= on and (stretch.until is None or on < stretch.until)
    known = [t for t in person.matching(Match(unless.match.kind, of=unless.match.of)) if t.day <= on]
    latest = max((t.day for t in known), default=None)
    return any(fits(unless.match, t.fact) for t in known if t.day == latest)


def before_next_step(protocol: Protocol, item: Item, o: Occurrence) -> date | None:
    """The last day on which a fact counts for this step and not for the one after it."""
    if o.next_opens:
        return o.next_opens - timedelta(days=1)
    later = [
        step
        for step in protocol.items
        if item.series and step.series == item.series and step.offset.length > item.offset.length
    ]
    if not later:
        return None
    following = min(later, key=lambda step: step.offset.length)
    return day_plus(o.anchor, following.offset) - timedelta(days=following.early_days + 1)
