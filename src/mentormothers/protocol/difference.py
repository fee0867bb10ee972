"""What changes from one protocol (or version of it) to another, for whom, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from mentormothers.protocol.model import Item, Protocol
from mentormothers.protocol.provenance import Setting
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
    before, after = _said(old), _said(new)
    for name in dict.fromkeys([*after, *before]):
        was, now = before.get(name, {}), after.get(name, {})
        parts = [
            Part(what, was.get(what, ""), now.get(what, "")) for what in now or was if was.get(what) != now.get(what)
        ]
        if parts:
            yield Change(name, name, "changed" if was and now else "new" if now else "gone", "", parts)


def _said(protocol: Protocol) -> dict[str, dict[str, str]]:
    """What holds for all items, part by part, by name."""
    found = {one.id: {"value": one.value} | _origin(one) for one in protocol.settings}
    found.setdefault("tracing", {})["value"] = "; ".join(say_tracing(protocol))
    found["effective_from"] = {"value": protocol.effective_from.isoformat()}
    found["signed_off_by"] = {"value": protocol.signed_off_by.name if protocol.signed_off_by else ""}
    return found


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
    before, after = _of_item(was, said), _of_item(item, says)
    yield from (Part(what, before[what], after[what]) for what in after if before[what] != after[what])


def _of_item(item: Item, said: ItemWords) -> dict[str, str]:
    words = {what: str(getattr(said, name)) for name, what in _PARTS.items()}
    return words | {"label": item.label, **_origin(item), "note": item.note}


def _origin(value: Item | Setting) -> dict[str, str]:
    """Where a value is from, and whether anybody has confirmed it."""
    return {"source": value.source, "basis": value.basis, "verified": "no" if value.unverified else "yes"}
