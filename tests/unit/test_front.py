"""The front takes requests in whole, gives up on silence, and says what is wrong to those who listen."""

import asyncio
import json
from collections.abc import Iterable
from typing import Any

import pytest

from mentormothers.config.front import Front


def answered(messages: Iterable[Any], *, silence: float = 5, query: bytes = b"") -> tuple[list[bytes], int, Any]:
    """What reached the server behind, the status of the answer, and what it says."""
    passed: list[bytes] = []
    sent: list[dict[str, Any]] = []
    coming = iter(messages)

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message["more_body"]
        passed.append(body)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    async def receive() -> Any:
        message = next(coming, None)
        if message is None:
            await asyncio.sleep(60)
        return message

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Front(inner, silence)({"type": "http", "query_string": query}, receive, send))
    if not sent:
        return passed, 0, None
    return passed, sent[0]["status"], json.loads(sent[1]["body"])


def piece(body: bytes, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


@pytest.mark.parametrize("size", [0, 1, 65_536, 131_072, 700_000])
def test_what_comes_in_pieces_is_passed_on_whole(size: int) -> None:
    body = bytes(n % 251 for n in range(size))
    pieces = [piece(body[at : at + 10_000]) for at in range(0, size, 10_000)]
    assert answered([*pieces, piece(b"", more=False)]) == ([body], 200, {})


def test_silence_in_the_middle_is_given_up() -> None:
    passed, status, said = answered([piece(b"half")], silence=0.05)
    assert (passed, status, said["code"]) == ([], 408, "SYNC-007")


def test_whoever_goes_away_is_not_answered() -> None:
    assert answered([piece(b"half"), {"type": "http.disconnect"}]) == ([], 0, None)


def test_who_sends_too_much_hears_why_after_it() -> None:
    pieces = [piece(b" " * 1_000_000) for _ in range(50)]
    passed, status, said = answered([*pieces, piece(b"", more=False)])
    assert (passed, status, said["code"]) == ([], 413, "SYNC-002")


def test_who_never_stops_sending_is_stopped() -> None:
    passed, status, _ = answered(piece(b" " * 10_000_000) for _ in range(10**9))
    assert (passed, status) == ([], 413)


def test_an_address_must_be_escaped() -> None:
    passed, status, said = answered([piece(b"", more=False)], query="q=ü".encode())
    assert (passed, status, said["code"]) == ([], 422, "SYNC-001")
