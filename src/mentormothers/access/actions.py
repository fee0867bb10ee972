"""Letting colleagues in and out: accounts, the sites they work at, temporary passwords. Each with its audit line.

Audit lines name a colleague by her id only: that somebody works here may say something of her.
"""

import secrets
from collections.abc import Iterable

from django.db import IntegrityError, transaction

from mentormothers.access.audit import note
from mentormothers.access.models import Membership, Role, User

# Letters and digits that are not taken for each other when read aloud or written down.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _LETTERS = 4, 4  # some 79 bits


class NotAllowedError(Exception):
    """This cannot be done; the message says why, for the person who tried."""


@transaction.atomic
def add_user(
    *,
    first_name: str,
    family_name: str,
    role: Role,
    organisation: int | None,
    sites: Iterable[int],
    by: User | None,
    username: str = "",
    cadre: str = "",
) -> tuple[User, str]:
    """A new colleague and her temporary password; a mentor (of any cadre) gets none, since she works on the phone.

    `by` is None when she is added at the server itself, `organisation` for somebody of the ministry.
    Raises NotAllowedError for a sign-in name that is missing or taken.
    """
    mentor = role == Role.MENTOR
    if not mentor and not username:
        raise NotAllowedError("Please give a name to sign in with.")
    password = "" if mentor else _temporary_password()
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                username or f"phone-{secrets.token_hex(6)}",
                password or None,
                first_name=first_name,
                family_name=family_name,
                role=role,
                cadre=cadre,
                organisation=organisation,
            )
    except IntegrityError:
        raise NotAllowedError("This sign-in name is taken. Please choose another.") from None
    note("user.added", who=by, detail=f"{user.id} {role}")
    set_sites(user, sites, by=by)
    return user, password


@transaction.atomic
def set_sites(user: User, sites: Iterable[int], *, by: User | None) -> None:
    """The sites at which she works from now on. The caller has made sure that they are her organisation's."""
    wanted = set(sites)
    known = set(user.memberships.values_list("site", flat=True))
    user.memberships.filter(site__in=known - wanted).delete()
    Membership.objects.bulk_create([Membership(user=user, site=site) for site in sorted(wanted - known)])
    if wanted != known:
        note("user.sites_set", who=by, detail=f"{user.id} {sorted(wanted)}")


@transaction.atomic
def deactivate(user: User, *, by: User) -> None:
    """Let her in no more, from the next request on. Raises NotAllowedError for oneself."""
    if user.id == by.id:
        raise NotAllowedError("Nobody can close her own account. Please ask another administrator.")
    if user.is_active:
        user.is_active = False
        user.save(update_fields=["is_active"])
        note("user.deactivated", who=by, detail=str(user.id))


@transaction.atomic
def activate(user: User, *, by: User) -> None:
    """Let her in again."""
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
        note("user.activated", who=by, detail=str(user.id))


@transaction.atomic
def new_password(user: User, *, by: User) -> str:
    """A temporary password in place of the one she had. Raises NotAllowedError for a mentor."""
    if user.role == Role.MENTOR:
        raise NotAllowedError("A mentor works on the phone and has no password.")
    password = _temporary_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    note("user.password_replaced", who=by, detail=str(user.id))
    return password


def _temporary_password() -> str:
    letters = ("".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS)) for _ in range(_GROUPS))
    return "-".join(letters)
