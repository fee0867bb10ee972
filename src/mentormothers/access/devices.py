"""Phones: enrolled by a code, let in by a grant of some hours, put out at once when revoked."""

import base64
import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.db import transaction
from django.utils import timezone

from mentormothers.access.audit import note
from mentormothers.access.models import Challenge, Device, EnrolmentCode, Grant, User
from mentormothers.access.statements import prepared

CODE_MINUTES = 15
CHALLENGE_SECONDS = 120
GRANT_HOURS = 8
GRANT_TEXT = "mentormothers-grant:"
# Letters and digits that are not taken for each other when read aloud or written down.
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_CODE_LENGTH = 10
_PEOPLE = """
SELECT u.id, u.is_active FROM public.access_device_people d JOIN public.access_user u ON u.id = d.user_id
WHERE d.device_id = %s"""
_SIGNATURE = ec.ECDSA(hashes.SHA256())


class CodeRefusedError(Exception):
    """The enrolment code is unknown, used or outdated (which of them is not said)."""


class KeyRefusedError(Exception):
    """What was sent as a device's public key is none."""


class GrantRefusedError(Exception):
    """No such device, no such challenge, or the signature is wrong (which of them is not said)."""


class DeviceRevokedError(Exception):
    """The device was put out."""


def make_code(*, by: User, site: int, organisation: int, people: Iterable[User], label: str = "") -> str:
    """A code that enrols one phone for a site and some people, once, for a quarter of an hour."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    EnrolmentCode.objects.create(
        digest=_digest(code),
        site=site,
        organisation=organisation,
        people=[person.id for person in people],
        label=label,
        made_by=by,
        expires_at=timezone.now() + timedelta(minutes=CODE_MINUTES),
    )
    note("device.code_made", who=by, site=site)
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


@transaction.atomic
def enrol(code: str, public_key: str) -> Device:
    """Enrol a phone. Raises CodeRefusedError or KeyRefusedError."""
    key = _public_key(public_key)
    known = (
        EnrolmentCode.objects.select_for_update()
        .filter(digest=_digest(_plain(code)), used_at=None, expires_at__gt=timezone.now())
        .first()
    )
    if known is None:
        raise CodeRefusedError
    known.used_at = timezone.now()
    known.save(update_fields=["used_at"])
    device = Device.objects.create(
        label=known.label,
        site=known.site,
        organisation=known.organisation,
        public_key=key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo),
        enrolled_by=known.made_by,
    )
    device.people.set(User.objects.filter(id__in=known.people, is_active=True))
    note("device.enrolled", who=known.made_by, device=device, site=known.site)
    return device


def challenge(device: UUID) -> str:
    """A text for a device to sign, also for devices that nobody knows."""
    text = secrets.token_urlsafe(32)
    now = timezone.now()
    Challenge.objects.filter(expires_at__lt=now).delete()
    Challenge.objects.create(digest=_digest(text), device=device, expires_at=now + timedelta(seconds=CHALLENGE_SECONDS))
    return text


@transaction.atomic
def grant(device_id: UUID, text: str, signature: str) -> tuple[Device, str, datetime]:
    """A token for a device that signed its challenge. Raises GrantRefusedError or DeviceRevokedError."""
    used, _ = Challenge.objects.filter(digest=_digest(text), device=device_id, expires_at__gt=timezone.now()).delete()
    device = Device.objects.filter(id=device_id).first()
    if (
        not used
        or device is None
        or not signed_by(device, (GRANT_TEXT + text).encode("utf-8", "backslashreplace"), signature)
    ):
        raise GrantRefusedError
    if device.revoked_at:
        raise DeviceRevokedError
    token = secrets.token_urlsafe(32)
    expires = timezone.now() + timedelta(hours=GRANT_HOURS)
    Grant.objects.filter(device=device, expires_at__lt=timezone.now()).delete()
    Grant.objects.create(digest=_digest(token), device=device, expires_at=expires)
    Device.objects.filter(id=device.id).update(last_seen=timezone.now())
    return device, token, expires


def device_of(token: str) -> Device | None:
    """The device that holds this token now. Raises DeviceRevokedError for one that was put out."""
    found = Grant.objects.select_related("device").filter(digest=_digest(token), expires_at__gt=timezone.now()).first()
    if found is None:
        return None
    if found.device.revoked_at:
        raise DeviceRevokedError
    return found.device


@transaction.atomic
def revoke(device: Device, *, by: User) -> None:
    """Put a phone out; it learns so at its next request."""
    if device.revoked_at is None:
        device.revoked_at = timezone.now()
        device.save(update_fields=["revoked_at"])
        note("device.revoked", who=by, device=device, site=device.site)


def people_of(device: Device) -> dict[UUID, bool]:
    """Those who use a device, by id, and whether each is active."""
    with prepared() as cursor:
        return dict(cursor.execute(_PEOPLE, [device.id]).fetchall())


def signed_by(device: Device, message: bytes, signature: str) -> bool:
    """Whether this is the device's signature (64 bytes r || s, base64) of a message."""
    try:
        raw = base64.b64decode(signature, validate=True)
        if len(raw) != 64:
            return False
        der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        _verifier(bytes(device.public_key)).verify(der, message, _SIGNATURE)
    except (ValueError, InvalidSignature):
        return False
    return True


@lru_cache(maxsize=1000)
def _verifier(public_key: bytes) -> ec.EllipticCurvePublicKey:
    """The key of these bytes, read once for a phone: reading takes as long as checking a signature."""
    key = serialization.load_der_public_key(public_key)
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return key


def _public_key(text: str) -> ec.EllipticCurvePublicKey:
    try:
        key = serialization.load_der_public_key(base64.b64decode(text, validate=True))
    except (ValueError, TypeError):
        raise KeyRefusedError from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise KeyRefusedError
    return key


def _plain(code: str) -> str:
    return "".join(c for c in code.upper() if c in _ALPHABET)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).digest()
