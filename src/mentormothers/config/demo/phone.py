"""A synthetic phone: makes records, signs and seals them exactly as the app does. For the demo and for tests."""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import uuid4

import openpyxl
import rfc8785
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from mentormothers import PROGRAMME
from mentormothers.care.records import uuid7

_SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
Parcel = dict[str, Any]
Answers = Mapping[str, Any]


@cache
def shipped_version(form: str) -> str:
    """The version of a form in the programme's folder, which is what a phone has after its first pull."""
    book = openpyxl.load_workbook(PROGRAMME / "forms" / f"{form}.xlsx", read_only=True)
    heads, values, *_ = book["settings"].iter_rows(values_only=True)
    book.close()
    return str(dict(zip(heads, values, strict=False))["version"])


@dataclass
class SyntheticPhone:
    """A phone with its keys. `device`, `site`, `organisation` and `server_key` come from its enrolment."""

    device: str = ""
    site: int = 0
    organisation: int = 0
    server_key: bytes = b""
    counter: int = 0
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    client_keys: dict[str, bytes] = field(default_factory=dict)

    @property
    def public_key(self) -> str:
        """What is sent up when the phone is enrolled."""
        spki = serialization.PublicFormat.SubjectPublicKeyInfo
        return _base64(self.private.public_key().public_bytes(serialization.Encoding.DER, spki))

    def enrolled(self, answer: Mapping[str, Any]) -> "SyntheticPhone":
        """Take what the server said to the enrolment."""
        self.device = answer["device"]
        self.site, self.organisation = answer["site"]["id"], answer["organisation"]["id"]
        self.server_key = base64.b64decode(answer["server_key"])
        return self

    def sign(self, message: bytes) -> str:
        """The device's signature: r || s, base64."""
        r, s = decode_dss_signature(self.private.sign(message, ec.ECDSA(hashes.SHA256())))
        return _base64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))

    def parcel(
        self,
        form: str,
        author: str,
        client: str | None,
        answers: Answers,
        *,
        at: datetime,
        identities: Mapping[str, Answers] | None = None,
        **members: Any,
    ) -> Parcel:
        """A record made at a moment, with the identity answers of the persons it names. `members` override."""
        self.counter += 1
        record_id = str(members.pop("id", uuid7(at)))
        sealed = [self._identity(record_id, who, said) for who, said in (identities or {}).items()]
        record: dict[str, Any] = {
            "id": record_id, "client": client, "form": form, "form_version": shipped_version(form),
            "happened": at.date().isoformat(), "precision": "day", "author": author, "device": self.device,
            "counter": self.counter, "device_clock": at.isoformat(), "site": self.site,
            "organisation": self.organisation, "source": "observed", "relation": None, "answers": dict(answers),
            "seals": [hashlib.sha256(base64.b64decode(s["sealed"])).hexdigest() for s in sealed],
        }  # fmt: skip
        return {"record": self.signed(record | members), "identities": sealed}

    def signed(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """A record with its signature."""
        plain = {name: value for name, value in record.items() if name != "signature"}
        return plain | {"signature": self.sign(rfc8785.dumps(plain))}

    def carried(self, parcel: Parcel) -> Parcel:
        """A parcel sealed to the server, as it waits in a phone's outbox."""
        return {"carried": _base64(self._to_server(json.dumps(parcel).encode(), b"mentormothers/parcel"))}

    def new_client(self) -> str:
        """A pseudonym for somebody this phone enrols, with a key for her."""
        client = str(uuid4())
        self.client_keys[client] = secrets.token_bytes(32)
        return client

    def _identity(self, record_id: str, client: str, said: Answers) -> dict[str, str]:
        key = self.client_keys.setdefault(client, secrets.token_bytes(32))
        nonce = secrets.token_bytes(12)
        text = json.dumps(said, ensure_ascii=False).encode()
        sealed = nonce + AESGCM(key).encrypt(nonce, text, f"{record_id}/{client}".encode())
        return {
            "client": client,
            "sealed": _base64(sealed),
            "key": _base64(self._to_server(key, b"mentormothers/client-key")),
        }

    def _to_server(self, content: bytes, info: bytes) -> bytes:
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), self.server_key)
        return _SUITE.encrypt(content, public, info)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
