"""Women of other sites who are here, for a day or for a while: their stays, how long these may be, and how they end.

What follows from a stay (who is seen where as a guest, who looks after her) the database does (sql/staying.sql).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from mentormothers.access.audit import note
from mentormothers.access.models import Device, User
from mentormothers.care.models import Client, Guest, Stay

Reason = Literal["visit", "while", "moved"]
Evidence = Literal["look_up", "card"]
# The programme's own choices: a visit with what comes of it; a birth at her parents' with the months after it; and time
# to write down that she moved.
VISIT_DAYS, LONGEST_DAYS, MOVING_DAYS = 3, 183, 14


class ImpossibleStayError(Exception):
    """Nobody can stay so: she lives here or belongs to others, or the days are wrong."""


@dataclass(frozen=True)
class Wanted:
    """What kind of stay is asked for.

    until   the last day, for `while`; the others have days of their own
    mentor  who looks after her here
    asked   hash of what it is asked with
    """

    reason: Reason
    evidence: Evidence
    asked: bytes
    until: date | None = None
    mentor: UUID | None = None


@transaction.atomic
def begin_stay(
    client: UUID, site: int, organisation: int, wanted: Wanted, *, by: User, device: Device | None = None
) -> Stay:
    """A stay at a site in scope from today on, instead of one that goes on there. Raises ImpossibleStayError."""
    today = timezone.localdate()
    until = _last_day(wanted, today)
    for earlier in Stay.objects.filter(client=client, site=site, ended_at=None):
        end_stay(earlier, because="another one was confirmed", by=by)
    try:
        with transaction.atomic():
            made = Stay.objects.create(
                client=client, site=site, organisation=organisation, reason=wanted.reason, evidence=wanted.evidence,
                since=today, until=until, ends=_end_of(until), mentor=wanted.mentor, confirmed_by=by.id,
                device=device.id if device else None, asked=wanted.asked,
            )  # fmt: skip
    except IntegrityError:
        raise ImpossibleStayError from None
    detail = f"{wanted.reason} until {until}, by {wanted.evidence}"
    note("stay.begun", who=by, device=device, clients=[client], site=site, detail=detail)
    return made


@transaction.atomic
def end_stay(stay: Stay, *, because: str, by: User | None) -> None:
    """End a stay today; phones there forget her, and what was done there stays."""
    today = timezone.localdate()
    Stay.objects.filter(id=stay.id, ended_at=None).update(
        until=min(stay.until, today), ends=min(stay.ends, timezone.now()), ended_at=timezone.now(),
        ended_because=because[:100], ended_by=by.id if by else None,
    )  # fmt: skip
    note("stay.ended", who=by, clients=[stay.client], site=stay.site, detail=because)


def end_lapsed_stays() -> int:
    """End the stays whose last day is over; gives how many."""
    lapsed = list(Stay.objects.filter(ended_at=None, ends__lte=timezone.now()))
    for stay in lapsed:
        end_stay(stay, because="its days were over", by=None)
    return len(lapsed)


def stays_of(clients: Iterable[UUID]) -> "QuerySet[Stay]":
    """All stays of these women that are in scope, the latest first."""
    return Stay.objects.filter(client__in=list(clients)).order_by("-made_at")


def stays_going_on(clients: Iterable[UUID]) -> "QuerySet[Stay]":
    """Those that have not ended."""
    return stays_of(clients).filter(ended_at=None, ends__gt=timezone.now())


def stays_at(sites: Collection[int]) -> "QuerySet[Stay]":
    """Who stays at these sites now, whoever came last first."""
    return Stay.objects.filter(site__in=sites, ended_at=None, ends__gt=timezone.now()).order_by("-made_at")


def stays_of_site(site: int) -> "QuerySet[Stay]":
    """Stays elsewhere of women whose home is this site, that go on; whoever went last first."""
    ours = Client.objects.filter(site=site).values("id")
    return Stay.objects.filter(client__in=ours, ended_at=None, ends__gt=timezone.now()).order_by("-made_at")


def is_guest(client: UUID, sites: Collection[int]) -> bool:
    """Whether she, or her child, is a guest at one of these sites."""
    return Guest.objects.filter(client=client, site__in=sites, ends__gt=timezone.now()).exists()


def _last_day(wanted: Wanted, today: date) -> date:
    if wanted.reason != "while":
        return today + timedelta(days=VISIT_DAYS if wanted.reason == "visit" else MOVING_DAYS)
    if wanted.until is None or not today <= wanted.until <= today + timedelta(days=LONGEST_DAYS):
        raise ImpossibleStayError
    return wanted.until


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
