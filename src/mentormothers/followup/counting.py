"""How much waits, in groups that a coordinator counts by."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from mentormothers.access.statements import prepared

# `week`: due, and its day has come or comes within seven days from today. The others are states.
Group = Literal["week", "due", "overdue", "defaulted", "lost"]
GROUPS: tuple[Group, ...] = get_args(Group)
WEEK_DAYS = 7
_LATE_AMONG = """
SELECT DISTINCT client FROM care.open_item
WHERE client = ANY (%s) AND traceable AND state IN ('overdue', 'defaulted', 'lost')"""


@dataclass(frozen=True)
class Waiting:
    """Things to do in a group, and for how many people."""

    things: int
    people: int

    def __add__(self, other: "Waiting") -> "Waiting":
        return Waiting(self.things + other.things, self.people + other.people)


def late_among(clients: Iterable[UUID]) -> set[UUID]:
    """Those of some clients in scope who are late with something because of which people are looked for."""
    with prepared() as cursor:
        return {row[0] for row in cursor.execute(_LATE_AMONG, [list(clients)]).fetchall()}
