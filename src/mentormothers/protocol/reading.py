"""Reading protocol files: from YAML to checked nodes, with errors that say where, what and what to do."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from mentormothers import PROGRAMME
from mentormothers.facts.vocabulary import Vocabulary, vocabulary
from mentormothers.protocol.model import Item, LostRule, Offset, Protocol
from mentormothers.protocol.phrases import Phrases, each_of, offset
from mentormothers.protocol.provenance import LeftOut, Setting, Source
from mentormothers.protocol.tracing import Tracing, TracingStep
from mentormothers.protocol.yaml_file import Entry, YamlError, mapping, read_yaml, whole, word

_ORIGIN = {"source", "basis", "verify"}
_HEAD = {
    "id", "version", "title", "effective_from", "lost", "signed_off_by", "verify", "settings", "sources", "tracing",
    "items", "left_out",
}  # fmt: skip
_ITEM = {
    "id", "label", "who", "anchor", "offset", "satisfied_by", "early_days", "grace_days", "defaulter_days",
    "lost", "last_day", "series", "repeat", "stop", "unless", "note", *_ORIGIN,
}  # fmt: skip
_STEP = {"day", "mode", "consent", "attempts"}
_MOST_FAULTS = 20  # items that are told of at once
_MODES = ("sms", "phone", "home_visit", "coordinator")


class ProtocolError(Exception):
    """A protocol file that cannot be used; each line names file, line and item, says what is wrong and what to do."""


def read_protocol(path: Path, words: Vocabulary | None = None) -> Protocol:
    """Read and check one protocol file."""
    try:
        return _protocol(read_yaml(path), Phrases(words or vocabulary()))
    except YamlError as error:
        raise ProtocolError(str(error)) from None
    except ValueError as error:
        raise ProtocolError("\n".join(f"{path}: {line}" for line in str(error).split("\n"))) from None


def find_protocol(name: str, folder: Path = PROGRAMME / "protocols") -> Protocol:
    """The protocol in this file, or the one of this id in the programme's library."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or path.exists():
        return read_protocol(path)
    known = {p.stem.upper(): p for p in sorted(folder.glob("*.yaml"))}
    if name.upper() not in known:
        raise ProtocolError(f"no protocol {name!r}. Please name a YAML file or one of: {', '.join(known)}")
    return read_protocol(known[name.upper()])


def _protocol(content: object, phrases: Phrases) -> Protocol:
    head = mapping(content, _HEAD, "the protocol")
    lost = mapping(head.get("lost"), {"days", "operator", *_ORIGIN}, "lost")
    if lost.get("operator") not in ("gt", "ge"):
        raise ValueError("lost: operator is gt (more than) or ge (at least)")
    if not isinstance(head.get("effective_from"), date):
        raise ValueError("effective_from is a date such as 2026-01-01")
    return Protocol(
        id=word(head, "id"),
        version=whole(head, "version"),
        title=word(head, "title"),
        effective_from=head["effective_from"],
        lost=LostRule(whole(lost, "days"), lost["operator"]),
        items=_items(_entries(head), phrases),
        signed_off_by=str(head.get("signed_off_by") or ""),
        tracing=_tracing(head.get("tracing", {}), phrases),
        verify=_mark(head),
        settings=_settings(head, lost),
        sources=tuple(_source(name, entry) for name, entry in _named(head, "sources").items()),
        left_out=tuple(_left_out(entry) for entry in _listed(head, "left_out")),
    )


def _settings(head: Mapping[str, Any], lost: Mapping[str, Any]) -> tuple[Setting, ...]:
    """The lost rule, tracing, and whatever else the file sets."""
    sign = "more than" if lost["operator"] == "gt" else "at least"
    found = [_setting("lost", f"{sign} {lost['days']} days late", lost)]
    if "tracing" in head:
        found.append(_setting("tracing", "what somebody is looked for because of, and how", head["tracing"]))
    for name, entry in _named(head, "settings").items():
        fields = mapping(entry, {"value", *_ORIGIN}, f"setting {name}")
        found.append(_setting(name, word(fields, "value"), fields))
    return tuple(found)


def _setting(name: str, value: str, fields: Mapping[str, Any]) -> Setting:
    return Setting(name, value, _said(fields, "source"), _said(fields, "basis"), _mark(fields))


def _source(name: str, entry: object) -> Source:
    fields = mapping(entry, {"title", "where", "read"}, f"source {name}")
    return Source(name, word(fields, "title"), word(fields, "where"), word(fields, "read"))


