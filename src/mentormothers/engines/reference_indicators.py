"""The reference of the indicators: their words in plain Python, one client at a time.

Written from the words of `programme/indicators`, not from the SQL, so that the two can be held against each other.
Slow and plain on purpose.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from mentormothers.engines.reference_people import POSITIVE_KINDS, People, Person, Stretch, Told, people, stop_days
from mentormothers.facts.days import add_months
from mentormothers.facts.fact import CLIENT_TOLD, History
from mentormothers.indicators.delivery import UNKNOWN, SiteModel, Spell, spells
from mentormothers.indicators.model import Question
from mentormothers.indicators.rows import Count
from mentormothers.protocol.model import FEEDING_MONTHS, LONGEST_PREGNANCY_DAYS, Match, Stop

MOVED = Stop(Match("transfer.out"))
REFUSED = (Stop(Match("refused", values=("art", "all"))), Stop(Match("art.stop")))
SIGNS = ("art.start", "art.on", "art.restart", "art.dispense")
PLACES = ("art.dispense", "transfer.in", "enrolled")


@dataclass(frozen=True)
class Added:
    """What one client adds at a site on a day: to a part of the numerator, or to the denominator."""

    site: str
    day: date
    part: str = ""
    numerator: int = 0
    denominator: int = 0


def indicators(questions: Sequence[Question], history: History, models: Iterable[SiteModel] = ()) -> list[list[Count]]:
    """What is counted for each question in the history; by delivery model by these models of sites."""
    known = list(spells(models))
    return [_counts(Asked(question, _counting(question, history), known)) for question in questions]


def _counting(question: Question, history: History) -> History:
    """The history without what only clients told, unless they are to be believed."""
    if question.measure.choice("sources") == "all":
        return history
    return replace(history, facts=tuple(fact for fact in history.facts if fact.source != CLIENT_TOLD))


def _counts(asked: "Asked") -> list[Count]:
    numerators: Counter[tuple[str, str]] = Counter()
    denominators: Counter[tuple[str, str]] = Counter()
    for added in RULES[asked.measure.definition.id](asked):
        place = (asked.place(added.site, added.day), added.part)
        numerators[place] += added.numerator
        denominators[place] += added.denominator
    places = {*numerators, *denominators, *((place, "") for place in asked.places())}
    return sorted(Count(site, part, numerators[site, part], denominators[site, part]) for site, part in places)


class Asked:
    """A question with everyone in the history as they stand at the end of its period and before it."""

    def __init__(self, question: Question, history: History, models: Sequence[Spell]) -> None:
        self._question = question
        self._history = history
        self._models = models
        self.start = question.period.start
        self.end = question.period.end
        self.known_until = question.known_until
        self.measure = question.measure
        self.by = question.by
        self.at_end = people(history, question.as_of)

    def place(self, site: str, day: date) -> str:
        """What a site on a day is counted for: nothing but the programme, itself, or its delivery model."""
        if not self.by or not site:
            return ""
        return site if self.by == "site" else self._model(site, day)

    def places(self) -> set[str]:
        """Everything that numbers are given for: every site that a fact names, or its model on the last day."""
        return {self.place(site, self._question.as_of) for site in self.sites()} if self.by else set()

    def moved(self, site: str, day: date, to: str, then: date) -> bool:
        """Whether who was at a site on a day and at another later went out of what is counted."""
        if not self.by or not site or not to or site == to:
            return False
        return self.place(site, day) != self.place(to, then)

    def _model(self, site: str, day: date) -> str:
        found = (one.model for one in self._models if one.site == site and one.since <= day < one.until)
        return next(found, UNKNOWN)

    @cached_property
    def before(self) -> People:
        """Everyone as they stood on the day before the period."""
        return people(self._history, self._question.period.day_before)

    def alone(self, client: str, day: date) -> Person:
        """One client as she stood on a day, by her own facts: enough for her treatment, and quickly made."""
        return self.at_end.alone(client, day)

    @property
    def measured_to_end(self) -> bool:
        """Whether time on treatment is measured to the end of the period."""
        return self._question.measure.choice("duration") == "to_period_end"

    @property
    def must_be_current(self) -> bool:
        """Whether only those on treatment at the end count."""
        return self._question.measure.choice("current") == "required"

    @property
    def suppressed(self) -> Match:
        """The viral load results that count as suppressed."""
        return self._question.measure.suppressed

    def counted_day(self, person: Person, result: Told) -> date:
        """The day by which a viral load result counts: its own, or that of its sample if one is known."""
        sample = person.sample_of(result) if self._question.measure.choice("dated") == "sample" else None
        return sample.day if sample else result.day

    def latest_viral_load(self, person: Person) -> Told | None:
        results = person.matching(Match("vl.result"))
        return max(results, key=lambda t: (self.counted_day(person, t), t.day), default=None)

    def within(self, day: date) -> bool:
        return self.start <= day <= self.end

    def on_treatment(self, person: Person, day: date) -> bool:
        """Supplied to that day or not beyond the lost line, alive, and nothing has ended it. `person` as of the day."""
        expected = _expected(person)
        if expected is None or person.died or any(list(stop_days(stop, person)) for stop in (MOVED, *REFUSED)):
            return False
        late, lost = (day - expected).days, self._question.measure.lost
        return late <= lost.days if lost.operator == "gt" else late < lost.days

    def home(self, client: str, day: date) -> str:
        """Where a client was at home on a day: by her own facts, otherwise her mother's, otherwise nowhere."""
        person = self.at_end.of(client)
        return _home(person, day) or (_home(self.at_end.of(person.mother_id), day) if person.mother_id else "")

    def sites(self) -> set[str]:
        """Every site that a fact names."""
        people = (self.at_end.of(client) for client in self.at_end.clients)
        return {told.fact.site for person in people for told in person.stated} - {""}


