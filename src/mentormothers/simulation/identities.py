"""Who people say they are, as each site writes it: names spelt by ear, guessed ages, shared and wrong numbers.

Names come from lists that may be passed on; every combination is invented. Numbers start with +999, which belongs to
no country: no real phone can ring.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mentormothers.simulation.chances import Chances
from mentormothers.simulation.logbook import Logbook, iso
from mentormothers.simulation.parameters import Identities
from mentormothers.simulation.people import Baby, Person, Stay

COLUMNS = (
    "id", "given_name", "surname", "date_of_birth", "sex", "phone", "phone_owner", "village", "district",
    "mother_name", "site", "organisation",
)  # fmt: skip
_SPREAD = 54_018_521  # a prime: numbers of neighbours look unlike, and no two women get the same
_SPREAD_AGAIN = 433_494_437  # another: a new number looks unlike the old one


@dataclass(frozen=True)
class Names:
    """Lists of names, and how they are spelt elsewhere."""

    common_given: tuple[str, ...]
    common_surname: tuple[str, ...]
    other_given: tuple[str, ...]
    other_surname: tuple[str, ...]
    baby_given: tuple[str, ...]
    spellings: tuple[tuple[str, str], ...]
    short_forms: Mapping[str, str]


def read_names(content: Mapping[str, Any]) -> Names:
    """The lists in the content of a names file."""

    def some(key: str) -> tuple[str, ...]:
        return tuple(map(str, content[key]))

    return Names(
        some("common_given"), some("common_surname"), some("other_given"), some("other_surname"), some("baby_given"),
        tuple((str(heard), str(written)) for heard, written in content["spellings"]), dict(content["short_forms"]),
    )  # fmt: skip


@dataclass(frozen=True)
class TrueNames:
    """What a family is really called."""

    given: str
    surname: str
    village: str
    babies: tuple[str, ...]
    phone: str


@dataclass(frozen=True)
class Heard:
    """What one site wrote of a family's name, phone and village."""

    given: str
    surname: str
    phone: str
    village: str


