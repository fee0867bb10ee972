"""Numbers that leave the programme: what is small is hidden, and so is what would give it away by a subtraction.

Fewer than five people at one site and in one quarter can be guessed at by those who live there (domain rules,
section 11). A hidden part could be worked out from a total and the other parts, so a second number is hidden too.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from mentormothers.reports.tables import TOGETHER, TOTAL, Key

SMALLEST = 5
HIDDEN = f"<{SMALLEST}"


def hidden(numbers: Mapping[Key, int]) -> set[Key]:
    """Which numbers are not shown outside."""
    found = {key for key, number in numbers.items() if 0 < number < SMALLEST}
    sums = _sums(numbers)
    while more := {key for group in sums for key in _second(group, numbers, found)}:
        found |= more
    return found


def _sums(numbers: Iterable[Key]) -> list[set[Key]]:
    """Numbers that add up: the parts with their total, the sites with all of them together."""
    groups: dict[tuple[str, ...], set[Key]] = defaultdict(set)
    for key in numbers:
        groups["parts", key.period, key.place].add(key)
        groups["places", key.period, key.part].add(key)
    return [group for (kind, *_), group in groups.items() if _adds_up(kind, group)]


def _adds_up(kind: str, group: set[Key]) -> bool:
    if kind == "parts":
        return any(key.part == TOTAL for key in group) and len(group) > 1
    return any(key.place == TOGETHER for key in group) and len(group) > 1


def _second(group: set[Key], numbers: Mapping[Key, int], found: set[Key]) -> list[Key]:
    """The smallest number besides the only hidden one of a sum; nothing where two are hidden, or none."""
    if len(group & found) != 1:
        return []
    candidates = sorted(key for key in group - found if numbers[key])
    return [min(candidates, key=lambda key: numbers[key])] if candidates else []
