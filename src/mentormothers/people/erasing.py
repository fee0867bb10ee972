"""Erasing a client: her key and all that is sealed or indexed of her are deleted, for ever.

Her pseudonym stands in a list from then on, in the database and in a file beside the installation's keys.
"""

from collections.abc import Sequence
from uuid import UUID

from mentormothers.access.scope import PEOPLE, as_role
from mentormothers.access.serverkey import keys_path
from mentormothers.access.statements import prepared
from mentormothers.people.erasure_list import Erasure, add_to_list, list_beside, replay

# Fixed words and no free text: where a reason is written down, no name may be.
REASONS = {
    "asked": "She asked for it",
    "consent_withdrawn": "She does not agree any more that her details are kept",
    "wrong_person": "These are the details of another person",
    "other": "Another reason, written down elsewhere",
}

_ERASE = "SELECT people.erase(%s, %s, %s)"
_ERASED_AMONG = "SELECT client FROM people.keys_to_keep_with(%s) WHERE wrapped IS NULL"
_ERASED = "SELECT client, at, by, reason FROM people.erasure WHERE client = %s"


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


def erased_among(clients: set[UUID]) -> set[UUID]:
    """Those of some clients, in whatever scope, whose names were erased."""
    if not clients:
        return set()
    with as_role(PEOPLE), prepared() as cursor:
        return {row[0] for row in cursor.execute(_ERASED_AMONG, [list(clients)]).fetchall()}


def write_down(erasures: Sequence[Erasure]) -> None:
    """Add erasures to the list outside the database."""
    add_to_list(list_beside(keys_path()), erasures)


def erase_again() -> int:
    """Erase whom the list outside the database names, and bring both lists together. Gives how many came back."""
    with as_role(PEOPLE), prepared() as cursor:
        return replay(cursor.execute, list_beside(keys_path()))
