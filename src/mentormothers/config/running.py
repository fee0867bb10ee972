"""Running the server: web and worker as child processes, watched and stopped together."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from mentormothers.config.database import Database
from mentormothers.config.starting import environment

_PATIENCE = 10  # seconds a child gets to end by itself


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


class Server:
    """Web server and worker of one installation."""

    def __init__(self, found: Database, host: str, port: int, log: Path, **settings: str) -> None:
        self.address = f"http://{host}:{port}"
        self._environment = os.environ | {"RUST_BACKTRACE": "0"} | environment(found) | settings
        self._host, self._port, self._log = host, port, log
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Start both and wait until the web server answers. Raises StartError."""
        self._log.mkdir(parents=True, exist_ok=True)
        web = ["granian", "--interface", "asginl", "--host", self._host, "--port", str(self._port)]
        web += ["--workers", "1", "--no-ws", "--log-level", "warning"]
        self._spawn("web", [*web, "mentormothers.config.asgi:application"])
        self._spawn("worker", ["django-admin", "procrastinate", "worker", "--concurrency", "2"])
        self._wait_until_it_answers()

    def watch(self) -> None:
        """Stay until a child ends (StartError) or somebody asks us to stop (Stopped)."""
        while True:
            self._check_children()
            time.sleep(0.5)

    def stop(self) -> None:
        """End the children, kindly first."""
        for child in self._children.values():
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        until = time.monotonic() + _PATIENCE
        for child in self._children.values():
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()

    def _spawn(self, name: str, command: list[str]) -> None:
        program = Path(sys.executable).parent / command[0]
        with (self._log / f"{name}.log").open("ab") as log:
            # A session of its own: Ctrl-C reaches us alone, and we end the children in order.
            self._children[name] = subprocess.Popen(
                [program, *command[1:]], env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def _check_children(self) -> None:
        for name, child in self._children.items():
            if child.poll() is not None:
                tail = (self._log / f"{name}.log").read_text(errors="replace")[-1500:]
                raise StartError(f"the {name} ended (exit {child.returncode}). Its log ends with:\n{tail}")

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


def stop_on_signals() -> None:
    """Turn SIGTERM and SIGHUP into an orderly stop, as Ctrl-C is."""

    def stop(_: int, __: FrameType | None) -> None:
        raise Stopped

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, stop)
