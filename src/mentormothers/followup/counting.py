"""How much waits at a site, in groups that a coordinator counts by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from mentormothers.followup.worklist import OpenItem

# `week`: due, and its day has come or comes within seven days from today. The others are states.
Group = Literal["week", "due", "overdue", "defaulted", "lost"]
GROUPS: tuple[Group, ...] = get_args(Group)
_WEEK = timedelta(days=6)


@dataclass(frozen=True)
class Waiting:
    """Things to do in a group, and for how many people."""

    things: int
    people: int


def belongs(item: OpenItem, group: Group, today: date) -> bool:
    """Whether something to do is in a group."""
    if group == "week":
        return item.state == "due" and item.due <= today + _WEEK
    return item.state == group


def waiting(items: Iterable[OpenItem], group: Group, today: date) -> Waiting:
    """How much is in a group."""
    found = [item for item in items if belongs(item, group, today)]
    return Waiting(len(found), len({item.client for item in found}))