def _expected(person: Person) -> date | None:
    """The day to which the latest supply reaches."""
    supplies = person.matching(Match("art.dispense"))
    if not supplies:
        return None
    days = supplies[-1].fact.number
    assert days is not None  # the vocabulary asks for it
    return supplies[-1].day + timedelta(days=days)


def _home(person: Person, day: date) -> str:
    placed = [t for t in person.stated if t.fact.kind in PLACES and t.fact.site and t.day <= day]
    return max(placed, key=lambda t: (t.day, t.position)).fact.site if placed else ""


def _tx_curr(asked: Asked) -> Iterator[Added]:
    for client in asked.at_end.clients:
        if asked.on_treatment(asked.at_end.of(client), asked.end):
            yield Added(asked.home(client, asked.end), asked.end, numerator=1)


def _tx_ml(asked: Asked) -> Iterator[Added]:
    for client in asked.at_end.clients:
        person = asked.at_end.of(client)
        base = _base_day(asked, client)
        if base is None:
            continue
        site = asked.home(client, base)
        if not asked.on_treatment(person, asked.end):
            yield Added(site, base, _outcome(asked, person), numerator=1)
        elif asked.moved(site, base, asked.home(client, asked.end), asked.end):
            yield Added(site, base, "transferred out", numerator=1)


def _base_day(asked: Asked, client: str) -> date | None:
    """The day before the period for whom it began with, the day of joining for who joined in it."""
    before = asked.start - timedelta(days=1)
    if asked.on_treatment(asked.before.of(client), before):
        return before
    person = asked.at_end.of(client)
    for kind in ("art.start", "art.dispense"):
        first = min(person.days(kind), default=None)
        if first and asked.within(first):
            return first
    return None


def _outcome(asked: Asked, person: Person) -> str:
    if person.died:
        return "died"
    if list(stop_days(MOVED, person)):
        return "transferred out"
    if any(list(stop_days(stop, person)) for stop in REFUSED):
        return "refused (stopped)"
    began = _began(person)
    assert began is not None
    until = asked.end if asked.measured_to_end else (_expected(person) or began)
    if until >= add_months(began, 6):
        return "IIT 6+ months"
    return "IIT 3-5 months" if until >= add_months(began, 3) else "IIT <3 months"


