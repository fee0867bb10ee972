"""The key to which phones seal what only the server may open (HPKE, RFC 9180, P-256)."""

from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from django.conf import settings

from mentormothers.access.keys import read_keys

SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def keys_path() -> Path:
    """Where the installation's keys lie."""
    path: Path = settings.KEYS_FILE
    return path


def public_point() -> bytes:
    """The public half as phones take it: the 65 bytes of the uncompressed point."""
    return (
        _private(keys_path())
        .public_key()
        .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    )


def open_sealed(sealed: bytes, info: bytes) -> bytes:
    """What was sealed to the server for this purpose. Raises ValueError when it was not, or is damaged."""
    try:
        return SUITE.decrypt(sealed, _private(keys_path()), info)
    except InvalidTag:
        raise ValueError("this was not sealed to this server") from None


def seal_to_server(content: bytes, info: bytes) -> bytes:
    """Seal as a phone does; for synthetic phones."""
    return SUITE.encrypt(content, _private(keys_path()).public_key(), info)


@cache
def _private(path: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(read_keys(path).server.encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key
