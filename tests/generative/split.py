"""The same history, of people who were enrolled more than once: their facts under several ids, and what was said later."""

from dataclasses import replace
from datetime import datetime
from random import Random

from mentormothers.facts.fact import Fact, History
from mentormothers.facts.persons import SAME_PERSON_AS
from mentormothers.facts.standing import Relation

MOST_IDS = 4


def split(random: Random, history: History) -> History:
    """Everybody's facts under up to four ids of hers, of which her own is the smallest; statements that join them, in
    any order and direction, some said twice; and statements about others that were taken back."""
    ids = {one: _ids(random, one) for fact in history.facts for one in (fact.client, fact.mother) if one}
    facts = [
        replace(fact, client=random.choice(ids[fact.client]), mother=random.choice(ids.get(fact.mother, [""])))
        for fact in history.facts
    ]
    said = [pair for several in ids.values() for pair in _joined(random, several)]
    facts += [_statement(random, history, f"same{n}", pair) for n, pair in enumerate(said)]
    wrong = [random.sample(sorted(ids), 2) for _ in range(3 if len(ids) > 1 else 0)]
    facts += [_statement(random, history, f"wrong{n}", (one, other)) for n, (one, other) in enumerate(wrong)]
    taken_back = tuple(
        (Relation(f"taken{n}", "withdraws", f"wrong{n}"), datetime(2025, 1, 1)) for n in range(len(wrong))
    )
    random.shuffle(facts)
    return History(tuple(facts), history.relations + taken_back)


def _ids(random: Random, one: str) -> list[str]:
    return [one, *(f"{one}~{n}" for n in range(random.randrange(MOST_IDS)))]


def _joined(random: Random, several: list[str]) -> list[tuple[str, str]]:
    """What joins all of these: each with one before it, the first of them last."""
    pairs = [(one, random.choice(several[:n])) for n, one in enumerate(several) if n]
    pairs = [random.choice([pair, pair[::-1]]) for pair in pairs]
    return pairs + random.sample(pairs, min(len(pairs), random.randrange(2)))


def _statement(random: Random, history: History, record: str, pair: tuple[str, str]) -> Fact:
    """Said on any day there is, by what was known of the roles: it changes nothing else of her."""
    like = random.choice(history.facts)
    role = next(fact.role for fact in history.facts if fact.client == pair[0].partition("~")[0] or not fact.role)
    return Fact(client=pair[0], role=role, kind=SAME_PERSON_AS, day=like.day, value=pair[1], record=record,
                received=like.received)  # fmt: skip
