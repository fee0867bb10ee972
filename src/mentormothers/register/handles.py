"""What an answer of a look-up is taken up by: a handle, which tells nothing and opens nothing to anybody else.

It names a woman, sealed for one person on one phone (or in the office), for some minutes. All are of one length.
"""

import base64
import binascii
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from mentormothers.access.models import Device, User
from mentormothers.access.sealing import UnreadableSealError, open_bytes, seal_bytes
from mentormothers.care.staying import Evidence

LASTS = timedelta(minutes=15)  # she sits there; longer than it takes to ask her, and no more
_CONTENT = struct.Struct(">16s?q")  # client, whether by her card, until when (seconds since 1970)


class HandleRefusedError(Exception):
    """This handle opens nothing: too old, changed, or somebody else's."""


@dataclass(frozen=True)
class Handled:
    """Who is meant, and by what she was recognised."""

    client: UUID
    evidence: Evidence


def make_handle(handled: Handled, *, user: User, device: Device | None, now: datetime) -> str:
    """A handle for this person on this phone. The person belongs to an organisation."""
    assert user.organisation
    ends = int((now + LASTS).timestamp())
    content = _CONTENT.pack(handled.client.bytes, handled.evidence == "card", ends)
    return base64.urlsafe_b64encode(seal_bytes(content, user.organisation, _label(user, device))).decode()


def read_handle(text: str, *, user: User, device: Device | None, now: datetime) -> Handled:
    """What a handle means. Raises HandleRefusedError."""
    if user.organisation is None:
        raise HandleRefusedError
    try:
        sealed = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
        content = open_bytes(sealed, user.organisation, _label(user, device))
    except (binascii.Error, UnicodeError, ValueError, UnreadableSealError):
        raise HandleRefusedError from None
    client, by_card, ends = _CONTENT.unpack(content)
    if now.timestamp() >= ends:
        raise HandleRefusedError
    return Handled(UUID(bytes=client), "card" if by_card else "look_up")


def _label(user: User, device: Device | None) -> str:
    return f"look-up/{user.id}/{device.id if device else 'office'}"
