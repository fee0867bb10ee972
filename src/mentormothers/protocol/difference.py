"""What changes from one protocol (or version of it) to another, for whom, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Literal

from mentormothers.protocol.model import Item, Protocol
from mentormothers.protocol.words import ItemWords, say_item, say_tracing

Sort = Literal["new", "gone", "changed"]
_PARTS: Mapping[str, str] = {
    "whom": "for whom", "due": "due", "shown": "shown", "in_time": "in time", "missed": "missed from",
    "beyond": "beyond reach from", "done": "done by", "ends": "ends with",
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One part of an item or setting that reads differently; empty: it was, or is, not said."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """An item or a setting that is new, gone or changed. whom: empty for what holds for everybody."""

    id: str
    label: str
    sort: Sort
    whom: str
    parts: Sequence[Part] = ()


def difference(old: Protocol, new: Protocol) -> list[Change]:
    """Every change, settings first, then items in the order of the new protocol, then those that are gone."""
    return [*_settings(old, new), *_items(old, new)]


def _settings(old: Protocol, new: Protocol) -> Iterator[Change]:
    before = {s.id: s for s in old.settings} | _head(old)
    after = {s.id: s for s in new.settings} | _head(new)
    said = {name: str(getattr(value, "value", value)) for name, value in before.items()}
    says = {name: str(getattr(value, "value", value)) for name, value in after.items()}
    for name in [*says, *(gone for gone in said if gone not in says)]:
        if said.get(name, "") != says.get(name, ""):
            sort: Sort = "gone" if name not in says else "new" if name not in said else "changed"
            yield Change(name, name, sort, "", [Part("value", said.get(name, ""), says.get(name, ""))])


def _head(protocol: Protocol) -> dict[str, str]:
    return {
        "effective_from": protocol.effective_from.isoformat(),
        "signed_off_by": protocol.signed_off_by,
        "tracing": "; ".join(say_tracing(protocol)),
    }


def _items(old: Protocol, new: Protocol) -> Iterator[Change]:
    before = {item.id: item for item in old.items}
    for item in new.items:
        was, says = before.pop(item.id, None), say_item(item, new)
        if was is None:
            yield Change(item.id, item.label, "new", says.whom)
        elif parts := list(_parts(was, item, say_item(was, old), says)):
            yield Change(item.id, item.label, "changed", says.whom, parts)
    for item in before.values():
        yield Change(item.id, item.label, "gone", say_item(item, old).whom)


def _parts(was: Item, item: Item, said: ItemWords, says: ItemWords) -> Iterator[Part]:
    for one in fields(ItemWords):
        before, after = getattr(said, one.name), getattr(says, one.name)
        if before != after and one.name in _PARTS:
            yield Part(_PARTS[one.name], before, after)
    for name in ("label", "source", "basis", "note"):
        if getattr(was, name) != getattr(item, name):
            yield Part(name, getattr(was, name), getattr(item, name))
    if was.unverified != item.unverified:
        yield Part("verified", _yes(not was.unverified), _yes(not item.unverified))


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"
