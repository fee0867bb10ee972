"""Several phones speak to the server at once, while something happens to it."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.faults.installation import wait_for
from tests.faults.phones import NoConnectionError, Phone, RefusedError
from tests.faults.programme import Programme
from tests.faults.proxy import Cut

AT_ONCE = 6


@dataclass(frozen=True)
class Breaks:
    """Where a phone's next push and pull break."""

    push: Cut | None = None
    pull: Cut | None = None


def speak(
    phones: Sequence[Phone],
    *,
    breaks: Mapping[str, Breaks] | None = None,
    meanwhile: Callable[[], int] | None = None,
    batch: int = 20,
) -> tuple[int, int]:
    """Let phones speak at once. Gives how many could not end, and what `meanwhile` gave."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        said = [pool.submit(_once, phone, (breaks or {}).get(phone.address, Breaks()), batch) for phone in phones]
        happened = meanwhile() if meanwhile else 0
        return sum(not future.result() for future in said), happened


def speak_until_all_is_said(programme: Programme) -> None:
    """Wait until the server is well, every outbox is empty and every phone has heard everything."""
    programme.installation.wait_until_well()
    for _ in range(2):  # what one gives, another may have to hear
        wait_for(lambda: _all_said(programme.working), "some phone cannot give or fetch everything")


def soon(dice: random.Random, longest: float = 0.3) -> None:
    """Wait a moment, so that what follows falls into the middle of something."""
    time.sleep(dice.random() * longest)


def _all_said(phones: Sequence[Phone]) -> bool:
    failed, _ = speak(phones)
    return not failed


def _once(phone: Phone, breaks: Breaks, batch: int) -> bool:
    """One round of a phone, as the app does it. Gives whether it came to its end."""
    try:
        phone.sync(breaks.push, pull_cut=breaks.pull, batch=batch)
    except NoConnectionError:
        return False
    except RefusedError as refused:
        if not phone.revoked:
            raise AssertionError(f"the server refused what the app says: {refused}") from refused
    return True
