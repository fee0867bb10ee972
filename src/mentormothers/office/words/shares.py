"""Shares of what may be hidden, in words."""

from collections.abc import Sequence

from mentormothers.reports.small_cells import Given, Hidden


def share(given: Given) -> float | None:
    """The proportion, where both numbers are shown and there is one."""
    if isinstance(given.number, Hidden) or isinstance(given.of, Hidden) or not given.of:
        return None
    return given.number / given.of


def say_percent(given: Given) -> str:
    """`94 %`; empty where it is not shown."""
    found = share(given)
    return f"{found * 100:.0f} %" if found is not None else ""


def say_given(given: Given) -> str:
    """`94 of 100`, `<5 of 100`, `not shown`, `nobody` of nobody."""
    if given.of is None:
        return str(given.number)
    if given.of == 0 and given.number == 0:
        return "nobody"
    if isinstance(given.of, Hidden) and isinstance(given.number, Hidden):
        return f"out of {given.of}" if given.of == Hidden.FEW else str(given.of)
    return f"{given.number} of {given.of}"


def listed(names: Sequence[str], most: int = 3) -> str:
    """`Area 25, Matawale and 4 more`."""
    shown = list(names[:most])
    if len(names) > most:
        return f"{', '.join(shown)} and {len(names) - most} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
