"""How two persons are compared: what is looked at, how well it can agree, and what that is worth.

Each level has two chances: `m`, how often one person's two records stand like that, and `u`, how often two persons' do.
Those here are for files too small to learn from, and are **our own estimates, to be verified**: by the first pairs that
coordinators of a programme confirm. A file with enough persons teaches its own (`judging`).

Conditions are SQL of DuckDB over a record `_l` and a record `_r`; the first that holds counts.
"""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """How well something agrees.

    frequencies  the column by whose values the chance `u` is told apart: a rare name proves more than a common one
    """

    said: str
    when: str
    m: float
    u: float
    frequencies: str = ""


@dataclass(frozen=True)
class Comparison:
    """One thing that is looked at, with its levels, the last of which is "otherwise".

    needs  the columns without which it cannot be looked at
    of     of which pairs it is looked at, as SQL; of all, where it is empty
    """

    name: str
    needs: tuple[str, ...]
    levels: tuple[Level, ...]
    of: str = ""

    @property
    def unknown(self) -> str:
        """When nothing can be said, since it is not known of one of them."""
        unknown = " OR ".join(f"{column}_l IS NULL OR {column}_r IS NULL" for column in self.needs)
        return f"{unknown} OR NOT ({self.of})" if self.of else unknown


OTHERWISE = "ELSE"


def _near(one: str, other: str, likeness: float) -> str:
    return f"jaro_winkler_similarity({one}_sound_l, {other}_sound_r) >= {likeness}"


def _letters(name: str, apart: int) -> str:
    """So many letters apart, of names that are long enough for it."""
    longest = f"greatest(len({name}_l), len({name}_r)) >= {4 * apart}"
    return f"{longest} AND damerau_levenshtein({name}_l, {name}_r) <= {apart}"


# Brothers and sisters are named alike: of children it says nothing.
_MEANT = "list_has_any(given_meant_l, given_meant_r) AND NOT (child_l OR child_r)"
_MEANT_M = 0.01


def _name(mine: str, other: str, m: tuple[float, ...]) -> tuple[Level, ...]:
    """The levels of one of two names; the other column is where it stands when somebody swapped them."""
    return (
        Level("the same", f"{mine}_l = {mine}_r", m[0], 0.004, mine),
        Level("sounds the same", f"{mine}_sound_l = {mine}_sound_r", m[1], 0.002, f"{mine}_sound"),
        Level("nearly the same", f"{_letters(mine, 1)} OR {_near(mine, mine, 0.92)}", m[2], 0.002),
        Level(f"stands as {other} of the other",
              f"{mine}_frame_l = {other}_frame_r OR {_near(mine, other, 0.9)}", m[3], 0.0005),
        Level("one of several names the same", f"list_has_any({mine}_parts_l, {mine}_parts_r)", m[4], 0.004),
        *([Level("the same in another language", _MEANT, _MEANT_M, 0.002)] if mine == "given" else []),
        Level("similar, or a short form", f"{_letters(mine, 2)} OR {_near(mine, mine, 0.82)}", m[5], 0.012),
        Level("different", OTHERWISE, m[6], 0.9755),
    )  # fmt: skip


_DAYS = "month_l = month_r AND day_l = day_r"
_YEARS = "abs(year_l - year_r)"
# A day that was not known: the year alone, or 1 January.
_GUESSED = (
    "(coalesce(day_l, 1) = 1 AND coalesce(month_l, 1) = 1 OR coalesce(day_r, 1) = 1 AND coalesce(month_r, 1) = 1)"
)

