"""The reference of the cascades: the furthest step that each woman and each infant has reached."""

from collections.abc import Iterator
from datetime import date

from mentormothers.engines.reference_antenatal import first_contact
from mentormothers.engines.reference_asked import SIGNS, Added, Asked
from mentormothers.engines.reference_infants import exposed_infants, final_test
from mentormothers.engines.reference_people import Person
from mentormothers.facts.days import add_months
from mentormothers.protocol.terms import Match


def cascade_women(asked: Asked) -> Iterator[Added]:
    for client in asked.at_end.clients:
        person = asked.at_end.of(client)
        contact = first_contact(person)
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


def cascade_infants(asked: Asked) -> Iterator[Added]:
    for person, born in exposed_infants(asked):
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
    known = outcomes or person.died or final_test(person, born)
    return "final outcome known" if known else "result given, final outcome not known"
