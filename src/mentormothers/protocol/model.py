"""The nodes of a protocol. Each is frozen and checks itself, so a wrong protocol cannot be built."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from mentormothers.protocol.provenance import LeftOut, Setting, Source
from mentormothers.protocol.tracing import Tracing

# Definitions that `who` may name; docs/reference/protocol-language.md says each in full.
RISKS = ("high_risk", "low_risk")
DEFINITIONS = (
    "mother", "pregnant", "breastfeeding", "hiv_positive", "hiv_negative", "not_known_positive", "exposed_infant",
    *RISKS,
)  # fmt: skip

# These stops hold until the next care fact after them; every other stop stays unless it says `until`.
STOPS_UNTIL_CARE = ("transfer.out", "refused", "art.stop")

# Gestation: due date and the longest a pregnancy is taken to last without a recorded end (vocabulary words).
DAYS_LMP_TO_EDD = 280
LONGEST_PREGNANCY_DAYS = 44 * 7
FEEDING_MONTHS = 24

# An exposed infant's high risk: mother on treatment for less than four weeks at birth, or more than 1,000 copies in
# the four weeks before it (WHO 2025, infant postnatal prophylaxis).
HIGH_RISK_DAYS = 28
HIGH_RISK_ABOVE_COPIES = 1000

Which = Literal["latest", "first", "each"]


@dataclass(frozen=True)
class Offset:
    """A distance in days or calendar months, or the days of supply of the fact it is counted from."""

    months: int = 0
    days: int = 0
    supply: bool = False

    def __post_init__(self) -> None:
        if (self.months != 0) + (self.days != 0) + self.supply > 1:
            raise ValueError("an offset is in months, or in days and weeks, or the supply; not several at once")
        if not 0 <= self.months <= 240 or not 0 <= self.days <= 7305:
            raise ValueError("an offset lies between 0 and 20 years")


@dataclass(frozen=True)
class Match:
    """Facts of one kind, all of them or those with certain values."""

    kind: str
    values: tuple[str, ...] = ()
    at_least: int | None = None
    below: int | None = None


@dataclass(frozen=True)
class EventTerm:
    """A day taken from facts: the latest, the first, or each matching one, plus an offset.

    since  only facts from the day of the latest of these on (the first contact of the latest pregnancy)
    """

    match: Match
    which: Which = "latest"
    plus: Offset = Offset()
    since: Match | None = None

    def __post_init__(self) -> None:
        if self.since and self.which == "each":
            raise ValueError("`since` goes with first or latest, not with each")


@dataclass(frozen=True)
class StartTerm:
    """The day on which a definition began to hold for the person, plus an offset."""

    definition: str
    plus: Offset = Offset()


Term = EventTerm | StartTerm


@dataclass(frozen=True)
class Anchor:
    """The day an item is counted from.

    pick     which of several terms counts; with `latest` the first term must exist, the others may be missing
    anew     where this day is later than the picked one, the item is counted anew from it
    shift_to the anchor is not the fact itself but the fact of this kind that it belongs to (a result's sample)
    """

    terms: tuple[Term, ...]
    pick: Literal["latest", "first"] = "latest"
    anew: StartTerm | None = None
    shift_to: str = ""

    def __post_init__(self) -> None:
        if not self.terms:
            raise ValueError("an anchor names at least one kind of fact")
        if self.each and (len(self.terms) > 1 or self.anew):
            raise ValueError("`each` stands alone in an anchor")
        if any(t.since for t in self.terms if isinstance(t, EventTerm)) and (self.each or self.shift_to):
            raise ValueError("`since` does not go with `of` or each")
        if self.chained and self.terms[0].plus != Offset():
            raise ValueError("an anchor of one fact has no offset of its own; use the item's offset")
        if self.shift_to and not self.chained:
            raise ValueError("`of` shifts an anchor to the sample of one result; name the result with each or first")

    @property
    def each(self) -> bool:
        """Whether the item occurs once for each matching fact."""
        return any(isinstance(t, EventTerm) and t.which == "each" for t in self.terms)

    @property
    def chained(self) -> bool:
        """Whether the item hangs on one fact, so that a satisfying fact can be told from that fact's own."""
        return len(self.terms) == 1 and isinstance(self.terms[0], EventTerm)


@dataclass(frozen=True)
class Satisfier:
    """Facts that do an item.

    number      only the n-th such fact since the anchor
    of_anchor   only a fact that belongs to the anchor fact (a result told belongs to its sample)
    another     not the fact that the anchor fact itself belongs to (a second sample, not the first again)
    not_before  only from this day on; while the day is unknown, nothing satisfies
    any_day     also before the item opens
    """

    match: Match
    number: int | None = None
    of_anchor: bool = False
    another: bool = False
    not_before: EventTerm | None = None
    any_day: bool = False


@dataclass(frozen=True)
class Stop:
    """A fact (or the start of a definition) that ends an item; `until` names the fact that lifts it again."""

    match: Match | None = None
    definition: str = ""
    until: Match | None = None

    @property
    def until_care(self) -> bool:
        """Whether any later care fact lifts this stop."""
        return self.match is not None and self.match.kind in STOPS_UNTIL_CARE


@dataclass(frozen=True)
class Who:
    """For whom an item is: definitions joined by `and`, alternatives by `or`."""

    alternatives: tuple[tuple[str, ...], ...]
    text: str = field(compare=False, default="")


@dataclass(frozen=True)
class Item:
    """One thing to be done for a person, its window and its ends. Days are whole civil days.

    opens = due - early_days; due until due + grace_days; then overdue; defaulted from defaulter_days late;
    lost (if the item can be) beyond the protocol's lost rule; expired after last_day, an offset from the anchor.

    repeat  counted again from the last time it was done: by `every` where that differs from the offset
    verify  not confirmed from the primary guideline's text; `basis` says which value and why
    note    what else is to be known, such as the regimen; for the office, never for the phone
    file    the name of the file that it stands in: the protocol's own, or one that this extends
    """

    id: str
    label: str
    who: Who
    anchor: Anchor
    offset: Offset
    satisfied_by: tuple[Satisfier, ...]
    early_days: int = 0
    grace_days: int = 0
    defaulter_days: int | None = None
    last_day: Offset | None = None
    series: str = ""
    repeat: bool = False
    every: Offset | None = None
    lost: bool = False
    stop: tuple[Stop, ...] = ()
    unless: Match | None = None
    source: str = ""
    basis: str = ""
    verify: bool = False
    note: str = ""
    file: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        for name in ("early_days", "grace_days", "defaulter_days"):
            days = getattr(self, name)
            if days is not None and not 0 <= days <= 3660:
                raise ValueError(f"{name} is {days}; it lies between 0 and 3660")
        if self.offset.supply and not self.repeat:
            raise ValueError("an offset of the supply needs `repeat: last`, since each supply starts the next")
        if self.repeat and (self.anchor.each or self.anchor.anew or self.series or self.last_day):
            raise ValueError("`repeat: last` does not go with each, anew_at, series or last_day")
        if self.repeat and (len(self.satisfied_by) > 1 or _special(self.satisfied_by[0])):
            raise ValueError("`repeat: last` counts from one plain kind of fact")
        if self.every and (self.every.supply or not _counts_from_another_kind(self)):
            raise ValueError("`every` needs an anchor of another kind than what does it; otherwise it is the offset")
        belonging = any(s.of_anchor or s.another for s in self.satisfied_by)
        if belonging and not self.anchor.chained:
            raise ValueError("`of the anchor` and `another` need an anchor that is one fact")
        if (belonging or self.repeat) and any(t.since for t in self.anchor.terms if isinstance(t, EventTerm)):
            raise ValueError("`since` does not go with repeat, `another` or `of the anchor`")

    @property
    def unverified(self) -> bool:
        """Whether nobody has confirmed it; so too where it has no source."""
        return self.verify or not self.source


def _special(satisfier: Satisfier) -> bool:
    return bool(satisfier.number or satisfier.of_anchor or satisfier.another or satisfier.not_before)


def _counts_from_another_kind(item: Item) -> bool:
    term = item.anchor.terms[0]
    return isinstance(term, EventTerm) and term.match != item.satisfied_by[0].match


@dataclass(frozen=True)
class LostRule:
    """When a person counts as beyond reach: more than (`gt`) or at least (`ge`) so many days late."""

    days: int
    operator: Literal["gt", "ge"]

    @property
    def name(self) -> str:
        """The rule's name as it stands beside every number, such as `gt28`."""
        return f"{self.operator}{self.days}"


@dataclass(frozen=True)
class Protocol:
    """A protocol in one version. `signed_off_by` names the ministry that signed it; empty means nobody has.

    verify    the whole of it is not confirmed from the primary guideline's text
    settings  what holds for all items, in words, with sources; the lost rule and tracing among them
    left_out  what it does not say, and why
    extends   the protocols it is laid on; everything here is said with theirs, as it is in force
    """

    id: str
    version: int
    title: str
    effective_from: date
    lost: LostRule
    items: tuple[Item, ...]
    signed_off_by: str = ""
    tracing: Tracing = field(default_factory=Tracing)
    verify: bool = False
    settings: tuple[Setting, ...] = ()
    sources: tuple[Source, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    extends: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        ids = [item.id for item in self.items]
        repeated = sorted({i for i in ids if ids.count(i) > 1})
        if repeated:
            raise ValueError(f"item {', '.join(repeated)} stands twice")
        if not ids:
            raise ValueError("a protocol has at least one item")
        early = [i.id for i in self.items if i.lost and self.lost.days < max(i.grace_days, i.defaulter_days or 0)]
        if early:
            raise ValueError(f"item {', '.join(early)} would be lost before it is overdue or defaulted")
        unknown = [name for name in self.tracing.open_when if name not in ids]
        if unknown:
            raise ValueError(f"tracing: {', '.join(unknown)} is no item of this protocol")
        named = {value.source for value in self._values if value.source}
        nowhere = sorted(named - {source.id for source in self.sources})
        if nowhere:
            raise ValueError(f"source {', '.join(nowhere)} does not stand among the sources")

    @property
    def unverified(self) -> int:
        """How many of its items and settings nobody has confirmed."""
        return sum(value.unverified for value in self._values)

    @property
    def _values(self) -> tuple[Item | Setting, ...]:
        return (*self.items, *self.settings)

    @property
    def rule(self) -> str:
        """Names protocol, version and lost rule on every row, such as `ACC-1@1/gt28`."""
        return f"{self.id}@{self.version}/{self.lost.name}"

    def item(self, item_id: str) -> Item:
        """The item of this id. Raises KeyError when there is none."""
        return {item.id: item for item in self.items}[item_id]
