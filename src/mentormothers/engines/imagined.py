"""One imagined client for whom everything is done on its day: the schedule of a protocol as dates that can be signed.

She is invented, and so are her results: each supply is for 90 days, samples come back after two
weeks and say what is hoped for. What a protocol
asks only after another result does not stand in her calendar; it is listed beside it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

from mentormothers.engines import reference
from mentormothers.engines.rows import ScheduleRow
from mentormothers.facts.days import add_months
from mentormothers.facts.fact import Fact, History
from mentormothers.facts.values import parse_value
from mentormothers.facts.vocabulary import vocabulary
from mentormothers.protocol.model import Item, Protocol
from mentormothers.protocol.terms import DAYS_LMP_TO_EDD, FEEDING_MONTHS
from mentormothers.protocol.words import say_item

Role = Literal["mother", "infant"]
_MOTHER, _INFANT = "mother", "infant"
_RESULTS = {"vl.sample": ("vl.result", "40"), "eid.sample": ("eid.result", "neg"), "cd4.sample": ("cd4.result", "500")}
_RESULTS_BY_KIND = dict(_RESULTS.values())
RESULT_DAYS, SUPPLY_DAYS = 14, 90
IMAGINED = (  # said wherever a calendar is shown
    f"Imagined: every item is done on its day, supplies are for {SUPPLY_DAYS} days, every result comes after "
    f"{RESULT_DAYS} days and is good."
)
_DONE = ("done", "cancelled", "expired")


@dataclass(frozen=True)
class Planned:
    """One line of the calendar: when it opens, when it is due, the last day in time."""

    item: Item
    opens: date
    due: date
    in_time: date


@dataclass(frozen=True)
class Calendar:
    """The lines in the order in which they are done, and the items for such a client that never come up."""

    planned: Sequence[Planned]
    others: Sequence[Item]


def calendar(protocol: Protocol, role: Role, anchor: date, *, positive: bool = True) -> Calendar:
    """The calendar of a mother from her last period on, or of a baby from birth on, until the second birthday.

    positive  whether the mother is known to be HIV-positive and on treatment, for two years already
    """
    protocol = replace(protocol, succeeds=None)  # its own items, on days before it starts too
    born = anchor if role == "infant" else anchor + timedelta(days=DAYS_LMP_TO_EDD)
    life = _Life(protocol, role, _beginning(born, positive=positive))
    planned = list(life.lived(anchor, add_months(born, FEEDING_MONTHS)))
    met = {one.item.id for one in planned}
    hers = [item for item in protocol.items if (say_item(item, protocol).group == "infant") == (role == "infant")]
    return Calendar([p for p in planned if p.due >= anchor], [item for item in hers if item.id not in met])


@dataclass
class _Life:
    """Lives her days one by one: does what is due, and lets results follow."""

    protocol: Protocol
    client: str
    facts: list[Fact]
    _met: set[tuple[str, int, date]] = field(default_factory=set)

    def lived(self, day: date, last: date) -> Iterator[Planned]:
        """Everything in the order in which it is done."""
        while day <= last:
            while due := [row for row in self._open(day) if row.due <= day]:
                yield self._do(min(due, key=lambda row: row.due))
            day = self._next_day(day)

    def _open(self, day: date) -> list[ScheduleRow]:
        rows = reference.schedule(self.protocol, History(tuple(self.facts)), day)
        hers = [r for r in rows if r.client == self.client and r.state not in _DONE]
        return [row for row in hers if (row.item, row.occurrence, row.due) not in self._met]

    def _next_day(self, day: date) -> date:
        """The next on which something is due or happens."""
        due = [row.due for row in self._open(day)]
        days = [later for later in (*due, *(fact.day for fact in self.facts)) if later > day]
        return min(days, default=date.max)

    def _do(self, row: ScheduleRow) -> Planned:
        item = self.protocol.item(row.item)
        self._met.add((row.item, row.occurrence, row.due))
        match = item.satisfied_by[0].match
        value = match.values[0] if match.values else _hoped_for(match.kind)
        self.facts.extend(_done(self.client, match.kind, value, row.due))
        return Planned(item, row.opens, row.due, row.due + timedelta(days=item.grace_days))


def _beginning(born: date, *, positive: bool) -> list[Fact]:
    """What is known of the pair from the start: pregnancy, birth, and since when she is on treatment."""
    began = born - timedelta(days=DAYS_LMP_TO_EDD)
    before = began - timedelta(days=730)
    facts = [_fact(_MOTHER, "pregnancy.lmp", "", began), _fact(_MOTHER, "delivery", "live", born)]
    facts.append(_fact(_INFANT, "child.dob", "", born))
    if positive:
        facts += [_fact(_MOTHER, "hiv.diagnosis", "", before), _fact(_MOTHER, "art.start", "", before)]
        facts.append(_fact(_MOTHER, "art.dispense", str(SUPPLY_DAYS), began))
    return facts


def _done(client: str, kind: str, value: str, day: date) -> Iterator[Fact]:
    made = _fact(client, kind, value, day)
    yield made
    if kind in _RESULTS:
        result, said = _RESULTS[kind]
        yield replace(_fact(client, result, said, day + timedelta(days=RESULT_DAYS)), ref=made.record)


def _hoped_for(name: str) -> str:
    kind = vocabulary().kind(name)
    assert kind, name
    if name == "art.dispense":
        return str(SUPPLY_DAYS)
    if kind.value == "code" and kind.required and not kind.empty_means:
        return "neg" if "neg" in kind.codes else kind.codes[0]
    return _RESULTS_BY_KIND.get(name, "")


def _fact(client: str, name: str, value: str, day: date) -> Fact:
    kind = vocabulary().kind(name)
    assert kind, name
    normal, number = parse_value(kind, value)
    return Fact(
        client=client,
        role=client,
        kind=name,
        day=day,
        value=normal,
        number=number,
        mother=_MOTHER if client == _INFANT else "",
        record=f"{client} {name} {day}",
    )