def _left_out(entry: object) -> LeftOut:
    fields = mapping(entry, {"id", "what", "why"}, "an entry of left_out")
    return LeftOut(word(fields, "id"), word(fields, "what"), word(fields, "why"))


def _mark(fields: Mapping[str, Any]) -> bool:
    """The mark `verify`. A word that is neither true nor false must not read as verified."""
    mark = fields.get("verify", False)
    if not isinstance(mark, bool):
        raise ValueError("verify is true or false")
    return mark


def _said(fields: Mapping[str, Any], name: str) -> str:
    return word(fields, name) if name in fields else ""


def _tracing(content: object, phrases: Phrases) -> Tracing:
    fields = mapping(content, {"open_when", "steps", *_ORIGIN}, "tracing")
    steps = [mapping(step, _STEP, "a tracing step") for step in fields.get("steps", [])]
    return Tracing(
        open_when=tuple(str(item) for item in fields.get("open_when", [])),
        steps=tuple(
            TracingStep(
                day=whole(step, "day"),
                mode=_mode(step),
                consent=phrases.match(word(step, "consent")).kind if "consent" in step else "",
                attempts=whole(step, "attempts", 1),
            )
            for step in steps
        ),
    )


def _mode(step: Mapping[str, Any]) -> Any:
    mode = word(step, "mode")
    if mode not in _MODES:
        raise ValueError(f"tracing by {mode!r} is unknown. Please use one of: {', '.join(_MODES)}")
    return mode


def _items(entries: Sequence[object], phrases: Phrases) -> tuple[Item, ...]:
    """All items, or a ValueError that tells of each that is wrong."""
    found, faults = [], []
    for place, entry in enumerate(entries, start=1):
        try:
            found.append(_item(entry, place, phrases))
        except ValueError as error:
            faults.append(str(error))
    if faults:
        more = [f"and {len(faults) - _MOST_FAULTS} more items are wrong"] if len(faults) > _MOST_FAULTS else []
        raise ValueError("\n".join([*faults[:_MOST_FAULTS], *more]))
    return tuple(found)


def _item(entry: object, place: int, phrases: Phrases) -> Item:
    name = entry.get("id", place) if isinstance(entry, dict) else place
    line = f"line {entry.line}, " if isinstance(entry, Entry) else ""
    try:
        fields = mapping(entry, _ITEM, "the item")
        return Item(
            id=word(fields, "id"),
            label=word(fields, "label"),
            who=phrases.who(word(fields, "who")),
            anchor=phrases.anchor(fields.get("anchor")),
            offset=offset(fields.get("offset")),
            satisfied_by=each_of(fields.get("satisfied_by"), phrases.satisfier),
            early_days=whole(fields, "early_days", 0),
            grace_days=whole(fields, "grace_days", 0),
            defaulter_days=whole(fields, "defaulter_days", None),
            last_day=offset(fields["last_day"]) if "last_day" in fields else None,
            series=str(fields.get("series", "")),
            repeat="repeat" in fields,
            every=_every(fields.get("repeat", "last")),
            lost=fields.get("lost") is True,
            stop=each_of(fields.get("stop", []), phrases.stop),
            unless=phrases.match(word(fields, "unless")) if "unless" in fields else None,
            source=_said(fields, "source"),
            basis=_said(fields, "basis"),
            verify=_mark(fields),
            note=_said(fields, "note"),
        )
    except ValueError as error:
        raise ValueError(f"{line}item {name}: {error}") from None


def _every(repeat: object) -> Offset | None:
    """`last`: the offset is the interval too. `{every: {months: 6}}`: from the second time on another one."""
    if repeat == "last":
        return None
    if isinstance(repeat, dict) and set(repeat) == {"every"}:
        return offset(repeat["every"])
    raise ValueError("repeat is `last`, or {every: …} with the distance from the last time it was done")


def _entries(head: Mapping[str, Any]) -> list[object]:
    if not isinstance(head.get("items"), list):
        raise ValueError("items is a list")
    return _listed(head, "items")


def _listed(head: Mapping[str, Any], name: str) -> list[object]:
    found = head.get(name, [])
    if not isinstance(found, list):
        raise ValueError(f"{name} is a list")
    return found


def _named(head: Mapping[str, Any], name: str) -> dict[str, object]:
    found = head.get(name, {})
    if not isinstance(found, dict):
        raise ValueError(f"{name} should be written as `name: value` lines")
    return {str(key): entry for key, entry in found.items()}
