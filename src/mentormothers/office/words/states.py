"""States in colour, icon and words, always all three. A person is late; she is never `lost`."""

from dataclasses import dataclass
from datetime import date

from mentormothers.engines.rows import State
from mentormothers.followup.counting import Group
from mentormothers.followup.family import Planned
from mentormothers.followup.worklist import OpenItem
from mentormothers.office.words.days import near_day, say_date, say_days
from mentormothers.protocol.model import LostRule, Protocol


@dataclass(frozen=True)
class Tag:
    """What a state looks like (class and icon of this tone) and what it says."""

    tone: str
    words: str


TONES: dict[State, str] = {
    "upcoming": "ahead", "due": "due", "overdue": "overdue", "defaulted": "missed", "lost": "beyond", "done": "done",
    "expired": "ahead", "cancelled": "ahead",
}  # fmt: skip


def tag_of(thing: OpenItem | Planned) -> Tag:
    """How a state is told: `due by 7 March`, `20 days late`, `done 3 March`, `from 12 April`."""
    tone = TONES[thing.state]
    if thing.state == "due":
        return Tag(tone, f"due by {near_day(thing.until)}")
    if isinstance(thing, Planned):
        if thing.state == "done":
            return Tag(tone, f"done {_on(thing.done_on)}")
        if thing.state == "upcoming":
            return Tag(tone, f"from {say_date(thing.opens)}")
    return Tag(tone, f"{say_days(thing.days_late)} late")


def say_beyond(rule: LostRule) -> str:
    """The protocol's line: `beyond 28 days`, or `28 days late or more`."""
    return f"beyond {rule.days} days" if rule.operator == "gt" else f"{rule.days} days late or more"


def say_groups(protocol: Protocol) -> dict[Group, str]:
    """What waits, in groups. Versions in force at once may draw the line on different days."""
    beyond = dict.fromkeys(say_beyond(version.lost) for version in reversed(protocol.versions))
    return {
        "week": "due this week",
        "due": "due, any day",
        "overdue": "overdue",
        "defaulted": "missed, to follow up",
        "lost": " or ".join(beyond),
    }


def say_rule(rule: str, lost: LostRule) -> str:
    """The rule of a schedule row in words; the row names it as `ACC-1@1/gt28`."""
    protocol, _, version = rule.partition("/")[0].partition("@")
    line = "more than" if lost.operator == "gt" else "at least"
    return f"protocol {protocol}, version {version}; {line} {lost.days} days late counts as beyond reach"


def _on(day: date | None) -> str:
    return say_date(day) if day else ""
