"""Which database: the one that DATABASE_URL names, otherwise the embedded one in the state folder.

DATABASE_URL names an administrator's login (it makes roles and tables), or directly `mm_app`, with which the
server then works without being able to set anything up. The server itself always logs in as `mm_app`, which owns
nothing and bypasses nothing; backups log in as `mm_backup`. When an administrator is known, the passwords of
both follow from the administrator's, so that nothing more needs to be kept.
"""

import hashlib
import hmac
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import psycopg

from mentormothers.config.embedded import Cluster, running

APP, BACKUP, OWNER = "mm_app", "mm_backup", "mm_owner"


class AddressError(Exception):
    """What DATABASE_URL holds is no address of a database; the message says what to write, never what stood there."""


@dataclass(frozen=True)
class Database:
    """How to reach a database: as administrator (if known), as the server, for a backup.

    `embedded` is the server that it lies in, when that is ours to keep running.
    """

    admin: str | None = field(repr=False)  # both hold passwords
    app: str = field(repr=False)
    embedded: Cluster | None = None

    @property
    def backup(self) -> str:
        """The login that may read everything for a backup. Raises ValueError without an administrator."""
        if self.admin is None:
            raise ValueError("a backup needs the administrator's DATABASE_URL, not that of mm_app")
        return _as_role(self.admin, BACKUP)


def database(url: str) -> Database:
    """The database of a URL of an administrator or of mm_app. Raises AddressError for what is no such URL."""
    if urlsplit(url).scheme not in ("postgresql", "postgres"):
        raise AddressError("DATABASE_URL is no address. Please write postgresql://user:password@host/database")
    if urlsplit(url).username == APP:
        return Database(None, url)
    return Database(url, _as_role(url, APP))


def role_password(admin_url: str, role: str) -> str:
    """The password of a role, which follows from the administrator's: the same for everyone who knows that one."""
    secret = unquote(urlsplit(admin_url).password or "")
    return hmac.new(secret.encode(), f"mentormothers/{role}".encode(), hashlib.sha256).hexdigest()


def state_folder() -> Path:
    """Where this installation keeps its own files: the embedded database, its keys, logs."""
    return Path(os.environ.get("MENTORMOTHERS_STATE") or ".mentormothers").resolve()


def embedded() -> Cluster:
    """The embedded server of this installation."""
    return Cluster(state_folder() / "postgresql")


@contextmanager
def reachable_database() -> Iterator[Database]:
    """The database of this installation, its embedded server running meanwhile."""
    if url := os.environ.get("DATABASE_URL"):
        yield database(url)
        return
    with running(embedded()) as cluster:
        _make_database(cluster)
        yield replace(database(cluster.url()), embedded=cluster)


@contextmanager
def command_connection() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection for a command that brings its own data and leaves nothing behind."""
    with reachable_database() as found, psycopg.connect(found.admin or found.app) as connection:
        yield connection


def _make_database(cluster: Cluster) -> None:
    name = urlsplit(cluster.url()).path.lstrip("/")
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
        if not known:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())


def _as_role(url: str, role: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{quote(role_password(url, role))}@{host}"))
