"""Reading indicator files: from YAML to checked nodes, with errors that say where, what and what to do."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mentormothers import PROGRAMME
from mentormothers.indicators.model import Definition, Option
from mentormothers.protocol.yaml_file import YamlError, mapping, read_yaml, whole, word

FOLDER = PROGRAMME / "indicators"
_HEAD = {
    "id", "version", "title", "source", "type", "numerator", "denominator", "period", "options",
    "disaggregations", "denominator_of_parts", "left_out", "notes", "verify",
}  # fmt: skip


class IndicatorError(Exception):
    """An indicator that cannot be used; the message says which, what is wrong and what to do."""


def read_indicator(path: Path) -> Definition:
    """Read and check one indicator file, which is named after its indicator."""
    try:
        definition = _definition(read_yaml(path))
        if definition.id.lower() != path.stem:
            raise ValueError(f"it defines {definition.id}. Please name the file {definition.id.lower()}.yaml")
    except YamlError as error:
        raise IndicatorError(str(error)) from None
    except ValueError as error:
        raise IndicatorError(f"{path}: {error}") from None
    return definition


def find_indicators(names: Iterable[str], folder: Path = FOLDER) -> list[Definition]:
    """The indicators of these ids, each once, in the order asked; all of the programme's where none is named."""
    known = {path.stem.upper(): path for path in sorted(folder.glob("*.yaml"))}
    asked = list(dict.fromkeys(name.strip().upper() for name in names)) or list(known)
    unknown = [name for name in asked if name not in known]
    if unknown:
        raise IndicatorError(f"no indicator {', '.join(unknown)}. Please name one of: {', '.join(known)}")
    return [read_indicator(known[name]) for name in asked]


def _definition(content: object) -> Definition:
    head = mapping(content, _HEAD, "the indicator")
    return Definition(
        id=word(head, "id"),
        version=whole(head, "version"),
        title=word(head, "title"),
        source=word(head, "source"),
        type=word(head, "type"),  # type: ignore[arg-type]  # the node refuses other words
        numerator=word(head, "numerator"),
        denominator=word(head, "denominator") if "denominator" in head else "",
        period=word(head, "period"),
        options=tuple(_option(name, fields) for name, fields in _options(head).items()),
        disaggregations=_texts(head, "disaggregations"),
        left_out=word(head, "left_out") if "left_out" in head else "",
        notes=_texts(head, "notes"),
        verify=_texts(head, "verify"),
        denominator_of_parts=word(head, "denominator_of_parts") if "denominator_of_parts" in head else "whole",  # type: ignore[arg-type]  # as above
    )


def _options(head: Mapping[str, Any]) -> dict[str, object]:
    options = head.get("options")
    if not isinstance(options, dict):
        raise ValueError("options should be written as `name: {allowed: […], default: …, meaning: …}` lines")
    return options


def _option(name: str, content: object) -> Option:
    fields = mapping(content, {"allowed", "default", "meaning"}, f"option {name}")
    try:
        return Option(name, _texts(fields, "allowed"), word(fields, "default"), word(fields, "meaning"))
    except ValueError as error:
        raise ValueError(f"option {name}: {error}") from None


def _texts(fields: Mapping[str, Any], name: str) -> tuple[str, ...]:
    texts = fields.get(name, [])
    if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
        raise ValueError(f"{name} should be a list of texts")
    return tuple(text.strip() for text in texts)
