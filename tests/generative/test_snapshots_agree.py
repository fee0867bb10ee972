"""Random clinics written as a snapshot: DuckDB counts, and lists what is due, as the reference does of the facts file."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from mentormothers.engines import by_families, duckdb, reference, reference_indicators
from mentormothers.engines.by_families import Asked, everybodys_schedule
from mentormothers.engines.snapshot import Snapshot
from mentormothers.engines.snapshot_writing import write_snapshot
from mentormothers.facts.csv_file import COLUMNS, FactsFile, read_facts
from mentormothers.facts.fact import History
from mentormothers.protocol.reading import find_protocol
from tests.generative import clinics
from tests.generative.test_indicators_agree import SEEDS, models, questions


@pytest.mark.parametrize("seed", [1000 + seed for seed in SEEDS])
def test_a_snapshot_agrees_with_the_reference(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    period = clinics.a_period(random)
    clinic = clinics.together(clinics.a_clinic(random, period))
    asked, known = questions(random, period), models(random, period)
    written, read = a_snapshot(clinic, tmp_path)
    assert len(read.history.facts) > 0.8 * len(clinic.facts)
    assert read.history.relations or not clinic.relations
    for known_on in (None, a_day(random, clinic)):
        expected = reference_indicators.indicators(asked, read.history.known_on(known_on), known)
        for question, wanted, found in zip(
            asked, expected, duckdb.indicators_of(asked, written, known_on, known), strict=True
        ):
            assert found == wanted, (question, known_on)


@pytest.mark.parametrize("seed", [2000 + seed for seed in SEEDS[::4]])
def test_schedules_by_families_agree_with_the_reference(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(seed)
    period = clinics.a_period(random)
    clinic = clinics.together(clinics.a_clinic(random, period))
    written, read = a_snapshot(clinic, tmp_path)
    protocol = random.choice([find_protocol(name) for name in ("MW-2022", "KE-2026")])
    monkeypatch.setattr(by_families, "FACTS_AT_ONCE", random.choice([200, 1000]))
    day = period.end + timedelta(days=random.randint(-300, 300))
    for known_on in (None, a_day(random, clinic)):
        expected = reference.schedule(protocol, read.history.known_on(known_on), day)
        for settled in (True, False):
            with everybodys_schedule(Asked(protocol, written, day, known_on, settled=settled), lambda _: None) as rows:
                assert list(rows) == expected, (day, known_on, settled)


def a_snapshot(clinic: History, folder: Path) -> tuple[Snapshot, FactsFile]:
    """A history as a snapshot, and as its facts file reads."""
    facts, out = folder / "facts.csv", folder / "columns"
    out.mkdir()
    with facts.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *lines(clinic)])
    return write_snapshot(facts, out, lambda _: None)[0], read_facts(facts)


def lines(history: History) -> Iterator[tuple[object, ...]]:
    """The lines of a facts file; a record that says something of another says it in its first line."""
    said = {relation.record: f"{relation.type}:{relation.target}" for relation, _ in history.relations}
    for fact in history.facts:
        value = fact.value or ("" if fact.number is None else fact.number)
        yield (
            fact.client, fact.role, fact.mother, fact.kind, fact.day, value, fact.ref, fact.source, fact.site,
            fact.organisation, fact.record, fact.received.isoformat(), said.pop(fact.record, ""),
        )  # fmt: skip


def a_day(random: Random, history: History) -> date:
    """A day between the first and the last receipt."""
    received = sorted(fact.received.date() for fact in history.facts)
    return received[0] + timedelta(days=random.randrange((received[-1] - received[0]).days + 1))
