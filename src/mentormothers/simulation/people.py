"""The agents: a woman, her pregnancies, her babies, and where she is when.

Days are day numbers (`facts.days.day_number`). What is true of a person stands here; what was written down about
her stands in the logbook.
"""

from dataclasses import dataclass, field

from mentormothers.simulation.arrivals import Arrival
from mentormothers.simulation.sites import Mentor, Site

NEVER = 10**7


@dataclass(slots=True, kw_only=True)
class Person:
    """Anybody. `slot` is 0 for the woman, from 1 for her babies in the order of birth."""

    slot: int
    sex: str
    born: int
    died: int = NEVER
    infected: int = NEVER


@dataclass(slots=True, kw_only=True)
class Baby(Person):
    """A child born alive.

    fed_until     the last day of breastfeeding; the day before birth when never
    exclusively   until six months
    route         how it was infected: birth, milk or empty
    first_sample  day of the first virological sample
    found         day of the first positive result
    treated       day it first got treatment
    closed        whether a final outcome is written
    """

    fed_until: int
    exclusively: bool
    twin: bool = False
    route: str = ""
    first_sample: int = NEVER
    found: int = NEVER
    treated: int = NEVER
    closed: bool = False


@dataclass(slots=True, kw_only=True)
class Pregnancy:
    """One pregnancy: its last menstrual period, how that is known, its first antenatal visit, its end and outcome."""

    lmp: int
    dated_by: str
    vaguely: bool
    first_contact: int
    ends: int
    outcome: str  # miscarriage, stillbirth or live
    at_facility: bool
    babies: list[Baby] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stay:
    """From when she goes where. A new `alias` means that the site does not know who she is and enrols her anew."""

    since: int
    site: Site
    mentor: Mentor
    alias: int
    how: str  # first, birth, home, silent or formal


@dataclass(frozen=True, slots=True)
class Supply:
    """Medicine she was given: the day, the day it runs out, and under which alias."""

    day: int
    due: int
    alias: int


@dataclass(slots=True, kw_only=True)
class Woman(Person):
    """A client and her life.

    found        the day she was known to be positive, by a test or by what she told
    started      the day of her first treatment ever
    steadiness   how much likelier than others she is to miss and to leave; 0.5 is steady
    left         the day after which she has no medicine and seeks none
    refused      the day she said no to treatment
    death_known  the day the site heard of her death
    phone_right  whether the number the site has reaches her household
    visits       days on which a mentor may have seen her
    traced       times that she was looked for: (reached, came back)
    """

    arrival: Arrival
    age: int
    stays: list[Stay]
    pregnancies: list[Pregnancy]
    consents: dict[str, bool]
    steadiness: float
    phone: str
    phone_right: bool
    found: int = NEVER
    started: int = NEVER
    new_start: int = NEVER
    left: int = NEVER
    refused: int = NEVER
    death_known: int = NEVER
    supplies: list[Supply] = field(default_factory=list)
    visits: list[int] = field(default_factory=list)
    traced: list[tuple[bool, bool]] = field(default_factory=list)

    def stay_on(self, day: int) -> Stay:
        """Where she goes on a day; before her first visit, where that will be."""
        for stay in reversed(self.stays):
            if stay.since <= day:
                return stay
        return self.stays[0]

    def babies(self) -> list[Baby]:
        """All her children born alive, by birth."""
        return [baby for pregnancy in self.pregnancies for baby in pregnancy.babies]

    def covered(self, day: int, grace: int) -> bool:
        """Whether her medicine lasts on a day, with so many days of grace."""
        return any(supply.day <= day <= supply.due + grace for supply in reversed(self.supplies))

    def in_touch(self, day: int) -> bool:
        """Whether the site sees her: she lives, and is in treatment if she is known to need it."""
        if day > self.died:
            return False
        return self.found > day or self.covered(day, 60) or day <= self.found + 60
