"""The tokens by which somebody is found without opening any seal: keyed hashes of her numbers, and of her names and
village as they sound.

Each says nothing without the installation's key, and which of them is of a name, a village or a number is not told.
docs/reference/identity.md says what they give away all the same. A word has three at most; slips of spelling are tried
out when somebody is looked for, not kept.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mentormothers.forms.model import IDENTITY_FIELDS
from mentormothers.people.numbers import number_form, phone_form
from mentormothers.people.sealing import keyed
from mentormothers.people.spelling import SHORTEST, heard, neighbours, skeleton, sounds, words_of

EXACT = -1
Form = tuple[str, str]  # a kind and a normal form of it
_LONGEST = 100  # characters of an answer or of what is typed
_NUMBERS = [field for field in IDENTITY_FIELDS if field.startswith("number.")]
_FEWEST_DIGITS = 7  # of a phone number that is looked for
_WORD, _BONES, _BEGINNING = "word", "bones", "beginning"
# How much a token that is found says that it is she.
_WEIGHTS = {_WORD: 8, _BONES: 3, _BEGINNING: 1}
_SLIP, _NUMBER = 4, 8


@dataclass(frozen=True)
class Asked:
    """A token that somebody may have who is looked for.

    word    place of the typed word that it is of, or EXACT for the number that the whole text is
    weight  what it counts among the tokens of that word
    """

    token: bytes
    word: int
    weight: int


def tokens_of(answers: Mapping[str, Any]) -> set[bytes]:
    """All tokens of identity answers: of names, village, phone and numbers."""
    return set(keyed(form for field, value in answers.items() for form in _forms(field, value)))


def asked_tokens(text: str) -> list[Asked]:
    """The tokens to look for when a text is typed: of words in any order, or of one number."""
    typed = typed_words(text)
    # One letter chooses among those whom longer words find; alone it is looked for as a whole name.
    telling = [word for word in typed if is_number(word) or len(heard(word)) >= SHORTEST] or typed
    wanted = [(form, EXACT, _NUMBER) for form in _numbers(text[:_LONGEST])]
    wanted += [(form, place, weight) for place, word in enumerate(telling) for form, weight in _tried(word)]
    made = keyed(form for form, _, _ in wanted)
    return [Asked(token, place, weight) for token, (_, place, weight) in zip(made, wanted, strict=True)]


def typed_words(text: str) -> list[str]:
    """The words of what somebody typed; what holds a digit is left as it is."""
    parts = text[:_LONGEST].split()
    return [word for part in parts for word in ([part] if is_number(part) else words_of(part))]


def says_enough(text: str) -> bool:
    """Whether a text can mean one person among many: a number, or two words such as a name and a village."""
    return any(_numbers(text)) or len(typed_words(text)) > 1


def is_number(word: str) -> bool:
    """Whether a typed word is (part of) a number and no name."""
    return any(c.isdecimal() for c in word)


def _forms(field: str, value: Any) -> Iterator[Form]:
    """The kinds and normal forms of one answer."""
    text = str(value)[:_LONGEST] if isinstance(value, str | int) else ""
    if field.startswith("name.") or field == "address.village":
        for word in words_of(text):
            yield from _of_word(word)
    elif field == "phone.number" and (phone := phone_form(text)):
        yield field, phone
    elif field.startswith("number.") and (number := number_form(text, field.removeprefix("number."))):
        yield field, number


def _of_word(word: str) -> Iterator[Form]:
    if form := sounds(word):
        yield _WORD, form
    if len(bones := skeleton(form)) > 1:
        yield _BONES, bones
    if len(beginning := heard(word)[:SHORTEST]) == SHORTEST:
        yield _BEGINNING, beginning


def _tried(word: str) -> Iterator[tuple[Form, int]]:
    """The forms that a typed word may have in the vault, with what each counts."""
    if is_number(word):
        yield from ((form, _NUMBER) for form in _numbers(word))
        return
    yield from ((form, _WEIGHTS[form[0]]) for form in _of_word(word))
    yield from (((_WORD, form), _SLIP) for form in neighbours(sounds(word)))


def _numbers(text: str) -> Iterator[Form]:
    """The forms of a phone number or a clinic number of any kind."""
    if sum(c.isdecimal() for c in text) >= _FEWEST_DIGITS:
        yield "phone.number", phone_form(text)
    for field in _NUMBERS:
        if form := number_form(text, field.removeprefix("number.")):
            yield field, form
