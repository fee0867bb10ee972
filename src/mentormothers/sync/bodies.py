"""Reading request bodies that may be huge, cut short, packed to explode, or not what they say."""

import json
import zlib
from typing import Any

from django.http import HttpRequest

from mentormothers.sync.errors import RequestRefusedError

LARGEST_BODY = 8_000_000  # bytes, unpacked
MOST_PARCELS = 1000


def json_body(request: HttpRequest, largest: int = LARGEST_BODY) -> dict[str, Any]:
    """The JSON object of a request. Raises RequestRefusedError."""
    if request.content_type not in ("application/json", ""):
        raise RequestRefusedError("SYNC-003", (request.content_type or "")[:60])
    declared = request.headers.get("Content-Length", "0")
    if "Transfer-Encoding" in request.headers:
        raise RequestRefusedError("SYNC-001", "please send its length, not chunks")
    if not declared.isdigit() or int(declared) > largest:
        raise RequestRefusedError("SYNC-002", f"at most {largest:,} bytes")
    packed = request.read(largest + 1)
    if len(packed) > largest:
        raise RequestRefusedError("SYNC-002", f"at most {largest:,} bytes")
    return _object(_unpacked(packed, request.headers.get("Content-Encoding", ""), largest))


def _unpacked(body: bytes, encoding: str, largest: int) -> bytes:
    if encoding in ("", "identity"):
        return body
    if encoding != "gzip":
        raise RequestRefusedError("SYNC-003", encoding[:20])
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        plain = unpacking.decompress(body, largest + 1)
    except zlib.error:
        raise RequestRefusedError("SYNC-001", "the gzip is damaged") from None
    if len(plain) > largest:
        raise RequestRefusedError("SYNC-002", f"at most {largest:,} bytes unpacked")
    if not unpacking.eof:
        raise RequestRefusedError("SYNC-001", "the gzip is cut short")
    return plain


def _object(text: bytes) -> dict[str, Any]:
    try:
        content = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise RequestRefusedError("SYNC-001", "this is no JSON") from None
    if not isinstance(content, dict):
        raise RequestRefusedError("SYNC-001", "an object is expected")
    return content


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