def _began(person: Person) -> date | None:
    """The day of the earliest sign of treatment."""
    return min((day for kind in ("art.start", "art.on", "art.dispense") for day in person.days(kind)), default=None)


def _tx_pvls(asked: Asked) -> Iterator[Added]:
    for client in asked.at_end.clients:
        person = asked.at_end.of(client)
        began, result = _began(person), asked.latest_viral_load(person)
        if began is None or result is None or add_months(began, 3) > asked.end:
            continue
        if add_months(asked.counted_day(person, result), 12) <= asked.end:
            continue
        if asked.must_be_current and not asked.on_treatment(person, asked.end):
            continue
        suppressed = result in person.matching(asked.suppressed)
        yield Added(asked.home(client, asked.end), asked.end, numerator=int(suppressed), denominator=1)


def _pmtct_eid(asked: Asked) -> Iterator[Added]:
    for client in asked.at_end.clients:
        person = asked.at_end.of(client)
        yield from _first_sample(asked, person)
        yield from _found_positive(asked, person)


def _first_sample(asked: Asked, person: Person) -> Iterator[Added]:
    samples = [t for t in person.matching(Match("eid.sample")) if t.fact.value != "confirm"]
    if not samples or not asked.within(samples[0].day):
        return
    site, day = samples[0].fact.site, samples[0].day
    if person.born is None:
        yield Added(site, day, "no known birth date", numerator=1)
    elif samples[0].day <= add_months(person.born, 2):
        yield Added(site, day, "<=2 months", numerator=1)
    elif samples[0].day <= add_months(person.born, 12):
        yield Added(site, day, "2-12 months", numerator=1)


def _found_positive(asked: Asked, person: Person) -> Iterator[Added]:
    contact = _first_contact(person)
    if contact is None or not person.hiv_positive:
        return
    positive = _first_positive(person)
    if positive.day <= contact.day:
        if asked.within(contact.day):
            yield Added(contact.fact.site, contact.day, denominator=1)
    elif asked.within(positive.day) and _carrying(person, positive.day):
        yield Added(positive.fact.site, positive.day, denominator=1)


def _first_contact(person: Person) -> Told | None:
    """The first antenatal contact of the latest pregnancy; without a known last period, the first at all."""
    since = person.pregnant.since if person.pregnant else date.min
    return next((t for t in person.matching(Match("anc.contact")) if t.day >= since), None)


def _first_positive(person: Person) -> Told:
    """The fact by which a client became positive; of several on that day the one received first."""
    found = [t for t in person.facts if t.fact.kind in POSITIVE_KINDS]
    found += person.matching(Match("hiv.test", values=("pos",)))
    return min(found, key=lambda t: (t.day, t.position))


def _carrying(person: Person, day: date) -> bool:
    """Whether she was pregnant or breastfeeding on a day."""
    stretches = [s for s in (person.pregnant, person.breastfeeding) if s]
    return any(s.since <= day and (s.until is None or day < s.until) for s in stretches)


def _pmtct_art(asked: Asked) -> Iterator[Added]:
    for client in asked.at_end.clients:
        person = asked.at_end.of(client)
        contact = _first_contact(person)
        if contact is None or not asked.within(contact.day):
            continue
        if person.hiv_positive and person.hiv_positive.since <= contact.day:
            yield Added(contact.fact.site, contact.day, denominator=1)
            yield from _treated(person, person.pregnant or Stretch(contact.day, None), contact)


