"""Looking at identities: every look is audited, and shows only clients in the viewer's scope."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from mentormothers.access.audit import note
from mentormothers.access.models import Device, Role, User
from mentormothers.care.joining import pseudonyms_of
from mentormothers.people import keeping
from mentormothers.people.identity import NOBODY, ContactPolicy, Identity
from mentormothers.people.keeping import IdentityRefusedError, SealedIdentity
from mentormothers.people.searching import search

__all__ = ["NOBODY", "ContactPolicy", "Identity", "IdentityRefusedError", "SealedIdentity"]

# A manager works with numbers; an administrator with phones and accounts. Neither needs a name.
MAY_SEE_NAMES = {Role.MENTOR, Role.COORDINATOR}


def may_see_names(user: User) -> bool:
    """Whether this person's role lets her see who a client is."""
    return user.role in MAY_SEE_NAMES


def names_for(user: User, clients: Iterable[UUID], *, screen: str) -> Mapping[UUID, Identity]:
    """Identities of clients in scope, for a screen. Empty for roles that work without names."""
    wanted = set(clients)
    if not wanted or not may_see_names(user):
        return {}
    found = _read(wanted)
    note(f"identity.seen:{screen}", who=user, clients=found)
    return found


def find_clients(user: User, text: str, among: Iterable[UUID] | None = None) -> Mapping[UUID, Identity]:
    """Clients in scope to whom every word of a text fits, however spelt, or whose phone or number it is; closest first.

    among: of these only. A word fits a name she ever had, or her village, or the beginning of either. Whoever has
    several pseudonyms is found by what was said under any of them, and told by all of it.
    """
    if not may_see_names(user) or not text.strip():
        return {}
    fitting = search(text, None if among is None else _under_all_pseudonyms(among))
    hers = pseudonyms_of(list(fitting))
    joined = _read(several[0] for several in hers.values() if len(several) > 1)
    found = {hers[client][0]: joined.get(hers[client][0], identity) for client, identity in fitting.items()}
    note("identity.searched", who=user, clients=found)
    return found


def _read(clients: Iterable[UUID]) -> dict[UUID, Identity]:
    """Identities by the pseudonyms that are asked for, in their order, each by all that was sealed of her."""
    hers = pseudonyms_of(list(clients))
    known_by = {one: several[0] for several in hers.values() for one in several}
    known = keeping.read(known_by, known_by)
    return {client: known[several[0]] for client, several in hers.items() if several[0] in known}


def _under_all_pseudonyms(clients: Iterable[UUID]) -> set[UUID]:
    return {one for several in pseudonyms_of(list(clients)).values() for one in several}


def keep_identities(identities: Iterable[SealedIdentity]) -> set[UUID]:
    """Keep what a phone sealed, with the record it belongs to; gives whose names were erased, and not kept again.

    Raises IdentityRefusedError.
    """
    return keeping.keep(identities)


def identities_for_phone(
    device: Device, pairs: Iterable[tuple[UUID, UUID]]
) -> Mapping[tuple[UUID, UUID], tuple[bytes, bytes]]:
    """Sealed identities and their keys for a phone, by record and client."""
    found = keeping.sealed_for_phone(pairs)
    if found:
        note("identity.sent", device=device, clients=[client for _, client in found], site=device.site)
    return found
