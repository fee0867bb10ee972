"""A protocol and its items. Each checks itself, so a wrong protocol cannot be built."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from mentormothers.protocol.checking import faults_between, faults_of_item, refuse
from mentormothers.protocol.fingerprint import fingerprint
from mentormothers.protocol.provenance import LeftOut, Setting, Signature, Source
from mentormothers.protocol.terms import Anchor, Offset, Repeat, Satisfier, Stop, Unless, Who
from mentormothers.protocol.tracing import Tracing

MOST_WINDOWS = 500  # a country has some fifty items; each is a query of its own


@dataclass(frozen=True)
class Item:
    """One thing to be done for a person, its window and its ends. Days are whole civil days.

    opens = due - early_days; due until due + grace_days; then overdue; defaulted from defaulter_days late;
    lost (if the item can be) beyond the protocol's lost rule; expired after last_day, an offset from the anchor.

    shares  items that the same fact may do, though its window overlaps theirs
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
    repeat: Repeat | None = None
    lost: bool = False
    stop: tuple[Stop, ...] = ()
    unless: tuple[Unless, ...] = ()
    shares: tuple[str, ...] = ()
    source: str = ""
    basis: str = ""
    verify: bool = False
    note: str = ""
    file: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        for offset in (*self.steps, *([self.last_day] if self.last_day else [])):
            offset.check_reach()
        refuse(faults_of_item(self))

    @property
    def rolls(self) -> bool:
        """Whether it is counted again from the last time it was done."""
        return self.repeat is not None and not self.repeat.from_anchor

    @property
    def steps(self) -> tuple[Offset, ...]:
        """The distance from the anchor to each time that it comes up, of an item that does not roll."""
        if self.repeat is None or self.repeat.every is None or self.repeat.most is None:
            return (self.offset,)
        every, times = self.repeat.every, range(self.repeat.most)
        return tuple(
            Offset(months=self.offset.months + n * every.months, days=self.offset.days + n * every.days) for n in times
        )

    @property
    def unverified(self) -> bool:
        """Whether nobody has confirmed it; so too where it has no source."""
        return self.verify or not self.source


@dataclass(frozen=True)
class LostRule:
    """When a person counts as beyond reach: more than (`gt`) or at least (`ge`) so many days late."""

    days: int
    operator: Literal["gt", "ge"]

    def __post_init__(self) -> None:
        if not 0 <= self.days <= 3660:
            raise ValueError(f"lost: days is {self.days}; it lies between 0 and 3660")

    @property
    def name(self) -> str:
        """The rule's name as it stands beside every number, such as `gt28`."""
        return f"{self.operator}{self.days}"


@dataclass(frozen=True)
class CarryOver:
    """What a new version means for those who are in care on the day it starts.

    finish  a pregnancy, breastfeeding or exposure that began before goes on under the version it began with
    keep    what was missed before the version counted for somebody is asked all the same, though it is new
    """

    finish: bool = True
    keep: bool = True


@dataclass(frozen=True)
class Protocol:
    """A protocol in one version. `signed_off_by` is who signed it, for this very content; None: nobody has.

    verify    the whole of it is not confirmed from the primary guideline's text
    settings  what holds for all items, in words, with sources; the lost rule and tracing among them
    left_out  what it does not say, and why
    extends   the protocols it is laid on; everything here is said with theirs, as it is in force
    succeeds  the version that was in force before it, with the one before that
    """

    id: str
    version: int
    title: str
    effective_from: date
    lost: LostRule
    items: tuple[Item, ...]
    signed_off_by: Signature | None = None
    tracing: Tracing = field(default_factory=Tracing)
    verify: bool = False
    settings: tuple[Setting, ...] = ()
    sources: tuple[Source, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    extends: tuple[str, ...] = ()
    succeeds: "Protocol | None" = None
    carry_over: CarryOver = CarryOver()

    def __post_init__(self) -> None:
        ids = [item.id for item in self.items]
        repeated = sorted({i for i in ids if ids.count(i) > 1})
        if repeated:
            raise ValueError(f"item {', '.join(repeated)} stands twice")
        if not ids:
            raise ValueError("a protocol has at least one item")
        refuse(faults_between(self.items, self.lost.days, self.settings))
        unknown = [name for name in self.tracing.open_when if name not in ids]
        if unknown:
            raise ValueError(f"tracing: {', '.join(unknown)} is no item of this protocol")
        named = {value.source for value in self._values if value.source}
        nowhere = sorted(named - {source.id for source in self.sources})
        if nowhere:
            raise ValueError(f"source {', '.join(nowhere)} does not stand among the sources")
        windows = sum(len(item.steps) for version in self.versions for item in version.items)
        if windows > MOST_WINDOWS:
            raise ValueError(f"{windows} items and times are too many (at most {MOST_WINDOWS}, all versions together)")
        if self.succeeds and self.succeeds.effective_from >= self.effective_from:
            raise ValueError(f"succeeds {self.succeeds.id}, which is in force from the same day or later")
        if self.signed_off_by and self.signed_off_by.content != self.fingerprint:
            raise ValueError(
                f"signed_off_by: content {self.signed_off_by.content} was signed, and this is {self.fingerprint}. "
                'Please have it signed anew, or say signed_off_by: ""'
            )

    @property
    def fingerprint(self) -> str:
        """Names the content, with all that it extends; of the signature it knows nothing."""
        return fingerprint(self, without="signed_off_by")

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

    @property
    def versions(self) -> "tuple[Protocol, ...]":
        """Those it succeeds, the oldest first, and itself at the end."""
        return (*self.succeeds.versions, self) if self.succeeds else (self,)

    def of_rule(self, rule: str) -> "Protocol":
        """The version that a row names by its rule. Raises KeyError when there is none."""
        return {version.rule: version for version in self.versions}[rule]
