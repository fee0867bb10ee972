"""Torture: `python -m tests.faults [seed] [--faults N | --minutes M]`. See docs/how-to/torture.md."""

import argparse
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from tests.faults.installation import Installation, NotWellError
from tests.faults.invariants import Checks, jobs_done, rebuilt
from tests.faults.mutants import MUTANTS, source_for
from tests.faults.plan import Step, plan
from tests.faults.programme import Programme
from tests.faults.stories import LATER_VERSION
from tests.faults.traffic import speak_until_all_is_said

_CHECKED_EVERY = 20  # steps
HELD, BROKEN, HARNESS_FAILED = 0, 3, 4  # Python itself ends with 1 or 2


class BrokenError(Exception):
    """Something that must hold does not."""


class Torture:
    """One run of a plan, until enough faults were done or the time is over."""

    def __init__(self, seed: int, programme: Programme, bar: Progress) -> None:
        self.seed, self.programme, self._bar = seed, programme, bar
        self.done: Counter[str] = Counter()
        self.step: Step | None = None

    def run(self, faults: int, seconds: float) -> None:
        """Play the plan and check. Raises BrokenError."""
        began = time.monotonic()
        task = self._bar.add_task("", total=1.0)
        for step in plan(self.seed):
            self.step = step
            self._bar.update(task, description=f"step {step.number}: {step.fault}")
            self.done[step.fault] += step.play(self.programme)
            self.programme.installation.wait_until_well()
            share = max(
                self.done.total() / faults if faults else 0, (time.monotonic() - began) / seconds if seconds else 0
            )
            self._bar.update(task, completed=share)
            if share >= 1:
                break
            if step.number % _CHECKED_EVERY == _CHECKED_EVERY - 1:
                self.check()
        self._bar.update(task, description="the last look")
        self.programme.publish_later_version(LATER_VERSION)
        self.programme.begin_job()
        self.check(jobs=True)

    def check(self, *, jobs: bool = False) -> None:
        """Let everything come to rest, then look whether all holds."""
        speak_until_all_is_said(self.programme)
        wrong = jobs_done(self.programme) if jobs else []
        if jobs:
            speak_until_all_is_said(self.programme)  # what was taken from quarantine is told too
        wrong += Checks(self.programme).all() + rebuilt(self.programme)
        if wrong:
            raise BrokenError("\n".join(wrong))


def main() -> int:
    """Run, print what was done by kind, keep the folder of a failure. Gives which of the three it was."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(HARNESS_FAILED))  # and stop what was started
    asked = _asked()
    folder = Path(tempfile.mkdtemp(prefix=f"mm-torture-{asked.seed}-"))
    folder.chmod(0o755)
    console = Console(stderr=True)
    console.print(f"seed {asked.seed}, folder {folder}")
    programme = Programme(Installation(folder, source_for(folder, asked.mutant)))
    bar = Progress(BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console, transient=True,
                   disable=not console.is_terminal)  # fmt: skip
    with bar:
        torture = Torture(asked.seed, programme, bar)
        try:
            programme.installation.start()
            programme.make()
            torture.run(asked.faults, asked.minutes * 60)
            code = HELD
        except (BrokenError, NotWellError) as error:
            print(error)
            code = BROKEN
        except Exception:
            traceback.print_exc()
            code = HARNESS_FAILED
        finally:
            programme.installation.stop()
    if code != HELD:
        print(f"BROKEN at {torture.step} of seed {asked.seed}; everything is kept in {folder}")
    _report(torture)
    if code == HELD or asked.forget:
        shutil.rmtree(folder)
    return code


def _report(torture: Torture) -> None:
    heard = Counter(h.status for h in torture.programme.ledger.heard)
    for name, number in sorted(torture.done.items()):
        print(f"{number:6} {name}")
    print(f"{torture.done.total():6} faults by seed {torture.seed}; records written: {len(torture.programme.ledger.written)};"
          f" answers: {dict(sorted(heard.items()))}")  # fmt: skip


def _asked() -> argparse.Namespace:
    asked = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    asked.add_argument("seed", type=int, nargs="?", default=random.SystemRandom().randrange(10**6))
    asked.add_argument("--faults", type=int, default=0, help="stop after so many faults")
    asked.add_argument("--minutes", type=float, default=0, help="stop after so many minutes")
    asked.add_argument("--mutant", choices=sorted(MUTANTS), help="torture a server that is broken on purpose")
    asked.add_argument("--forget", action="store_true", help="keep no folder of a failure")
    found = asked.parse_args()
    if not found.faults and not found.minutes:
        found.faults = 200
    return found


if __name__ == "__main__":
    sys.exit(main())
