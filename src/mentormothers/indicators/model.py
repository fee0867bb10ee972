"""The nodes of an indicator. Each is frozen and checks itself, so a wrong definition cannot be built."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal, get_args

from mentormothers.facts.days import add_months
from mentormothers.indicators.periods import Period
from mentormothers.protocol.model import LostRule
from mentormothers.protocol.terms import Match

Type = Literal["count", "proportion"]
DenominatorOfParts = Literal["whole", "own"]

# The options that the engines know, and what may be chosen for each.
#   lost        beyond how many days late a client is no longer on treatment: more than (gt) or at least (ge)
#   sources     whose word counts: documents only, or also what the client told
#   duration    until when time on treatment is measured: the last expected day, or the end of the period
#   suppressed  which copies per ml count as suppressed: fewer than (lt) or at most (le)
#   dated       by which day a result counts: its own, or that of its sample
#   current     whether a client must be on treatment at the end
#   months      how many calendar months after treatment began a client is judged
#   cohort      whom a period selects: who began in it, or for whom those months ended in it
#   transfers   what becomes of those transferred out
OPTIONS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "lost": re.compile(r"(gt|ge)(\d{1,3})"),
        "sources": re.compile("documented|all"),
        "duration": re.compile("to_expected|to_period_end"),
        "suppressed": re.compile(r"(lt|le)(\d{1,6})"),
        "dated": re.compile("result|sample"),
        "current": re.compile("any|required"),
        "months": re.compile(r"[1-9]\d?"),
        "cohort": re.compile("started|reached"),
        "transfers": re.compile("excluded|not_retained|retained"),
    }
)
By = Literal["", "site", "delivery_model"]
BY = ("site", "delivery_model")
_ID = re.compile(r"[A-Z][A-Z0-9_]*", re.IGNORECASE)


@dataclass(frozen=True)
class Option:
    """A choice that the field makes differently in different places; it stands beside every number."""

    name: str
    allowed: tuple[str, ...]
    default: str
    meaning: str

    def __post_init__(self) -> None:
        if self.name not in OPTIONS:
            raise ValueError(f"the engines know no such option. Known are: {', '.join(OPTIONS)}")
        wrong = [value for value in self.allowed if not OPTIONS[self.name].fullmatch(value)]
        if wrong or len(set(self.allowed)) < len(self.allowed):
            raise ValueError(f"{', '.join(wrong) or 'a value'} cannot be chosen or stands twice")
        if self.default not in self.allowed:
            raise ValueError(f"the default {self.default!r} is not among the allowed values")

    def choice(self, value: str | None) -> str:
        """The value given, or the default where none is. Raises ValueError naming the allowed ones."""
        if value is None:
            return self.default
        if value not in self.allowed:
            raise ValueError(
                f"option {self.name}: {value!r} is not allowed. Please use one of: {', '.join(self.allowed)}"
            )
        return value


@dataclass(frozen=True)
class Definition:
    """What an indicator counts, in one version.

    numerator, denominator  in words; a count has no denominator
    disaggregations         the parts that a total is also given in, in their order
    denominator_of_parts    whether a part is counted out of the whole denominator or out of its own
    left_out                whom the count cannot place, told beside the numbers; empty: nobody
    verify                  what to check against the guide in force; not empty: not settled
    """

    id: str
    version: int
    title: str
    source: str
    type: Type
    numerator: str
    denominator: str
    period: str
    options: tuple[Option, ...]
    disaggregations: tuple[str, ...] = ()
    left_out: str = ""
    notes: tuple[str, ...] = ()
    verify: tuple[str, ...] = ()
    denominator_of_parts: DenominatorOfParts = "whole"

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError(f"id {self.id!r} is made of letters, digits and _")
        if self.version < 1:
            raise ValueError(f"version {self.version} is below 1")
        if self.type not in get_args(Type):
            raise ValueError(f"type {self.type!r} is unknown. Please use one of: {', '.join(get_args(Type))}")
        if (self.type == "proportion") != bool(self.denominator):
            raise ValueError("a proportion says its denominator, a count has none")
        if self.denominator_of_parts not in get_args(DenominatorOfParts):
            raise ValueError(f"denominator_of_parts {self.denominator_of_parts!r} is unknown. Please use whole or own")
        for what, names in (("option", [o.name for o in self.options]), ("disaggregation", self.disaggregations)):
            if len(set(names)) < len(names):
                raise ValueError(f"{what} {', '.join(sorted(names))}: one stands twice")
        if "" in self.disaggregations or self.left_out in self.disaggregations:
            raise ValueError("a disaggregation has a name, and not that of those left out")

    def measure(self, given: Mapping[str, str]) -> "Measure":
        """This definition with the options given, and its defaults for the others."""
        return Measure(self, tuple(option.choice(given.get(option.name)) for option in self.options))


@dataclass(frozen=True)
class Measure:
    """A definition with its options chosen, one value for each in the order of the definition."""

    definition: Definition
    choices: tuple[str, ...]

    @property
    def name(self) -> str:
        """What stands beside every number, such as `TX_CURR@1/gt28,documented`."""
        return f"{self.definition.id}@{self.definition.version}/{','.join(self.choices)}"

    def choice(self, option: str) -> str:
        """What was chosen. Raises ValueError for an option that the definition does not have."""
        chosen = {o.name: value for o, value in zip(self.definition.options, self.choices, strict=True)}
        if option not in chosen:
            raise ValueError(f"{self.definition.id} cannot be counted without an option {option!r} in its definition")
        return chosen[option]

    @property
    def lost(self) -> LostRule:
        """The line beyond which a client is no longer on treatment."""
        match = OPTIONS["lost"].fullmatch(self.choice("lost"))
        assert match
        return LostRule(int(match[2]), "gt" if match[1] == "gt" else "ge")

    @property
    def suppressed(self) -> Match:
        """The viral load results that count as suppressed."""
        match = OPTIONS["suppressed"].fullmatch(self.choice("suppressed"))
        assert match
        return Match("vl.result", below=int(match[2]) + (match[1] == "le"))

    @property
    def months(self) -> int:
        """How many calendar months after treatment began a client is judged."""
        return int(self.choice("months"))

    @property
    def begins_cohort(self) -> bool:
        """Whether a period selects those who began in it, to be judged later."""
        return any(option.name == "cohort" for option in self.definition.options) and self.choice("cohort") == "started"


@dataclass(frozen=True)
class Question:
    """One measure, asked for a period: of all sites as one programme, or of each site or delivery model by itself.

    by_model  the sites of each delivery model count as one site
    known  the last day of which anything is known; None: every day that the question needs
    """

    measure: Measure
    period: Period
    by_site: bool = False
    known: date | None = None
    by_model: bool = False

    @property
    def by(self) -> By:
        """What each number is given for."""
        return "delivery_model" if self.by_model else "site" if self.by_site else ""

    @property
    def as_of(self) -> date:
        """The last day of which facts count: the period's, or that on which the last of its cohort is judged."""
        if self.measure.begins_cohort:
            return add_months(self.period.end, self.measure.months)
        return self.period.end

    @property
    def known_until(self) -> date:
        """The last day of which anything can be known."""
        return self.known or self.as_of
