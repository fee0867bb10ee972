"""Reading protocol files: from YAML to checked nodes, with errors that say where, what and what to do."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from mentormothers import PROGRAMME
from mentormothers.facts.vocabulary import Vocabulary, vocabulary
from mentormothers.protocol.model import Item, LostRule, Protocol
from mentormothers.protocol.phrases import Phrases, each_of, offset

LARGEST_FILE = 1_000_000
_HEAD = {"id", "version", "title", "effective_from", "lost", "signed_off_by", "notes", "sources", "items"}
_ITEM = {
    "id", "label", "who", "anchor", "offset", "satisfied_by", "early_days", "grace_days", "defaulter_days",
    "lost", "last_day", "series", "repeat", "stop", "unless", "source", "verify", "note",
}  # fmt: skip


class ProtocolError(Exception):
    """A protocol file that cannot be used; the message names file and item, says what is wrong and what to do."""


def read_protocol(path: Path, words: Vocabulary | None = None) -> Protocol:
    """Read and check one protocol file."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ProtocolError(f"{path}: larger than {LARGEST_FILE:,} bytes. Please split the protocol")
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_PlainLoader)  # noqa: S506  # safe, see there
    except OSError as error:
        raise ProtocolError(f"{path}: {error.strerror}. Please check the name of the file") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ProtocolError(f"{path}: this is not readable YAML: {error}") from None
    try:
        return _protocol(content, Phrases(words or vocabulary()))
    except ValueError as error:
        raise ProtocolError(f"{path}: {error}") from None


def find_protocol(name: str, folder: Path = PROGRAMME / "protocols") -> Protocol:
    """The protocol in this file, or the one of this id in the programme's library."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or path.exists():
        return read_protocol(path)
    known = {p.stem.upper(): p for p in sorted(folder.glob("*.yaml"))}
    if name.upper() not in known:
        raise ProtocolError(f"no protocol {name!r}. Please name a YAML file or one of: {', '.join(known)}")
    return read_protocol(known[name.upper()])


class _PlainLoader(yaml.SafeLoader):
    """YAML without anchors: a protocol says each thing where it stands, and cannot be made to explode."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.YAMLError(f"line {event.start_mark.line + 1}: aliases (*) are not allowed in a protocol")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [name.value for name, _ in node.value]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            line = node.start_mark.line + 1
            raise yaml.YAMLError(f"line {line}: {', '.join(map(str, repeated))} stands twice in one entry")
        return super().construct_mapping(node, deep)


def _protocol(content: object, phrases: Phrases) -> Protocol:
    head = _mapping(content, _HEAD, "the protocol")
    lost = _mapping(head.get("lost"), {"days", "operator"}, "lost")
    if lost.get("operator") not in ("gt", "ge"):
        raise ValueError("lost: operator is gt (more than) or ge (at least)")
    if not isinstance(head.get("effective_from"), date):
        raise ValueError("effective_from is a date such as 2026-01-01")
    return Protocol(
        id=_word(head, "id"),
        version=_whole(head, "version"),
        title=_word(head, "title"),
        effective_from=head["effective_from"],
        lost=LostRule(_whole(lost, "days"), lost["operator"]),
        items=tuple(_item(entry, phrases) for entry in _entries(head)),
        signed_off_by=str(head.get("signed_off_by") or ""),
    )


def _item(entry: object, phrases: Phrases) -> Item:
    name = entry.get("id", "without id") if isinstance(entry, dict) else "that is no mapping"
    try:
        fields = _mapping(entry, _ITEM, "the item")
        return Item(
            id=_word(fields, "id"),
            label=_word(fields, "label"),
            who=phrases.who(_word(fields, "who")),
            anchor=phrases.anchor(fields.get("anchor")),
            offset=offset(fields.get("offset")),
            satisfied_by=each_of(fields.get("satisfied_by"), phrases.satisfier),
            early_days=_whole(fields, "early_days", 0),
            grace_days=_whole(fields, "grace_days", 0),
            defaulter_days=_whole(fields, "defaulter_days", None),
            last_day=offset(fields["last_day"]) if "last_day" in fields else None,
            series=str(fields.get("series", "")),
            repeat=_repeat(fields),
            lost=fields.get("lost") is True,
            stop=each_of(fields.get("stop", []), phrases.stop),
            unless=phrases.match(_word(fields, "unless")) if "unless" in fields else None,
            source=str(fields.get("source", "")),
            verify=fields.get("verify") is True,
        )
    except ValueError as error:
        raise ValueError(f"item {name}: {error}") from None


def _repeat(fields: Mapping[str, Any]) -> bool:
    if fields.get("repeat", "last") != "last":
        raise ValueError("repeat: only `last` (counted again from the last time it was done) is known")
    return "repeat" in fields


def _entries(head: Mapping[str, Any]) -> list[object]:
    items = head.get("items")
    if not isinstance(items, list):
        raise ValueError("items is a list")
    return items


def _mapping(content: object, known: set[str], what: str) -> Mapping[str, Any]:
    if not isinstance(content, dict):
        raise ValueError(f"{what} should be written as `name: value` lines")
    unknown = sorted(str(key) for key in content if key not in known)
    if unknown:
        raise ValueError(f"{what} has unknown words: {', '.join(unknown)}. Known are: {', '.join(sorted(known))}")
    return content


def _word(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} is missing or is not text")
    return value.strip()


def _whole(fields: Mapping[str, Any], name: str, default: Any = ...) -> Any:
    value = fields.get(name, default)
    if value is default and default is not ...:
        return default
    if type(value) is not int:
        raise ValueError(f"{name} should be a whole number")
    return value
