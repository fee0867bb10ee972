"""Sealing with keys that this installation keeps: AES-256-GCM, nonce (12 bytes) || ciphertext and tag.

A label says what was sealed for whom, so that one sealed thing cannot be passed off as another.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mentormothers.access.keys import organisation_key
from mentormothers.access.serverkey import keys_path

_NONCE = 12


class UnreadableSealError(Exception):
    """What was sealed cannot be opened with this key: damaged, or sealed for somebody else."""


def seal(key: bytes, content: bytes, label: str) -> bytes:
    """Seal some bytes with a key."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, label.encode())


def unseal(key: bytes, sealed: bytes, label: str) -> bytes:
    """The bytes that were sealed. Raises UnreadableSealError."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], label.encode())
    except (InvalidTag, ValueError):
        raise UnreadableSealError from None


def seal_bytes(content: bytes, organisation: int, label: str) -> bytes:
    """Bytes sealed with an organisation's key."""
    return seal(organisation_key(keys_path(), organisation), content, f"{label}/{organisation}")


def open_bytes(sealed: bytes, organisation: int, label: str) -> bytes:
    """Bytes as they were before `seal_bytes`. Raises UnreadableSealError."""
    return unseal(organisation_key(keys_path(), organisation), sealed, f"{label}/{organisation}")
