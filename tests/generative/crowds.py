"""Crowds: many families of few kinds of facts, from a seed. Quick to make, so that whatever is looked for is there."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from mentormothers.facts.fact import Fact, History
from mentormothers.facts.standing import Relation
from mentormothers.facts.values import parse_value
from mentormothers.facts.vocabulary import vocabulary
from tests.generative.histories import START, VALUES

MOTHERS = [
    ["pregnancy.lmp", "delivery", "hiv.test", "art.start", "anc.contact", "visit", "vl.sample", "vl.sample", "vl.result",
     "vl.result", "eac.session"],
    ["birth.date", "art.dispense", "art.dispense", "appointment", "appointment.moved", "visit", "session", "delivery"],
    ["pregnancy.lmp", "hiv.test", "hiv.test", "delivery", "bf.stopped", "visit", "anc.contact", "transfer.out", "refused",
     "refusal.ended", "enrolled", "death"],
]  # fmt: skip
INFANTS = [
    ["child.dob", "exposed", "visit", "eid.sample", "eid.sample", "eid.result", "eid.result", "eid.result_given"],
    ["child.dob", "birth.date", "visit", "hiv.test", "bf.stopped", "feeding", "vl.sample", "vl.result", "death"],
]
FIRST = {"child.dob", "pregnancy.lmp", "birth.date"}  # mostly early, so that something follows


def crowd(seed: int, families: int) -> History:
    """So many families, with corrections among their records."""
    random = Random(seed)
    facts = [fact for n in range(families) for fact in _family(random, f"f{n}.")]
    return History(tuple(facts), tuple(_relations(random, facts)))


def _family(random: Random, name: str) -> Iterator[Fact]:
    mother = f"{name}m"
    yield from _life(random, mother, "mother", "", random.choice(MOTHERS))
    for n in range(random.choice([0, 1, 1, 2])):
        yield from _life(random, f"{name}i{n}", "infant", mother, random.choice(INFANTS))


def _life(random: Random, client: str, role: str, mother: str, kinds: list[str]) -> Iterator[Fact]:
    records: list[str] = []
    for n in range(random.choice([3, 10, 20])):
        kind = random.choice(kinds)
        day = START + timedelta(days=_day(random, kind))
        known = vocabulary().kind(kind)
        assert known
        value, number = parse_value(known, random.choice(VALUES.get(kind, [""])))
        records.append(f"{client}.r{n}" if random.random() < 0.9 or not records else records[-1])
        yield Fact(
            client=client, role=random.choice([role, role, role, ""]), kind=kind, day=day, value=value, number=number,
            mother=mother, ref=random.choice(["", "", "", *records[-4:]]), site=random.choice(["", "A", "B"]),
            record=records[-1], received=_at(day) + timedelta(days=random.randint(0, 3)),
        )  # fmt: skip


def _day(random: Random, kind: str) -> int:
    """Whole weeks mostly, as offsets and windows are: so facts meet on one day, and on the first and last of windows."""
    return 7 * random.randint(0, 16 if kind in FIRST else 88) + random.choice([0, 0, 0, 1, 6])


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def _relations(random: Random, facts: list[Fact]) -> Iterator[tuple[Relation, datetime]]:
    records = sorted({fact.record for fact in facts})
    for n in range(len(records) // 40):
        kind = random.choice(["amends", "withdraws", "same_event_as"])
        repeat = random.choice(["", *records]) if kind == "same_event_as" else ""
        yield Relation(random.choice([f"x{n}", *records]), kind, random.choice(records), repeat), datetime(2025, 1, 1)
