"""The simulation comes near to the figures it was calibrated to, and its page says what it does."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from mentormothers.config.simulating import Outcome

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_simulation", ROOT / "docs" / "make_simulation.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def outcome(maker: ModuleType) -> Outcome:
    """The run of 20,000 women that the page tells of; about ten seconds."""
    found: Outcome = maker.outcome()
    return found


def test_the_run_is_near_the_published_figures(outcome: Outcome) -> None:
    far = [f"{r.published.name}: {r.found} for {r.expected}" for r in outcome.results if not r.near]
    assert far == []
    assert min(result.of for result in outcome.results) > 1500


def test_women_look_for_and_lose_each_other_believably(outcome: Outcome) -> None:
    counts = outcome.counts
    assert 0.33 < counts["reached"] / counts["looked for"] < 0.47, "Bwaila: 229 of 577 traced were reached"
    assert 0.28 < counts["lost, elsewhere"] / counts["lost, seen"] < 0.45, "rural South Africa: 35 % had transferred"


@pytest.mark.parametrize("name", ["simulation.md", "simulation-repairs.md"])
def test_its_pages_are_up_to_date(name: str, maker: ModuleType, outcome: Outcome) -> None:
    assert (ROOT / "docs" / "reference" / name).read_text() == maker.pages(outcome)[name], "run: just simulation-docs"
