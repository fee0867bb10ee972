"""The reference: the rules of the vocabulary in plain Python, one client at a time.

Written from the words of the rules, not from the compiler, so that the two can be held against each other.
Slow and plain on purpose.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from mentormothers.engines.rows import ScheduleRow, State, in_order
from mentormothers.facts.days import add_months
from mentormothers.facts.fact import Fact, History
from mentormothers.facts.standing import Standing, standings
from mentormothers.facts.vocabulary import vocabulary
from mentormothers.protocol.model import (
    DAYS_LMP_TO_EDD,
    FEEDING_MONTHS,
    LONGEST_PREGNANCY_DAYS,
    EventTerm,
    Item,
    LostRule,
    Match,
    Offset,
    Protocol,
    Satisfier,
    StartTerm,
    Stop,
    Term,
)  # fmt: skip

FEEDING = ("bf.stopped", "bf.restarted", "feeding")
SAMPLE_OF = {
    "vl.result": "vl.sample",
    "cd4.result": "cd4.sample",
    "eid.result": "eid.sample",
    "eid.result_given": "eid.sample",
}
POSITIVE_KINDS = ("hiv.diagnosis", "art.start", "art.on", "art.dispense")
SAME_BIRTH = timedelta(days=31)


def schedule(protocol: Protocol, history: History, as_of: date) -> list[ScheduleRow]:
    """Every occurrence of every item for every client of the history on a day."""
    people = People(history, as_of)
    return in_order(
        row
        for client in people.clients
        for item in protocol.items
        for row in _rows(protocol, item, people.of(client), as_of)
    )


@dataclass(frozen=True)
class Told:
    """A fact with the event it belongs to and its place in the order of receipt."""

    fact: Fact
    event: str
    ref: str
    position: int

    @property
    def day(self) -> date:
        return self.fact.day


@dataclass(frozen=True)
class Stretch:
    """From a day until (not including) another; no end: None."""

    since: date
    until: date | None


class People:
    """Everyone in a history, with what counts of each on the as-of date."""

    def __init__(self, history: History, as_of: date) -> None:
        self._touched = standings(relation for relation, _ in history.relations)
        received = sorted(history.facts, key=lambda fact: (fact.received, fact.record, fact.kind, fact.value))
        stated = [self._told(fact, position) for position, fact in enumerate(received)]
        self._stated: dict[str, list[Told]] = defaultdict(list)
        for told in stated:
            if self._standing(told.fact.record).stands and told.day <= as_of:
                self._stated[told.fact.client].append(told)
        self.clients = sorted(self._stated)
        self._people: dict[str, Person] = {}

    def of(self, client: str) -> "Person":
        """One client. A client of whom nothing is known has no facts."""
        if client not in self._people:
            self._people[client] = Person(self, client, self._stated.get(client, []))
        return self._people[client]

    def children_of(self, mother: str) -> "list[Person]":
        """Those whose facts name this birth mother."""
        return [self.of(client) for client in self.clients if self.of(client).mother_id == mother]

    def _standing(self, record: str) -> Standing:
        return self._touched.get(record, Standing(True, record))

    def _told(self, fact: Fact, position: int) -> Told:
        if fact.kind == "pregnancy.edd":
            fact = replace(fact, kind="pregnancy.lmp", day=fact.day - timedelta(days=DAYS_LMP_TO_EDD))
        ref = self._standing(fact.ref).event if fact.ref else ""
        return Told(fact, self._standing(fact.record).event, ref, position)


class Person:
    """One client: what is known, and the definitions that follow from it."""

    def __init__(self, people: People, client: str, stated: list[Told]) -> None:
        self._people = people
        self.client = client
        self.stated = stated

    @cached_property
    def mother_id(self) -> str:
        return min((t.fact.mother for t in self.stated if t.fact.mother), default="")

    @cached_property
    def born(self) -> date | None:
        told = [t.day for t in self.stated if t.fact.kind == "child.dob"]
        told = told or [
            t.day for t in self.stated if t.fact.kind == "birth.date" and t.fact.role in ("infant", "child")
        ]
        return max(told, default=None)

    @cached_property
    def died(self) -> date | None:
        return min((t.day for t in self.stated if t.fact.kind == "death"), default=None)

    def lived_on(self, day: date) -> bool:
        return self.born is not None and self.born <= day and (self.died is None or self.died > day)

    @cached_property
    def facts(self) -> list[Told]:
        """Of several facts of one kind on one day the one that counts; ends of breastfeeding that lasted."""
        by_day: dict[tuple[str, date], list[Told]] = defaultdict(list)
        for told in self._said():
            by_day[told.fact.kind, told.day].append(told)
        counted = [t for (kind, _), group in by_day.items() for t in _counting(kind, group)]
        restarts = [t.day for t in counted if t.fact.kind == "bf.restarted"]
        return [t for t in counted if t.fact.kind != "bf.stopped" or not any(day >= t.day for day in restarts)]

    def _said(self) -> Iterator[Told]:
        for told in self.stated:
            if told.fact.kind == "child.dob":
                continue
            if told.fact.kind in FEEDING and self._people_fed(self.client, told.day):
                continue
            yield told
        for told in self._people.of(self.mother_id).stated if self.mother_id else ():
            if told.fact.kind in FEEDING and self in self._people_fed(self.mother_id, told.day):
                yield told
        if self.born:
            yield Told(Fact(self.client, "", "child.dob", self.born), "", "", 0)

    def _people_fed(self, mother: str, day: date) -> "list[Person]":
        """The youngest living children of a mother on a day (twins both)."""
        living = [child for child in self._people.children_of(mother) if child.lived_on(day)]
        youngest = max((child.born for child in living if child.born), default=None)
        return [child for child in living if child.born == youngest]

    def matching(self, match: Match) -> list[Told]:
        """Facts of a kind and, where asked, a value, in the order in which they happened and were received."""
        return sorted((t for t in self.facts if _fits(match, t.fact)), key=lambda t: (t.day, t.position))

    def days(self, kind: str, *values: str) -> list[date]:
        return [t.day for t in self.matching(Match(kind, values=values))]

    # Definitions: words of the vocabulary. Each gives the stretch in which it holds, or None.

    def stretch(self, definition: str) -> Stretch | None:
        found: Stretch | None = getattr(self, definition)
        return found

    @cached_property
    def mother(self) -> Stretch | None:
        since = min((t.day for t in self.stated if t.fact.role == "mother"), default=None)
        return Stretch(since, None) if since else None

    @cached_property
    def pregnant(self) -> Stretch | None:
        periods = self.days("pregnancy.lmp")
        if not periods:
            return None
        latest = max(periods)
        longest = latest + timedelta(days=LONGEST_PREGNANCY_DAYS + 1)
        ends = [day for day in self.days("delivery") if day > latest]
        return Stretch(latest, min([*ends, longest]))

    @cached_property
    def hiv_positive(self) -> Stretch | None:
        days = [day for kind in POSITIVE_KINDS for day in self.days(kind)] + self.days("hiv.test", "pos")
        return Stretch(min(days), None) if days else None

    @cached_property
    def hiv_negative(self) -> Stretch | None:
        positive = self.hiv_positive.since if self.hiv_positive else None
        negative = [day for day in self.days("hiv.test", "neg") if positive is None or day < positive]
        if not negative:
            return None
        unclear = [day for day in self.days("hiv.test", "inconclusive", "pos") if day > max(negative)]
        ends = unclear[:1] + ([positive] if positive else [])
        return Stretch(min(negative), min(ends, default=None))

    @cached_property
    def breastfeeding(self) -> Stretch | None:
        deliveries = self.matching(Match("delivery"))
        if not deliveries or deliveries[-1].fact.value != "live":
            return None
        day = deliveries[-1].day
        children = [c for c in self._people.children_of(self.client) if c.born and abs(c.born - day) <= SAME_BIRTH]
        if children:
            return Stretch(day, max(child.fed_until for child in children))
        return Stretch(day, self._feeding_end(day, may_die=False))

    @cached_property
    def fed_until(self) -> date:
        """For a child: the day its breastfeeding ended or will be taken to end."""
        assert self.born
        return self._feeding_end(self.born, may_die=True)

    def _feeding_end(self, since: date, *, may_die: bool) -> date:
        ends = [add_months(since, FEEDING_MONTHS)] + [day for day in self.days("bf.stopped") if day >= since]
        restart = max(self.days("bf.restarted"), default=date.min)
        fed = [day for day in self.days("feeding", "exclusive", "mixed") if day >= restart]
        ends += [
            day
            for day in self.days("feeding", "replacement", "stopped")
            if day >= max(since, restart) and day > max(fed, default=date.min)
        ]
        return min(ends + ([self.died] if may_die and self.died else []))

    @cached_property
    def exposed_infant(self) -> Stretch | None:
        since = self.days("exposed")[:1]
        mother = self._people.of(self.mother_id).hiv_positive if self.mother_id else None
        if mother and self.born and mother.since <= self.born:
            since.append(self.born)
        elif mother and self.born and mother.since <= self.fed_until:
            since.append(mother.since)
        ends = self.days("final.outcome", "neg", "pos", "died")[:1] + ([self.died] if self.died else [])
        return Stretch(min(since), min(ends, default=None)) if since else None

    def sample_of(self, told: Told) -> Told | None:
        """The sample a result belongs to: the one it names, otherwise the latest on or before its day."""
        samples = self.matching(Match(SAMPLE_OF.get(told.fact.kind, "")))
        mine = [s for s in samples if (s.event == told.ref if told.ref else s.day <= told.day)]
        return max(mine, key=lambda s: (s.day, s.position), default=None)

    def last_care(self) -> date | None:
        return max((t.day for t in self.stated if _is_care(t.fact.kind)), default=None)


def _counting(kind: str, group: list[Told]) -> list[Told]:
    """The same-day rule of a kind."""
    known = vocabulary().kind(kind)
    rule = known.same_day if known else "all"
    if rule == "all":
        return group
    if rule == "last":
        return [max(group, key=lambda t: t.position)]
    return [max(group, key=lambda t: (-1 if t.fact.number is None else t.fact.number, t.position))]


def _is_care(kind: str) -> bool:
    known = vocabulary().kind(kind)
    return known is not None and known.ends_stop


def _fits(match: Match, fact: Fact) -> bool:
    if fact.kind != match.kind or (match.values and fact.value not in match.values):
        return False
    if match.at_least is not None and (fact.number is None or fact.number < match.at_least):
        return False
    return match.below is None or (fact.number is not None and fact.number < match.below)


def _plus(day: date, offset: Offset, supply: int | None = None) -> date:
    if offset.supply:
        assert supply is not None
        return day + timedelta(days=supply)
    return add_months(day, offset.months) + timedelta(days=offset.days)


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
        last_day = _plus(o.anchor, item.last_day) if item.last_day else None
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
    known = [(raw, _plus(raw, plus)) for raw, plus in days if raw]
    if not known:
        return
    anchor = (max if item.anchor.pick == "latest" else min)(counted for _, counted in known)
    anew = _raw(item.anchor.anew, person) if item.anchor.anew else None
    if anew and item.anchor.anew:
        anchor = max(anchor, _plus(anew, item.anchor.anew.plus))
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
    return (min if term.which == "first" else max)(days, default=None)


def _windowed(item: Item, number: int, base: date, anchor: date, own: str = "") -> Occurrence:
    due = _plus(anchor, item.offset)
    return Occurrence(number, base, due, due - timedelta(days=item.early_days), anchor, own)


def _repeated(item: Item, person: Person, who: Stretch, as_of: date) -> Iterator[Occurrence]:
    """The last occurrence that was done, and the next one."""
    satisfier, anchor = item.satisfied_by[0], item.anchor.terms[0]
    assert isinstance(anchor, EventTerm)
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
        due = _plus(day, item.offset, supplies[day])
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
    return any(_fits(item.unless, t.fact) for t in known if t.day == latest)


def _halted(item: Item, person: Person, o: Occurrence) -> date | None:
    """The first day of a stop that still holds."""
    days = [day for stop in item.stop for day in stop_days(stop, person) if day >= o.base]
    return min(days + ([person.died] if person.died else []), default=None)


def stop_days(stop: Stop, person: Person) -> Iterable[date]:
    """The days of a stop that nothing has lifted."""
    if stop.match is None:
        stretch = person.stretch(stop.definition)
        return [stretch.since] if stretch else []
    return [t.day for t in person.matching(stop.match) if not _lifted(stop, t, person)]


def _lifted(stop: Stop, told: Told, person: Person) -> bool:
    if stop.until:
        return any(t.day > told.day for t in person.matching(stop.until))
    if not stop.until_care:
        return False
    care = person.last_care()
    if care and care > told.day:
        return True
    if told.fact.kind == "refused":
        return any(day >= told.day for day in person.days("refusal.ended"))
    return told.fact.kind == "transfer.out" and any(
        t.day == told.day and _is_care(t.fact.kind) and _elsewhere(t.fact.site, told.fact.site) for t in person.stated
    )


def _elsewhere(site: str, other: str) -> bool:
    return site != other or not site


def _done_on(
    protocol: Protocol, item: Item, person: Person, o: Occurrence, who: Stretch, halted: date | None
) -> date | None:
    """The first day a satisfying fact fell in the window and before the item's end."""
    limits = [who.until, halted, _plus(o.anchor, item.last_day) if item.last_day else None]
    following = _next_step(protocol, item)
    if following:
        limits.append(_plus(o.anchor, following.offset) - timedelta(days=following.early_days + 1))
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
        earliest = max(earliest, _plus(known, satisfier.not_before.plus))
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
