"""What an item is made of: days, the facts that are looked for, who it is for, what does it and what ends it.

Each node is frozen and checks itself, so a wrong one cannot be built.
"""

from dataclasses import dataclass, field
from typing import Literal

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

DAYS_A_MONTH = 30.4375  # on average
LONGEST_YEARS = 20  # between an anchor and what is counted from it
BIRTH_DATE = "birth.date"  # of anybody: birthdays lie further off than 20 years
LONGEST_DAYS = 7305  # the same in days
OLDEST_DAYS = 120 * 12 * DAYS_A_MONTH
MOST_TIMES = 60  # that an item repeats from its anchor; each is a window of its own

Which = Literal["latest", "first", "each"]
Relative = Literal["", "mother", "child"]


@dataclass(frozen=True)
class Offset:
    """A distance in days or calendar months, or the days of supply of the fact it is counted from.

    booked  with supply: or the day booked since that fact, whichever is later
    """

    months: int = 0
    days: int = 0
    supply: bool = False
    booked: bool = False

    def __post_init__(self) -> None:
        if (self.months != 0) + (self.days != 0) + self.supply > 1:
            raise ValueError("an offset is in months, or in days and weeks, or the supply; not several at once")
        if self.months < 0 or self.days < 0 or self.length > OLDEST_DAYS:
            raise ValueError(f"an offset lies between 0 and {LONGEST_YEARS} years, an age between 0 and 120")
        if self.booked and not self.supply:
            raise ValueError("a booked day goes with the days supplied")

    @property
    def length(self) -> float:
        """About how many days, for putting offsets from one day in order."""
        return self.months * DAYS_A_MONTH + self.days

    def check_reach(self) -> None:
        """Raise ValueError where it is longer than the calendar that schedules are counted by."""
        if self.months > LONGEST_YEARS * 12 or self.days > LONGEST_DAYS:
            raise ValueError(f"an offset lies between 0 and {LONGEST_YEARS} years")


@dataclass(frozen=True)
class Match:
    """Facts of one kind, all of them or those with certain values.

    of  whose facts: the client's own, her birth mother's, or those of any of her children
    """

    kind: str
    values: tuple[str, ...] = ()
    at_least: int | None = None
    below: int | None = None
    of: Relative = ""

    @property
    def name(self) -> str:
        """The kind as it is told of the client: `vl.result`, `mother's vl.result`."""
        return f"{self.of}'s {self.kind}" if self.of else self.kind


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
        if self.match.kind != BIRTH_DATE:
            self.plus.check_reach()
        if self.since and self.which == "each":
            raise ValueError("`since` goes with first or latest, not with each")


@dataclass(frozen=True)
class StartTerm:
    """The day on which a definition began to hold for the person, plus an offset."""

    definition: str
    plus: Offset = Offset()

    def __post_init__(self) -> None:
        self.plus.check_reach()


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
        events = [term for term in self.terms if isinstance(term, EventTerm)]
        if any(term.since for term in events) and (self.each or self.shift_to):
            raise ValueError("`since` does not go with `of` or each")
        if self.shift_to and any(term.match.of for term in events):
            raise ValueError("`of` shifts an anchor to the client's own sample, not to a relative's")
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

    def __post_init__(self) -> None:
        if self.match.of and (self.number or self.of_anchor or self.another):
            raise ValueError(f"{self.match.name}: a relative's fact is not counted (#), and is not `of the anchor`")
        if self.number == 0:
            raise ValueError("#0 is no event: the first is #1")


@dataclass(frozen=True)
class Stop:
    """A fact (or the start of a definition) that ends an item; `until` names the fact that lifts it again."""

    match: Match | None = None
    definition: str = ""
    until: Match | None = None

    @property
    def until_care(self) -> bool:
        """Whether any later care fact lifts this stop: of the client's own stops."""
        return self.match is not None and not self.match.of and self.match.kind in STOPS_UNTIL_CARE


@dataclass(frozen=True)
class Unless:
    """An item is not for now while the latest fact of a kind matches, or while a definition holds."""

    match: Match | None = None
    definition: str = ""


@dataclass(frozen=True)
class Repeat:
    """An item that comes up again.

    every       after this distance; none: the item's own offset
    from_anchor counted from the anchor every time, not from the last time it was done
    most        at most so many times: from the anchor so many, else until so many facts did it
    """

    every: Offset | None = None
    from_anchor: bool = False
    most: int | None = None

    def __post_init__(self) -> None:
        if self.most is not None and not 1 <= self.most <= MOST_TIMES:
            raise ValueError(f"repeat: most lies between 1 and {MOST_TIMES}")
        if self.from_anchor and (self.most is None or self.every is None or self.every.length == 0):
            raise ValueError("repeat from the anchor says every how many weeks or months, and how often at most")
        if self.every and self.every.supply:
            raise ValueError("repeat: every is a distance in days, weeks or months")


@dataclass(frozen=True)
class Ages:
    """From the day somebody reaches one age until (not including) the day she reaches another.

    unknown  whether it is for somebody of whom no birth date is known
    """

    since: Offset | None
    below: Offset | None
    unknown: bool

    def __post_init__(self) -> None:
        if not self.since and not self.below:
            raise ValueError("ages has from, below, or both")
        if self.since and self.below and self.since.length >= self.below.length:
            raise ValueError("ages: from is less than below")


@dataclass(frozen=True)
class Place:
    """An item is only where a setting is on, or off."""

    setting: str
    on: bool = True


@dataclass(frozen=True)
class Who:
    """For whom an item is: definitions joined by `and`, alternatives by `or`; of some ages, at some places."""

    alternatives: tuple[tuple[str, ...], ...]
    text: str = field(compare=False, default="")
    ages: Ages | None = None
    places: tuple[Place, ...] = ()
