"""The code on a client's card: six random characters and two that check them, also the whole content of its QR.

Characters are those of Crockford's Base 32, without letters that are taken for others: O is read as 0, I and L as 1.
The check is a Reed-Solomon code over the field of 32 elements (x^5 + x^2 + 1), in which the character at each place
counts by another power of x: any one or two wrong characters are noticed, and any two that were exchanged. The plain
sum of a code is 1 and not 0, so that eight zeros are none.
"""

import secrets
from collections.abc import Sequence

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, RANDOM = 8, 6
_TAKEN_FOR = str.maketrans("OIL", "011")
_FIELD, _OVERFLOW, _ORDER, _PLAIN = 0b100101, 0b100000, 31, 1


class CardCodeError(ValueError):
    """What was typed is the code of no card. The message says why, and never what was typed."""


def _powers() -> list[int]:
    found = [1]
    while len(found) < _ORDER:
        times_x = found[-1] << 1
        found.append(times_x ^ _FIELD if times_x & _OVERFLOW else times_x)
    return found


_POWER = _powers()
_LOGARITHM = {power: at for at, power in enumerate(_POWER)}


def new_code() -> str:
    """A code that nobody can guess; about a thousand million are possible."""
    return with_check("".join(secrets.choice(ALPHABET) for _ in range(RANDOM)))


def with_check(first: str) -> str:
    """Six characters with the two that check them."""
    places = [ALPHABET.index(character) for character in first]
    plain, weighted = _sums([*places, 0, 0])
    # The last two characters p and q make up the rest: p + q = plain + 1 and x p + q = weighted.
    rest = plain ^ _PLAIN
    p = _times(rest ^ weighted, _ORDER - _LOGARITHM[_POWER[1] ^ 1])
    return first + ALPHABET[p] + ALPHABET[rest ^ p]


def read_code(text: str) -> str:
    """The code in its one form, of what somebody read out, typed or scanned. Raises CardCodeError."""
    code = "".join(text.upper().split()).replace("-", "").translate(_TAKEN_FOR)
    if len(code) != LENGTH:
        raise CardCodeError("a card's code has eight letters and digits")
    if any(character not in ALPHABET for character in code):
        raise CardCodeError("a card's code has digits and letters only, and never a U")
    if _sums([ALPHABET.index(character) for character in code]) != (_PLAIN, 0):
        raise CardCodeError("this is no card's code: something in it is wrong, or exchanged")
    return code


def is_code(text: str) -> bool:
    """Whether a text is the code of a card, however written."""
    try:
        return bool(read_code(text))
    except CardCodeError:
        return False


def in_groups(code: str) -> str:
    """A code as it is printed and read out."""
    return f"{code[:4]} {code[4:]}"


def _sums(places: Sequence[int]) -> tuple[int, int]:
    """The sum of all places, and the sum in which each counts by its power of x."""
    plain = weighted = 0
    for power, place in enumerate(reversed(places)):
        plain ^= place
        weighted ^= _times(place, power)
    return plain, weighted


def _times(value: int, power: int) -> int:
    """A value times a power of x."""
    return _POWER[(_LOGARITHM[value] + power) % _ORDER] if value else 0
