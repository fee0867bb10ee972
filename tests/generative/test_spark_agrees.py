"""Spark gives the rows of the reference, over all worked examples and many random families in one history.

Spark takes some ten seconds for a question however few its clients are. So it is asked few questions: each protocol on
the days that meet the most items in the most states.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from mentormothers.engines import reference
from mentormothers.facts.fact import History
from mentormothers.protocol.reading import find_protocol
from tests.conftest import Engine
from tests.generative.histories import families, together
from tests.spec import test_library, test_malawi, test_worked_examples
from tests.spec.tables import Statement, history, statements

# How many days each protocol is asked for.
DAYS = {"ACC-1": 3, "MW-2022": 3, "KE-2026": 2} | {name: 1 for name, _ in test_library.EXAMPLES if name != "KE-2026"}
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


def worked(name: str) -> Iterator[tuple[str, str]]:
    """The worked examples of a protocol."""
    whole = {"ACC-1": test_worked_examples.EXAMPLES, "MW-2022": test_malawi.EXAMPLES}
    yield from whole.get(name, {}).values()
    yield from (example for (protocol, _), example in test_library.EXAMPLES.items() if protocol == name)


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
    return Case(together(found + random_families()), tuple(said))


@cache
def random_families() -> list[History]:
    found = []

    @settings(max_examples=RANDOM_FAMILIES)
    @given(families())
    def draw(family: History) -> None:
        found.append(family)

    draw()
    return found


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
