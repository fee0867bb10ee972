"""The quarantine: what could not be taken is kept, sealed, with its reason, until somebody decides."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from mentormothers.access.audit import note
from mentormothers.access.models import User
from mentormothers.access.sealing import open_bytes, seal_bytes
from mentormothers.access.statements import prepared
from mentormothers.care.models import Quarantined, QuarantineDecision

TAKEN, SET_ASIDE = "taken", "set_aside"
_RESEAL = "SELECT care.reseal(%s, %s)"


@dataclass(frozen=True)
class Refused:
    """A parcel to be quarantined, with what is known of it."""

    content: bytes
    code: str
    reason: str
    site: int
    organisation: int
    record: str = ""
    form: str = ""
    author: UUID | None = None
    device: UUID | None = None


def quarantine(refused: Iterable[Refused]) -> None:
    """Keep what was refused; the same bytes refused for the same reason are kept once."""
    Quarantined.objects.bulk_create(
        [
            Quarantined(
                record=r.record,
                author=r.author,
                device=r.device,
                site=r.site,
                organisation=r.organisation,
                form=r.form[:60],
                code=r.code,
                reason=r.reason[:300].replace("\x00", ""),
                digest=hashlib.sha256(r.content).digest(),
                sealed=seal_bytes(r.content, r.organisation, "quarantine"),
            )
            for r in refused
        ],
        ignore_conflicts=True,
    )


def waiting() -> QuerySet[Quarantined]:
    """What waits for a decision, in scope, the oldest first."""
    decided = QuarantineDecision.objects.values("quarantined")
    return Quarantined.objects.exclude(id__in=decided).order_by("received", "id")


def reseal(row: Quarantined, content: bytes) -> None:
    """Put other bytes in the place of those that were refused: the same without a name that was erased."""
    with prepared() as cursor:
        cursor.execute(_RESEAL, [row.id, seal_bytes(content, row.organisation, "quarantine")])


def content_of(row: Quarantined) -> bytes:
    """The bytes that were refused."""
    return open_bytes(bytes(row.sealed), row.organisation, "quarantine")


@transaction.atomic
def decide(row: Quarantined, decision: str, *, by: User | None, reason: str = "") -> None:
    """Write down that a quarantined record was taken or set aside. It stays where it is."""
    QuarantineDecision.objects.create(
        quarantined=row.id,
        decision=decision,
        by=by.id if by else None,
        note=reason[:300],
        site=row.site,
        organisation=row.organisation,
    )
    note(f"quarantine.{decision}", who=by, site=row.site, detail=f"{row.code} {row.record}")
