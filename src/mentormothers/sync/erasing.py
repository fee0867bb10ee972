"""Erasing a client, with what waits of her identity in the quarantine; whoever was asked to look for her stops.

A parcel that was refused holds what was sealed of her, and perhaps her key, which the server could open. It stays, with
all that it says of her care, without these.
"""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction

from mentormothers.access.models import User
from mentormothers.access.scope import scoped
from mentormothers.access.sealing import UnreadableSealError
from mentormothers.care.joining import pseudonyms_of
from mentormothers.care.models import Quarantined
from mentormothers.care.quarantine import content_of, reseal
from mentormothers.followup.actions import end_assignment
from mentormothers.followup.models import Assignment
from mentormothers.register import erasing
from mentormothers.sites.scopes import everywhere
from mentormothers.sync.parcels import raw

_AT_ONCE = 500


@transaction.atomic
def erase(client: UUID, reason: str, *, by: User | None) -> None:
    """Erase a person for good, for one of REASONS; `by` is None at the server itself. Raises AlreadyErasedError."""
    erasing.erase_client(client, reason, by=by)
    for asked in Assignment.objects.filter(client__in=pseudonyms_of([client])[client], ended_at=None):
        end_assignment(asked, because="her name was erased", by=by)  # nobody could find her
    _erase_in_quarantine()


@transaction.atomic
def erase_again() -> int:
    """Erase whoever stands in the list of erasures: an older database may be back. Gives how many were there."""
    again = erasing.erase_again()
    _erase_in_quarantine()
    return again


def without_erased(parcels: Iterable[object]) -> list[object]:
    """Parcels that are to be quarantined, without what is sealed of people whose names were erased."""
    given = list(parcels)
    erased = erasing.erased_among({client for parcel in given for client in _named(parcel)})
    return [_without(parcel, erased) for parcel in given]


def _erase_in_quarantine() -> None:
    """Go through all that was ever refused, at every site: she may have been written about anywhere."""
    with scoped(everywhere()):
        last = 0
        while rows := list(Quarantined.objects.filter(id__gt=last).order_by("id")[:_AT_ONCE]):
            last = rows[-1].id
            parcels = [_parcel(row) for row in rows]
            for row, before, after in zip(rows, parcels, without_erased(parcels), strict=True):
                if after is not before:
                    reseal(row, raw(after))


def _parcel(row: Quarantined) -> object:
    """What was refused; nothing where it cannot be opened here, or is no parcel that names anybody."""
    try:
        content = json.loads(content_of(row))
    except (UnreadableSealError, ValueError, RecursionError):
        return None
    return content["parcel"] if isinstance(content, dict) and set(content) == {"parcel"} else content


def _named(parcel: object) -> dict[UUID, dict[str, Any]]:
    """The identities of a parcel that have something sealed in them, whatever else it holds."""
    given = parcel.get("identities") if isinstance(parcel, dict) else None
    found = {}
    for entry in given if isinstance(given, list) else []:
        if isinstance(entry, dict) and entry.get("sealed") is not None:
            try:
                found[UUID(entry["client"])] = entry
            except (ValueError, TypeError, AttributeError, KeyError):
                continue
    return found


def _without(parcel: object, erased: set[UUID]) -> object:
    """The same parcel when nobody of hers was erased."""
    gone = [entry for client, entry in _named(parcel).items() if client in erased]
    if not gone or not isinstance(parcel, dict):
        return parcel
    kept = [entry | {"sealed": None, "key": None} if entry in gone else entry for entry in parcel["identities"]]
    return parcel | {"identities": kept}
