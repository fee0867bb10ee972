"""Which persons are compared at all: those who meet by a key. A million persons make 500 thousand million pairs.

A key that more than `MOST` persons share tells nothing by itself and is left out; who shares it meets by a longer key.
So the number of comparisons grows with the persons and not with their square.
"""

import re
from collections.abc import Collection, Mapping

MOST = 40
_SQL = {"left", "least", "greatest"}
_HEARD = "least(given_sound, surname_sound) || '|' || greatest(given_sound, surname_sound)"  # swapped or not
_NAMES = "least(given_frame, surname_frame) || '|' || greatest(given_frame, surname_frame)"
_INITIALS = "least(given_frame[1], surname_frame[1]) || greatest(given_frame[1], surname_frame[1])"

# Key, and the SQL of it over a person; nothing where a part of it is not known.
KEYS = {
    "nin": "nin",
    "art_number": "art_number",
    "anc_number": "anc_number || '|' || left(given_frame, 1)",  # given anew in every clinic and pregnancy
    "card": "card",
    "email": "email",
    "phone": "phone",
    "names": _NAMES,
    "heard": _HEARD,
    "names_year": f"{_NAMES} || '|' || year",
    "names_village": f"{_NAMES} || '|' || village",
    "born_given": "born || '|' || left(given_frame, 2)",
    "born_surname": "born || '|' || left(surname_frame, 2)",
    "born_mother": "born || '|' || left(mother, 4)",
    "given_start": "given_frame || '|' || left(surname_frame, 2)",
    "surname_start": "surname_frame || '|' || left(given_frame, 2)",
    "given_year_village": "given_frame || '|' || year || '|' || village",
    "surname_year_village": "surname_frame || '|' || year || '|' || village",
    "given_postcode": "given_frame || '|' || postcode",
    "surname_postcode": "surname_frame || '|' || postcode",
    "address": "address",
    "born_village": "born || '|' || village",
    "born_postcode": "born || '|' || postcode",
    "initials_day": f"{_INITIALS} || '|' || month || '|' || day",
    "first_child": "children[1] || '|' || left(given_frame, 1)",
    "last_child": "children[-1] || '|' || left(surname_frame, 1)",
}


def keys_of(known: Collection[str]) -> dict[str, str]:
    """The keys that can be made of what is known."""
    return {
        name: sql for name, sql in KEYS.items() if set(re.findall(r"(?<!')\b[a-z_]{3,}\b", sql)) - _SQL <= set(known)
    }


def keyed(table: str, keys: Mapping[str, str]) -> str:
    """The query that gives the persons of a table with their keys, as numbers."""
    made = ", ".join(f"CASE WHEN {sql} IS NOT NULL THEN hash({sql}) END AS key_{name}" for name, sql in keys.items())
    shared = ", ".join(
        f"CASE WHEN count(*) OVER (PARTITION BY key_{name}) BETWEEN 2 AND {MOST} THEN key_{name} END AS key_{name}"
        for name in keys
    )
    return f"SELECT * REPLACE ({shared}) FROM (SELECT *, {made} FROM {table})"
