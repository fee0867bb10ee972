"""Running the server: web and worker as child processes, watched and stopped together."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from mentormothers.config.commands.speaking import tell
from mentormothers.config.database import Database
from mentormothers.config.embedded import EmbeddedError
from mentormothers.config.starting import environment

_PATIENCE = 10  # seconds a child gets to end by itself
_LOOK = 0.5  # seconds between two looks at the children
_LIVED = 10  # seconds after which a child has begun well: the next time it is started again at once
_LONGEST_WAIT = 30  # seconds between two attempts to start what does not want to


class StartError(Exception):
    """The server cannot start; the message says why and what to do."""


class Stopped(Exception):  # noqa: N818  # no error: somebody asked us to stop
    """Somebody asked the server to stop."""


def check_port(host: str, port: int) -> None:
    """Raise StartError when the port is taken. It is never changed by itself: phones are bound to their address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise StartError(
                f"port {port} may not be used by this user. Please choose one above 1023 with --port"
            ) from None
        except OSError as error:
            raise StartError(
                f"port {port} on {host} is busy ({error.strerror}). Please stop what uses it, or give another --port"
            ) from None


@dataclass
class _Child:
    """A process that is to run, and how it went so far."""

    name: str
    command: list[str]
    process: "subprocess.Popen[bytes]"
    started: float = field(default_factory=time.monotonic)
    waits: float = 0  # seconds before it was started
    due: float | None = None  # when it is to be started again

    @property
    def ended(self) -> bool:
        """Whether it does not run any more."""
        return self.process.poll() is not None


class Server:
    """Web server and worker of one installation, and its embedded database where it has one."""

    def __init__(self, found: Database, host: str, port: int, log: Path, **settings: str) -> None:
        self.address = f"http://{host}:{port}"
        self._environment = os.environ | {"RUST_BACKTRACE": "0"} | environment(found) | settings
        self._host, self._port, self._log, self._embedded = host, port, log, found.embedded
        self._children: dict[str, _Child] = {}

    def start(self) -> None:
        """Start both and wait until the web server answers. Raises StartError."""
        self._log.mkdir(parents=True, exist_ok=True)
        web = ["granian", "--interface", "asginl", "--host", self._host, "--port", str(self._port)]
        web += ["--workers", "1", "--no-ws", "--log-level", "warning"]
        self._spawn("web", [*web, "mentormothers.config.asgi:application"])
        self._spawn("worker", ["django-admin", "procrastinate", "worker", "--concurrency", "2"])
        self._wait_until_it_answers()

    def watch(self) -> None:
        """Stay until somebody asks us to stop (Stopped). What ends by itself is told of and started again."""
        while True:
            self._revive_database()
            for child in list(self._children.values()):
                self._revive(child)
            time.sleep(_LOOK)

    def stop(self) -> None:
        """End the children, kindly first."""
        for child in self._children.values():
            if not child.ended:
                child.process.send_signal(signal.SIGTERM)
        until = time.monotonic() + _PATIENCE
        for child in self._children.values():
            try:
                child.process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
            _end_what_is_left(child)

    def _spawn(self, name: str, command: list[str], waits: float = 0) -> None:
        program = Path(sys.executable).parent / command[0]
        with (self._log / f"{name}.log").open("ab") as log:
            # A session of its own: Ctrl-C reaches us alone, and we end the children in order.
            process = subprocess.Popen(
                [program, *command[1:]], env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self._children[name] = _Child(name, command, process, waits=waits)

    def _revive(self, child: _Child) -> None:
        """Start a child again that has ended: at once when it had begun well, otherwise each time later."""
        now = time.monotonic()
        if not child.ended:
            return
        if child.due is None:
            begun_well = now - child.started > _LIVED
            child.waits = 0 if begun_well else min(max(1, 2 * child.waits), _LONGEST_WAIT)
            child.due = now + child.waits
        if now >= child.due:
            tell(f"the {child.name} ended (exit {child.process.returncode}; see {self._log}). Started again")
            _end_what_is_left(child)
            self._spawn(child.name, child.command, child.waits)

    def _revive_database(self) -> None:
        if self._embedded is None or self._embedded.listens():
            return
        try:
            self._embedded.start()
        except EmbeddedError:
            return  # processes of the server that was killed are still about; at the next look they may be gone
        tell("the database had ended. Started again")

    def _check_children(self) -> None:
        for name, child in self._children.items():
            if child.ended:
                tail = (self._log / f"{name}.log").read_text(errors="replace")[-1500:]
                raise StartError(f"the {name} ended (exit {child.process.returncode}). Its log ends with:\n{tail}")

    def _wait_until_it_answers(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            self._check_children()
            try:
                with urllib.request.urlopen(f"{self.address}/health", timeout=2):  # noqa: S310  # our own address
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.2)
        raise StartError(f"the web server does not answer at {self.address}; see {self._log}/web.log")


def _end_what_is_left(child: _Child) -> None:
    """A web server that was killed leaves its own children behind, which would keep its port and answer on."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.process.pid, signal.SIGKILL)


def stop_on_signals() -> None:
    """Turn SIGTERM and SIGHUP into an orderly stop, as Ctrl-C is."""

    def stop(_: int, __: FrameType | None) -> None:
        raise Stopped

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, stop)
