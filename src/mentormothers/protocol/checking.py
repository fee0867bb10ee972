"""What is wrong with an item, or between items, though each word of it can be read: told in full, never built."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from mentormothers.protocol.provenance import Setting
from mentormothers.protocol.terms import (
    BIRTH_DATE,
    LONGEST_YEARS,
    Anchor,
    EventTerm,
    Match,
    Offset,
    Satisfier,
    Term,
    Who,
)

if TYPE_CHECKING:
    from mentormothers.protocol.model import Item

MOST_FAULTS = 20  # that are told of at once
_CONTRARY = (
    {"hiv_positive", "hiv_negative"}, {"hiv_positive", "not_known_positive"}, {"high_risk", "low_risk"},
)  # fmt: skip


def refuse(faults: Iterable[str]) -> None:
    """Raise a ValueError that tells of each, if there are any."""
    found = list(faults)
    if found:
        more = [f"and {len(found) - MOST_FAULTS} more items are wrong"] if len(found) > MOST_FAULTS else []
        raise ValueError("\n".join([*found[:MOST_FAULTS], *more]))


def faults_of_item(item: "Item") -> Iterator[str]:
    """What cannot be in one item."""
    for name in ("early_days", "grace_days", "defaulter_days"):
        days = getattr(item, name)
        if days is not None and not 0 <= days <= 3660:
            yield f"{name} is {days}; it lies between 0 and 3660"
    if item.last_day and item.last_day.supply:
        yield "last_day is a distance from the anchor, not days_supplied"
    if not item.satisfied_by:
        yield "satisfied_by names nothing that does it"
    else:
        yield from _faults_of_repeat(item)
        yield from _faults_of_anchor(item)
        yield from _unreachable(item)


def faults_between(items: Sequence["Item"], lost_days: int, settings: Sequence[Setting]) -> Iterator[str]:
    """What cannot be among the items of one protocol."""
    for item in items:
        if item.lost and lost_days < max(item.grace_days, item.defaulter_days or 0):
            yield f"item {item.id}: would be lost before it is overdue or defaulted"
    yield from _unknown_places(items, settings)
    yield from _wrong_series(items)
    yield from _wrong_sharing(items)
    yield from _overlapping(items)


def _faults_of_repeat(item: "Item") -> Iterator[str]:
    repeat, anchor, does = item.repeat, item.anchor, item.satisfied_by[0]
    if item.offset.supply and not (item.rolls and counts_from_what_does_it(item)):
        yield "an offset of the supply needs `repeat: last` and an anchor that is the supply itself"
    if repeat is None:
        return
    if anchor.each or anchor.shift_to or item.series:
        yield "`repeat` does not go with each, `of` or series"
    if any(term.since for term in anchor.terms if isinstance(term, EventTerm)):
        yield "`since` does not go with `repeat`"
    if repeat.from_anchor:
        if any(s.of_anchor or s.another for s in item.satisfied_by):
            yield "`repeat` from the anchor does not go with `another` or `of the anchor`"
        if repeat.every and item.offset.months * repeat.every.days + item.offset.days * repeat.every.months:
            yield "`repeat` from the anchor: offset and every are both in months, or both in days or weeks"
        return
    if item.last_day:
        yield "`repeat: last` does not go with last_day; a stop ends it"
    if len(item.satisfied_by) > 1 or _is_special(does):
        yield "`repeat: last` counts from one plain kind of fact"
    if repeat.every and counts_from_what_does_it(item):
        yield "`every` needs an anchor of another kind than what does it; otherwise it is the offset"


def counts_from_what_does_it(item: "Item") -> bool:
    """Whether an item that repeats is counted, also for the first time, from the facts that do it."""
    term = item.anchor.terms[0]
    return item.anchor.chained and isinstance(term, EventTerm) and term.match == item.satisfied_by[0].match


def _is_special(satisfier: Satisfier) -> bool:
    return bool(satisfier.number or satisfier.of_anchor or satisfier.another or satisfier.not_before)


def _faults_of_anchor(item: "Item") -> Iterator[str]:
    belonging = any(s.of_anchor or s.another for s in item.satisfied_by)
    if belonging and not item.anchor.chained:
        yield "`of the anchor` and `another` need an anchor that is one fact"
    since = any(term.since for term in item.anchor.terms if isinstance(term, EventTerm))
    if belonging and since:
        yield "`since` does not go with `another` or `of the anchor`"
    yield from (fault for term in item.anchor.terms if (fault := _far_birthday(item, term)))
    if item.series and (item.anchor.each or belonging):
        yield "`series` counts every step from one day; it does not go with each, `another` or `of the anchor`"


def _far_birthday(item: "Item", term: Term) -> str:
    """A birthday is counted from only by those who have reached it: the calendar of schedules ends before others'."""
    ages = item.who.ages
    if term.plus.months <= LONGEST_YEARS * 12 or (ages and ages.since and ages.since.length >= term.plus.length):
        return ""
    return f"more than {LONGEST_YEARS} years after {BIRTH_DATE} goes with `ages`, from that age on"


