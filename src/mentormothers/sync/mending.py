"""Mending what was quarantined: tried again as it is, or taken because a person vouches for its sender."""

import json

from django.db import DatabaseError, transaction
from django.utils import timezone

from mentormothers.access.models import User
from mentormothers.care.models import Quarantined
from mentormothers.care.publishing import published_form
from mentormothers.care.quarantine import TAKEN, content_of, decide
from mentormothers.register.names import IdentityRefusedError
from mentormothers.sync.errors import PROBLEMS
from mentormothers.sync.parcels import Post, UnfitError, check, unpack
from mentormothers.sync.push import keep_parcels

# What a person can vouch for: who sent it, from where. What it says cannot be taken on anybody's word.
VOUCHABLE = frozenset({"SYNC-014", "SYNC-015", "SYNC-016", "SYNC-017", "SYNC-018"})
# What is found only once the sender was found good. That her phone was put out since takes nothing away from it.
SENDER_WAS_GOOD = frozenset({"SYNC-011", "SYNC-012", "SYNC-013", "SYNC-019", "SYNC-020"})


class StillUnfitError(Exception):
    """It cannot be taken; the message says why."""


def take_again(row: Quarantined, *, by: User | None, vouched: bool = False) -> None:
    """Try a quarantined parcel again. Raises StillUnfitError, and then nothing has changed."""
    published_form.cache_clear()
    if vouched and row.code not in VOUCHABLE:
        raise StillUnfitError("nobody can vouch for what it says")
    try:
        trusted = vouched or row.code in SENDER_WAS_GOOD
        parcel = check(unpack(_content(row)), Post(timezone.localdate()), sender_trusted=trusted)
        with transaction.atomic():
            (answer,) = keep_parcels({0: parcel}).values()
    except UnfitError as error:
        raise StillUnfitError(f"{PROBLEMS[error.code].message}. {error.reason}".strip()) from None
    except IdentityRefusedError as error:
        raise StillUnfitError(str(error)) from None
    except DatabaseError:
        raise StillUnfitError("its site is not one of yours; please ask the coordinator there") from None
    if answer.status == "quarantined":
        raise StillUnfitError(answer.reason)
    decide(row, TAKEN, by=by, reason="vouched for" if vouched else "")


def _content(row: Quarantined) -> object:
    content = json.loads(content_of(row))
    return content["parcel"] if isinstance(content, dict) and set(content) == {"parcel"} else content
