"""Asking somebody to look for a client, and ending that."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mentormothers.access.audit import note
from mentormothers.access.models import User
from mentormothers.care.joining import persons_of, pseudonyms_of
from mentormothers.care.live import protocol_in_force
from mentormothers.care.models import Caseload, Client
from mentormothers.followup.models import Assignment
from mentormothers.followup.steps import may_be_looked_for
from mentormothers.followup.working_out import stories_of

LEASE_DAYS = 7


class NotAllowedError(Exception):
    """This cannot be asked; the message says why."""


@transaction.atomic
def ask_to_look_for(client: UUID, *, mentor: User, item: str, by: User) -> Assignment:
    """Ask a mentor of the client's site to look for her. Whoever was asked before is released.

    Raises NotAllowedError when she did not agree to it, and for an item that nobody is looked for.
    """
    client = persons_of([client])[client]
    known = Client.objects.get(id=client)
    if not any(item in version.tracing.open_when for version in protocol_in_force().versions):
        raise NotAllowedError("nobody is looked for because of this")
    if not may_be_looked_for(stories_of([client], timezone.localdate())[client]):
        raise NotAllowedError("she did not agree to be looked for")
    if not mentor.is_active or not mentor.memberships.filter(site=known.site).exists():
        raise NotAllowedError("she does not work at the client's site")
    for earlier in Assignment.objects.filter(client__in=pseudonyms_of([client])[client], ended_at=None):
        end_assignment(earlier, because="given to somebody else", by=by)
    asked = Assignment.objects.create(
        client=client,
        mentor=mentor.id,
        item=item,
        until=timezone.localdate() + timedelta(days=LEASE_DAYS),
        site=known.site,
        organisation=known.organisation,
        made_by=by.id,
    )
    Caseload.objects.bulk_create(
        [
            Caseload(
                client=person.id, mentor=mentor.id, site=person.site, organisation=person.organisation, reason="tracing"
            )
            for person in Client.objects.filter(_with_children(client))
        ],
        ignore_conflicts=True,
    )
    note("tracing.asked", who=by, clients=[client], site=known.site, detail=item)
    return asked


@transaction.atomic
def end_assignment(assignment: Assignment, *, because: str, by: User | None) -> None:
    """End an assignment; a mentor who knew the client only through it does so no longer."""
    Assignment.objects.filter(id=assignment.id, ended_at=None).update(
        ended_at=timezone.now(), ended_because=because[:100]
    )
    family = Client.objects.filter(_with_children(assignment.client)).values_list("id", flat=True)
    Caseload.objects.filter(client__in=list(family), mentor=assignment.mentor, reason="tracing").delete()
    note("tracing.ended", who=by, clients=[assignment.client], site=assignment.site, detail=because)


def _with_children(client: UUID) -> Q:
    """She under all her pseudonyms, and her children."""
    hers = pseudonyms_of([client])[client]
    return Q(id__in=hers) | Q(mother__in=hers)


def end_lapsed(today: date) -> int:
    """End what was asked until a day that is over; gives how many. The mentors' phones then forget these women."""
    lapsed = list(Assignment.objects.filter(ended_at=None, until__lt=today))
    for assignment in lapsed:
        end_assignment(assignment, because="the days were over", by=None)
    return len(lapsed)