def _unreachable(item: "Item") -> Iterator[str]:
    """Items that nobody could ever have, or do."""
    if all(_contrary(group) for group in item.who.alternatives):
        yield f"who: nobody is {item.who.text or 'all of these'} at once"
    if item.last_day and item.last_day.length + 3 < item.offset.length - item.early_days:
        yield "it would be over (last_day) before it opens (offset less early_days)"
    for stop in item.stop:
        if stop.definition and all(stop.definition in group for group in item.who.alternatives):
            yield f"stop: {stop.definition} would end it on its first day, since it is for nobody else"
        if stop.match and not stop.until and not stop.until_care and _begins_with(item.anchor, stop.match):
            yield f"stop: {stop.match.name} would end it on the day that it is counted from"
    if all(_moves_its_anchor(item, satisfier) for satisfier in item.satisfied_by):
        kind = item.satisfied_by[0].match.name
        yield f"each {kind} would move the latest {kind} that it is counted from. Please say `repeat: last`"


def _contrary(group: Sequence[str]) -> bool:
    return any(pair <= set(group) for pair in _CONTRARY)


def _begins_with(anchor: Anchor, stop: Match) -> bool:
    """Whether the very fact that an item hangs on would stop it."""
    term = anchor.terms[0]
    if not anchor.chained or not isinstance(term, EventTerm) or anchor.shift_to:
        return False
    return stop == term.match or stop == Match(term.match.kind, of=term.match.of)


def _moves_its_anchor(item: "Item", satisfier: Satisfier) -> bool:
    term = item.anchor.terms[0]
    if item.repeat or not item.anchor.chained or not isinstance(term, EventTerm) or item.anchor.shift_to:
        return False
    return term.which == "latest" and satisfier == Satisfier(term.match)


def _unknown_places(items: Sequence["Item"], settings: Sequence[Setting]) -> Iterator[str]:
    switches = [setting.id for setting in settings if setting.on is not None]
    for item in items:
        for place in item.who.places:
            if place.setting not in switches:
                yes_no = ", ".join(switches) or "none yet"
                yield f"item {item.id}: where: {place.setting} is no setting of yes or no. There are: {yes_no}"


def _wrong_series(items: Sequence["Item"]) -> Iterator[str]:
    for name in dict.fromkeys(item.series for item in items if item.series):
        steps = in_series(items, name)
        for step in steps:
            if step.anchor != steps[0].anchor:
                yield f"item {step.id}: the steps of series {name} are counted from one anchor"
        for step, following in pairwise(steps):
            if opening(following) <= opening(step):
                yield f"item {following.id}: would open before {step.id}, the step of series {name} before it"


def in_series(items: Sequence["Item"], series: str) -> "list[Item]":
    """The steps of a series in their order."""
    return sorted((item for item in items if item.series == series), key=lambda item: item.offset.length)


def opening(item: "Item") -> float:
    """About how many days after its anchor an item opens."""
    return item.offset.length - item.early_days


def _wrong_sharing(items: Sequence["Item"]) -> Iterator[str]:
    known = {item.id for item in items}
    for item in items:
        for name in item.shares:
            if name not in known or name == item.id:
                yield f"item {item.id}: shares {name}, which is no other item of this protocol"


def _overlapping(items: Sequence["Item"]) -> Iterator[str]:
    """Windows that are counted from the same day and done by the same fact, which then would count twice unseen."""
    for one, other in combinations(items, 2):
        if one.anchor != other.anchor or one.rolls or other.rolls or other.id in one.shares or one.id in other.shares:
            continue
        same = [s.match.name for s in one.satisfied_by if s in other.satisfied_by and not s.number]
        if (one.series and one.series == other.series) or not same or not _both(one.who, other.who):
            continue
        if any(_meet(one, a, other, b) for a in one.steps for b in other.steps):
            yield (
                f"item {other.id}: one {same[0]} would do {one.id} too, for their windows overlap. "
                f"Please make them a series, or say `shares: {one.id}`"
            )


def _both(one: Who, other: Who) -> bool:
    """Whether somebody may have both."""
    if any(a.setting == b.setting and a.on != b.on for a in one.places for b in other.places):
        return False
    if one.ages and other.ages and (_before(one, other) or _before(other, one)):
        return False
    return any(not _contrary((*a, *b)) for a in one.alternatives for b in other.alternatives)


def _before(one: Who, other: Who) -> bool:
    """Whether the ages of one end before those of the other begin."""
    below, since = one.ages and one.ages.below, other.ages and other.ages.since
    return bool(below and since and below.length <= since.length)


def _meet(one: "Item", a: Offset, other: "Item", b: Offset) -> bool:
    first = (a.length - one.early_days, a.length + one.grace_days)
    second = (b.length - other.early_days, b.length + other.grace_days)
    return first[0] <= second[1] and second[0] <= first[1]
