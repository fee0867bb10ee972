"""Spark gives the rows of the reference, over all worked examples and many random families in one history.

Spark takes some ten seconds for a question however few its clients are. So it is asked few questions: each protocol on
the days that meet the most items in the most states.
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings

from mentormothers.engines import reference
from mentormothers.facts.fact import History
from mentormothers.protocol.reading import find_protocol
from tests.conftest import Engine
from tests.generative.histories import some_families, together
from tests.spec.examples import worked
from tests.spec.tables import Statement, history, statements

# How many days a protocol is asked for; those of the library that are not named speak no word that none of these does.
DAYS = {"ACC-1": 2, "MW-2022": 3, "KE-2026": 1, "KE-2022": 1, "ZA-2023": 1, "ZM-2022": 1, "LS-2022": 1}
ASKED = [(name, number) for name, days in DAYS.items() for number in range(days)]
RANDOM_FAMILIES = 3 * settings().max_examples


@dataclass(frozen=True)
class Case:
    """Families in one history, and what the worked examples among them say."""

    history: History
    said: tuple[Statement, ...]


@pytest.mark.parametrize(("name", "number"), ASKED)
def test_spark_agrees(name: str, number: int, spark_engine: Engine) -> None:
    protocol, case = find_protocol(name), worked_and_random(name)
    day = days(name, case)[number]
    found = spark_engine(protocol, case.history, day)
    assert found == reference.schedule(protocol, case.history, day)
    said = [one for one in case.said if one.as_of == day]
    assert said
    for statement in said:
        assert statement.holds_for(found), statement


@cache
def worked_and_random(name: str) -> Case:
    """Each worked example, also as known on the days that it names, and random families."""
    found, said = [], []
    for facts, text in worked(name):
        with TemporaryDirectory(prefix="mm-example-") as folder:
            known = history(facts, Path(folder))
        stated = statements(text)
        for known_on in {one.known_on for one in stated}:
            client = f"f{len(found)}."
            said += [replace(s, client=client + s.client) for s in stated if s.known_on == known_on]
            found.append(known.known_on(known_on))
    return Case(together([*found, *some_families(RANDOM_FAMILIES)]), tuple(said))


@cache
def days(name: str, case: Case) -> list[date]:
    """Of the days that its examples name, those that meet the most items in the most states."""
    protocol = find_protocol(name)
    met = {
        day: {(row.item, row.state) for row in reference.schedule(protocol, case.history, day)}
        for day in sorted({one.as_of for one in case.said})
    }
    chosen: list[date] = []
    for _ in range(DAYS[name]):
        left = set().union(*met.values()) - set().union(*(met[day] for day in chosen))
        chosen.append(max(met, key=lambda day: len(met[day] & left)))
    return chosen
