"""Phrases of the protocol language: `first eid.result = pos`, `child.dob + 6 weeks`, `anc.contact#1`."""

import re
from collections.abc import Callable
from typing import TypeVar

from mentormothers.facts.values import parse_value
from mentormothers.facts.vocabulary import Kind, Vocabulary
from mentormothers.protocol.terms import (
    DEFINITIONS,
    Anchor,
    EventTerm,
    Match,
    Offset,
    Place,
    Relative,
    Satisfier,
    StartTerm,
    Stop,
    Term,
    Unless,
    Which,
    Who,
)

_KIND = r"(?P<kind>[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)?)"
_TEST = r"(?:\s*(?P<sign>=|>=|<)\s*(?P<value>[\w|]+))?"
_RELATIVE = r"(?:(?P<relative>mother|child)'s\s+)?"
_PLUS = r"(?:\s*\+\s*(?P<count>\d{1,4})\s+(?P<unit>days?|weeks?|months?|years?))?"
_START = re.compile(rf"start of (?P<definition>\w+){_PLUS}")
_EVENT = re.compile(
    rf"(?:(?P<which>latest|first|each)\s+)?{_RELATIVE}{_KIND}{_TEST}(?:\s+since (?P<since>[^+]+?))?{_PLUS}"
)
_SATISFIER = re.compile(
    rf"(?P<another>another\s+)?{_RELATIVE}{_KIND}(?:#(?P<number>\d{{1,2}}))?{_TEST}"
    r"(?P<of>\s+of the anchor)?(?:\s+from (?P<from>[^,]+?))?(?P<any>\s+on any day)?"
)
_WHO_TOKEN = re.compile(r"\s*(\(|\)|[a-z_]+)")
_LONGEST_PHRASE = 200
_UNITS = "{days: n}, {weeks: n}, {ga_weeks: n}, {months: n}, {years: n}"

T = TypeVar("T")


class Phrases:
    """Reads phrases against a vocabulary. Every method raises ValueError saying what is wrong and allowed."""

    def __init__(self, words: Vocabulary) -> None:
        self._words = words

    def term(self, text: str) -> Term:
        """`first hiv.test = pos`, `child.dob + 6 weeks`, `first anc.contact since pregnancy.lmp`, `start of mother`."""
        start = _START.fullmatch(_short(text))
        if start:
            return StartTerm(_definition(start["definition"]), _plus(start))
        match = _EVENT.fullmatch(text.strip())
        if not match:
            raise ValueError(f"{text!r} is not a day this language knows. Example: first hiv.test = pos + 4 weeks")
        which: Which = match["which"] or "latest"  # type: ignore[assignment]  # the pattern allows no other
        since = self.match(match["since"]) if match["since"] else None
        return EventTerm(self._match(match), which, _plus(match), since)

    def anchor(self, content: object) -> Anchor:
        """A phrase, `KIND of TERM`, or a mapping with latest_of or first_of and perhaps anew_at."""
        if isinstance(content, dict):
            return self._picked(content)
        text = _text(content)
        shift, of, rest = text.partition(" of ")
        if of and self._words.kind(shift.strip()):
            return Anchor((self.term(rest),), shift_to=self._kind(shift.strip()).name)
        return Anchor((self.term(text),))

    def _picked(self, content: dict[object, object]) -> Anchor:
        unknown = set(content) - {"latest_of", "first_of", "anew_at"}
        if unknown or ("latest_of" in content) == ("first_of" in content):
            raise ValueError("an anchor has either latest_of or first_of, and perhaps anew_at")
        pick = "latest" if "latest_of" in content else "first"
        terms = tuple(self.term(_text(t)) for t in _listed(content[f"{pick}_of"]))
        anew = self.term(_text(content["anew_at"])) if "anew_at" in content else None
        if anew is not None and not isinstance(anew, StartTerm):
            raise ValueError("anew_at is the start of a definition, such as `start of hiv_positive`")
        return Anchor(terms, pick, anew)  # type: ignore[arg-type]  # one of the two words above

    def satisfier(self, text: str) -> Satisfier:
        """`anc.contact#1`, `another eid.sample`, `antibody.test = pos from child.dob + 18 months on any day`."""
        match = _SATISFIER.fullmatch(_short(text))
        if not match:
            raise ValueError(f"{text!r} does not say which fact does it. Example: eac.session#2")
        not_before = self.term(match["from"]) if match["from"] else None
        if isinstance(not_before, StartTerm):
            raise ValueError(f"{text!r}: `from` names a fact, such as bf.stopped + 3 months")
        return Satisfier(
            match=self._match(match),
            number=int(match["number"]) if match["number"] else None,
            of_anchor=bool(match["of"]),
            another=bool(match["another"]),
            not_before=not_before,
            any_day=bool(match["any"]),
        )

    def stop(self, text: str) -> Stop:
        """`death`, `refused = art|all`, `hiv_positive`, `eid.result = pos until eid.result = neg`."""
        head, until, tail = _short(text).partition(" until ")
        if head in DEFINITIONS:
            return Stop(definition=head)
        return Stop(match=self.match(head), until=self.match(tail) if until else None)

    def unless(self, text: str) -> Unless:
        """`vl.result >= 1000`, `pregnant`."""
        return Unless(definition=text) if text in DEFINITIONS else Unless(match=self.match(text))

    def offset(self, content: object, done_by: object) -> Offset:
        """The offset of an item; days supplied are those of the fact that does it."""
        found = offset(content)
        kind = self.satisfier(done_by).match.kind if found.supply and isinstance(done_by, str) else ""
        if found.supply and (known := self._words.kind(kind)) and known.value != "integer":
            raise ValueError(f"offset: {kind} says no number of days. Please count from a kind that does: art.dispense")
        return found

    def match(self, text: str) -> Match:
        """A kind, perhaps with a test of its value."""
        match = re.fullmatch(_RELATIVE + _KIND + _TEST, text.strip())
        if not match:
            raise ValueError(f"{text!r} is not a kind of fact. Example: vl.result >= 1000")
        return self._match(match)

    def who(self, text: str) -> Who:
        """Definitions joined by `and`, `or` and parentheses."""
        tokens = _WHO_TOKEN.findall(_short(text))
        if "".join(tokens) != re.sub(r"\s", "", text) or not tokens:
            raise ValueError(f"who: {text!r} joins definitions by and, or and parentheses")
        alternatives, rest = _either(tokens)
        if rest or len(alternatives) > 16:
            raise ValueError(f"who: {text!r} cannot be read from {' '.join(rest) or 'its alternatives'} on")
        return Who(tuple(alternatives), text)

    def _match(self, match: re.Match[str]) -> Match:
        kind = self._kind(match["kind"])
        sign, value = match["sign"], match["value"]
        of: Relative = match["relative"] or ""  # type: ignore[assignment]  # the pattern allows no other
        if sign is None:
            return Match(kind.name, of=of)
        if sign == "=":
            return Match(kind.name, values=tuple(_code(kind, code) for code in value.split("|")), of=of)
        if kind.value not in ("integer", "viral_load") or not value.isdigit():
            raise ValueError(f"{kind.name} {sign} {value}: only kinds with a whole number can be compared so")
        return (
            Match(kind.name, at_least=int(value), of=of) if sign == ">=" else Match(kind.name, below=int(value), of=of)
        )

    def _kind(self, name: str) -> Kind:
        kind = self._words.kind(name)
        if kind is None:
            raise ValueError(f"{name!r} is not a kind of fact in the vocabulary. Please check its spelling")
        return Kind(**{**kind.__dict__, "name": name})


