"""Reading protocol files: from YAML to checked nodes, with errors that say where, what and what to do."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from mentormothers import PROGRAMME
from mentormothers.facts.vocabulary import Vocabulary, vocabulary
from mentormothers.protocol.extending import Laid, Omitted, OwnItem
from mentormothers.protocol.lost_rules import LOST_RULES
from mentormothers.protocol.model import Item, LostRule, Offset, Protocol
from mentormothers.protocol.phrases import Phrases, each_of, offset
from mentormothers.protocol.provenance import LeftOut, Setting, Source
from mentormothers.protocol.tracing import Tracing, TracingStep
from mentormothers.protocol.yaml_file import Entry, YamlError, mapping, read_yaml, whole, word

_ORIGIN = {"source", "basis", "verify"}
_HEAD = {
    "id", "version", "title", "effective_from", "extends", "without", "lost", "signed_off_by", "verify", "settings",
    "sources", "tracing", "items", "left_out",
}  # fmt: skip
_ITEM = {
    "id", "label", "who", "anchor", "offset", "satisfied_by", "early_days", "grace_days", "defaulter_days",
    "lost", "last_day", "series", "repeat", "stop", "unless", "note", "replaces", *_ORIGIN,
}  # fmt: skip
_STEP = {"day", "mode", "consent", "attempts"}
_MOST_FAULTS = 20  # items that are told of at once
_MOST_EXTENDED = 10  # protocols within one another
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
_MODES = ("sms", "phone", "home_visit", "coordinator")


class ProtocolError(Exception):
    """A protocol file that cannot be used; each line names file, line and item, says what is wrong and what to do."""


def read_protocol(path: Path, words: Vocabulary | None = None) -> Protocol:
    """Read and check one protocol file with what it extends: files beside it, or of the programme's library."""
    return _Files(Phrases(words or vocabulary())).read(path)


