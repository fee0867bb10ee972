"""`mentormothers bench`: each benchmark runs, and prints every figure with its floor. How fast it is, no test says."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TINY = {
    "sync": ["--connections", "2", "--batches", "1", "--singles", "2", "--rounds", "2"],
    "schedule": ["--clients", "30", "--rounds", "2"],
    "search": ["--clients", "100", "--rounds", "2"],
    "indicators": ["--clients", "60", "--rounds", "2"],
    "link": ["--persons", "400", "--rounds", "2"],
}


def bench(folder: Path, name: str, *more: str) -> str:
    command = [Path(sys.executable).parent / "mentormothers", "bench", name, *TINY[name], *more]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env=os.environ | {"COLUMNS": "120"}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", TINY)
def test_a_benchmark_prints_each_figure_with_its_floor(tmp_path: Path, name: str) -> None:
    found: dict[str, Any] = json.loads(bench(tmp_path, name, "--format", "json"))
    assert found["benchmark"] == name
    assert {"cores", "load", "python", "postgresql"} <= set(found["machine"])
    assert {"rounds", "seed"} <= set(found["sizes"])
    names = {figure["name"] for figure in found["figures"]}
    measured = [figure for figure in found["figures"] if figure["floor"]]
    assert measured and {figure["floor"] for figure in measured} <= names
    assert all(figure["value"] > 0 and figure["low"] <= figure["ratio"] <= figure["high"] for figure in measured)
    assert list(tmp_path.iterdir()) == []


def test_every_stage_of_a_push_is_met(tmp_path: Path) -> None:
    from mentormothers.config.benchmarks.stages import REST, STAGES

    found = json.loads(bench(tmp_path, "sync", "--format", "json"))
    stages = {f["name"].removeprefix("stage: "): f["value"] for f in found["figures"] if f["name"].startswith("stage:")}
    assert set(stages) == {*STAGES, REST}
    assert all(stages.values())


def test_a_result_can_be_read_by_people(tmp_path: Path) -> None:
    text = bench(tmp_path, "indicators")
    assert "GROUP BY client" in text and "rounds 2" in text
