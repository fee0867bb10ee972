"""People enrolled more than once and joined later are what they would have been under one id, on every engine."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from mentormothers.engines import duckdb, reference_indicators
from mentormothers.facts.fact import History
from mentormothers.facts.persons import SAME_PERSON_AS, of_persons, persons_in
from mentormothers.protocol.reading import find_protocol
from tests.conftest import Engine, IndicatorEngine
from tests.generative import clinics
from tests.generative.split import split
from tests.generative.test_indicators_agree import SEEDS, models, questions
from tests.generative.test_snapshots_agree import a_snapshot


@pytest.mark.parametrize("seed", [3000 + seed for seed in SEEDS[::2]])
def test_schedules_and_numbers_are_those_of_the_unsplit_history(
    engines: dict[str, Engine], indicator_engines: dict[str, IndicatorEngine], seed: int, tmp_path: Path
) -> None:
    random = Random(seed)
    period = clinics.a_period(random)
    clinic = clinics.together(clinics.a_clinic(random, period)[:12])
    parted = split(random, clinic)
    persons = of_persons(parted)
    assert len({fact.client for fact in parted.facts}) > len({fact.client for fact in persons.facts})

    protocol = find_protocol(random.choice(["ACC-1", "MW-2022"]))
    expected = engines["reference"](protocol, clinic, period.end)
    for name in ("reference", "sqlite", "phone", "duckdb", "postgres"):
        assert engines[name](protocol, persons, period.end) == expected, name

    asked, known = questions(random, period), models(random, period)
    counted = reference_indicators.indicators(asked, clinic, known)
    for name in ("duckdb", "postgres", "sqlite"):
        assert indicator_engines[name](asked, persons, known) == counted, name

    written, read = a_snapshot(parted, tmp_path)
    in_file = reference_indicators.indicators(asked, of_persons(read.history), known)
    assert duckdb.indicators_of(asked, written, None, known) == in_file


def test_persons_hang_on_the_set_of_what_was_said_only() -> None:
    random = Random(1)
    for _ in range(300):
        ids = [f"c{n}" for n in range(random.randint(2, 9))]
        pairs = [tuple(random.sample(ids, 2)) for _ in range(random.randint(1, 9))]
        found = persons_in(pairs)
        for _ in range(5):
            random.shuffle(pairs)
            assert persons_in([random.choice([(a, b), (b, a)]) for a, b in pairs + pairs[:2]]) == found
        for a, b in pairs:
            assert found.get(a, a) == found.get(b, b) <= min(a, b)
        assert all(person not in found and person < id for id, person in found.items())


def test_nobody_is_joined_by_what_was_taken_back_and_nobody_is_her_own_mother() -> None:
    random = Random(2)
    clinic = clinics.together(clinics.a_clinic(random, clinics.a_period(random))[:3])
    parted = split(random, clinic)
    assert {fact.client for fact in of_persons(parted).facts} == {fact.client for fact in clinic.facts}
    child = next(fact for fact in clinic.facts if fact.mother)
    odd = replace(child, mother="", kind=SAME_PERSON_AS, value=child.mother, record="odd")
    mixed = History((*clinic.facts, odd))
    assert not [fact for fact in of_persons(mixed).facts if fact.client == fact.mother]
