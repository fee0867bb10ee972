"""The vocabulary of facts: every kind, its values, and which fact counts when two fall on one day."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

import yaml

from mentormothers import PROGRAMME

ValueType = Literal["none", "code", "integer", "decimal", "viral_load", "date", "text"]
SameDay = Literal["order", "max", "last", "all"]
Sensitivity = Literal["ordinary", "health", "sealed"]


@dataclass(frozen=True)
class Kind:
    """One kind of fact, as `vocabulary.yaml` defines it."""

    name: str
    label: str
    value: ValueType
    same_day: SameDay
    codes: tuple[str, ...] = ()
    open: bool = False
    required: bool = False
    empty_means: str = ""
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    decimals: int = 0
    ends_stop: bool = False
    sensitivity: Sensitivity = "ordinary"
    loinc: str = ""
    ciel: str = ""

    def __post_init__(self) -> None:
        if self.value not in get_args(ValueType) or self.same_day not in get_args(SameDay):
            raise ValueError(f"{self.name}: unknown value type or same-day rule")
        if self.value == "code" and not self.codes and not self.open:
            raise ValueError(f"{self.name}: a kind with codes names them, or is open")
        if any(not isinstance(code, str) for code in self.codes):
            raise ValueError(f"{self.name}: a code is text; put quotes around such as no, yes, on")
        if self.same_day == "order" and not (self.codes or self.open):
            raise ValueError(f"{self.name}: the order rule needs an ordered list of codes")


@dataclass(frozen=True)
class Vocabulary:
    """All kinds, roles and sources. A name ending in `.*` stands for a family, such as `vaccine.*`."""

    kinds: Mapping[str, Kind]
    roles: tuple[str, ...]
    sources: tuple[str, ...]

    def kind(self, name: str) -> Kind | None:
        """The kind of this name, or None for a kind that this vocabulary does not know."""
        found = self.kinds.get(name)
        if found or "." not in name:
            return found
        return self.kinds.get(name.partition(".")[0] + ".*")


def read_vocabulary(path: Path) -> Vocabulary:
    """Read a vocabulary file. Raises ValueError naming the kind that is wrong."""
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    kinds = {name: _kind(name, fields) for name, fields in content["kinds"].items()}
    return Vocabulary(MappingProxyType(kinds), tuple(content["roles"]), tuple(content["sources"]))


def _kind(name: str, fields: dict[str, Any]) -> Kind:
    return Kind(**{**fields, "name": name, "codes": tuple(fields.get("codes", ()))})


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary this installation uses."""
    return read_vocabulary(PROGRAMME / "vocabulary.yaml")
