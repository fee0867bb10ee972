"""Persons in the form in which they are compared, column by column: written, as heard, and as keys to meet by."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mentormothers.linkage.births import Birth
from mentormothers.linkage.forenames import meant
from mentormothers.linkage.normal_form import frame, number, phone, place, sound, words

TEXTS = (
    "given", "given_sound", "given_frame", "surname", "surname_sound", "surname_frame", "whole_name", "born", "sex",
    "phone", "village", "district", "mother", "mother_whole", "mother_id",
    "address", "postcode", "email", "role", "nin", "art_number", "anc_number", "card",
)  # fmt: skip
PARTS = ("given_parts", "surname_parts", "mother_parts", "given_meant")
NUMBERS = ("year", "month", "day")
_GIVEN_BY_OFFICES = ("postcode", "nin", "art_number", "anc_number", "card")
_SEXES = {"female": "f", "f": "f", "woman": "f", "girl": "f", "male": "m", "m": "m", "man": "m", "boy": "m"}
_ROLES = {
    "mother": "mother", "woman": "mother", "mentor": "mother", "client": "", "infant": "infant", "baby": "infant",
    "child": "infant", "partner": "partner", "man": "partner",
}  # fmt: skip


@dataclass
class Persons:
    """The persons of a file as columns of equal length; None where something is not known.

    ids    as the file has them
    texts  `TEXTS`: letters of names and how they sound; birth day as eight digits; phone; places and numbers
    parts  how each word of her given names and of her surnames sounds; the frames of her mother's names; what her given
           names mean, where they stand in `forenames`
           and `mother`, how these sound, are without the surname that the child bears: it is compared already
    whole  `NUMBERS`: of the birth day, as far as known
    """

    ids: list[str] = field(default_factory=list)
    texts: dict[str, list[str | None]] = field(default_factory=lambda: {name: [] for name in TEXTS})
    parts: dict[str, list[list[str]]] = field(default_factory=lambda: {name: [] for name in PARTS})
    whole: dict[str, list[int | None]] = field(default_factory=lambda: {name: [] for name in NUMBERS})

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, id: str, cells: Mapping[str, str], birth: Birth) -> None:
        """One person, from the cells of her row by our names of columns."""
        given, surname = _names(cells)
        mother = words(cells.get("mother_name", ""))
        hers = [word for word in mother if word not in surname] or list(mother)
        means = [str(meaning) for word in given for meaning in meant(word)]
        sounds = list(map(sound, given)), list(map(sound, surname)), list(map(frame, hers)), means
        values = {
            "whole_name": "".join(sorted(sounds[0] + sounds[1])), "mother_id": cells.get("mother_id", ""),
            "given": "".join(given), "given_sound": "".join(sounds[0]), "surname": "".join(surname),
            "surname_sound": "".join(sounds[1]), "given_frame": "".join(map(frame, given)),
            "surname_frame": "".join(map(frame, surname)), "born": birth.written,
            "phone": phone(cells.get("phone", "")),
            "sex": _SEXES.get(cells.get("sex", "").lower(), ""), "village": place(cells.get("village", "")),
            "district": place(cells.get("district", "")),
            "mother": "".join(sorted(map(sound, hers))), "mother_whole": "".join(sorted(map(sound, mother))),
            "address": place(cells.get("address", "")), "email": cells.get("email", "").lower(),
            "role": _ROLES.get(cells.get("role", "").lower(), ""),
        }  # fmt: skip
        values |= {name: number(cells[name]) for name in _GIVEN_BY_OFFICES if cells.get(name)}
        self.ids.append(id)
        for name, heard in zip(PARTS, sounds, strict=True):
            self.parts[name].append(heard)
        for name, column in self.texts.items():
            column.append(values.get(name) or None)
        for name, value in zip(NUMBERS, (birth.year, birth.month, birth.day), strict=True):
            self.whole[name].append(value or None)


def _names(cells: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of given name and surname; of a whole name in one cell, the last word is the surname."""
    given, surname = words(cells.get("given_name", "")), words(cells.get("surname", ""))
    if not given and not surname and (whole := words(cells.get("full_name", ""))):
        return whole[:-1], whole[-1:]
    return given, surname
