"""One phone's part in `bench sync`, in a process of its own: it pushes, and it does the work of the floors."""

import base64
import gc
import gzip
import http.client
import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import psycopg
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from mentormothers.config.benchmarks.own_server import Place
from mentormothers.config.benchmarks.phones import parcels
from mentormothers.config.benchmarks.stages import stage_times
from mentormothers.config.database import Database
from mentormothers.config.demo.phone import Parcel

BATCH = 100
FLOORS = ("floor_insert", "floor_copy", "floor_single")
_COLUMNS = (
    "id", "client", "form", "form_version", "happened", "author", "device", "counter", "device_clock", "site",
    "organisation", "source", "relation", "relation_record", "relation_repeat", "body", "digest",
)  # fmt: skip
_NAMES = ", ".join(_COLUMNS)
_ROW = f"({', '.join(['%s'] * len(_COLUMNS))})"


@dataclass(frozen=True)
class Share:
    """What one phone pushes in each round, and the seed of what it writes."""

    rounds: int
    batches: int
    singles: int
    seed: int


class Pusher:
    """A phone with all that it will push, and the connections it needs."""

    def __init__(self, found: Database, place: Place, share: Share, server: str) -> None:
        assert found.admin
        self._phone, self._author, self._share = place.phone(), place.author, share
        self._bare = psycopg.connect(found.admin, autocommit=True)
        self._server = http.client.HTTPConnection(urlsplit(server).netloc, timeout=300)
        made = iter(self._made())
        self._pushed = [self._batches(made) for _ in range(share.rounds)]
        self._sent = [[gzip.compress(_body(b), 6) for b in self._batches(made)] for _ in range(share.rounds)]
        self._alone = [list(itertools.islice(made, share.singles)) for _ in range(share.rounds)]
        self._watched, self._first = self._batches(made), self._batches(made)

    def prepare(self) -> int:
        """Everything that is not timed: a grant, the bare rows, the signatures as the library takes them."""
        from mentormothers.access.models import Device

        self._device = Device.objects.get(id=self._phone.device)
        self._headers = {"Authorization": f"Bearer {self._grant()}", "Content-Type": "application/json"}
        self._bare_batches = [[self._rows(batch) for batch in batches] for batches in self._pushed]
        self._bare_alone = [self._rows(alone) for alone in self._alone]
        key = serialization.load_der_public_key(bytes(self._device.public_key))
        assert isinstance(key, ec.EllipticCurvePublicKey)
        self._key = key
        self._bodies = [[_body(batch) for batch in batches] for batches in self._pushed]
        self._bodies_alone = [[_body([one]) for one in alone] for alone in self._alone]
        gc.collect()
        gc.freeze()
        return 0

    def begin(self, _: int) -> int:
        """Push a first share, so that nothing is timed on empty tables."""
        return sum(self._push(_body(batch)) for batch in self._first)

    def push(self, turn: int) -> int:
        """Batches through `sync.push`, from bytes to bytes."""
        return sum(map(self._push, self._bodies[turn]))

    def push_alone(self, turn: int) -> int:
        """Single records through `sync.push`."""
        return sum(map(self._push, self._bodies_alone[turn]))

    def send(self, turn: int) -> int:
        """Batches through the web server, packed as phones pack them."""
        return sum(map(self._send, self._sent[turn]))

    def insert(self, turn: int) -> int:
        """The floor: the same records by INSERT of 100 rows."""
        for rows in self._bare_batches[turn]:
            text = f"INSERT INTO floor_insert ({_NAMES}) VALUES {', '.join([_ROW] * len(rows))}"
            self._bare.execute(text.encode(), list(itertools.chain.from_iterable(rows)))
        return self._share.batches * BATCH

    def copy(self, turn: int) -> int:
        """The floor: the same records by COPY, 100 a transaction."""
        for rows in self._bare_batches[turn]:
            with self._bare.cursor().copy(f"COPY floor_copy ({_NAMES}) FROM STDIN".encode()) as copy:
                for row in rows:
                    copy.write_row(row)
        return self._share.batches * BATCH

    def insert_alone(self, turn: int) -> int:
        """The floor: one INSERT a commit."""
        text = f"INSERT INTO floor_single ({_NAMES}) VALUES {_ROW}".encode()
        for row in self._bare_alone[turn]:
            self._bare.execute(text, row)
        return self._share.singles

    def verify(self, turn: int) -> int:
        """The floor: nothing but the signatures, with the key already read."""
        from mentormothers.care.records import canonical, signed_text

        known = [
            (_der(p["record"]["signature"]), signed_text(canonical(p["record"]))) for b in self._pushed[turn] for p in b
        ]
        self._signatures = known
        return len(known)

    def verify_prepared(self, turn: int) -> int:  # noqa: ARG002  # what `verify` laid out
        """The timed part of it."""
        algorithm = ec.ECDSA(hashes.SHA256())
        for signature, text in self._signatures:
            self._key.verify(signature, text, algorithm)
        return len(self._signatures)

    def stages(self, _: int) -> dict[str, float]:
        """Where the time goes, with nobody else pushing."""
        bodies = [_body(batch) for batch in self._watched]
        return stage_times(lambda: sum(map(self._push, bodies)))

    def _made(self) -> Iterator[Parcel]:
        share = self._share
        number = share.rounds * (2 * share.batches * BATCH + share.singles) + 2 * share.batches * BATCH
        return iter(parcels(self._phone, self._author, share.seed, number))

    def _batches(self, made: Iterator[Parcel]) -> list[list[Parcel]]:
        return [list(itertools.islice(made, BATCH)) for _ in range(self._share.batches)]

    def _push(self, body: bytes) -> int:
        from mentormothers.sync.push import push

        answers = push(self._device, read_body(body)["parcels"])
        json.dumps({"answers": [answer.body() for answer in answers]}).encode()
        return _accepted([answer.body() for answer in answers])

    def _send(self, packed: bytes) -> int:
        answer = self._post("/records", packed, {"Content-Encoding": "gzip", **self._headers})
        return _accepted(answer["answers"])

    def _post(self, path: str, body: bytes, headers: dict[str, str]) -> Any:
        self._server.request("POST", f"/api/v1{path}", body, headers)
        answer = self._server.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"the server answered {answer.status}: {content[:300]!r}")
        return json.loads(content)

    def _grant(self) -> str:
        phone, plain = self._phone, {"Content-Type": "application/json"}
        asked = self._post("/grants/challenge", json.dumps({"device": phone.device}).encode(), plain)
        signature = phone.sign(f"mentormothers-grant:{asked['challenge']}".encode())
        wanted = {"device": phone.device, "challenge": asked["challenge"], "signature": signature}
        return str(self._post("/grants", json.dumps(wanted).encode(), plain)["token"])

    def _rows(self, batch: Sequence[Parcel]) -> list[list[Any]]:
        """The records of some parcels as bare rows."""
        from mentormothers.care.actions import record_row
        from mentormothers.care.records import Prepared, read_record

        made = [Prepared(*read_record(parcel["record"]), facts=()) for parcel in batch]
        rows = [record_row(one.made, one.body, one.digest) for one in made]
        return [[bytes.fromhex(row[name]) if name == "digest" else row[name] for name in _COLUMNS] for row in rows]


def read_body(body: bytes) -> Any:
    """The JSON of a request."""
    return json.loads(body)


def make_floors(found: Database) -> None:
    """Tables for bare records: the same columns, indexes and checks, without facts, feed or row-level security."""
    assert found.admin
    with psycopg.connect(found.admin) as connection:
        for name in FLOORS:
            connection.execute(f"CREATE TABLE {name} (LIKE care.record INCLUDING ALL)".encode())


def know_sizes(found: Database) -> None:
    """Let PostgreSQL know how large the tables are now, as it does by itself every minute."""
    assert found.admin
    with psycopg.connect(found.admin, autocommit=True) as connection:
        connection.execute("ANALYZE")


def _body(batch: Sequence[Parcel]) -> bytes:
    return json.dumps({"parcels": batch}).encode()


def _accepted(answers: Sequence[dict[str, Any]]) -> int:
    refused = next((answer for answer in answers if answer["status"] != "accepted"), None)
    if refused:
        raise RuntimeError(f"a record was not accepted, so nothing is measured: {refused}")
    return len(answers)


def _der(signature: str) -> bytes:
    raw = base64.b64decode(signature)
    return encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
