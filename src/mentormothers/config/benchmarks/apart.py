"""Work in a process of its own: seconds, CPU seconds of all its threads, and the most memory it ever had."""

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeAlias

from mentormothers.config.benchmarks.measuring import Progress

Told: TypeAlias = "Connection[Any, Any]"
ApartWork = Callable[[Any, Progress], int]


@dataclass(frozen=True)
class Taken:
    """What a work took, without the start of its process; `found` is what it gave, `peak` in bytes."""

    found: int
    seconds: float
    cpu: float
    peak: int


def apart(work: ApartWork, given: Any, progress: Progress) -> Taken:
    """Do a work of a module apart, and hear how far it is. Raises RuntimeError when it fails or finds nothing."""
    context = get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_do, args=(work, given, there))
    process.start()
    there.close()
    try:
        while isinstance(heard := here.recv(), str):
            progress(heard)
    except EOFError:
        raise RuntimeError("the process that was measured ended early; see above") from None
    finally:
        process.terminate()
        process.join()
    if not heard.found:
        raise RuntimeError("nothing was found, so nothing is measured. Please take more clients")
    assert isinstance(heard, Taken)
    return heard


def _do(work: ApartWork, given: Any, told: Told) -> None:
    started, cpu = time.perf_counter(), time.process_time()
    found = work(given, told.send)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    told.send(Taken(found, seconds, cpu, _most_memory()))


def _most_memory() -> int:
    """The most memory of this process, in bytes. What `getrusage` says counts the process that started it, too."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    except OSError:  # not Linux
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (peak,) = (line for line in lines if line.startswith("VmHWM:"))
    return int(peak.split()[1]) * 1024
