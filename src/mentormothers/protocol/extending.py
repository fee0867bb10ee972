"""Laying a protocol on others: their items, but for those it replaces or does without; what it says of them itself.

Nothing is replaced in silence: an item of the same id, or a thing that two extended protocols say differently, is an
error until the file names it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from mentormothers.protocol.model import Item, Protocol
from mentormothers.protocol.provenance import LeftOut, Setting, Source
from mentormothers.protocol.tracing import Tracing

Named = TypeVar("Named", Setting, Source)


@dataclass(frozen=True)
class OwnItem:
    """An item that stands in the file itself; `place` begins every error about it: `line 7, item MW.CTX: `."""

    item: Item
    replaces: tuple[str, ...]
    place: str


@dataclass(frozen=True)
class Omitted:
    """An item of an extended protocol that the file does without, and why."""

    id: str
    why: str
    place: str


@dataclass(frozen=True)
class Laid:
    """A file on the protocols it extends; `place` begins errors about these, own items replace theirs."""

    bases: Sequence[Protocol]
    place: str
    own: Sequence[OwnItem]
    without: Sequence[Omitted]

    def faults(self) -> list[str]:
        """Everything that is not said, or said of what there is not; each with its place and what to do."""
        return [*self._unsaid(), *self._unknown(), *self._twice()]

    def placed(self, fault: str) -> str:
        """A fault of an item, with the line of it where it is the file's own."""
        for one in self.own:
            if fault.startswith(f"item {one.item.id}: "):
                return one.place + fault.removeprefix(f"item {one.item.id}: ")
        return fault

    def items(self) -> tuple[Item, ...]:
        """The effective items: own ones where the first they replace stood, or else after the own one before."""
        gone = {one.id for one in self.without}
        listed = [self._own_for(item.id) or [item] for item in self._inherited() if item.id not in gone]
        placed = {item.id: item for some in listed for item in some}
        found = {name: [item] for name, item in placed.items()}
        at_the_end: list[Item] = []
        behind = at_the_end
        for one in self.own:
            behind = found.get(one.item.id, behind)
            if one.item.id not in placed:
                behind.append(one.item)
        return tuple(item for some in (*found.values(), at_the_end) for item in some)

    def left_out(self, own: Sequence[LeftOut]) -> tuple[LeftOut, ...]:
        """The file's own entries, what it replaces and does without, and what was left out before."""
        said = [*own, *self._replaced(), *self._omitted()]
        over = {one.id for one in own} | self._names_replaced() | {one.id for one in self.without}
        before = [one for base in self.bases for one in base.left_out if one.id not in over]
        return tuple(dict.fromkeys([*said, *before]))

    def tracing(self) -> Tracing:
        """Of the first extended protocol, because of the items that stand in for its own."""
        if not self.bases:
            return Tracing()
        kept = {item.id for item in self.items()}
        first = self.bases[0].tracing
        ours = [[item.id for item in self._own_for(name)] or [name] for name in first.open_when]
        names = [name for some in ours for name in some if name in kept]
        return replace(first, open_when=tuple(dict.fromkeys(names)))

    def settings(self, own: Sequence[Setting]) -> tuple[Setting, ...]:
        """The file's own, and those of the others that it does not set itself; of `lost` and `tracing` the first's."""
        mine = {one.id for one in own}
        firsts = [s for s in (self.bases[0].settings if self.bases else ()) if s.id in ("lost", "tracing")]
        others = [s for base in self.bases for s in base.settings if s.id not in ("lost", "tracing")]
        inherited = [s for s in (*firsts, *others) if s.id not in mine]
        return (*own, *self._agreed(inherited, "setting", "set it in this file"))

    def sources(self, own: Sequence[Source]) -> tuple[Source, ...]:
        """All of them; one id stands for one text."""
        found = [*own, *(source for base in self.bases for source in base.sources)]
        return tuple(self._agreed(found, "source", "give one of them another id"))

    def _agreed(self, found: Iterable[Named], what: str, remedy: str) -> Iterator[Named]:
        known: dict[str, Named] = {}
        for one in found:
            if known.setdefault(one.id, one) != one:
                raise ValueError(f"{self.place}{what} {one.id} is said in two ways. Please {remedy}")
        yield from known.values()

    def _inherited(self) -> list[Item]:
        return list({item.id: item for base in self.bases for item in base.items}.values())

    def _own_for(self, name: str) -> list[Item]:
        return [one.item for one in self.own if name in one.replaces]

    def _names_replaced(self) -> set[str]:
        return {name for one in self.own for name in one.replaces}

    def _labels(self) -> Mapping[str, str]:
        """What can be replaced: items, and what was left out so far."""
        before = {one.id: one.what for base in self.bases for one in base.left_out}
        return before | {item.id: item.label for item in self._inherited()}

    def _replaced(self) -> Iterator[LeftOut]:
        for name, label in self._labels().items():
            by = [item.id for item in self._own_for(name)]
            if by and name not in by:
                stand = "stands" if len(by) == 1 else "stand"
                yield LeftOut(name, label, f"{' and '.join(by)} {stand} in for it.")

    def _omitted(self) -> Iterator[LeftOut]:
        labels = self._labels()
        yield from (LeftOut(one.id, labels[one.id], one.why) for one in self.without)

    def _unsaid(self) -> Iterator[str]:
        """Items that have the id of another without saying that they replace it."""
        known = {item.id for item in self._inherited()}
        for one in self.own:
            if one.item.id in known and one.item.id not in one.replaces:
                yield f"{one.place}an extended protocol has this item too. Please say `replaces: {one.item.id}`"

    def _unknown(self) -> Iterator[str]:
        """What is replaced or done without, and is not there."""
        known, items = self._labels(), {item.id for item in self._inherited()}
        for one in self.own:
            for name in one.replaces:
                if name not in known:
                    yield f"{one.place}replaces {name}, which no extended protocol has. Please check its spelling"
        for gone in self.without:
            if gone.id not in items:
                yield f"{gone.place}no extended protocol has this item. Please check its spelling"

    def _twice(self) -> Iterator[str]:
        """What stands twice, is both replaced and done without, or is said by extended protocols in two ways."""
        first = {one.item.id: one for one in reversed(self.own)}
        yield from (f"{one.place}{one.item.id} stands twice" for one in self.own if first[one.item.id] is not one)
        replaced, gone = self._names_replaced(), {one.id for one in self.without}
        for one in self.without:
            if one.id in replaced:
                yield f"{one.place}an item here replaces it. Please leave it out of `without`"
        every = [item for base in self.bases for item in base.items]
        kept = {item.id: item for item in every}
        clash = {i.id for i in every if i != kept[i.id]} - replaced - gone
        for name in sorted(clash):
            yield f"{self.place}item {name} is said in two ways. Please replace it here, or name it in `without`"