COMPARISONS = (
    Comparison("given name", ("given",), _name("given", "surname", (0.72, 0.10, 0.06, 0.02, 0.02, 0.03, 0.05))),
    Comparison("surname", ("surname",), _name("surname", "given", (0.68, 0.09, 0.05, 0.02, 0.01, 0.03, 0.12))),
    Comparison(
        "birth day", ("birth",),
        (
            Level("the same", f"year_l = year_r AND {_DAYS} AND NOT {_GUESSED}", 0.5, 0.0001),
            Level("the same, day and month swapped", "year_l = year_r AND month_l = day_r AND day_l = month_r",
                  0.01, 0.0002),
            Level("the same but for one digit", "damerau_levenshtein(born_l, born_r) <= 1", 0.05, 0.0008),
            Level("same year, of one the day is not known", f"year_l = year_r AND {_GUESSED}", 0.3, 0.02),
            Level("same year and month", "year_l = year_r AND month_l = month_r", 0.02, 0.002),
            Level("one or two years apart, of one the day is not known, or day and month the same",
                  f"{_YEARS} <= 2 AND ({_GUESSED} OR {_DAYS})", 0.07, 0.07),
            Level("same year", "year_l = year_r", 0.02, 0.03),
            Level("up to three years apart", f"{_YEARS} <= 3", 0.02, 0.15),
            Level("different", OTHERWISE, 0.01, 0.727),
        ),
        "NOT (child_l AND child_r)",
    ),
    Comparison(
        "birth day of a child", ("birth", "child"),  # it is known, and written at birth
        (
            Level("the same", f"year_l = year_r AND {_DAYS}", 0.85, 0.001),
            Level("the same, day and month swapped", "year_l = year_r AND month_l = day_r AND day_l = month_r",
                  0.01, 0.0005),
            Level("the same but for one digit", "damerau_levenshtein(born_l, born_r) <= 1", 0.05, 0.01),
            Level("same year and month", "year_l = year_r AND month_l = month_r", 0.03, 0.03),
            Level("same year", "year_l = year_r", 0.04, 0.3),
            Level("different", OTHERWISE, 0.02, 0.6585),
        ),
        "child_l AND child_r",
    ),
    Comparison(
        "sex", ("sex",),
        (Level("the same", "sex_l = sex_r", 0.99, 0.6), Level("different", OTHERWISE, 0.01, 0.4)),
    ),
    Comparison(
        "phone", ("phone",),
        (
            Level("the same", "phone_l = phone_r", 0.7, 0.0005, "phone"),
            Level("the same but for one digit", "damerau_levenshtein(phone_l, phone_r) <= 1", 0.05, 0.00005),
            Level("different", OTHERWISE, 0.25, 0.99945),
        ),
    ),
    Comparison(
        "village", ("village",),
        (
            Level("the same", "village_l = village_r", 0.75, 0.01, "village"),
            Level("nearly the same", "jaro_winkler_similarity(village_l, village_r) >= 0.9", 0.05, 0.005),
            Level("different", OTHERWISE, 0.2, 0.985),
        ),
    ),
    Comparison(
        "district", ("district",),
        (
            Level("the same", "district_l = district_r", 0.85, 0.1, "district"),
            Level("different", OTHERWISE, 0.15, 0.9),
        ),
    ),
    Comparison(
        "mother's name", ("mother",),
        (
            Level("sounds the same", "mother_l = mother_r", 0.75, 0.0005, "mother"),
            Level("similar", f"{_letters('mother', 2)} OR jaro_winkler_similarity(mother_l, mother_r) >= 0.85",
                  0.12, 0.005),
            Level("one of her names the same", "list_has_any(mother_parts_l, mother_parts_r)", 0.1, 0.03),
            Level("different", OTHERWISE, 0.03, 0.9645),
        ),
    ),
    Comparison(
        "her children", ("children",),
        (
            Level("one of the same name and birth day", "list_has_any(children_l, children_r)", 0.6, 0.00005),
            Level("one of the same birth day", "list_has_any(children_born_l, children_born_r)", 0.2, 0.002),
            Level("others", OTHERWISE, 0.2, 0.99795),
        ),
    ),
    Comparison(
        "address", ("address",),
        (
            Level("the same", "address_l = address_r", 0.7, 0.001, "address"),
            Level("similar", "jaro_winkler_similarity(address_l, address_r) >= 0.88", 0.15, 0.005),
            Level("different", OTHERWISE, 0.15, 0.994),
        ),
    ),
    *(
        Comparison(
            said, (column,),
            (
                Level("the same", f"{column}_l = {column}_r", m, u, column),
                Level("the same but for one character", f"damerau_levenshtein({column}_l, {column}_r) <= 1", 0.08, u),
                Level("different", OTHERWISE, 0.92 - m, 1 - 2 * u),
            ),
        )
        for said, column, m, u in (
            ("postcode", "postcode", 0.75, 0.005), ("e-mail", "email", 0.8, 0.0001),
            ("national number", "nin", 0.88, 0.00001), ("treatment number", "art_number", 0.8, 0.0001),
            ("antenatal number", "anc_number", 0.6, 0.001), ("card", "card", 0.8, 0.00001),
        )
    ),
)  # fmt: skip


