"""The installation's keys: one file, outside the database, readable by its owner only.

    session        signs sessions
    server         private key to which phones seal their work and client keys (P-256, HPKE)
    organisations  key-encryption keys, one for each organisation, that wrap client keys
    search         keys the tokens by which clients are found; whoever has it and the database can try out all phone
                   numbers and the names that people here have in minutes

Whoever has this file and the database can read every name. Back it up apart from the database.
"""

import base64
import fcntl
import json
import os
import secrets
from copy import deepcopy
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass
class Keys:
    """All keys of an installation, as text."""

    session: str
    server: str
    search: str
    organisations: dict[str, str] = field(default_factory=dict)


def make_keys(path: Path) -> Keys:
    """The keys in the file; made anew when there is none."""
    if path.exists():
        return read_keys(path)
    private = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    keys = Keys(session=secrets.token_urlsafe(48), server=private.decode(), search=_random_key())
    write_keys(path, keys)
    return keys


def read_keys(path: Path) -> Keys:
    """The keys in the file. Without a file keys that are good for nothing but commands that need none."""
    if not path.exists():
        return Keys(session=secrets.token_urlsafe(48), server="", search="")
    file = path.stat()
    return _content(path, (file.st_ino, file.st_mtime_ns, file.st_size))


@lru_cache(maxsize=8)
def _content(path: Path, version: tuple[int, int, int]) -> Keys:  # noqa: ARG001  # another file is read again
    return Keys(**json.loads(path.read_text()))


def write_keys(path: Path, keys: Keys) -> None:
    """Write the file so that it is whole or not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    with draft.open("w") as file:
        json.dump(asdict(keys), file, indent=1)
        file.flush()
        os.fsync(file.fileno())  # the database keeps what is sealed with these keys: they must outlive a power cut
    draft.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make sure that a new name in a folder outlives a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def organisation_key(path: Path, organisation: int) -> bytes:
    """The key that wraps the client keys of an organisation, made when first asked for."""
    name = str(organisation)
    known = read_keys(path).organisations.get(name)
    return base64.b64decode(known or _add_organisation(path, name))


def _add_organisation(path: Path, name: str) -> str:
    """Add a key. Two processes that come at once must not each make one: what the first sealed would be lost."""
    with path.with_suffix(".lock").open("a") as lock:  # not the file itself, which is replaced when written
        fcntl.flock(lock, fcntl.LOCK_EX)
        keys = deepcopy(read_keys(path))
        made = keys.organisations.setdefault(name, _random_key())
        write_keys(path, keys)
    return made


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
