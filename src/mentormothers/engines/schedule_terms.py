"""What the items of a protocol share in its query: for whom they are, and the days that they are counted from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mentormothers.engines.clauses import later
from mentormothers.engines.portable import greatest
from mentormothers.protocol.model import Item, Protocol
from mentormothers.protocol.terms import RISKS, EventTerm, Match, Relative, StartTerm, Term

# The birthday that ages are counted from: a child's, or anybody's.
BIRTHS = (EventTerm(Match("child.dob")), EventTerm(Match("birth.date")))


@dataclass(frozen=True)
class Listed:
    """An item in the query of all versions of a protocol: `key` is its id there, the same in no two versions."""

    key: str
    item: Item
    version: int


class Shared:
    """Each `who` of a version has a number, each day of a client a column `t0`, `t1` … of the step anchors.

    being  the step that holds the definitions: those of risk are worked out only where an item names one
    facts  the step that holds the facts: with those of relatives only where an item names one
    """

    def __init__(self, versions: Sequence[Protocol]) -> None:
        self.versions = versions
        self.listed = [
            Listed(item.id if len(versions) == 1 else f"{n}/{item.id}", item, n)
            for n, version in enumerate(versions)
            for item in version.items
        ]
        items = [one.item for one in self.listed]
        self.whos = list(dict.fromkeys((one.version, one.item.who) for one in self.listed))
        births = BIRTHS if any(item.who.ages for item in items) else ()
        self.terms = list(dict.fromkeys([*births, *(_plain(term) for item in items for term in _terms(item))]))
        named = {name for item in items for name in _definitions(item)}
        self.being = "being" if named.isdisjoint(RISKS) else "risk"
        self.of_relatives = sorted({m for item in items for m in _of_relatives(item)})
        self.facts = "known" if self.of_relatives else "fact"

    def who(self, one: Listed) -> int:
        """The number of those for whom an item is."""
        return self.whos.index((one.version, one.item.who))

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


def _of_relatives(item: Item) -> Iterator[tuple[Relative, str]]:
    """Whose facts, other than the client's own, the item looks at, and of which kind."""
    terms = [term for term in (*item.anchor.terms, *_terms(item)) if isinstance(term, EventTerm)]
    found = [term.match for term in terms] + [term.since for term in terms if term.since]
    found += [s.match for s in item.satisfied_by] + [u.match for u in item.unless if u.match]
    found += [match for stop in item.stop for match in (stop.match, stop.until) if match]
    yield from ((match.of, match.kind) for match in found if match.of)


def _plain(term: EventTerm) -> EventTerm:
    return EventTerm(term.match, term.which, since=term.since)


def _definitions(item: Item) -> Iterator[str]:
    """Every definition that the item names."""
    for group in item.who.alternatives:
        yield from group
    starts = (*item.anchor.terms, item.anchor.anew)
    yield from (term.definition for term in starts if isinstance(term, StartTerm))
    yield from (stop.definition for stop in item.stop if stop.definition)
    yield from (unless.definition for unless in item.unless if unless.definition)
