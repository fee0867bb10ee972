"""The reference of RET12: who began treatment, and who of them is on it so many months later."""

from collections.abc import Iterator
from datetime import date

from mentormothers.engines.reference_asked import MOVED, Added, Asked
from mentormothers.engines.reference_people import Person, Told, stop_days
from mentormothers.facts.days import add_months
from mentormothers.protocol.terms import FEEDING_MONTHS, LONGEST_PREGNANCY_DAYS, Match


def ret12(asked: Asked) -> Iterator[Added]:
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
