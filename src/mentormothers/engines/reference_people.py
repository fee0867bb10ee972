"""The reference's people: what the facts say of somebody by the definitions of the vocabulary, and which stops hold.

Plain Python from the words of the rules; the schedule (reference.py) and the indicators (reference_indicators.py) of
the reference are written on it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from mentormothers.engines.reference_risk import signs_of_high_risk
from mentormothers.facts.days import add_months
from mentormothers.facts.fact import Fact, History
from mentormothers.facts.standing import Standing, standings
from mentormothers.facts.vocabulary import vocabulary
from mentormothers.protocol.terms import (
    DAYS_LMP_TO_EDD,
    FEEDING_MONTHS,
    LONGEST_PREGNANCY_DAYS,
    Ages,
    Match,
    Offset,
    Relative,
    Stop,
)

FEEDING = ("bf.stopped", "bf.restarted", "feeding")
SAMPLE_OF = {
    "vl.result": "vl.sample",
    "cd4.result": "cd4.sample",
    "eid.result": "eid.sample",
    "eid.result_given": "eid.sample",
}
POSITIVE_KINDS = ("hiv.diagnosis", "art.start", "art.on", "art.dispense")
PLACES = ("art.dispense", "transfer.in", "enrolled")
SAME_BIRTH = timedelta(days=31)


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
    """Everyone, with what counts of each on a day."""

    def __init__(self, stated: Mapping[str, list[Told]]) -> None:
        self._stated = stated
        self.clients = sorted(stated)
        self._people: dict[str, Person] = {}

    def of(self, client: str) -> "Person":
        """One client. A client of whom nothing is known has no facts."""
        if client not in self._people:
            self._people[client] = Person(self, client, self._stated.get(client, []))
        return self._people[client]

    def alone(self, client: str, day: date) -> "Person":
        """One client as she stood on an earlier day, by her own facts; of nobody else anything is known.

        Her treatment is told by her own facts; what a child is fed, and who is exposed, is not.
        """
        return People({client: [told for told in self._stated.get(client, []) if told.day <= day]}).of(client)

    def children_of(self, mother: str) -> "list[Person]":
        """Those whose facts name this birth mother."""
        return self._children.get(mother, [])

    @cached_property
    def _children(self) -> "Mapping[str, list[Person]]":
        found = defaultdict(list)
        for client in self.clients:
            found[self.of(client).mother_id].append(self.of(client))
        return found


def people(history: History, as_of: date) -> People:
    """Everyone in a history, with what counts of each on the as-of date."""
    touched = standings(relation for relation, _ in history.relations)
    stated: dict[str, list[Told]] = defaultdict(list)
    for position, fact in enumerate(sorted(history.facts, key=lambda f: (f.received, f.record, f.kind, f.value))):
        told = _told(fact, position, touched)
        if touched.get(fact.record, Standing(True, "")).stands and told.day <= as_of:
            stated[fact.client].append(told)
    return People(stated)


def _told(fact: Fact, position: int, touched: Mapping[str, Standing]) -> Told:
    if fact.kind == "pregnancy.edd":
        fact = replace(fact, kind="pregnancy.lmp", day=fact.day - timedelta(days=DAYS_LMP_TO_EDD))
    event, ref = (touched[r].event if r in touched else r for r in (fact.record, fact.ref))
    return Told(fact, event, ref, position)


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
        facts = [told for person in self._relatives(match.of) for told in person.facts if fits(match, told.fact)]
        return sorted(facts, key=lambda t: (t.day, t.position))

    def _relatives(self, of: Relative) -> "list[Person]":
        """Of whom facts are looked for: she herself, her birth mother, or her children."""
        if of == "mother":
            return [self._people.of(self.mother_id)] if self.mother_id else []
        return self._people.children_of(self.client) if of == "child" else [self]

    @cached_property
    def home(self) -> str:
        """Where she is at home: the site of the latest fact that says so, her own or else her mother's."""
        return self._own_home or (self._people.of(self.mother_id)._own_home if self.mother_id else "")

    @cached_property
    def _own_home(self) -> str:
        placed = [t for t in self.stated if t.fact.kind in PLACES and t.fact.site]
        return max(placed, key=lambda t: (t.day, t.position)).fact.site if placed else ""

    def aged(self, ages: Ages) -> Stretch | None:
        """The stretch in which somebody is of some ages."""
        birth = self.born or max(self.days("birth.date"), default=None)
        if birth is None:
            return Stretch(date.min, None) if ages.unknown else None
        since = day_plus(birth, ages.since) if ages.since else date.min
        return Stretch(since, day_plus(birth, ages.below) if ages.below else None)

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
    def not_known_positive(self) -> Stretch | None:
        return (
            Stretch(self.mother.since, self.hiv_positive.since if self.hiv_positive else None) if self.mother else None
        )

    @cached_property
    def breastfeeding(self) -> Stretch | None:
        deliveries = self.matching(Match("delivery"))
        if not deliveries or deliveries[-1].fact.value != "live":
            return None
        day = deliveries[-1].day
        children = self.born_at(day)
        if children:
            return Stretch(day, max(child.fed_until for child in children))
        return Stretch(day, self._feeding_end(day, may_die=False))

    def born_at(self, day: date) -> "list[Person]":
        """The children on record that were born with a delivery."""
        return [c for c in self._people.children_of(self.client) if c.born and abs(c.born - day) <= SAME_BIRTH]

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

    @cached_property
    def high_risk(self) -> Stretch | None:
        mother = self._people.of(self.mother_id) if self.mother_id else None
        since = list(signs_of_high_risk(self, mother)) if mother else []
        if not since or not self.exposed_infant:
            return None
        return Stretch(max(min(since), self.exposed_infant.since), self.exposed_infant.until)

    @cached_property
    def low_risk(self) -> Stretch | None:
        """Exposed, and nothing known says that the risk is high."""
        if not self.exposed_infant or not self.high_risk:
            return self.exposed_infant
        if self.high_risk.since <= self.exposed_infant.since:
            return None
        ends = [self.high_risk.since] + ([self.exposed_infant.until] if self.exposed_infant.until else [])
        return Stretch(self.exposed_infant.since, min(ends))

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


def fits(match: Match, fact: Fact) -> bool:
    """Whether a fact is of the kind, value and size that are looked for."""
    if fact.kind != match.kind or (match.values and fact.value not in match.values):
        return False
    if match.at_least is not None and (fact.number is None or fact.number < match.at_least):
        return False
    return match.below is None or (fact.number is not None and fact.number < match.below)


def day_plus(day: date, offset: Offset, supply: int | None = None) -> date:
    """A day and an offset; `supply` are the days of the supply it may run on."""
    if offset.supply:
        assert supply is not None
        return day + timedelta(days=supply)
    return add_months(day, offset.months) + timedelta(days=offset.days)


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
