"""A short name for the content of a protocol, so that a signature can say what it was given for."""

import hashlib
import json
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from typing import Any

_LENGTH = 16  # hexadecimal digits: short enough to copy from paper, and 2 to the 64 tries to forge
_GROUP = 4  # with hyphens between, so that YAML never takes it for a number


def fingerprint(node: object, without: str) -> str:
    """Of everything that a node says, but for fields of this name: `0f3c-91d2-77aa-e5b0`.

    What is not said counts for nothing, so that a new word of the language changes no protocol that does not use it.
    Nor does the file in which an item stands: fields that two equal nodes may differ in are left out.
    """
    text = json.dumps(_said(node, without), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    return "-".join(digest[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def _said(node: Any, without: str) -> Any:
    if is_dataclass(node):
        held = {f.name: (getattr(node, f.name), _unsaid(f)) for f in fields(node) if f.compare and f.name != without}
        return {name: _said(value, without) for name, (value, unsaid) in held.items() if value != unsaid}
    if isinstance(node, tuple):
        return [_said(one, without) for one in node]
    if isinstance(node, date):
        return node.isoformat()
    if isinstance(node, str | int | None):
        return node
    raise TypeError(f"a protocol holds no {type(node).__name__}")


def _unsaid(one: Field[Any]) -> object:
    """What the field holds where nothing is said."""
    return one.default_factory() if one.default_factory is not MISSING else one.default