def _treated(person: Person, pregnancy: Stretch, contact: Told) -> Iterator[Added]:
    """The part of a woman who received treatment in her pregnancy."""
    signs = [day for kind in SIGNS for day in person.days(kind)]
    inside = [day for day in signs if pregnancy.since <= day <= (pregnancy.until or date.max)]
    if inside or _treated_before(person, signs, pregnancy.since):
        earlier = any(day < pregnancy.since for day in signs)
        unknown_start = not person.days("art.start") and (person.days("art.on") or person.days("art.restart"))
        part = "already on ART" if earlier or unknown_start else "new on ART"
        yield Added(contact.fact.site, contact.day, part, numerator=1)


def _treated_before(person: Person, signs: Sequence[date], day: date) -> bool:
    """Whether her treatment stood on a day, by what was known before it."""
    earlier = [sign for sign in signs if sign < day]
    ends = [t.day for stop in REFUSED if stop.match for t in person.matching(stop.match) if t.day < day]
    supplies = [t for t in person.matching(Match("art.dispense")) if t.day < day]
    if not earlier or max(ends, default=date.min) >= max(earlier):
        return False
    return not supplies or any(t.day + timedelta(days=t.fact.number or 0) >= day for t in supplies)


def _m2m_mtct_final(asked: Asked) -> Iterator[Added]:
    for person, born in _exposed_infants(asked):
        two_years, final = add_months(born, 24), _final_test(person, born)
        if final and asked.within(final.day):
            yield Added(final.fact.site, final.day, numerator=int(final.fact.value == "pos"), denominator=1)
        lived = person.died is None or person.died > two_years
        if final is None and lived and asked.within(two_years):
            home = asked.home(person.client, asked.end)
            yield Added(home, asked.end, "no final test by the second birthday", numerator=1)


def _exposed_infants(asked: Asked) -> Iterator[tuple[Person, date]]:
    """Infants whose mother was positive, or is not known, with their birth dates."""
    for client in asked.at_end.clients:
        person = asked.at_end.of(client)
        if person.born is not None and (person.exposed_infant or not person.mother_id):
            yield person, person.born


def _final_test(person: Person, born: date) -> Told | None:
    """The last test of 18 to 24 months."""
    first, last = add_months(born, 18), add_months(born, 24)
    tests = [t for t in _tests(person) if first <= _taken(person, t) <= last]
    return max(tests, key=lambda t: (t.day, _taken(person, t), t.position), default=None)


def _tests(person: Person) -> list[Told]:
    """Tests that say yes or no."""
    kinds = ("antibody.test", "hiv.test", "eid.result")
    return [t for kind in kinds for t in person.matching(Match(kind, values=("neg", "pos")))]


def _taken(person: Person, test: Told) -> date:
    """The day of a test, of a virological one that of its sample if it is known."""
    sample = person.sample_of(test) if test.fact.kind == "eid.result" else None
    return sample.day if sample else test.day


def _cascade_women(asked: Asked) -> Iterator[Added]:
    for client in asked.at_end.clients:
        person = asked.at_end.of(client)
        contact = _first_contact(person)
        if contact is None or not asked.within(add_months(contact.day, 12)):
            continue
        if person.hiv_positive and person.hiv_positive.since <= contact.day:
            yield Added(contact.fact.site, contact.day, _step_of_woman(asked, person), numerator=1)


def _step_of_woman(asked: Asked, person: Person) -> str:
    """The furthest step a woman has reached; a step counts only when those before it are reached."""
    if not any(person.days(kind) for kind in SIGNS):
        return "no treatment on record"
    if not asked.on_treatment(person, asked.end):
        return "treated, not on treatment now"
    results = person.matching(Match("vl.result"))
    latest = max(results, key=lambda t: t.day, default=None)
    if latest is None or add_months(latest.day, 12) <= asked.end:
        return "on treatment, no viral load result"
    return "viral load suppressed" if latest in person.matching(asked.suppressed) else "viral load not suppressed"


def _cascade_infants(asked: Asked) -> Iterator[Added]:
    for person, born in _exposed_infants(asked):
        if asked.within(add_months(born, 24)):
            home = asked.home(person.client, asked.end)
            yield Added(home, asked.end, _step_of_infant(person, born), numerator=1)


