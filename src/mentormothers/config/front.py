"""Before the server: requests are taken in whole before one of the few answering threads is given to them.

Phones send on lines that carry a few kilobytes a second and break off. A thread that waited for each of them, with its
transaction open, would leave none for anybody else after a handful of slow phones. Here waiting costs no thread, and
neither does a slow reader: what is answered waits for her outside.
"""

import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable, MutableMapping
from typing import IO, Any

from mentormothers.sync.errors import PROBLEMS

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

LARGEST = 20_000_000  # bytes; facility lists. The device API has its own, smaller limit
SILENCE = 60.0  # seconds without a byte after which a request is given up
_LISTENED_TO = 200_000_000  # bytes; more than LARGEST is thrown away as it comes, so that the sender hears why
_IN_MEMORY = 500_000  # bytes; more lies in a file that has no name
_CHUNK = 65_536


class Unfit(Exception):  # noqa: N818  # an answer, no error of ours
    """The request is not passed on; answered with a status instead."""


class Gone(Exception):  # noqa: N818  # nobody is there any more
    """The sender went away in the middle."""


class Front:
    """Takes requests in whole and passes them on."""

    def __init__(self, inner: Application, silence: float = SILENCE) -> None:
        self._inner, self._silence = inner, silence

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request."""
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as body:
            try:
                _check_address(scope)
                await self._take_in(receive, body)
            except Unfit as unfit:
                await _answer(send, *unfit.args)
            except Gone:
                return
            else:
                body.seek(0)
                await self._inner(scope, _again(body), send)

    async def _take_in(self, receive: Receive, body: IO[bytes]) -> None:
        size, more = 0, True
        while more:
            try:
                message = await asyncio.wait_for(receive(), self._silence)
            except TimeoutError:
                raise Unfit("SYNC-007", f"nothing came for {self._silence:.0f} seconds") from None
            if message["type"] == "http.disconnect":
                raise Gone
            chunk, more = message.get("body", b""), message.get("more_body", False)
            size += len(chunk)
            if size > _LISTENED_TO:
                break
            if size <= LARGEST:
                body.write(chunk)
        if size > LARGEST:
            raise Unfit("SYNC-002", f"at most {LARGEST:,} bytes")


def _check_address(scope: Message) -> None:
    if not scope["query_string"].isascii():
        raise Unfit("SYNC-001", "the address holds letters that must be escaped")


def _again(body: IO[bytes]) -> Receive:
    async def receive() -> Message:
        chunk = body.read(_CHUNK)
        return {"type": "http.request", "body": chunk, "more_body": len(chunk) == _CHUNK}

    return receive


async def _answer(send: Send, code: str, what: str) -> None:
    known = PROBLEMS[code]
    said = json.dumps({"code": code, "message": f"{known.message}: {what}", "remedy": known.remedy}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(said)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": known.status, "headers": headers})
    await send({"type": "http.response.body", "body": said})
