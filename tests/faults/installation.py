"""A programme's installation as an operator runs it: `mentormothers serve` over its own embedded PostgreSQL.

Everything here is a process of its own that can be killed. Who is what is read from /proc, as nobody announces it.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from mentormothers.config.embedded import Cluster

# As config.guard wants it; written out, since that module needs Django set up.
ACKNOWLEDGEMENT = "no protocol is signed off by a ministry: synthetic people only"
PROGRAM = Path(sys.executable).parent / "mentormothers"
PATIENCE = 90.0  # seconds in which everything that was killed must be well again
# What was not flushed by a commit stays in memory for as long as PostgreSQL allows, so that a crash loses it.
_LAZY = "wal_writer_delay = '10s'\nwal_writer_flush_after = '2GB'\n"


class NotWellError(Exception):
    """The installation did not come back by itself."""


class Installation:
    """The server of a programme in a folder; `source` is the source tree that it runs."""

    def __init__(self, folder: Path, source: Path) -> None:
        self.folder, self.port = folder, _free_port()
        self.cluster = Cluster(folder / "state" / "postgresql")
        self.said = folder / "serve.log"
        self._source = source
        self._serve: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What its processes know, and this process where it works in the same installation."""
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("DATABASE_", "DJANGO_", "MENTORMOTHERS_"))}
        return kept | {
            "MENTORMOTHERS_STATE": str(self.folder / "state"), "MENTORMOTHERS_UNSIGNED_PROTOCOLS": ACKNOWLEDGEMENT,
            "MENTORMOTHERS_PROTOCOL": "ACC-1", "PYTHONPATH": str(self._source),
        }  # fmt: skip

    def start(self) -> None:
        """Set up and serve."""
        subprocess.run([PROGRAM, "set-up"], env=self.environment, check=True, capture_output=True, timeout=120)
        with (self.folder / "state" / "postgresql" / "data" / "postgresql.conf").open("a") as settings:
            settings.write(_LAZY)
        with self.said.open("ab") as said:
            self._serve = subprocess.Popen(
                [PROGRAM, "serve", "--port", str(self.port)], env=self.environment, stdin=subprocess.DEVNULL,
                stdout=said, stderr=said, start_new_session=True,
            )  # fmt: skip
        self.wait_until_well()

    def stop(self) -> None:
        """Stop it as Ctrl-C does; what does not end is killed."""
        if self._serve is None:
            return
        self._serve.terminate()
        try:
            self._serve.wait(60)
        except subprocess.TimeoutExpired:
            for pid in [*self.web(), *self.workers(), self._serve.pid]:
                kill(pid)
            self._serve.wait()
            self.cluster.stop()
        self._serve = None

    def web(self) -> list[int]:
        """The web server's processes, the one that starts the others first."""
        first = self._children("granian")
        return first + [child for parent in first for child in _children_of(parent)]

    def workers(self) -> list[int]:
        """The worker's process."""
        return self._children("procrastinate")

    def postmaster(self) -> list[int]:
        """The process that all of PostgreSQL hangs on."""
        lock = self.folder / "state" / "postgresql" / "data" / "postmaster.pid"
        try:
            return [int(lock.read_text().split()[0])]
        except (OSError, IndexError, ValueError):
            return []

    def backends(self) -> list[int]:
        """The database's processes that work for the server now."""
        with self.ask() as connection:
            rows = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE usename = 'mm_app' ORDER BY state = 'active' DESC, pid"
            )
            return [pid for (pid,) in rows.fetchall()]

    def ask(self) -> "psycopg.Connection[tuple[Any, ...]]":
        """A connection of the database's administrator, once the database is back from what was done to it."""
        found: list[psycopg.Connection[tuple[Any, ...]]] = []

        def connected() -> bool:
            try:
                found.append(psycopg.connect(self.cluster.url(), autocommit=True, connect_timeout=5))
            except psycopg.OperationalError:
                return False
            return True

        wait_for(connected, f"the database does not come back; see {self.said}")
        return found[0]

    def wait_until_well(self) -> None:
        """Wait until web server, worker and database are there. Raises NotWellError."""
        wait_for(self._well, f"the installation is not well again; see {self.said}")

    def _well(self) -> bool:
        assert self._serve is not None
        if self._serve.poll() is not None:
            raise NotWellError(f"`mentormothers serve` ended with {self._serve.returncode}; see {self.said}")
        if len(self.web()) < 2 or not self.workers():  # an orphan of a killed web server may still answer
            return False
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _children(self, name: str) -> list[int]:
        if self._serve is None:
            return []
        return [pid for pid in _children_of(self._serve.pid) if name in _command(pid)]


def wait_for(true: Callable[[], bool], otherwise: str, patience: float = PATIENCE) -> None:
    """Wait until something is so. Raises NotWellError."""
    until = time.monotonic() + patience
    while not true():
        if time.monotonic() > until:
            raise NotWellError(f"{otherwise} (waited {patience:.0f} s)")
        time.sleep(0.1)


def kill(pid: int) -> bool:
    """kill -9; gives whether there was somebody to kill."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def _children_of(parent: int) -> list[int]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            state, ppid = (process / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(ppid) == parent and state != "Z":
            found.append(int(process.name))
    return sorted(found)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
