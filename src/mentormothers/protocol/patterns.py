"""The phrases of the protocol language as regular expressions, for editors: `protocol/phrases.py` is what reads them.

Plain enough for every program that knows JSON Schema. They refuse nothing that is read; what they let through may
still be refused, such as `since` beside `each`.
"""

from collections.abc import Iterable

from mentormothers.facts.vocabulary import Kind, Vocabulary
from mentormothers.protocol.terms import DEFINITIONS

_SPACE = r"\s*"
_NAME = "[a-z0-9_]+"
_PLUS = rf"(?:{_SPACE}\+{_SPACE}\d{{1,4}}\s+(?:day|week|month|year)s?)?"
_DEFINITION = rf"(?:{'|'.join(DEFINITIONS)})"


def patterns(words: Vocabulary) -> dict[str, str]:
    """A pattern for the whole of each sort of phrase."""
    kind, match = _any(_kind(one) for one in words.kinds.values()), _matches(words)
    start = rf"start\s+of\s+{_DEFINITION}{_PLUS}"
    event = rf"(?:(?:latest|first|each)\s+)?{match}(?:\s+since\s+{match})?{_PLUS}"
    day = rf"(?:{start}|{event})"
    numbered = (
        rf"(?:#\d{{1,2}}(?:{_SPACE}(?:=|>=|<){_SPACE}[\w|]+)?)?"  # KIND#1 = code: the test stands behind the number
    )
    does = rf"(?:another\s+)?{match}{numbered}"
    return {
        "start": _whole(start),
        "day": _whole(day),
        "anchor": _whole(rf"(?:{kind}\s+of\s+)?{day}"),
        "satisfier": _whole(rf"{does}(?:\s+of\s+the\s+anchor)?(?:\s+from\s+{event})?(?:\s+on\s+any\s+day)?"),
        "stop": _whole(rf"(?:{_DEFINITION}|{match}(?:\s+until\s+{match})?)"),
        "match": _whole(match),
        "unless": _whole(rf"(?:{_DEFINITION}|{match})"),
        "who": _whole(rf"[\s(]*{_DEFINITION}[\s)]*(?:\b(?:and|or)\b[\s(]*{_DEFINITION}[\s)]*)*"),
    }


def _matches(words: Vocabulary) -> str:
    """A kind, perhaps with a test that suits its values; kinds of one sort of values together."""
    tests: dict[str, list[str]] = {}
    for one in words.kinds.values():
        tests.setdefault(_test(one), []).append(_kind(one))
    return r"(?:(?:mother|child)'s\s+)?" + _any(f"{_any(kinds)}{test}" for test, kinds in tests.items())


def _kind(one: Kind) -> str:
    """`vaccine.*` stands for a family."""
    plain = one.name.replace(".", r"\.")
    return plain.removesuffix("*") + _NAME if one.name.endswith(".*") else plain


def _test(kind: Kind) -> str:
    if kind.value in ("integer", "viral_load"):
        return rf"(?:{_SPACE}(?:>=|<){_SPACE}\d+)?"
    if kind.value != "code":
        return ""
    code = r"\w+" if kind.open else _any(kind.codes)
    return rf"(?:{_SPACE}={_SPACE}{code}(?:\|{code})*)?"


def _any(alternatives: Iterable[str]) -> str:
    found = list(alternatives)
    return found[0] if len(found) == 1 else f"(?:{'|'.join(found)})"


def _whole(pattern: str) -> str:
    return f"^{_SPACE}{pattern}{_SPACE}$"
