"""Erasing a client: her key and all that is sealed or indexed of her are deleted, for ever.

Her pseudonym stands in a list from then on, in the database and in a file beside the installation's keys.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from mentormothers.access.scope import PEOPLE, as_role
from mentormothers.access.serverkey import keys_path
from mentormothers.access.statements import prepared
from mentormothers.people.erasure_list import Erasure, add_to_list, as_json, list_beside, read_list

# Fixed words and no free text: where a reason is written down, no name may be.
REASONS = {
    "asked": "She asked for it",
    "consent_withdrawn": "She does not agree any more that her details are kept",
    "wrong_person": "These are the details of another person",
    "other": "Another reason, written down elsewhere",
}

_ERASE = "SELECT people.erase(%s, %s, %s)"
_ERASED = "SELECT client, at, by, reason FROM people.erasure WHERE client = %s"
_ERASE_AGAIN = "SELECT client, at, by, reason, again FROM people.erase_again(%s)"
Execute = Callable[[str, Sequence[Any]], "psycopg.Cursor[tuple[Any, ...]]"]


def erase(client: UUID, reason: str, *, by: UUID | None) -> bool:
    """Erase a client whose home is in scope; False when she is not, or was erased before.

    `write_down` must follow once the transaction has ended.
    """
    with as_role(PEOPLE), prepared() as cursor:
        row = cursor.execute(_ERASE, [client, by, reason]).fetchone()
    return bool(row and row[0])


def erasure_of(client: UUID) -> Erasure | None:
    """The erasure of a client in scope, if there was one."""
    with as_role(PEOPLE), prepared() as cursor:
        row = cursor.execute(_ERASED, [client]).fetchone()
    return Erasure(*row) if row else None


def write_down(erasure: Erasure) -> None:
    """Add an erasure to the list outside the database."""
    add_to_list(list_beside(keys_path()), [erasure])


def erase_again() -> int:
    """Erase whom the list outside the database names, and bring both lists together. Gives how many came back."""
    with as_role(PEOPLE), prepared() as cursor:
        return replay(cursor.execute, list_beside(keys_path()))


def replay(execute: Execute, path: Path, also: Sequence[Erasure] = ()) -> int:
    """Erase in a database whom a list (and other lists) names; the list has them all afterwards.

    Gives how many of them had something here. Raises DamagedListError.
    """
    rows = execute(_ERASE_AGAIN, [as_json([*read_list(path), *also])]).fetchall()
    add_to_list(path, [Erasure(*row[:4]) for row in rows])
    return sum(again for *_, again in rows)
