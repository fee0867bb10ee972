"""Which records stand: amendments, withdrawals and repeats, worked out from the set of them.

No record is ever changed. A record may say of another that it *amends* it (stands in its place),
*withdraws* it, or that a third record *repeats* it (both describe one event). What follows from a set of
records does not depend on the order in which they came:

- a withdrawal counts unless it is itself withdrawn; withdrawals that withdraw each other in a circle say
  nothing and none of them counts;
- a record stands unless it is withdrawn, or a correction of it (or of a correction of it) is not withdrawn;
  so withdrawing a correction restores what it replaced, and correcting a correction keeps it replaced;
  corrections that replace each other in a circle say nothing either;
- records joined as one event count once: the one named as the original if any version of it still stands,
  otherwise the repeat (the smallest record id where several qualify).

The same rules exist in TypeScript for the phone; both run tests/vectors/standing.json.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

RelationType = Literal["amends", "withdraws", "same_event_as"]


@dataclass(frozen=True)
class Relation:
    """What `record` says about `target`. `repeat` is the record said to repeat the target (same_event_as)."""

    record: str
    type: RelationType
    target: str
    repeat: str = ""


@dataclass(frozen=True)
class Standing:
    """Whether a record's facts count, and the event it belongs to (one id for all versions and repeats)."""

    stands: bool
    event: str


def standings(relations: Iterable[Relation]) -> Mapping[str, Standing]:
    """The standing of every record that a relation touches; a record not in the answer stands for itself."""
    relations = sorted((r for r in relations if r.record != r.target), key=lambda r: (r.record, r.target))
    withdrawn = _withdrawn(relations)
    versions = _Versions(relations, withdrawn)
    links = [
        (r.target, r.repeat or r.record) for r in relations if r.type == "same_event_as" and r.record not in withdrawn
    ]
    touched = {r.record for r in relations} | {r.target for r in relations} | {repeat for _, repeat in links}
    return _choose(touched, links, versions)


def versions_of(record: str, relations: Iterable[Relation]) -> list[str]:
    """A record and all that amend it or are amended by it, the first version first.

    To say that something never happened, each of them is withdrawn: withdrawing the last alone would restore the
    one before it.
    """
    original = {r.record: r.target for r in sorted(relations, key=lambda r: r.target) if r.type == "amends"}
    found = [record]
    while (before := original.get(found[0])) is not None and before not in found:
        found.insert(0, before)
    found = found[:1]
    for version in found:
        found += sorted(r for r, target in original.items() if target == version and r not in found)
    return found


def _withdrawn(relations: list[Relation]) -> set[str]:
    """Records with a withdrawal that counts. Settles each withdrawal once all that could undo it are settled."""
    withdrawals = {(r.record, r.target) for r in relations if r.type == "withdraws"}
    undone_by: dict[str, set[str]] = defaultdict(set)
    for record, target in withdrawals:
        undone_by[target].add(record)
    unsettled = {record for record, _ in withdrawals}
    counting: set[str] = set()
    while settled := {r for r in unsettled if not (undone_by[r] & unsettled) or undone_by[r] & counting}:
        counting |= {r for r in settled if not undone_by[r] & counting}
        unsettled -= settled
    return {target for record, target in withdrawals if record in counting}


class _Versions:
    """The versions of each record: an original and the corrections that hang from it."""

    def __init__(self, relations: list[Relation], withdrawn: set[str]) -> None:
        self._withdrawn = withdrawn
        original = {r.record: r.target for r in relations if r.type == "amends"}
        self._original = {r: t for r, t in original.items() if not _in_circle(r, original)}
        self._corrections: dict[str, set[str]] = defaultdict(set)
        for record, target in self._original.items():
            self._corrections[target].add(record)

    def root(self, record: str) -> str:
        """The first version of a record."""
        while (original := self._original.get(record)) is not None:
            record = original
        return record

    def stands(self, record: str) -> bool:
        """Not withdrawn, and no correction below it that is not withdrawn."""
        if record in self._withdrawn:
            return False
        below = list(self._corrections[record])
        while below:
            correction = below.pop()
            if correction not in self._withdrawn:
                return False
            below.extend(self._corrections[correction])
        return True


def _in_circle(record: str, original: Mapping[str, str]) -> bool:
    """Whether following the corrections from a record leads back to it."""
    seen = {record}
    current = original[record]
    while current not in seen and current in original:
        seen.add(current)
        current = original[current]
    return current == record


def _choose(touched: set[str], links: list[tuple[str, str]], versions: _Versions) -> dict[str, Standing]:
    """Group records into events and let one original with its versions count in each."""
    roots = {record: versions.root(record) for record in touched}
    standing = {record for record in touched if versions.stands(record)}
    repeats = {roots[repeat] for original, repeat in links if roots[repeat] != roots[original]}
    event_of = _join(set(roots.values()), [(roots[a], roots[b]) for a, b in links])
    members: dict[str, list[str]] = defaultdict(list)
    for root, event in event_of.items():
        members[event].append(root)
    rooted: dict[str, set[str]] = defaultdict(set)
    for record in standing:
        rooted[roots[record]].add(record)
    counting = {
        event: next((r for r in sorted(group, key=lambda r: (r in repeats, r)) if rooted[r]), None)
        for event, group in members.items()
    }
    return {
        record: Standing(stands=record in standing and counting[event_of[root]] == root, event=event_of[root])
        for record, root in roots.items()
    }


def _join(items: set[str], pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Name for each item the smallest id of all items it is joined with."""
    name = {item: item for item in items}

    def find(item: str) -> str:
        while name[item] != item:
            item = name[item]
        return item

    for a, b in pairs:
        low, high = sorted((find(a), find(b)))
        name[high] = low
    return {item: find(item) for item in items}
