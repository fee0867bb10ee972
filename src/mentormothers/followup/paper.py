"""What may stand on paper: a short code for a person, and a task that says nothing of her health.

A list can be left on a table or in a minibus. Whoever works here finds the person by her code; nobody else does.
"""

from hashlib import sha256
from uuid import UUID

from mentormothers.followup.worklist import OpenItem

# Letters and digits that are not taken for each other when read aloud or written down.
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_LENGTH = 6  # of a thousand people two share a code once in some 1,800 sites
_AT_CLINIC = "See her when she comes"


def short_code(client: UUID) -> str:
    """Six letters and digits, such as `K7M-2XQ`: always the same for a client, and no way back to her name."""
    number = int.from_bytes(sha256(client.bytes).digest()[:8], "big")
    letters = "".join(_ALPHABET[number // len(_ALPHABET) ** place % len(_ALPHABET)] for place in range(_LENGTH))
    return f"{letters[:3]}-{letters[3:]}"


def read_code(text: str) -> str:
    """A code as somebody typed it, in its proper form; empty when it can be none."""
    letters = "".join(c for c in text.upper() if c.isalnum())
    fits = len(letters) == _LENGTH and all(c in _ALPHABET for c in letters)
    return f"{letters[:3]}-{letters[3:]}" if fits else ""


def neutral_task(item: OpenItem) -> str:
    """What to do, in words that anybody may read."""
    return item.next_step if item.traceable else _AT_CLINIC