def _step_of_infant(person: Person, born: date) -> str:
    """The furthest step an infant has reached."""
    samples = [t.day for t in person.matching(Match("eid.sample")) if t.fact.value != "confirm"]
    if not samples or min(samples) > add_months(born, 2):
        return "no test by two months"
    if not any(day >= min(samples) for day in person.days("eid.result_given")):
        return "tested by two months, result not given"
    outcomes = person.matching(Match("final.outcome", values=("neg", "pos", "died")))
    known = outcomes or person.died or _final_test(person, born)
    return "final outcome known" if known else "result given, final outcome not known"


def _ret12(asked: Asked) -> Iterator[Added]:
    for client in asked.at_end.clients:
        person = asked.at_end.of(client)
        started = min(_started(person), key=lambda t: (t.day, t.position), default=None)
        if started is None:
            continue
        day = add_months(started.day, asked.measure.months)
        if not asked.within(started.day if asked.measure.choice("cohort") == "started" else day):
            continue
        if day > asked.known_until:
            yield Added(started.fact.site, started.day, "the months since they began are not over", numerator=1)
        else:
            yield from _retained(asked, person, started, day)


def _started(person: Person) -> list[Told]:
    return [t for t in person.stated if t.fact.kind == "art.start"]


def _retained(asked: Asked, person: Person, started: Told, day: date) -> Iterator[Added]:
    """What becomes of one client of the cohort on her day."""
    site, part = started.fact.site, _began_as(person, started.day)
    if _transferred(asked, person.client, started, day):
        match asked.measure.choice("transfers"):
            case "retained":
                yield Added(site, started.day, part, numerator=1, denominator=1)
            case "not_retained":
                yield Added(site, started.day, part, denominator=1)
    else:
        treated = asked.on_treatment(asked.alone(person.client, day), day)
        yield Added(site, started.day, part, numerator=int(treated), denominator=1)


def _transferred(asked: Asked, client: str, started: Told, day: date) -> bool:
    if asked.moved(started.fact.site, started.day, asked.home(client, day), day):
        return True
    then = asked.alone(client, day)
    return not asked.on_treatment(then, day) and not then.died and bool(list(stop_days(MOVED, then)))


def _began_as(person: Person, day: date) -> str:
    """The part of a client who began treatment on a day."""
    if _pregnant_on(person, day):
        return "pregnant at start"
    if _breastfeeding_on(person, day):
        return "breastfeeding at start"
    if person.born and day < add_months(person.born, 15 * 12):
        return "under 15 at start"
    return "others"


def _pregnant_on(person: Person, day: date) -> bool:
    last = max((lmp for lmp in person.days("pregnancy.lmp") if lmp <= day), default=None)
    if last is None or (day - last).days > LONGEST_PREGNANCY_DAYS:
        return False
    return not any(last < delivery <= day for delivery in person.days("delivery"))


def _breastfeeding_on(person: Person, day: date) -> bool:
    deliveries = [t for t in person.matching(Match("delivery")) if t.day <= day]
    if not deliveries or deliveries[-1].fact.value != "live":
        return False
    birth = deliveries[-1].day
    children = person.born_at(birth)
    if children:
        return any(child.fed_until > day for child in children)
    ends = person.days("bf.stopped") + person.days("feeding", "replacement", "stopped")
    return day < min([add_months(birth, FEEDING_MONTHS), *(end for end in ends if end >= birth)])


RULES: dict[str, Callable[[Asked], Iterator[Added]]] = {
    "TX_CURR": _tx_curr,
    "TX_ML": _tx_ml,
    "TX_PVLS": _tx_pvls,
    "PMTCT_EID": _pmtct_eid,
    "PMTCT_ART": _pmtct_art,
    "M2M_MTCT_FINAL": _m2m_mtct_final,
    "CASCADE_WOMEN": _cascade_women,
    "CASCADE_INFANTS": _cascade_infants,
    "RET12": _ret12,
}
