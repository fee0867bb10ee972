"""A short torture for every change; `just torture` goes on for hours."""

import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from tests.faults.faults import FAULTS
from tests.faults.mutants import MUTANTS, ROOT
from tests.faults.plan import plan

SEED, FAULTS_DONE = 2026, 200


def test_nothing_is_lost_doubled_or_hidden(capsys: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-m", "tests.faults", str(SEED), "--faults", str(FAULTS_DONE)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True)
    with capsys.disabled():
        print(f"\n{done.stdout}", end="")
    assert done.returncode == 0, done.stdout + done.stderr
    counted = {line[6:].strip(): int(line[:6]) for line in done.stdout.splitlines() if line[:6].strip().isdigit()}
    never = [name for name in FAULTS if not counted.get(name)]
    assert never == [], "every kind of fault happened"


def test_a_seed_is_one_plan_and_another_seed_another() -> None:
    assert [*islice(plan(1), 60)] == [*islice(plan(1), 60)]
    assert [s.fault for s in islice(plan(1), 60)] != [s.fault for s in islice(plan(2), 60)]
    assert {step.fault for step in islice(plan(3), len(FAULTS))} == set(FAULTS), "the first steps are one of each kind"


@pytest.mark.parametrize("name", MUTANTS)
def test_every_mutant_still_fits_the_source(name: str) -> None:
    mutant = MUTANTS[name]
    assert (ROOT / "src" / "mentormothers" / mutant.file).read_text().count(mutant.old) == 1
