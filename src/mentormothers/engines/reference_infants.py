"""The reference of M2M_MTCT_FINAL: the last test of exposed infants."""

from collections.abc import Iterator
from datetime import date

from mentormothers.engines.reference_asked import Added, Asked
from mentormothers.engines.reference_people import Person, Told
from mentormothers.facts.days import add_months
from mentormothers.protocol.terms import Match


def m2m_mtct_final(asked: Asked) -> Iterator[Added]:
    for person, born in exposed_infants(asked):
        two_years, final = add_months(born, 24), final_test(person, born)
        if final and asked.within(final.day):
            yield Added(final.fact.site, final.day, numerator=int(final.fact.value == "pos"), denominator=1)
        lived = person.died is None or person.died > two_years
        if final is None and lived and asked.within(two_years):
            home = asked.home(person.client, asked.end)
            yield Added(home, asked.end, "no final test by the second birthday", numerator=1)


def exposed_infants(asked: Asked) -> Iterator[tuple[Person, date]]:
    """Infants whose mother was positive, or is not known, with their birth dates."""
    for client in asked.at_end.clients:
        person = asked.at_end.of(client)
        if person.born is not None and (person.exposed_infant or not person.mother_id):
            yield person, person.born


def final_test(person: Person, born: date) -> Told | None:
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
