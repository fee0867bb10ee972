"""Reading the parameters: each has its value, its source and the kind of value its use needs.

A range is written [1, 14] or, in a table, as the word 1-14; a table gives things or ranges with weights.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, get_type_hints

from mentormothers.simulation.chances import Range, Table, table
from mentormothers.simulation.parameters import Parameters, Published

_RANGE = re.compile(r"(\d+)-(\d+)", re.ASCII)


class ParameterError(Exception):
    """A parameter is missing, unknown or cannot be used; the message names it."""


def read_parameters(content: Mapping[str, Any]) -> Parameters:
    """The parameters in the content of a file. Raises ParameterError naming the one that is wrong."""
    parts = content.get("parts") or {}
    kinds = get_type_hints(Parameters)
    if strange := sorted(set(parts) ^ set(kinds)):
        raise ParameterError(f"part {strange[0]} is missing or unknown. Please have: {', '.join(kinds)}")
    return Parameters(**{name: _part(name, kind, parts[name]) for name, kind in kinds.items()})


def read_published(content: Mapping[str, Any]) -> list[Published]:
    """The figures to come near to."""
    return [
        Published(
            name,
            str(one["title"]),
            float(one["within"]),
            str(one["source"]),
            one.get("value"),
            str(one.get("from", "")),
        )
        for name, one in content["published"].items()
    ]


def sources(content: Mapping[str, Any]) -> list[tuple[str, str, Any, str]]:
    """Part, name, value as written and source of every parameter, for the reference page."""
    return [
        (part, name, one["value"], one["source"])
        for part, named in content["parts"].items()
        for name, one in named.items()
    ]


def _part(name: str, kind: type, given: Mapping[str, Any]) -> Any:
    types = get_type_hints(kind)
    wanted = [field.name for field in fields(kind)]
    if strange := sorted(set(given) ^ set(wanted)):
        raise ParameterError(f"{name}.{strange[0]} is missing or unknown")
    return kind(**{key: _value(f"{name}.{key}", types[key], given[key]) for key in wanted})


def _value(name: str, kind: Any, given: Any) -> Any:
    if not isinstance(given, Mapping) or "value" not in given or not str(given.get("source") or "").strip():
        raise ParameterError(f"{name} needs a value and a source (or `assumed`)")
    try:
        return _READERS[kind](given["value"])
    except (TypeError, ValueError, AttributeError) as error:
        raise ParameterError(f"{name}: {given['value']!r} cannot be used: {error}") from None


def _number(value: Any) -> float:
    number = float(value)
    if number < 0:
        raise ValueError("it is below zero")
    return number


def _range(value: Any) -> Range:
    match = _RANGE.fullmatch(value) if isinstance(value, str) else None
    least, most = map(int, match.groups() if match else value)
    if least > most:
        raise ValueError("its first number is above its second")
    return Range(least, most)


def _weights(key: Callable[[Any], Any]) -> Callable[[Any], Table[Any]]:
    return lambda value: table({key(word): float(weight) for word, weight in value.items()})


def _shares(key: Callable[[Any], Any]) -> Callable[[Any], dict[Any, float]]:
    return lambda value: {key(word): _number(share) for word, share in value.items()}


_READERS: dict[Any, Callable[[Any], Any]] = {
    float: _number,
    Range: _range,
    Table[str]: _weights(str),
    Table[int]: _weights(int),
    Table[float]: _weights(float),
    Table[Range]: _weights(_range),
    Mapping[str, float]: _shares(str),
    Mapping[Range, float]: _shares(_range),
    Mapping[int, float]: _shares(int),
}
