"""What the items of a protocol share in its query: for whom they are, and the days that they are counted from."""

from collections.abc import Iterator

from mentormothers.engines.clauses import later
from mentormothers.engines.portable import greatest
from mentormothers.protocol.model import RISKS, EventTerm, Item, Protocol, StartTerm, Term


class Shared:
    """Each `who` has a number, each day of a client a column `t0`, `t1` … of the step anchors.

    `being` is the step that holds the definitions: those of risk are worked out only where an item names one.
    """

    def __init__(self, protocol: Protocol) -> None:
        self.whos = list(dict.fromkeys(item.who for item in protocol.items))
        self.terms = list(dict.fromkeys(_plain(term) for item in protocol.items for term in _terms(item)))
        named = {name for item in protocol.items for name in _definitions(item)}
        self.being = "being" if named.isdisjoint(RISKS) else "risk"

    def who(self, item: Item) -> int:
        """The number of those for whom an item is."""
        return self.whos.index(item.who)

    def number(self, term: EventTerm) -> int:
        """The number of the column that holds the day of a term."""
        return self.terms.index(_plain(term))


class Days:
    """Days of terms as SQL, collecting the calendar joins that they need."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self.joins = ""

    def raw(self, term: Term) -> str:
        """The day of the term before its offset is added."""
        if isinstance(term, StartTerm):
            return f"b.{term.definition}_since"
        return f"t.t{self._shared.number(term)}"

    def counted(self, term: Term) -> str:
        """The day of the term with its offset."""
        day, join = later(self.raw(term), term.plus, f"k{self.joins.count('LEFT JOIN')}")
        self.joins += " " + join
        return day


def greatest_of_all(values: list[str]) -> str:
    """The largest of several days, missing if one of them is missing."""
    if len(values) == 1:
        return values[0]
    known = " AND ".join(f"{value} IS NOT NULL" for value in values)
    return f"CASE WHEN {known} THEN {greatest(values)} END"


def _terms(item: Item) -> Iterator[EventTerm]:
    for term in item.anchor.terms:
        if isinstance(term, EventTerm) and term.which != "each":
            yield term
    for satisfier in item.satisfied_by:
        if satisfier.not_before:
            yield satisfier.not_before


def _plain(term: EventTerm) -> EventTerm:
    return EventTerm(term.match, term.which, since=term.since)


def _definitions(item: Item) -> Iterator[str]:
    """Every definition that the item names."""
    for group in item.who.alternatives:
        yield from group
    starts = (*item.anchor.terms, item.anchor.anew)
    yield from (term.definition for term in starts if isinstance(term, StartTerm))
    yield from (stop.definition for stop in item.stop if stop.definition)
