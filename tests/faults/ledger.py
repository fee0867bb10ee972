"""What really happened, as the phones know it: every parcel ever written, and every answer ever heard."""

import hashlib
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import rfc8785

Parcel = dict[str, Any]


@dataclass(eq=False)
class Written:
    """A parcel as a phone wrote it. `may` are the codes with which it may be quarantined; none: it must be taken."""

    parcel: Parcel
    may: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        return str(self.parcel["record"]["id"])

    @property
    def client(self) -> str | None:
        client = self.parcel["record"]["client"]
        return str(client) if client else None

    @property
    def body(self) -> bytes:
        """The record's bytes as they must lie in the database."""
        return rfc8785.dumps(self.parcel["record"])

    @property
    def refused_digest(self) -> bytes:
        """Under what it is quarantined."""
        return hashlib.sha256(rfc8785.dumps({"parcel": self.parcel})).digest()


@dataclass(frozen=True)
class Heard:
    """What the server said of a parcel, once the phone had read it to the end."""

    written: Written
    status: str
    code: str = ""


@dataclass
class Ledger:
    """All of it; phones write from several threads."""

    written: dict[str, list[Written]] = field(default_factory=lambda: defaultdict(list))
    heard: list[Heard] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, written: Written) -> None:
        with self._lock:
            self.written[written.id].append(written)

    def hear(self, heard: list[Heard]) -> None:
        with self._lock:
            self.heard += heard

    def of_client(self, client: str) -> list[Written]:
        """What was written about a client, in the order of writing."""
        with self._lock:
            return [w for some in self.written.values() for w in some if w.client == client]