def find_protocol(name: str, folder: Path = PROGRAMME / "protocols") -> Protocol:
    """The protocol in this file, or the one of this id in the programme's library."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or path.exists():
        return read_protocol(path)
    known = {p.stem.upper(): p for p in sorted(folder.glob("*.yaml"))}
    if name.upper() not in known:
        raise ProtocolError(f"no protocol {name!r}. Please name a YAML file or one of: {', '.join(known)}")
    return read_protocol(known[name.upper()])


@dataclass
class _Files:
    """Reads a file with those that it extends: each once, and none within itself."""

    phrases: Phrases
    known: dict[Path, Protocol] = field(default_factory=dict)
    within: list[Path] = field(default_factory=list)

    def read(self, path: Path) -> Protocol:
        """Raises ProtocolError."""
        if path not in self.known:
            self.within.append(path)
            try:
                self.known[path] = self._protocol(read_yaml(path), path)
            except YamlError as error:
                raise ProtocolError(str(error)) from None
            except ValueError as error:
                raise ProtocolError("\n".join(f"{path}: {line}" for line in str(error).split("\n"))) from None
            self.within.pop()
        return self.known[path]

    def _protocol(self, content: object, path: Path) -> Protocol:
        head = mapping(content, _HEAD, "the protocol")
        own = _items(_entries(head), self.phrases, path.name)
        bases = [self._extended(name, path, _place(head, "extends")) for name in _names(head, "extends")]
        laid = Laid(bases, _place(head, "extends"), own, [_omitted(one) for one in _listed(head, "without")])
        _refuse(laid.faults())
        return _laid(head, laid, self.phrases)

    def _extended(self, name: str, path: Path, place: str) -> Protocol:
        beside = {p.stem.upper(): p for p in sorted(path.parent.glob("*.yaml"))}
        library = {p.stem.upper(): p for p in sorted((PROGRAMME / "protocols").glob("*.yaml"))}
        found = (library | beside).get(name.upper()) if _ID.fullmatch(name) else None
        if found is None:
            raise ValueError(f"{place}no protocol {name!r}. Please name one of: {', '.join(library)}")
        if found in self.within or len(self.within) > _MOST_EXTENDED:
            chain = " -> ".join(p.name for p in (*self.within, found))
            raise ValueError(f"{place}{name} extends itself, or too many others: {chain}. Please take one out")
        base = self.read(found)
        if base.id != name:
            raise ValueError(f"{place}{found.name} is protocol {base.id}, not {name}. Please name the one or the other")
        return base


def _laid(head: Mapping[str, Any], laid: Laid, phrases: Phrases) -> Protocol:
    """The protocol that a file and what it extends make together."""
    if not isinstance(head.get("effective_from"), date):
        raise ValueError("effective_from is a date such as 2026-01-01")
    return Protocol(
        id=word(head, "id"),
        version=whole(head, "version"),
        title=word(head, "title"),
        effective_from=head["effective_from"],
        lost=_lost(head.get("lost")) if "lost" in head or not laid.bases else laid.bases[0].lost,
        items=laid.items(),
        signed_off_by=str(head.get("signed_off_by") or ""),
        tracing=_tracing(head["tracing"], phrases) if "tracing" in head else laid.tracing(),
        verify=_mark(head) or any(base.verify for base in laid.bases),
        settings=laid.settings(_settings(head)),
        sources=laid.sources([_source(name, entry) for name, entry in _named(head, "sources").items()]),
        left_out=laid.left_out([_left_out(entry) for entry in _listed(head, "left_out")]),
        extends=tuple(base.id for base in laid.bases),
    )


def _lost(content: object) -> LostRule:
    """A named rule, or days and operator."""
    fields = mapping(content, {"rule", "days", "operator", *_ORIGIN}, "lost")
    if "rule" in fields:
        if word(fields, "rule") not in LOST_RULES or {"days", "operator"} & set(fields):
            raise ValueError(f"lost: rule is one of {', '.join(LOST_RULES)}; without one, give days and operator")
        return LOST_RULES[fields["rule"]].rule
    if fields.get("operator") not in ("gt", "ge"):
        raise ValueError("lost: operator is gt (more than) or ge (at least)")
    return LostRule(whole(fields, "days"), fields["operator"])


def _omitted(entry: object) -> Omitted:
    fields = mapping(entry, {"id", "why"}, "an entry of without")
    name = word(fields, "id")
    return Omitted(name, word(fields, "why"), f"{_line(entry)}without {name}: ")


def _names(fields: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """One id or a list of them."""
    return tuple(dict.fromkeys(each_of(fields[name], str))) if name in fields else ()


def _place(head: Mapping[str, Any], name: str) -> str:
    return f"line {head.lines[name]}, {name}: " if isinstance(head, Entry) and name in head.lines else ""


def _line(entry: object) -> str:
    return f"line {entry.line}, " if isinstance(entry, Entry) else ""


def _settings(head: Mapping[str, Any]) -> tuple[Setting, ...]:
    """The lost rule, tracing, and whatever else the file sets."""
    found = []
    if "lost" in head:
        rule = _lost(head["lost"])
        sign = "more than" if rule.operator == "gt" else "at least"
        found.append(_setting("lost", f"{sign} {rule.days} days late", head["lost"]))
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


def _items(entries: Sequence[object], phrases: Phrases, file: str) -> tuple[OwnItem, ...]:
    """All items, or a ValueError that tells of each that is wrong."""
    found, faults = [], []
    for number, entry in enumerate(entries, start=1):
        name = entry.get("id", number) if isinstance(entry, dict) else number
        place = f"{_line(entry)}item {name}: "
        try:
            fields = mapping(entry, _ITEM, "the item")
            found.append(OwnItem(_item(fields, phrases, file), _names(fields, "replaces"), place))
        except ValueError as error:
            faults.append(f"{place}{error}")
    _refuse(faults)
    return tuple(found)


def _refuse(faults: Sequence[str]) -> None:
    """Raise a ValueError that tells of each, if there are any."""
    if faults:
        more = [f"and {len(faults) - _MOST_FAULTS} more items are wrong"] if len(faults) > _MOST_FAULTS else []
        raise ValueError("\n".join([*faults[:_MOST_FAULTS], *more]))


def _item(fields: Mapping[str, Any], phrases: Phrases, file: str) -> Item:
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
        file=file,
    )


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
