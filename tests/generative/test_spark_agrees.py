"""Spark gives the rows of the reference, over worked examples and many random families in one history.

Spark takes some ten seconds for a question however few its clients are. So it is asked few questions: a protocol on the
days that meet the most items in the most states, and the fewest random protocols that have every construct.
"""

import csv
import os
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from mentormothers.engines import reference, reference_indicators, spark
from mentormothers.engines.snapshot_writing import write_snapshot
from mentormothers.facts.csv_file import COLUMNS, read_facts
from mentormothers.facts.fact import History
from mentormothers.protocol.model import Protocol
from mentormothers.protocol.reading import find_protocol
from tests.generative import clinics
from tests.generative.crowds import crowd
from tests.generative.histories import AS_OF, some_families, together
from tests.generative.protocols import protocols
from tests.generative.test_indicators_agree import models, questions
from tests.generative.test_random_protocols import CONSTRUCTS, MADE, words_of
from tests.generative.test_snapshots_agree import a_day, lines
from tests.spec.examples import PROTOCOLS, asked, worked
from tests.spec.tables import Statement, history, statements

# On how many days a protocol is asked for. `just fuzz` asks for the whole library.
DAYS = {"ACC-1": 2, "MW-2022": 2, "KE-2026": 1, "KE-2022": 1, "ZA-2023": 1}
if "MENTORMOTHERS_FUZZ_EXAMPLES" in os.environ:
    DAYS = dict.fromkeys(PROTOCOLS, 3)
ASKED = [(name, number) for name, days in DAYS.items() for number in range(days)]
RANDOM_FAMILIES = 200


@dataclass(frozen=True)
class Case:
    """Families in one history, and what the worked examples among them say."""

    history: History
    said: tuple[Statement, ...]


@pytest.mark.parametrize(("name", "number"), ASKED)
def test_spark_agrees(name: str, number: int, only_spark: spark.Spark) -> None:
    protocol, case = asked(name), worked_and_random(name)
    day = days(name)[number]
    found = spark.schedule(only_spark, protocol, case.history, day)
    assert found == reference.schedule(protocol, case.history, day)
    said = [one for one in case.said if one.as_of == day]
    assert said
    for statement in said:
        assert statement.holds_for(found), statement


def test_spark_agrees_on_any_protocol(only_spark: spark.Spark) -> None:
    for seed, protocol in enumerate(of_every_construct()):
        families = crowd(seed, 60)
        expected = reference.schedule(protocol, families, AS_OF)
        assert expected
        assert set(spark.schedule(only_spark, protocol, families, AS_OF)) == set(expected)


def test_spark_reads_a_snapshot(only_spark: spark.Spark, tmp_path: Path) -> None:
    random, protocol = Random(1), find_protocol("ACC-1")
    facts, out = tmp_path / "facts.csv", tmp_path / "columns"
    out.mkdir()
    clinic = clinics.together(clinics.a_clinic(random, clinics.a_period(random)))
    with facts.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *lines(clinic)])
    written, _ = write_snapshot(facts, out, lambda _: None)
    for known_on in (None, a_day(random, clinic)):
        as_of = known_on or written.span[1]
        expected = reference.schedule(protocol, read_facts(facts).history.known_on(known_on), as_of)
        assert expected
        assert spark.schedule_of(only_spark, protocol, written, as_of, known_on) == expected


def test_spark_counts_what_the_reference_counts(only_spark: spark.Spark) -> None:
    random = Random(2)
    period = clinics.a_period(random)
    clinic, all_of_them, known = clinics.a_clinic(random, period), questions(random, period), models(random, period)
    some = [question for question in all_of_them if question.by][:4]
    expected = reference_indicators.indicators(some, clinics.together(clinic), known)
    assert spark.indicators(only_spark, some, clinics.together(clinic), known) == expected


@cache
def worked_and_random(name: str) -> Case:
    """Each worked example, also as known on the days that it names, and random families."""
    found, said = [], []
    for facts, text in worked(name):
        with TemporaryDirectory(prefix="mm-example-") as folder:
            known = history(facts, Path(folder))
        stated = statements(text)
        for known_on in {one.known_on for one in stated}:
            client = f"f{len(found)}."  # as `together` names them
            said += [replace(s, client=client + s.client) for s in stated if s.known_on == known_on]
            found.append(known.known_on(known_on))
    return Case(together([*found, *some_families(RANDOM_FAMILIES)]), tuple(said))


@cache
def days(name: str) -> list[date]:
    """Of the days that its examples name, those that meet the most items in the most states."""
    protocol, case = asked(name), worked_and_random(name)
    met = {
        day: {(row.item, row.state) for row in reference.schedule(protocol, case.history, day)}
        for day in sorted({one.as_of for one in case.said})
    }
    chosen: list[date] = []
    for _ in range(min(DAYS[name], len(met))):
        left = set().union(*met.values()) - set().union(*(met[day] for day in chosen))
        chosen.append(max(met, key=lambda day: len(met[day] & left)))
    return chosen


def of_every_construct() -> list[Protocol]:
    """Of random protocols the fewest that have every construct together."""
    drawn: list[Protocol] = []

    @settings(max_examples=200, phases=MADE)
    @given(protocols())
    def draw(protocol: Protocol) -> None:
        drawn.append(protocol)

    draw()
    has = [{word for one in protocol.versions for item in one.items for word in words_of(item)} for protocol in drawn]
    left, chosen = set(CONSTRUCTS), []
    while left:
        best = max(range(len(drawn)), key=lambda n: len(has[n] & left))
        assert has[best] & left, left
        left -= has[best]
        chosen.append(drawn[best])
    return chosen