def offset(content: object) -> Offset:
    """`{weeks: 6}`, `{months: 3}`, `{years: 1}`, `{ga_weeks: 41}`, `days_supplied` or `days_supplied_or_booked`."""
    if content in ("days_supplied", "days_supplied_or_booked"):
        return Offset(supply=True, booked=content == "days_supplied_or_booked")
    if not isinstance(content, dict) or len(content) != 1:
        raise ValueError(f"an offset is one of {_UNITS}, days_supplied or days_supplied_or_booked")
    unit, count = next(iter(content.items()))
    if unit not in ("days", "weeks", "ga_weeks", "months", "years") or type(count) is not int:
        raise ValueError(f"offset {{{unit}: {count}}}: please give a whole number as one of {_UNITS}")
    return _offset(unit, count)


def place(text: str) -> Place:
    """`malaria_endemic`, `not malaria_endemic`."""
    name = text.removeprefix("not ").strip()
    return Place(name, on=name == text)


def _offset(unit: str, count: int) -> Offset:
    if unit.startswith(("month", "year")):
        return Offset(months=count * (12 if "year" in unit else 1))
    return Offset(days=count * (7 if "week" in unit else 1))


def _plus(match: re.Match[str]) -> Offset:
    return _offset(match["unit"], int(match["count"])) if match["count"] else Offset()


def _code(kind: Kind, code: str) -> str:
    if kind.value != "code":
        raise ValueError(f"{kind.name} has no codes to compare with")
    return parse_value(kind, code)[0]


def _definition(name: str) -> str:
    if name not in DEFINITIONS:
        raise ValueError(f"{name!r} is not a definition. Please use one of: {', '.join(DEFINITIONS)}")
    return name


def _either(tokens: list[str]) -> tuple[list[tuple[str, ...]], list[str]]:
    """Read `a and b or c` as a list of alternatives, each a group of definitions that must all hold."""
    found, tokens = _both(tokens)
    while tokens[:1] == ["or"]:
        more, tokens = _both(tokens[1:])
        found = found + more
    return found, tokens


def _both(tokens: list[str]) -> tuple[list[tuple[str, ...]], list[str]]:
    found, tokens = _one(tokens)
    while tokens[:1] == ["and"]:
        more, tokens = _one(tokens[1:])
        found = [tuple(dict.fromkeys(a + b)) for a in found for b in more]
    return found, tokens


def _one(tokens: list[str]) -> tuple[list[tuple[str, ...]], list[str]]:
    if tokens[:1] == ["("]:
        found, rest = _either(tokens[1:])
        if rest[:1] != [")"]:
            raise ValueError("who: a parenthesis is not closed")
        return found, rest[1:]
    if not tokens:
        raise ValueError("who: a definition is missing at the end")
    return [(_definition(tokens[0]),)], tokens[1:]


def _text(content: object) -> str:
    if not isinstance(content, str):
        raise ValueError(f"{content!r} should be a phrase")
    return _short(content)


def _short(text: str) -> str:
    if not isinstance(text, str) or len(text) > _LONGEST_PHRASE:
        raise ValueError(f"a phrase has at most {_LONGEST_PHRASE} characters")
    return text.strip()


def _listed(content: object) -> list[object]:
    return content if isinstance(content, list) else [content]


def each_of(content: object, read: Callable[[str], T]) -> tuple[T, ...]:
    """Read one phrase or a list of them."""
    return tuple(read(_text(part)) for part in _listed(content))
