"""Why one thing to do comes before another: each point of its rank has a name, and a reason in words.

The weights are the programme's own choice; no guideline ranks women. A rank is the sum of the reasons that are kept
with it, so that whoever asks is told all of it (docs/reference/priority.md). No Django here, and no clock.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from mentormothers.engines.rows import ScheduleRow
from mentormothers.followup.story import Story
from mentormothers.protocol.model import Item, LostRule
from mentormothers.protocol.terms import Offset

_AT_ONCE_WITHIN = 7  # days of grace
_THIRD_TRIMESTER = 28


@dataclass(frozen=True)
class Weight:
    """What counts how much: so many points, or so many for each step of so many (days, times), up to a most.

    counts  what is counted; empty where the points are given once
    why     why it counts that much, for the documentation
    """

    points: int
    when: str
    why: str
    counts: str = ""
    step: int = 1
    most: int = 0

    def of(self, number: int) -> int:
        """The points for so many of what is counted."""
        return min(number // self.step * self.points, self.most)

    @property
    def said(self) -> str:
        """The points in words: `60`, or `5 for each time, 15 at most`."""
        if not self.counts:
            return str(self.points)
        step = f"each {self.counts}" if self.step == 1 else f"every {self.step} {self.counts}s"
        return f"{self.points} for {step}, {self.most} at most"


WEIGHTS: Mapping[str, Weight] = {
    "at_once": Weight(130, "A baby's medicine, treatment or second sample, due on the very day of what happened and "
                      "late within a week", "each day without it may cost the baby its health: it goes before "
                      "everything else, also on its first day"),
    "lost": Weight(60, "Its state: late beyond the protocol's line", "who is away longest is the hardest to find"),
    "defaulted": Weight(50, "Its state: missed, to be followed up", "the sooner, the easier she is found"),
    "overdue": Weight(30, "Its state: overdue", "it was to be done by now"),
    "due": Weight(10, "Its state: due", "it can be done now, and is in time"),
    "looked_for": Weight(30, "The protocol looks for people because of this, and it is late",
                         "it comes before what can wait for the next visit"),
    "late": Weight(1, "How late it is", "of two alike the later one first; weeks later nothing changes",
                   counts="day", step=2, most=10),
    "late_before": Weight(5, "She came late for a supply before", "who struggled before may again",
                          counts="time", most=15),
    "never_tested": Weight(15, "A child that was never tested", "until its first test nobody knows what it needs"),
    "near_birth": Weight(15, f"Pregnant for {_THIRD_TRIMESTER} weeks or more",
                         "little time is left before the birth"),
    "pregnant": Weight(5, "Pregnant, earlier than that", "two lives hang on it"),
    "child": Weight(0, "A child that was tested", "its age is said, and weighs nothing by itself"),
    "refused": Weight(-20, "She said no when somebody came", "she asked to be left alone, and is heard"),
}  # fmt: skip
# What every line says of itself; the others say who she is.
OF_THE_THING = ("lost", "defaulted", "overdue", "due", "looked_for", "late")


@dataclass(frozen=True)
class Reason:
    """One reason for a rank: the name of its weight, its points, and what it is in her case."""

    weight: str
    points: int
    words: str


def reasons_for(row: ScheduleRow, item: Item, story: Story, lost: LostRule, *, looked_for: bool) -> tuple[Reason, ...]:
    """Everything that an open thing to do is ranked by, the weightiest first; its rank is the sum of the points."""
    found = [*_of_the_thing(row, lost, looked_for=looked_for), *_of_her(item, story)]
    return tuple(sorted(found, key=lambda reason: (-reason.points, reason.weight)))


def rank_of(reasons: Iterable[Reason]) -> int:
    """The sum of the points."""
    return sum(reason.points for reason in reasons)


def as_rows(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    """Reasons as they are kept."""
    return [asdict(reason) for reason in reasons]


def reasons_from(kept: Sequence[Mapping[str, Any]]) -> tuple[Reason, ...]:
    """Reasons as they were kept."""
    return tuple(Reason(one["weight"], one["points"], one["words"]) for one in kept)


def is_for_at_once(item: Item) -> bool:
    """A baby's, due on the very day of what happened and late within a week: medicine, treatment, a second sample."""
    of_a_baby = all("exposed_infant" in group for group in item.who.alternatives)
    return of_a_baby and item.offset == Offset() and not item.early_days and item.grace_days <= _AT_ONCE_WITHIN


def _of_the_thing(row: ScheduleRow, lost: LostRule, *, looked_for: bool) -> Iterable[Reason]:
    late = max(0, row.days_late or 0)
    beyond = f"more than {lost.days}" if lost.operator == "gt" else f"{lost.days} or more"
    states = {"due": "can be done now", "overdue": "its time is over", "defaulted": "missed, to be followed up",
              "lost": f"late by {beyond} days"}  # fmt: skip
    yield _reason(row.state, states[row.state])
    if looked_for:
        yield _reason("looked_for", "the protocol looks for people because of this")
    if late:
        yield Reason("late", WEIGHTS["late"].of(late), f"{late} days late" if late > 1 else "1 day late")


def _of_her(item: Item, story: Story) -> Iterable[Reason]:
    if is_for_at_once(item):
        yield _reason("at_once", "to be done at once")
    if story.weeks_old is not None:
        tested = "" if story.tested else ", never tested"
        yield _reason("child" if story.tested else "never_tested", f"{_age(story.weeks_old)} old{tested}")
    if story.weeks_pregnant is not None:
        months = story.weeks_pregnant * 7 // 30
        near = story.weeks_pregnant >= _THIRD_TRIMESTER
        said = f"{months} months pregnant" if months > 1 else "newly pregnant"
        yield _reason("near_birth" if near else "pregnant", said)
    if story.late_before:
        times = "once" if story.late_before == 1 else f"{story.late_before} times"
        yield Reason("late_before", WEIGHTS["late_before"].of(story.late_before), f"came late {times} before")
    if story.refusals:
        yield _reason("refused", "asked to be left alone")


def _reason(weight: str, words: str) -> Reason:
    return Reason(weight, WEIGHTS[weight].points, words)


def _age(weeks: int) -> str:
    if weeks >= 24:
        return f"{weeks * 7 // 30} months"
    return f"{weeks} weeks" if weeks != 1 else "1 week"