def comparisons_of(known: Collection[str]) -> list[Comparison]:
    """What can be looked at in a file of which these columns are known of somebody."""
    return [one for one in COMPARISONS if set(one.needs) <= set(known)]


CHILD_YEARS = 10  # younger than that on the day of linking; WHO's adolescents, who may be mothers, begin there
MOTHERS_YEARS = 12
SIBLINGS_DAYS = 60  # two birth days of one child as different people remember it; siblings are nine months apart


def _agree(column: str, likeness: float = 0.85, letters: int = 2) -> str:
    """Whether two names may be one: near each other, or one letter apart, of long ones so many."""
    left, right = f"l.{column}", f"r.{column}"
    apart = f"CASE WHEN least(len({left}), len({right})) < 7 THEN 1 ELSE {letters} END"
    return f"jaro_winkler_similarity({left}, {right}) >= {likeness} OR damerau_levenshtein({left}, {right}) <= {apart}"


# Hard limits: what no likeness of the rest outweighs. `child` is worked out by `judging`.
_SWAPPED = "list_has_any(l.given_parts, r.surname_parts) OR list_has_any(l.surname_parts, r.given_parts)"
_GIVEN_AGREES = (
    f"list_has_any(l.given_parts, r.given_parts) OR {_SWAPPED} OR {_agree('given')} OR {_agree('given_sound')} "
    "OR list_has_any(l.given_meant, r.given_meant)"
)
# Of children more is asked: twins are often named alike, such as Praise and Promise.
_CHILDS_GIVEN_AGREES = f"list_has_any(l.given_parts, r.given_parts) OR {_SWAPPED} OR {_agree('given', 0.92, 1)}"
_SURNAME_AGREES = f"list_has_any(l.surname_parts, r.surname_parts) OR {_agree('surname')} OR {_agree('surname_sound')}"
_BORN_AGREES = "coalesce(damerau_levenshtein(l.born, r.born) <= 1 OR l.month = r.day AND l.day = r.month, false)"
# A number of her own, or birth day and place, say more than a phone or a surname that a household shares.
_HERSELF = f"""coalesce(l.nin = r.nin OR l.card = r.card OR l.art_number = r.art_number
    OR {_BORN_AGREES} AND jaro_winkler_similarity(l.address, r.address) >= 0.9
    OR {_BORN_AGREES} AND l.village = r.village AND coalesce(l.phone <> r.phone, true), false)"""
_DAYS_APART = "abs(make_date(l.year, l.month, l.day) - make_date(r.year, r.month, r.day))"
LIMITS = {
    "their roles differ: a mother, an infant, a partner": "l.role <> r.role",
    f"one is a child and the other {MOTHERS_YEARS} or more years older":
        f"(l.child OR r.child) AND abs(l.year - r.year) >= {MOTHERS_YEARS}",
    "children with other given names: twins, or brother and sister":
        f"(l.child OR r.child) AND NOT ({_CHILDS_GIVEN_AGREES})",
    "a boy and a girl: brother and sister": "l.child AND r.child AND l.sex <> r.sex",
    "children born months apart: brother and sister": f"l.child AND r.child AND {_DAYS_APART} > {SIBLINGS_DAYS} "
        "AND damerau_levenshtein(l.born, r.born) > 1 AND NOT (l.month = r.day AND l.day = r.month)",
    "neither name agrees: people who share a phone or a house":
        f"NOT ({_GIVEN_AGREES}) AND NOT ({_SURNAME_AGREES}) AND NOT {_HERSELF}",
    "other given names and other birth days: sisters":
        f"NOT ({_GIVEN_AGREES}) AND NOT {_BORN_AGREES} AND NOT {_HERSELF}",
}  # fmt: skip
NEVER = " OR ".join(f"coalesce({limit}, false)" for limit in LIMITS.values())
