"""The audit trail: one line for everything that must be answerable for."""

from collections.abc import Iterable
from uuid import UUID

from mentormothers.access.models import AuditEvent, Device, User


def note(
    what: str,
    *,
    who: User | None = None,
    device: Device | None = None,
    clients: Iterable[UUID] = (),
    site: int | None = None,
    detail: str = "",
) -> None:
    """Write down who did what, in the transaction of the deed itself."""
    AuditEvent.objects.create(
        who=who.id if who else None,
        device=device.id if device else None,
        what=what,
        clients=sorted(set(clients)),
        site=site,
        detail=detail[:200],
    )
