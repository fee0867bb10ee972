"""Reading protocol files: from YAML to checked nodes, with errors that say where, what and what to do."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from mentormothers import PROGRAMME
from mentormothers.facts.vocabulary import Vocabulary, vocabulary
from mentormothers.protocol.model import Item, LostRule, Protocol, Tracing, TracingStep
from mentormothers.protocol.phrases import Phrases, each_of, offset
from mentormothers.protocol.yaml_file import YamlError, mapping, read_yaml, whole, word

_HEAD = {"id", "version", "title", "effective_from", "lost", "signed_off_by", "notes", "sources", "tracing", "items"}
_ITEM = {
    "id", "label", "who", "anchor", "offset", "satisfied_by", "early_days", "grace_days", "defaulter_days",
    "lost", "last_day", "series", "repeat", "stop", "unless", "source", "verify", "note",
}  # fmt: skip
_STEP = {"day", "mode", "consent", "attempts"}
_MODES = ("sms", "phone", "home_visit", "coordinator")


class ProtocolError(Exception):
    """A protocol file that cannot be used; the message names file and item, says what is wrong and what to do."""


def read_protocol(path: Path, words: Vocabulary | None = None) -> Protocol:
    """Read and check one protocol file."""
    try:
        return _protocol(read_yaml(path), Phrases(words or vocabulary()))
    except YamlError as error:
        raise ProtocolError(str(error)) from None
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


def _protocol(content: object, phrases: Phrases) -> Protocol:
    head = mapping(content, _HEAD, "the protocol")
    lost = mapping(head.get("lost"), {"days", "operator"}, "lost")
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
        items=tuple(_item(entry, phrases) for entry in _entries(head)),
        signed_off_by=str(head.get("signed_off_by") or ""),
        tracing=_tracing(head.get("tracing", {}), phrases),
    )


def _tracing(content: object, phrases: Phrases) -> Tracing:
    fields = mapping(content, {"open_when", "steps"}, "tracing")
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


def _item(entry: object, phrases: Phrases) -> Item:
    name = entry.get("id", "without id") if isinstance(entry, dict) else "that is no mapping"
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
            repeat=_repeat(fields),
            lost=fields.get("lost") is True,
            stop=each_of(fields.get("stop", []), phrases.stop),
            unless=phrases.match(word(fields, "unless")) if "unless" in fields else None,
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
