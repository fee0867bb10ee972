"""Amendments, withdrawals and repeats: the shared vectors, and what holds for every set of relations."""

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentormothers.facts.standing import Relation, standings, versions_of

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "standing.json").read_text())
CASES = VECTORS["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_shared_vectors(case: dict[str, Any]) -> None:
    relations = [Relation(*relation) for relation in case["relations"]]
    found = standings(relations)
    for record, stands in case["stands"].items():
        assert record not in found or found[record].stands == stands, record
        assert stands or record in found, record
    for group in case["same_event"]:
        assert len({found[record].event for record in group}) == 1, group
    events = [found[record].event for record in found]
    joined = sum(len(group) - 1 for group in case["same_event"])
    assert len(events) - len(set(events)) == joined


_records = st.sampled_from("abcdef")
_relations = st.lists(
    st.builds(
        Relation,
        _records,
        st.sampled_from(["amends", "withdraws", "same_event_as"]),
        _records,
        st.sampled_from(["", "a", "b", "c"]),
    ),
    max_size=5,
    unique_by=lambda r: r.record,
)


@given(_relations)
def test_order_and_repetition_do_not_matter(relations: list[Relation]) -> None:
    expected = standings(relations)
    for order in list(permutations(relations))[:24]:
        assert standings([*order, *order]) == expected


@given(_relations)
def test_no_event_is_lost(relations: list[Relation]) -> None:
    """Without withdrawals, every event keeps at least one record that stands."""
    found = standings([r for r in relations if r.type != "withdraws"])
    for event in {standing.event for standing in found.values()}:
        assert any(s.stands for s in found.values() if s.event == event)


@pytest.mark.parametrize("case", VECTORS["versions"], ids=lambda case: case["name"])
def test_versions_of_a_record(case: dict[str, Any]) -> None:
    relations = [Relation(*relation) for relation in case["relations"]]
    found = versions_of(case["record"], relations)
    assert found == case["versions"]
    # Once each of them is withdrawn, nothing of it counts.
    withdrawals = [Relation(f"w-{version}", "withdraws", version) for version in found]
    after = standings([*relations, *withdrawals])
    assert not any(after[version].stands for version in found)
