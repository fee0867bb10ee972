"""The grammar of a form's formulas (ODK XForms: XPath 1.0 with functions of its own).

The phone's engine finds a bad formula only when a mentor opens the form, so it is found here, where the form is
written. Formulas with predicates in [ ] are looked at only for their brackets and functions.
"""

import re
from collections.abc import Mapping

# Of ODK XForms' functions those that the phone's form engine knows, without what needs drawings, places or media.
FUNCTIONS = frozenset({
    "boolean", "boolean-from-string", "ceiling", "checklist", "choice-name", "coalesce", "concat", "contains",
    "count", "count-non-empty", "count-selected", "current", "date", "date-time", "decimal-date-time",
    "decimal-time", "digest", "ends-with", "false", "floor", "format-date", "format-date-time", "id", "if",
    "indexed-repeat", "instance", "int", "itext", "join", "lang", "last", "local-name", "name",
    "normalize-space", "not", "now", "number", "once", "position", "random", "regex", "round", "selected",
    "selected-at", "starts-with", "string", "string-length", "substr", "substring", "substring-after",
    "substring-before", "sum", "today", "translate", "true", "uuid", "weighted-checklist",
})  # fmt: skip
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<call>[A-Za-z_][\w:-]*)\s*\(
    | (?P<operand>'[^']*'|"[^"]*"|\$\{[^}]*\}|\d+(?:\.\d+)?|/[\w./*@:-]+|\.\.?(?:/[\w./*@:-]+)?)
    | (?P<word>[A-Za-z_][\w:./-]*)
    | (?P<operator><=|>=|!=|[=<>+*|-])
    | (?P<mark>[(),])
    | (?P<other>\S)
    )""",
    re.VERBOSE,
)
_WORDS = {"and", "or", "div", "mod"}


def fault_in(formula: str) -> str:
    """What is wrong with a formula, or '' when a phone can work it out. Brackets and quotes are closed already."""
    plain = re.sub(r"'[^']*'|\"[^\"]*\"", "''", formula)
    for name in re.findall(r"([A-Za-z_][\w:-]*)\s*\(", plain):
        if name not in FUNCTIONS | _WORDS:
            return f"there is no function {name}()"
    return "" if "[" in plain or not formula.strip() else _Grammar(formula).fault()


def circle(refers: Mapping[str, set[str]]) -> list[str]:
    """Names that refer to each other in a circle, in its order; empty when there is none."""
    done: set[str] = set()
    for start in refers:
        path = _walk(start, refers, [], done)
        if path:
            return path
    return []


def names_in(formula: str) -> set[str]:
    """The questions that a formula refers to."""
    return set(re.findall(r"\$\{\s*([^}\s]+)\s*\}", formula))


class _Grammar:
    """Values and operators take turns; brackets nest."""

    def __init__(self, formula: str) -> None:
        self._tokens = list(_TOKEN.finditer(formula))
        self._open: list[str] = []
        self._wants_value = True
        self._may_close = False  # a call may have nothing between its brackets

    def fault(self) -> str:
        for token in self._tokens:
            wanted = "a value" if self._wants_value else "an operator"
            if not self._take(token.lastgroup or "other", token[0].strip()):
                return f"{token[0].strip()!r} stands where {wanted} is expected"
        return "it ends where a value is expected" if self._wants_value else ""

    def _take(self, kind: str, text: str) -> bool:
        may_close, self._may_close = self._may_close, False
        if self._wants_value:
            return self._take_value(kind, text, may_close)
        if text == ")":
            self._open.pop()
            return True
        if text == ",":
            self._wants_value = True
            return bool(self._open) and self._open[-1] != "("
        self._wants_value = True
        # Between values a * multiplies, and `and (` reads like a call.
        if kind == "call" and text.rstrip("( ") in _WORDS:
            self._open.append("(")
            return True
        return kind == "operator" or text in _WORDS

    def _take_value(self, kind: str, text: str, may_close: bool) -> bool:
        if kind == "call" or text == "(":
            self._open.append(text)
            self._may_close = kind == "call"
            return True
        if text == ")" and may_close:
            self._open.pop()
            self._wants_value = False
            return True
        if text == "-":
            return True
        self._wants_value = False
        return kind in ("operand", "word") or text == "*"


def _walk(name: str, refers: Mapping[str, set[str]], path: list[str], done: set[str]) -> list[str]:
    if name in path:
        return path[path.index(name) :]
    if name in done or name not in refers:
        return []
    for other in sorted(refers[name]):
        if found := _walk(other, refers, [*path, name], done):
            return found
    done.add(name)
    return []
