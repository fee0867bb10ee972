"""Reading the items of a protocol file: each checked, and all that are wrong told of at once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mentormothers.protocol.checking import refuse
from mentormothers.protocol.extending import OwnItem
from mentormothers.protocol.model import Item
from mentormothers.protocol.phrases import Phrases, each_of, offset, place
from mentormothers.protocol.reading_head import ORIGIN, names_in
from mentormothers.protocol.terms import Ages, Repeat
from mentormothers.protocol.yaml_file import line_of, mapping, said, whole, word, yes_or_no

_ITEM = {
    "id", "label", "who", "anchor", "offset", "satisfied_by", "early_days", "grace_days", "defaulter_days",
    "lost", "last_day", "series", "repeat", "stop", "unless", "ages", "where", "shares", "note", "replaces", *ORIGIN,
}  # fmt: skip
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}", re.ASCII)


def items_in(entries: Sequence[object], phrases: Phrases, file: str) -> tuple[OwnItem, ...]:
    """All items, or a ValueError that tells of each that is wrong."""
    found: list[OwnItem] = []
    faults: list[str] = []
    for number, entry in enumerate(entries, start=1):
        name = entry.get("id", number) if isinstance(entry, dict) else number
        where = f"{line_of(entry)}item {name}: "
        try:
            fields = mapping(entry, _ITEM, "the item")
            found.append(OwnItem(_item(fields, phrases, file), names_in(fields, "replaces"), where))
        except ValueError as error:
            faults.extend(f"{where}{line}" for line in str(error).split("\n"))
    refuse(faults)
    return tuple(found)


def _item(fields: Mapping[str, Any], phrases: Phrases, file: str) -> Item:
    return Item(
        id=_name(word(fields, "id"), "id"),
        label=word(fields, "label"),
        who=replace(
            phrases.who(word(fields, "who")),
            ages=_ages(fields["ages"]) if "ages" in fields else None,
            places=each_of(fields.get("where", []), place),
        ),
        anchor=phrases.anchor(fields.get("anchor")),
        offset=phrases.offset(fields.get("offset"), fields.get("satisfied_by")),
        satisfied_by=each_of(fields.get("satisfied_by"), phrases.satisfier),
        early_days=whole(fields, "early_days", 0),
        grace_days=whole(fields, "grace_days", 0),
        defaulter_days=whole(fields, "defaulter_days", None),
        last_day=offset(fields["last_day"]) if "last_day" in fields else None,
        series=_name(said(fields, "series"), "series") if "series" in fields else "",
        repeat=_repeat(fields["repeat"]) if "repeat" in fields else None,
        lost=yes_or_no(fields, "lost"),
        stop=each_of(fields.get("stop", []), phrases.stop),
        unless=each_of(fields.get("unless", []), phrases.unless),
        shares=names_in(fields, "shares"),
        source=said(fields, "source"),
        basis=said(fields, "basis"),
        verify=yes_or_no(fields, "verify"),
        note=said(fields, "note"),
        file=file,
    )


def _name(text: str, what: str) -> str:
    if not _ID.fullmatch(text):
        raise ValueError(f"{what} has 1 to 60 letters without accents, digits, dots, hyphens and underscores")
    return text


def _repeat(content: object) -> Repeat:
    """`last`: by the offset from the last time. `{every: {months: 6}, from: last|anchor, most: 3}`."""
    if content == "last":
        return Repeat()
    if not isinstance(content, dict):
        raise ValueError("repeat is `last`, or a mapping of every, from and most")
    fields = mapping(content, {"every", "from", "most"}, "repeat")
    if fields.get("from", "last") not in ("last", "anchor"):
        raise ValueError("repeat: from is last or anchor")
    every = offset(fields["every"]) if "every" in fields else None
    return Repeat(every, fields.get("from") == "anchor", whole(fields, "most", None))


def _ages(content: object) -> Ages:
    """`{from: {years: 25}, below: {years: 50}, unknown: in}`; unknown says what holds where no birth date is known."""
    fields = mapping(content, {"from", "below", "unknown"}, "ages")
    if fields.get("unknown") not in ("in", "out"):
        raise ValueError("ages: unknown is `in` or `out`: whether it is for somebody without a known birth date")
    since, below = (offset(fields[name]) if name in fields else None for name in ("from", "below"))
    if any(end and end.supply for end in (since, below)):
        raise ValueError("ages: from and below are in years, months, weeks or days")
    return Ages(since, below, fields["unknown"] == "in")
