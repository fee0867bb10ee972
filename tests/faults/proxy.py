"""A line that breaks: a loopback proxy for one request, which cuts it where it is told to."""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Where = Literal["in_the_body", "before_the_answer", "in_the_answer"]
_PIECE = 65_536
_TIMEOUT = 30.0
_NOTHING_MORE = 0.3  # seconds


@dataclass(frozen=True)
class Cut:
    """Where a request breaks: after so many bytes of the request, or of the answer.

    before_the_answer   the request arrives whole, and the phone never hears what became of it
    """

    where: Where
    after: int = 0


@contextlib.contextmanager
def breaking_line(server_port: int, address: str, cut: Cut) -> Iterator[int]:
    """The port of a line to the server that serves one connection from `address` and breaks as told."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        line = threading.Thread(target=_serve, args=(listening, server_port, address, cut), daemon=True)
        line.start()
        yield int(listening.getsockname()[1])
    line.join(_TIMEOUT)


def _serve(listening: socket.socket, server_port: int, address: str, cut: Cut) -> None:
    with contextlib.suppress(OSError):
        listening.settimeout(_TIMEOUT)
        phone, _ = listening.accept()
        with phone, socket.create_connection(("127.0.0.1", server_port), _TIMEOUT, (address, 0)) as server:
            phone.settimeout(_TIMEOUT)
            _carry(phone, server, cut)


def _carry(phone: socket.socket, server: socket.socket, cut: Cut) -> None:
    if cut.where == "in_the_body":
        phone.settimeout(_NOTHING_MORE)  # a request that is shorter is cut at its end
        with contextlib.suppress(TimeoutError):
            _pass_on(phone, server, cut.after)
        _reset(phone, server)
        return
    asking = threading.Thread(target=_all_of, args=(phone, server), daemon=True)
    asking.start()
    if cut.where == "before_the_answer":
        first = server.recv(1)  # the server has committed whatever it says now
        _reset(phone)
        while first and server.recv(_PIECE):
            pass
    else:
        _pass_on(server, phone, cut.after)
        _reset(phone, server)


def _pass_on(source: socket.socket, target: socket.socket, most: int) -> None:
    while most > 0 and (piece := source.recv(min(most, _PIECE))):
        target.sendall(piece)
        most -= len(piece)


def _all_of(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(_PIECE):
            target.sendall(piece)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)  # the phone has hung up: nobody waits for more


def _reset(*lines: socket.socket) -> None:
    """Close without goodbye, as a phone that lost the network."""
    for line in lines:
        with contextlib.suppress(OSError):
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.shutdown(socket.SHUT_RDWR)
            line.close()
