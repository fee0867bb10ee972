"""Erasing a client's identity, with its audit line. What is known of her care stays, under her pseudonym."""

from uuid import UUID

from django.db import transaction

from mentormothers.access.audit import note
from mentormothers.access.models import User
from mentormothers.care.joining import pseudonyms_of
from mentormothers.people import erasing
from mentormothers.people.erasing import REASONS, erase_again, erased_among, erasure_of

__all__ = ["REASONS", "AlreadyErasedError", "erase_again", "erase_client", "erased_among", "erasure_of"]


class AlreadyErasedError(Exception):
    """There is nothing to erase: she was erased before, or her home is not in scope."""


@transaction.atomic
def erase_client(client: UUID, reason: str, *, by: User | None) -> None:
    """Erase a person's identity for one of REASONS, under all her pseudonyms; `by` is None at the server itself.

    Raises AlreadyErasedError.
    """
    hers = pseudonyms_of([client])[client]
    if not erasing.erase(client, reason, by=by.id if by else None):
        raise AlreadyErasedError
    note("identity.erased", who=by, clients=hers, detail=reason)
    erasures = [erasure for one in hers if (erasure := erasure_of(one))]
    # After the commit: a list that names somebody whose erasure was undone would erase her at the next restore. What is
    # lost by a crash in between is in the database, and comes into the list at the next start or backup.
    transaction.on_commit(lambda: erasing.write_down(erasures), robust=True)