class Clerk:
    """Writes a family's identities as each of its sites has them."""

    def __init__(self, book: Logbook, names: Names, shares: Identities, *, seed: int) -> None:
        number = book.woman.arrival.number
        self._book, self._names, self._shares = book, names, shares
        self._chances = Chances(seed, "names", number)
        self._hand = Chances(seed, "spelling", number)
        self.true = self._named(number)

    def rows(self) -> list[Sequence[str]]:
        """One row for each id; the errors of one site are one set, so a baby's mother has the name written there."""
        return [row for alias in self._aliases() for row in self._at(alias)]

    def _aliases(self) -> list[int]:
        return sorted({stay.alias for stay in self._book.woman.stays})

    def _named(self, number: int) -> TrueNames:
        chances, names, woman = self._chances, self._names, self._book.woman
        given = self._one(names.common_given, names.other_given)
        surname = self._one(names.common_surname, names.other_surname)
        village = chances.one_of(names.common_surname)
        babies = self._siblings(len(woman.babies()))
        own = f"+9991{number * _SPREAD % 10**9:09d}"
        household = f"+9992{woman.arrival.site.number:04d}{chances.between(1, woman.arrival.site.households):05d}"
        shared = chances.happens(self._shares.phone_shared) and woman.phone != "her_own"
        return TrueNames(given, surname, village, babies, household if shared else own)

    def _siblings(self, number: int) -> tuple[str, ...]:
        """Names of brothers and sisters: no two alike, as far as the list goes."""
        given: list[str] = []
        for _ in range(number):
            left = tuple(name for name in self._names.baby_given if name not in given)
            given.append(self._chances.one_of(left or self._names.baby_given))
        return tuple(given)

    def _one(self, common: tuple[str, ...], other: tuple[str, ...]) -> str:
        """A name; of the common ones the first few are commoner still."""
        chances = self._chances
        commonest = self._shares.commonest_first
        if chances.happens(self._shares.common_names):
            return common[int(len(common) * chances.draw() * (1 - commonest * chances.draw()))]
        return chances.one_of(other)

    def _at(self, alias: int) -> list[Sequence[str]]:
        known = [(who, stay) for who, _, stay in self._book.known if stay.alias == alias]
        if not known:
            return []
        heard = Heard(*self._names_heard(alias), self._phone(alias), self._village(known[0][1]))
        return [self._row(who, stay, heard) for who, stay in known]

    def _village(self, stay: Stay) -> str:
        """Where she lives; who goes to another district for good or for a birth lives in another village there."""
        home = self._book.woman.arrival.site.place.district
        headman = self._hand.one_of(self._names.common_surname)
        if self._hand.happens(self._shares.village_left_out):
            return ""
        return f"{self.true.village if stay.site.place.district == home else headman} Village"

    def _row(self, who: Person, stay: Stay, heard: Heard) -> Sequence[str]:
        book, owner = self._book, self._book.woman.phone if heard.phone else "none"
        given, born, mother = heard.given, "", ""
        if isinstance(who, Baby):
            given, born = self._spelt(self.true.babies[who.slot - 1], self._shares.misspelt), iso(who.born)
            mother = f"{heard.given} {heard.surname}" if book.mother_at(stay.alias) else ""
        return (
            book.client(who, stay.alias), given, heard.surname, born or self._birthday(who, stay.alias), who.sex,
            heard.phone, owner, heard.village, stay.site.place.district, mother, stay.site.code, "synthetic",
        )  # fmt: skip

    def _names_heard(self, alias: int) -> tuple[str, str]:
        """Her names as this site spells them."""
        hand, shares = self._hand, self._shares
        given, surname = self.true.given, self.true.surname
        if alias and hand.happens(shares.married_name):
            surname = hand.one_of(self._names.common_surname)
        share = shares.respelt_again if alias else shares.misspelt
        if hand.happens(share):
            both = hand.draw()
            given = self._spelt(given, 1.0) if both < shares.each_name_respelt else given
            surname = self._spelt(surname, 1.0) if both > 1 - shares.each_name_respelt else surname
        return (surname, given) if hand.happens(shares.swapped) else (given, surname)

    def _spelt(self, name: str, share: float) -> str:
        return spelt(name, self._names, self._shares, self._hand) if self._hand.happens(share) else name

    def _birthday(self, woman: Person, alias: int) -> str:
        """Her birthday, the year alone, or another age."""
        hand = self._hand
        day = woman.born
        if alias and hand.happens(self._shares.wrong_age):
            day += hand.one_of((-3, -2, -1, 1, 2, 3)) * 365
            return iso(day)[:4]
        return iso(day) if hand.happens(self._shares.birthday_known) else iso(day)[:4]

    def _phone(self, alias: int) -> str:
        woman, hand = self._book.woman, self._hand
        if woman.phone == "none":
            return ""
        number = self.true.phone
        if alias and hand.happens(self._shares.another_phone):
            number = f"+9993{woman.arrival.number * _SPREAD_AGAIN % 10**9:09d}"
        if not alias and not woman.phone_right:
            place = hand.between(6, len(number) - 1)
            number = f"{number[:place]}{(int(number[place]) + 1 + hand.between(0, 8)) % 10}{number[place + 1 :]}"
        return number


def spelt(name: str, names: Names, shares: Identities, hand: Chances) -> str:
    """The name by ear: a short form, or one sound written otherwise."""
    if name in names.short_forms and hand.happens(shares.short_form):
        return names.short_forms[name]
    small = name.lower()
    fitting = tuple(pair for pair in names.spellings if pair[0] in small[1:])
    if not fitting:
        return name + "h"
    heard, written = hand.one_of(fitting)
    place = small.index(heard, 1)
    return name[:place] + written + name[place + len(heard) :]
