"""Who is one person: ids that were said to be, each known by the smallest of them.

The same rules are written in SQL for the database of a programme (care/sql/following.sql).
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from mentormothers.facts.fact import Fact, History
from mentormothers.facts.standing import standings

SAME_PERSON_AS = "same_person_as"


def persons_in(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """By which id each of those is known who is known by another one than her own, given who is one with whom."""
    known: dict[str, str] = {}

    def person(id: str) -> str:
        while id in known:
            id = known[id]
        return id

    for one, other in pairs:
        smaller, larger = sorted((person(one), person(other)))
        if smaller != larger:
            known[larger] = smaller
    return {id: person(id) for id in known}


def of_persons(history: History) -> History:
    """The facts of persons instead of ids, by all that was said and stands. Nobody is her own mother.

    Who is who does not depend on a day: what is learnt today was so before.
    """
    standing = standings(relation for relation, _ in history.relations)
    persons = persons_in(
        (fact.client, fact.value)
        for fact in history.facts
        if fact.kind == SAME_PERSON_AS and (fact.record not in standing or standing[fact.record].stands)
    )
    if not persons:
        return history
    return replace(history, facts=tuple(_of_persons(history, persons)))


def _of_persons(history: History, persons: Mapping[str, str]) -> Iterable[Fact]:
    for fact in history.facts:
        client, mother = persons.get(fact.client, fact.client), persons.get(fact.mother, fact.mother)
        yield replace(fact, client=client, mother="" if mother == client else mother)
