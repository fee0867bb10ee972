"""The reference of PMTCT_EID and PMTCT_ART: women at their first antenatal contact, and first samples of infants."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from mentormothers.engines.reference_asked import REFUSED, SIGNS, Added, Asked
from mentormothers.engines.reference_people import POSITIVE_KINDS, Person, Stretch, Told
from mentormothers.facts.days import add_months
from mentormothers.protocol.terms import Match


def pmtct_eid(asked: Asked) -> Iterator[Added]:
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
    contact = first_contact(person)
    if contact is None or not person.hiv_positive:
        return
    positive = _first_positive(person)
    if positive.day <= contact.day:
        if asked.within(contact.day):
            yield Added(contact.fact.site, contact.day, denominator=1)
    elif asked.within(positive.day) and _carrying(person, positive.day):
        yield Added(positive.fact.site, positive.day, denominator=1)


def first_contact(person: Person) -> Told | None:
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


def pmtct_art(asked: Asked) -> Iterator[Added]:
    for client in asked.at_end.clients:
        person = asked.at_end.of(client)
        contact = first_contact(person)
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
