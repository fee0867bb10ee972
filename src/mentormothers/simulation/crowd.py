"""Many persons quickly, without their lives: mothers and babies with the errors of `identities`, for measuring linkage.

SYNTHETIC. Some families stand there twice, written at another site. An id says who it is: `F12m-0` and `F12m-1` are one
mother, `F12b1` her first baby; twins are `b1` and `b2`.
"""

from collections.abc import Iterator, Sequence

from mentormothers.simulation.chances import Chances
from mentormothers.simulation.identities import Names, spelt
from mentormothers.simulation.logbook import iso
from mentormothers.simulation.parameters import Identities

COLUMNS = ("id", "given_name", "surname", "date_of_birth", "sex", "phone", "village", "district", "mother_name")
_TWICE = 0.15  # of families: those who move, to another site that does not recognise them
_WITH_BABY, _TWINS = 0.9, 0.015
_FIRST_BIRTH, _DAYS = 2_600, 10_900  # of mothers: thirty years from 1977
_BABIES_FROM, _BABIES_DAYS = 18_600, 1_100  # three years from 2020-12
_DISTRICTS, _VILLAGES, _HOUSEHOLDS = 28, 200, 9


def crowd(persons: int, seed: int, names: Names, shares: Identities) -> Iterator[Sequence[str]]:
    """So many rows, or a few more to end with a whole family."""
    made, number = 0, 0
    while made < persons:
        number += 1
        for row in _family(number, Chances(seed, "crowd", number), names, shares):
            made += 1
            yield row


def _family(number: int, hand: Chances, names: Names, shares: Identities) -> Iterator[Sequence[str]]:
    mother = _name(hand, names, shares)
    born = _FIRST_BIRTH + hand.between(0, _DAYS)
    babies = [] if not hand.happens(_WITH_BABY) else [hand.one_of(names.baby_given)]
    if babies and hand.happens(_TWINS):
        babies.append(hand.one_of(tuple(name for name in names.baby_given if name not in babies)))
    birth, sexes = _BABIES_FROM + hand.between(0, _BABIES_DAYS), [hand.one_of(("f", "m")) for _ in babies]
    phone = _phone(number, hand, shares)
    village, district = hand.between(1, _VILLAGES), hand.between(1, _DISTRICTS)
    for time in range(2 if hand.happens(_TWICE) else 1):
        if time:
            village, district = hand.between(1, _VILLAGES), hand.between(1, _DISTRICTS)
            phone = f"+9993{number * 7_919 % 10**9:09d}" if phone and hand.happens(shares.another_phone) else phone
        given, surname = _written(mother, time, hand, names, shares)
        place = ("" if hand.happens(shares.village_left_out) else f"Village {village}", f"District {district}")
        yield (f"F{number}m-{time}", given, surname, _birthday(born, time, hand, shares), "f", phone, *place, "")
        for n, baby in enumerate(babies):
            heard = spelt(baby, names, shares, hand) if hand.happens(shares.misspelt) else baby
            yield (
                f"F{number}b{n + 1}-{time}",
                heard,
                surname,
                iso(birth),
                sexes[n],
                phone,
                *place,
                f"{given} {surname}",
            )


def _name(hand: Chances, names: Names, shares: Identities) -> tuple[str, str]:
    given = names.common_given if hand.happens(shares.common_names) else names.other_given
    surname = names.common_surname if hand.happens(shares.common_names) else names.other_surname
    return hand.one_of(given), hand.one_of(surname)


def _phone(number: int, hand: Chances, shares: Identities) -> str:
    whose = hand.pick(shares.phone)
    if whose == "none":
        return ""
    if whose != "her_own" and hand.happens(shares.phone_shared):
        return f"+9992{number // _HOUSEHOLDS:09d}"
    return f"+9991{number * 54_018_521 % 10**9:09d}"


def _written(mother: tuple[str, str], time: int, hand: Chances, names: Names, shares: Identities) -> tuple[str, str]:
    given, surname = mother
    if time and hand.happens(shares.married_name):
        surname = hand.one_of(names.common_surname)
    if hand.happens(shares.respelt_again if time else shares.misspelt):
        both = hand.draw()
        given = spelt(given, names, shares, hand) if both < shares.each_name_respelt else given
        surname = spelt(surname, names, shares, hand) if both > 1 - shares.each_name_respelt else surname
    return (surname, given) if hand.happens(shares.swapped) else (given, surname)


def _birthday(born: int, time: int, hand: Chances, shares: Identities) -> str:
    if time and hand.happens(shares.wrong_age):
        return iso(born + hand.one_of((-3, -2, -1, 1, 2, 3)) * 365)[:4]
    return iso(born) if hand.happens(shares.birthday_known) else iso(born)[:4]
