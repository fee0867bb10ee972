"""YAML that people write by hand: read without surprises, with errors that say where, what and what to do."""

import re
from collections import Counter
from collections.abc import Generator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

LARGEST_FILE = 300_000  # bytes; a whole country's protocol takes a tenth
_DEEPEST = 20  # entries within entries
_MOST_TOLD = 10
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")  # databases keep no NUL, files no half of a character


class YamlError(Exception):
    """A file that cannot be read as YAML; the message names it, says what is wrong and what to do."""


def read_yaml(path: Path) -> object:
    """The content of a file, unchecked. Raises YamlError."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise YamlError(f"{path}: larger than {LARGEST_FILE:,} bytes. Please split it")
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_PlainLoader)  # noqa: S506  # safe, see there
    except OSError as error:
        raise YamlError(f"{path}: {error.strerror}. Please check the name of the file") from None
    except (yaml.YAMLError, ValueError) as error:  # ValueError: bytes that are no text, dates that do not exist
        raise YamlError(f"{path}: this is not readable YAML: {error}") from None


class Entry(dict[Any, Any]):
    """`name: value` lines, the line of the file on which they begin, and on which each name stands."""

    line: int
    lines: Mapping[str, int]


class _PlainLoader(yaml.SafeLoader):
    """YAML without anchors: a file says each thing where it stands, and cannot be made to explode.

    `true` and `false` are the only truths and 10 is ten, as in YAML 1.2 and editors: `on`, `no` and 1:30 are words.
    """

    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self._depth += 1
        try:
            return self._composed(parent, index)
        finally:
            self._depth -= 1

    def _composed(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self._depth > _DEEPEST:
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.YAMLError(f"line {event.start_mark.line + 1}: more than {_DEEPEST} entries within one another")
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.YAMLError(f"line {event.start_mark.line + 1}: aliases (*) are not allowed here")
        return super().compose_node(parent, index)

    def construct_yaml_map(self, node: yaml.MappingNode) -> Generator[Entry, None, None]:
        entry = Entry()
        entry.line = node.start_mark.line + 1
        entry.lines = {str(name.value): name.start_mark.line + 1 for name, _ in node.value}
        yield entry
        entry.update(self.construct_mapping(node))

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = Counter(str(name.value) for name, _ in node.value)
        repeated = sorted(name for name, times in names.items() if times > 1)
        if repeated:
            line = node.start_mark.line + 1
            raise yaml.YAMLError(f"line {line}: {', '.join(repeated)} stands twice in one entry")
        return super().construct_mapping(node, deep)


_PLAIN = {"tag:yaml.org,2002:bool": r"true|false", "tag:yaml.org,2002:int": r"-?(?:0|[1-9][0-9]*)"}
_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _PLAIN]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _tag, _pattern in _PLAIN.items():
    _PlainLoader.add_implicit_resolver(_tag, re.compile(f"(?:{_pattern})$"), list("tf-0123456789"))
_PlainLoader.add_constructor("tag:yaml.org,2002:map", _PlainLoader.construct_yaml_map)


def mapping(content: object, known: set[str], what: str) -> Mapping[str, Any]:
    """`name: value` lines with no names but the known ones. Raises ValueError."""
    if not isinstance(content, dict):
        raise ValueError(f"{what} should be written as `name: value` lines")
    unknown = sorted(str(key) for key in content if key not in known)
    if unknown:
        more = f" and {len(unknown) - _MOST_TOLD} more" if len(unknown) > _MOST_TOLD else ""
        told = ", ".join(unknown[:_MOST_TOLD]) + more
        raise ValueError(f"{what} has unknown words: {told}. Known are: {', '.join(sorted(known))}")
    return content


def word(fields: Mapping[str, Any], name: str) -> str:
    """A text that must be there. Raises ValueError."""
    value = fields.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} is missing or is not text")
    if _CONTROL.search(value):
        raise ValueError(f"{name} holds a character that cannot be shown. Please write it anew")
    return value.strip()


def whole(fields: Mapping[str, Any], name: str, default: Any = ...) -> Any:
    """A whole number, or the default where there is one and the name is missing. Raises ValueError."""
    if name not in fields and default is not ...:
        return default
    if type(fields.get(name)) is not int:
        raise ValueError(f"{name} should be a whole number")
    return fields[name]


def day_in(fields: Mapping[str, Any], name: str) -> date:
    """A day that must be there, without a time. Raises ValueError."""
    day = fields.get(name)
    if type(day) is not date:
        raise ValueError(f"{name} is a date such as 2026-01-01")
    return day


def said(fields: Mapping[str, Any], name: str) -> str:
    """A text, or nothing. Raises ValueError."""
    return word(fields, name) if name in fields else ""


def yes_or_no(fields: Mapping[str, Any], name: str) -> bool:
    """A mark such as `verify`; no where nothing is said. Raises ValueError: no other word must read as yes or no."""
    mark = fields.get(name, False)
    if not isinstance(mark, bool):
        raise ValueError(f"{name} is true or false")
    return mark


def listed(head: Mapping[str, Any], name: str) -> list[object]:
    """The entries of a list; none where nothing is said. Raises ValueError."""
    found = head.get(name, [])
    if not isinstance(found, list):
        raise ValueError(f"{name} is a list")
    return found


def named(head: Mapping[str, Any], name: str) -> dict[str, object]:
    """Entries by their names; none where nothing is said. Raises ValueError."""
    found = head.get(name, {})
    if not isinstance(found, dict):
        raise ValueError(f"{name} should be written as `name: value` lines")
    return {str(key): entry for key, entry in found.items()}


def line_of(entry: object) -> str:
    """Where an entry stands, to begin a message about it."""
    return f"line {entry.line}, " if isinstance(entry, Entry) else ""


def place_of(head: Mapping[str, Any], name: str) -> str:
    """Where a word of the head stands, to begin a message about it."""
    return f"line {head.lines[name]}, {name}: " if isinstance(head, Entry) and name in head.lines else ""
