"""A woman of another site who is here: confirmed with her present, by an answer of a look-up or by her card.

Then her whole record is in the scope of the site where she is, for as long as she stays; her home site sees where she
is, who confirmed it, and may end it.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from mentormothers.access.audit import note
from mentormothers.access.models import AuditEvent, Device, Role, User
from mentormothers.access.scope import NOWHERE, scope_of, scoped
from mentormothers.access.throttle import throttle
from mentormothers.care.models import Stay
from mentormothers.care.staying import Evidence, Reason, Wanted, begin_stay
from mentormothers.facts.card_code import is_code
from mentormothers.people.looking_up import look_up, still_known
from mentormothers.register.handles import HandleRefusedError, read_handle
from mentormothers.register.names import may_see_names
from mentormothers.sites.models import Site

LOOKS_SHOWN_DAYS = 30
# Fewer than she may look up: most whom she looks up are not there.
_MOST, _MINUTES = 10, 30
_MOST_A_DAY, _DAY = 30, 24 * 60


@dataclass(frozen=True)
class Presence:
    """Where somebody is said to be, and why she is there.

    until   the last day, where she stays for a while
    mentor  who looks after her there, where that is said
    """

    site: Site
    reason: Reason
    until: date | None = None
    mentor: UUID | None = None


@dataclass(frozen=True)
class Look:
    """Somebody elsewhere looked her up: who, from which site, when."""

    who: UUID | None
    site: int | None
    day: date


def confirm(handle: str, presence: Presence, *, user: User, device: Device | None = None) -> Stay:
    """She is here: said of an answer of a look-up by who looked. Said twice, it is one stay.

    Raises HandleRefusedError, ImpossibleStayError, and TooManyError.
    """
    _slowly(user, device)
    handled = read_handle(handle, user=user, device=device, now=timezone.now())
    with scoped(scope_of(user) if may_see_names(user) else NOWHERE):
        if not still_known(handled.client):
            raise HandleRefusedError
    return _stay(handled.client, handled.evidence, handle, presence, user=user, device=device)


def ask_by_card(card: str, request: UUID, presence: Presence, *, user: User, device: Device) -> Stay | None:
    """She showed her card to a phone without a network, which asks for her history now. None where it is nobody's.

    request  tells one asking from another. Raises ImpossibleStayError where she lives there, and TooManyError.
    """
    _slowly(user, device)
    with scoped(scope_of(user) if may_see_names(user) else NOWHERE):
        found = look_up(card, 1) if is_code(card) else []
    if not found:
        note("stay.asked", who=user, device=device, site=device.site, detail="a card that is nobody's")
        return None
    return _stay(found[0].client, "card", f"{device.id}/{request}", presence, user=user, device=device)


def _stay(
    client: UUID, evidence: Evidence, asked: str, presence: Presence, *, user: User, device: Device | None
) -> Stay:
    digest = hashlib.sha256(asked.encode()).digest()
    if before := Stay.objects.filter(asked=digest).first():
        return before
    mentor = user.id if user.role == Role.MENTOR else presence.mentor
    wanted = Wanted(presence.reason, evidence, digest, presence.until, mentor)
    return begin_stay(client, presence.site.id, presence.site.organisation_id, wanted, by=user, device=device)


def looks_from_elsewhere(client: UUID) -> list[Look]:
    """Who looked her up in the last weeks, the latest first."""
    since = timezone.now() - timedelta(days=LOOKS_SHOWN_DAYS)
    rows = AuditEvent.objects.filter(at__gte=since, what="identity.looked_up", clients__contains=[client])
    return [Look(row.who, row.site, timezone.localdate(row.at)) for row in rows.order_by("-at")]


def _slowly(user: User, device: Device | None) -> None:
    for who in (f"user:{user.id}", *([f"device:{device.id}"] if device else [])):
        throttle(f"stay:{who}", most=_MOST, minutes=_MINUTES)
        throttle(f"stay a day:{who}", most=_MOST_A_DAY, minutes=_DAY)
