"""The compiled query, changed in one place on purpose: random protocols over random crowds notice every such change."""

from collections.abc import Iterator
from datetime import date, timedelta
from unittest.mock import patch

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from mentormothers.engines import reference, sqlite
from mentormothers.engines.portable import Plan
from mentormothers.engines.rows import ScheduleRow
from mentormothers.engines.schedule_sql import compile_schedule
from mentormothers.facts.fact import History
from mentormothers.protocol.model import Protocol
from mentormothers.protocol.reading import read_protocol
from tests.docs.test_protocol_language import EXAMPLES, days, history
from tests.generative.crowds import crowd
from tests.generative.histories import START
from tests.generative.protocols import DAYS, protocols

Sample = tuple[Protocol, History, date, list[ScheduleRow], Plan]

SAMPLES = 60
# What a text of the query becomes. Each is a rule of the language that is off by a day, or left out.
MUTANTS = [
    ("f.day <= o.last_day", "f.day < o.last_day"),
    ("f.day < o.next_opens", "f.day <= o.next_opens"),
    ("f.day <= o.until", "f.day < o.until"),
    ("f.day <= h.day", "f.day < h.day"),
    ("f.day >= o.opens", "f.day > o.opens"),
    ("f.day >= o.base WHERE", "f.day > o.base WHERE"),
    ("w.since <= :as_of", "w.since < :as_of"),
    ("w.until >= o.base", "w.until > o.base"),
    ("MIN(g.since)", "MAX(g.since)"),
    ("COUNT(*) > COUNT(g.until)", "COUNT(*) < COUNT(g.until)"),
    (":as_of >= j.opens", ":as_of > j.opens"),
    (":as_of > j.last_day", ":as_of >= j.last_day"),
    ("j.ended <= :as_of", "j.ended < :as_of"),
    ("j.ended <= j.last_day", "j.ended < j.last_day"),
    ("h.day < o.until OR o.until IS NULL", "h.day > o.until OR o.until IS NULL"),
    ("MIN(d.day)", "MAX(d.day)"),
    ("MIN(h.day)", "MAX(h.day)"),
    ("e.since <= e.next_day", "e.since < e.next_day"),
    ("e.next_day >= ", "e.next_day > "),
    ("e.times < ", "e.times <= "),
    ("CASE WHEN e.booked > ", "CASE WHEN e.booked < "),
    ("q.day ORDER BY f.day DESC", "q.day ORDER BY f.day"),
    ("f.day < q.next_day", "f.day <= q.next_day"),
    ("u.day > f.day", "u.day >= f.day"),
    ("c.day > f.day", "c.day >= f.day"),
    ("u0.since < ", "u0.since <= "),
    ("u0.until >= ", "u0.until > "),
    ("r.matching = 1", "1 = 1"),
    ("m.day >= o.opens", "m.day > o.opens"),
    ("COALESCE(m.event, '') <> o.own", "1 = 1"),
    ("AND g.sample = o.own", ""),
    ("m.place = 1", "m.place = 2"),
    ("f.day >= k.k", "f.day > k.k"),
    ("ON f.client = p.mother", "ON f.client = p.client"),
    ("f.client = p.client AND p.mother IS NOT NULL", "f.client = p.mother"),
    ("NOT h.site IN", "h.site IN"),
    ("_until > :as_of)", "_until >= :as_of)"),
    ("< v.since", "<= v.since"),
    ("COALESCE(t.t0, t.t1)", "COALESCE(t.t1, t.t0)"),
    ("0 AS again", "1 AS again"),
]  # fmt: skip


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> list[Sample]:
    """Protocols, histories and days with what the reference says: the page's examples, and random ones."""
    return [*_of_the_page(tmp_path_factory), *_random()]


def _of_the_page(folders: pytest.TempPathFactory) -> Iterator[Sample]:
    """The examples of the language page on the days on which something happens or begins, and the days after these."""
    for example in EXAMPLES:
        if example.rows:
            folder = folders.mktemp("example")
            protocol, told = read_protocol(example.write(folder)), history(example, folder)
            began = {fact.day for fact in told.facts} | {as_of for as_of, _ in days(example)}
            for as_of in sorted({day + timedelta(days=n) for day in began for n in (0, 1)}):
                yield _sample(protocol, told, as_of)


def _random() -> list[Sample]:
    found: list[Sample] = []

    @settings(max_examples=SAMPLES, phases=[Phase.generate])
    @given(protocols(), st.integers(0, 999_999), DAYS)
    def draw(protocol: Protocol, seed: int, after: int) -> None:
        found.append(_sample(protocol, crowd(seed, 120), START + timedelta(days=after)))

    draw()
    return found


def _sample(protocol: Protocol, told: History, as_of: date) -> Sample:
    compiled = compile_schedule(protocol, "sqlite")
    return protocol, told, as_of, reference.schedule(protocol, told, as_of), compiled


@pytest.mark.parametrize(("old", "new"), MUTANTS, ids=[f"{old.strip()[:60]}" for old, _ in MUTANTS])
def test_a_change_of_the_query_is_noticed(samples: list[Sample], old: str, new: str) -> None:
    assert any(_is_noticed(sample, old, new) for sample in samples)


def test_unchanged_it_gives_the_rows_of_the_reference(samples: list[Sample]) -> None:
    for protocol, told, as_of, expected, _ in samples:
        assert sqlite.schedule(protocol, told, as_of) == expected


def _is_noticed(sample: Sample, old: str, new: str) -> bool:
    protocol, told, as_of, expected, compiled = sample
    changed = Plan(
        tuple((name, text.replace(old, new)) for name, text in compiled.steps), compiled.result.replace(old, new)
    )
    if changed == compiled:
        return False
    with patch("mentormothers.engines.sqlite.compile_schedule", lambda *_: changed):
        return sqlite.schedule(protocol, told, as_of) != expected
