"""Where the time of a push goes: the stages of the real path, each with a stopwatch while one connection pushes."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import Any
from unittest.mock import patch

# Stage, and the function of the real path that is it. None of them calls another of them.
STAGES = {
    "JSON read": ("mentormothers.config.benchmarks.pushing", "read_body"),
    "record read and written canonically": ("mentormothers.sync.parcels", "read_record"),
    "signed text written canonically": ("mentormothers.sync.parcels", "signed_text"),
    "signature verified": ("mentormothers.sync.parcels", "signed_by"),
    "answers checked against the form": ("mentormothers.sync.parcels", "check_answers"),
    "facts extracted": ("mentormothers.sync.parcels", "facts_stated"),
    "sealed parts compared": ("mentormothers.sync.parcels", "_identities"),
    "records, facts, clients, feed, homes and counters written": ("mentormothers.sync.push", "keep_records"),
    "identities opened and written": ("mentormothers.sync.push", "keep_identities"),
}
REST = "the rest: transactions, scope, people, answers"


def stage_times(work: Callable[[], int]) -> dict[str, float]:
    """Microseconds a record for each stage while `work` pushes and gives the number of records."""
    spent = dict.fromkeys(STAGES, 0.0)
    with ExitStack() as watched:
        for stage, (module, name) in STAGES.items():
            watched.enter_context(_stopwatch(spent, stage, module, name))
        started = time.perf_counter()
        records = work()
        whole = time.perf_counter() - started
    spent[REST] = whole - sum(spent.values())
    return {stage: seconds / records * 1e6 for stage, seconds in spent.items()}


@contextmanager
def _stopwatch(spent: dict[str, float], stage: str, module: str, name: str) -> Iterator[None]:
    real = getattr(import_module(module), name)

    def timed(*args: Any, **kwargs: Any) -> Any:
        started = time.perf_counter()
        try:
            return real(*args, **kwargs)
        finally:
            spent[stage] += time.perf_counter() - started

    with patch(f"{module}.{name}", timed):
        yield
