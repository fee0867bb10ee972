"""Torture every mutant, with several seeds if need be, and say which were caught: `just mutants`."""

import subprocess
import sys

from tests.faults.__main__ import BROKEN
from tests.faults.mutants import MUTANTS

_SEEDS = (1, 2, 3)


def main(faults: str, only: list[str]) -> int:
    """One line for each mutant; 1 when one survived."""
    survived = [name for name in only or MUTANTS if not _caught(name, faults)]
    if survived:
        print("not caught: " + ", ".join(survived))
    return bool(survived)


def _caught(name: str, faults: str) -> bool:
    for seed in _SEEDS:
        command = [sys.executable, "-m", "tests.faults", str(seed), "--faults", faults, "--mutant", name, "--forget"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode == BROKEN:
            print(f"caught {name} (seed {seed}): {done.stdout.splitlines()[0]}", flush=True)
            return True
        if done.returncode:
            raise SystemExit(f"the harness itself failed with {name}, which proves nothing:\n{done.stderr[-800:]}")
    print(f"SURVIVED {name}", flush=True)
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
