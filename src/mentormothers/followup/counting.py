"""How much waits, in groups that a coordinator counts by."""

from dataclasses import dataclass
from typing import Literal, get_args

# `week`: due, and its day has come or comes within seven days from today. The others are states.
Group = Literal["week", "due", "overdue", "defaulted", "lost"]
GROUPS: tuple[Group, ...] = get_args(Group)
WEEK_DAYS = 7


@dataclass(frozen=True)
class Waiting:
    """Things to do in a group, and for how many people."""

    things: int
    people: int

    def __add__(self, other: "Waiting") -> "Waiting":
        return Waiting(self.things + other.things, self.people + other.people)
