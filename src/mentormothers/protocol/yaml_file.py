"""YAML that people write by hand: read without surprises, with errors that say where, what and what to do."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

LARGEST_FILE = 1_000_000


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


class _PlainLoader(yaml.SafeLoader):
    """YAML without anchors: a file says each thing where it stands, and cannot be made to explode."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.YAMLError(f"line {event.start_mark.line + 1}: aliases (*) are not allowed here")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [name.value for name, _ in node.value]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            line = node.start_mark.line + 1
            raise yaml.YAMLError(f"line {line}: {', '.join(map(str, repeated))} stands twice in one entry")
        return super().construct_mapping(node, deep)


def mapping(content: object, known: set[str], what: str) -> Mapping[str, Any]:
    """`name: value` lines with no names but the known ones. Raises ValueError."""
    if not isinstance(content, dict):
        raise ValueError(f"{what} should be written as `name: value` lines")
    unknown = sorted(str(key) for key in content if key not in known)
    if unknown:
        raise ValueError(f"{what} has unknown words: {', '.join(unknown)}. Known are: {', '.join(sorted(known))}")
    return content


def word(fields: Mapping[str, Any], name: str) -> str:
    """A text that must be there. Raises ValueError."""
    value = fields.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} is missing or is not text")
    return value.strip()


def whole(fields: Mapping[str, Any], name: str, default: Any = ...) -> Any:
    """A whole number, or the default where there is one and the name is missing. Raises ValueError."""
    value = fields.get(name, default)
    if value is default and default is not ...:
        return default
    if type(value) is not int:
        raise ValueError(f"{name} should be a whole number")
    return value
