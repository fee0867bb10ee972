"""A client's answers are sealed with her key, her key with her organisation's; phones seal hers to the server."""

import hmac
import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from mentormothers.access.keys import read_keys
from mentormothers.access.sealing import UnreadableSealError, open_bytes, seal, seal_bytes, unseal
from mentormothers.access.serverkey import keys_path, open_sealed

KEY_INFO = b"mentormothers/client-key"


def client_key_from_phone(sealed: bytes) -> bytes:
    """The client key that a phone sealed to the server. Raises UnreadableSealError."""
    try:
        key = open_sealed(sealed, KEY_INFO)
    except ValueError:
        raise UnreadableSealError from None
    if len(key) != 32:
        raise UnreadableSealError
    return key


def wrap(key: bytes, client: UUID, organisation: int) -> bytes:
    """A client key as it is kept."""
    return seal_bytes(key, organisation, f"client-key/{client}")


def unwrap(wrapped: bytes, client: UUID, organisation: int) -> bytes:
    """A client key as it was before it was wrapped. Raises UnreadableSealError."""
    return open_bytes(wrapped, organisation, f"client-key/{client}")


def seal_answers(key: bytes, answers: Mapping[str, Any], record: UUID, client: UUID) -> bytes:
    """Identity answers of a record about a client, sealed with her key."""
    text = json.dumps(answers, ensure_ascii=False, sort_keys=True).encode()
    return seal(key, text, f"{record}/{client}")


def open_answers(key: bytes, sealed: bytes, record: UUID, client: UUID) -> dict[str, Any]:
    """The identity answers of a record about a client. Raises UnreadableSealError."""
    try:
        answers = json.loads(unseal(key, sealed, f"{record}/{client}"))
    except (ValueError, RecursionError):
        raise UnreadableSealError from None
    if not isinstance(answers, dict):
        raise UnreadableSealError
    return answers


def keyed(forms: Iterable[tuple[str, str]]) -> list[bytes]:
    """Tokens (16 bytes) of normal forms, each with its kind: equal for equal ones, nothing without the key `search`.

    Numbers and names are few: whoever has it can try them all in minutes. Raises RuntimeError where it is missing.
    """
    if not (key := read_keys(keys_path()).search.encode()):
        raise RuntimeError(f"{keys_path()}: the installation's key for looking people up is not here")
    return [hmac.digest(key, f"{kind}\0{form}".encode("utf-8", "replace"), "sha256")[:16] for kind, form in forms]
