"""Phones that behave as the app does: keep until acknowledged, try again later, pull by cursor."""

import base64
import gzip
import http.client
import json
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from mentormothers.config.demo.phone import SyntheticPhone
from tests.faults.ledger import Heard, Ledger, Written
from tests.faults.proxy import Cut, breaking_line

TIMEOUT = 60.0
LARGEST_BATCH = 50  # events after which a phone writes down what came, cursor or not; the app's is 500


class NoConnectionError(Exception):
    """The line broke, or the server could not answer now. Everything stays as it was; the phone tries again."""


class RefusedError(Exception):
    """The server answered, and it was no."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code


@dataclass
class Kept:
    """What a phone holds for one of its people, and how far she has pulled."""

    cursor: str = ""
    records: dict[str, Any] = field(default_factory=dict)
    identities: set[tuple[str, str]] = field(default_factory=set)
    assignments: dict[str, str] = field(default_factory=dict)
    again: bool = False
    complete: bool = False

    def take(self, batch: list[dict[str, Any]]) -> None:
        """Apply what came, as the app does (phone/src/sync/pull.ts)."""
        for event in batch:
            match event["event"]:
                case "record":
                    self.records[event["record"]["id"]] = event["record"]
                case "identity":
                    self.identities.add((event["record"], event["client"]))
                case "client_out":
                    self._forget(event["client"])
                case "assignment" if event["open"]:
                    self.assignments[event["id"]] = event["client"]
                case "assignment":
                    self.assignments.pop(event["id"], None)
                case "start_again":
                    self.cursor, self.again = "", True
                case "cursor":
                    self.cursor, self.complete = event["cursor"], event["complete"]

    def _forget(self, client: str) -> None:
        self.records = {i: r for i, r in self.records.items() if r["client"] != client}
        self.identities = {(r, c) for r, c in self.identities if c != client}
        self.assignments = {i: c for i, c in self.assignments.items() if c != client}


@dataclass
class Phone:
    """A phone with its people, its outbox and what it holds. `address` is where it calls from."""

    port: int
    address: str
    synthetic: SyntheticPhone
    ledger: Ledger
    people: list[str]
    site: int
    clock_off: timedelta = timedelta()
    revoked: bool = False
    outbox: list[Written] = field(default_factory=list)
    taken: list[Written] = field(default_factory=list)
    kept: dict[str, Kept] = field(default_factory=dict)
    made_keys: set[str] = field(default_factory=set)
    _token: str = ""

    @property
    def author(self) -> str:
        """The mentor whose phone it is."""
        return self.people[0]

    def write(self, written: Written) -> None:
        """Put into the outbox, to stay there until the server has answered for it."""
        self.ledger.write(written)
        self.outbox.append(written)

    def enrol(self, code: str) -> None:
        """Become one of the programme's phones."""
        answer = self._ask("POST", "/devices", {"code": code, "public_key": self.synthetic.public_key})
        self.synthetic.enrolled(answer)

    def sync(self, cut: Cut | None = None, *, pull_cut: Cut | None = None, batch: int = 20) -> None:
        """Give everything, then fetch for each of its people. Raises NoConnectionError or RefusedError."""
        while self.outbox:
            self.push(self.outbox[:batch], cut)
        for person in self.people:
            self.pull(person, pull_cut)

    def push(self, batch: list[Written], cut: Cut | None = None) -> None:
        """Give some parcels; what is answered leaves the outbox."""
        parcels = [self.synthetic.carried(w.parcel) if n % 3 == 0 else w.parcel for n, w in enumerate(batch)]
        answers = self._granted("POST", "/records", {"parcels": parcels}, cut)["answers"]
        if [a["id"] for a in answers] != [w.id for w in batch]:
            raise AssertionError("the answers are not those of the parcels, in order")
        self.ledger.hear([Heard(w, a["status"], a.get("code", "")) for w, a in zip(batch, answers, strict=True)])
        settled = [id(w) for w in batch]
        self.taken += [w for w in self.outbox if id(w) in settled]
        self.outbox = [w for w in self.outbox if id(w) not in settled]

    def pull(self, person: str, cut: Cut | None = None) -> None:
        """Fetch from the cursor on; what came before the last cursor line stays, also when the line breaks."""
        kept = self.kept.setdefault(person, Kept())
        kept.complete = False
        try:
            self._read_changes(person, kept, cut)
        except RefusedError as error:
            if error.status != 401:
                raise
            self.drop_token()
            raise NoConnectionError("the grant was over") from None
        if kept.again:  # the server began anew: it may have lost what it had confirmed
            kept.again = False
            self.outbox += [w for w in self.taken if w not in self.outbox]

    def drop_token(self) -> None:
        """Forget the grant, as a phone does that was off for the night."""
        self._token = ""

    def _read_changes(self, person: str, kept: Kept, cut: Cut | None) -> None:
        query = f"/changes?user={person}" + (f"&since={kept.cursor}" if kept.cursor else "")
        batch: list[dict[str, Any]] = []
        for event in self._lines(query, cut):
            batch.append(event)
            if event["event"] == "identity":
                self.synthetic.client_keys.setdefault(event["client"], base64.b64decode(event["key"]))
            if event["event"] in ("cursor", "start_again") or len(batch) >= LARGEST_BATCH:
                kept.take(batch)
                batch = []
        if not kept.complete:
            raise NoConnectionError("the changes ended before they were complete")

    def _lines(self, query: str, cut: Cut | None) -> Iterator[dict[str, Any]]:
        token = self._grant()
        with ExitStack() as open_:
            answer = self._send(open_, "GET", query, None, cut, token)
            rest, unpack = b"", zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
            try:
                while piece := answer.read1(2048):
                    *lines, rest = (rest + unpack.decompress(piece)).split(b"\n")
                    yield from (json.loads(line) for line in lines if line)
            except (OSError, http.client.HTTPException, zlib.error) as error:
                raise NoConnectionError(type(error).__name__) from None

    def _granted(self, method: str, path: str, content: Any, cut: Cut | None) -> Any:
        for _ in range(2):
            try:
                return self._ask(method, path, content, cut, self._grant())
            except RefusedError as error:
                if error.status != 401:
                    raise
                self.drop_token()
        raise NoConnectionError("the grant was over twice")  # the app tries again later

    def _grant(self) -> str:
        if not self._token:
            device = self.synthetic.device
            text = self._ask("POST", "/grants/challenge", {"device": device})["challenge"]
            signature = self.synthetic.sign(f"mentormothers-grant:{text}".encode())
            said = self._ask("POST", "/grants", {"device": device, "challenge": text, "signature": signature})
            self._token = said["token"]
        return self._token

    def _ask(self, method: str, path: str, content: Any, cut: Cut | None = None, token: str = "") -> Any:
        with ExitStack() as open_:
            answer = self._send(open_, method, path, content, cut, token)
            try:
                return json.loads(answer.read())
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise NoConnectionError(type(error).__name__) from None

    def _send(
        self, open_: ExitStack, method: str, path: str, content: Any, cut: Cut | None, token: str
    ) -> http.client.HTTPResponse:
        """One request; an answer that says yes. Closed with `open_`."""
        port, source = self.port, (self.address, 0)
        if cut:
            port, source = open_.enter_context(breaking_line(self.port, self.address, cut)), ("127.0.0.1", 0)
        line = http.client.HTTPConnection("127.0.0.1", port, TIMEOUT, source)
        open_.callback(line.close)
        # As the TLS proxy before a programme's server says it.
        headers = {"X-Forwarded-Proto": "https", "Content-Type": "application/json", "Accept-Encoding": "gzip"}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        body = None
        if content is not None:
            body, headers["Content-Encoding"] = gzip.compress(json.dumps(content).encode()), "gzip"
        try:
            line.request(method, f"/api/v1{path}", body, headers)
            answer = line.getresponse()
        except (OSError, http.client.HTTPException) as error:
            raise NoConnectionError(type(error).__name__) from None
        if answer.status in (200, 201):
            return answer
        raise self._refusal(answer)

    def _refusal(self, answer: http.client.HTTPResponse) -> Exception:
        """The app tries again after what passes (phone/src/sync/loop.ts)."""
        try:
            code = str(json.loads(answer.read())["code"])
        except (OSError, http.client.HTTPException, ValueError, KeyError):
            code = ""
        if answer.status in (408, 429) or answer.status >= 500:
            return NoConnectionError(f"{answer.status} {code}")
        if code == "DEV-004":
            self.revoked = True
        return RefusedError(answer.status, code)
