"""Backup and restore.

A backup is two files that are kept apart: one with everything but the clients' keys, in which every identity is
sealed, and one with those keys and the installation's own. Only both together can be read as persons.

Who was erased since stays erased: the list of erasures lies beside the installation's keys and in every file of care,
and a restore replays it.
"""

import hashlib
import json
import os
import subprocess
import zlib
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

import psycopg
from psycopg.conninfo import conninfo_to_dict

from mentormothers.config.database import Database
from mentormothers.config.embedded import BINARIES
from mentormothers.config.starting import keys_file
from mentormothers.people.erasure_list import DamagedListError, Erasure, add_to_list, list_beside, read_list, replay

_KEYS_TABLE = "people.client_key"
_DATABASE, _CLIENT_KEYS, _INSTALLATION, _MARK = "database.dump", "client-keys.dump", "keys.json", "installation.txt"
_ERASURES = "erasures.jsonl"
_MEMBERS = (_DATABASE, _CLIENT_KEYS, _INSTALLATION, _MARK, _ERASURES)
CARE_SUFFIX, KEYS_SUFFIX = ".care", ".keys"
Connection = psycopg.Connection[tuple[Any, ...]]


class BackupError(Exception):
    """A backup or restore that did not happen; the message says why and what to do."""


def back_up(found: Database, folder: Path) -> tuple[Path, Path]:
    """Write both files into a folder; gives the one of care and the one of keys."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / f"mentormothers-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    care, keys = stem.with_suffix(CARE_SUFFIX), stem.with_suffix(KEYS_SUFFIX)
    with TemporaryDirectory(dir=folder) as scratch:
        database, client_keys = Path(scratch) / _DATABASE, Path(scratch) / _CLIENT_KEYS
        # One snapshot for both, so that no client's key falls between them.
        with psycopg.connect(found.backup) as holding:
            holding.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            row = holding.execute("SELECT pg_export_snapshot()").fetchone()
            assert row
            snapshot = f"--snapshot={row[0]}"
            _dump(found, database, snapshot, f"--exclude-table-data={_KEYS_TABLE}")
            _dump(found, client_keys, snapshot, "--data-only", f"--table={_KEYS_TABLE}")
            erasures = _erasures(holding, Path(scratch) / _ERASURES)
        mark = Path(scratch) / _MARK
        mark.write_text(_mark(keys_file()))
        _pack(care, {_DATABASE: database, _MARK: mark, _ERASURES: erasures})
        _pack(keys, {_CLIENT_KEYS: client_keys, _INSTALLATION: keys_file()})
    return care, keys


def restore(found: Database, care: Path, keys: Path | None, erasures: Path | None = None) -> int:
    """Fill an empty database from a backup; without the keys, nobody in it can be read as a person.

    Whoever was erased since the backup is erased again; gives how many. `erasures` is a later list, or a later file of
    care. Raises BackupError when the database is not empty, a file is damaged, or other keys are here already.
    """
    if found.admin is None:
        raise BackupError("a restore needs the administrator's DATABASE_URL")
    if not is_empty(found.admin):
        raise BackupError("the database is not empty. Please restore into a new one")
    _remember(erasures)
    with TemporaryDirectory() as scratch:
        given = _unpack(care, Path(scratch) / "care", {_DATABASE})
        held = _unpack(keys, Path(scratch) / "keys", {_CLIENT_KEYS, _INSTALLATION}) if keys else {}
        if held:
            _check_pair(given, held)
            _take_keys(held[_INSTALLATION])
        _load(found.admin, given[_DATABASE])
        if held:
            try:
                _load(found.admin, held[_CLIENT_KEYS])
            except BackupError as error:
                raise BackupError(
                    f"care was restored, the keys were not. Please restore both into another empty database ({error})"
                ) from None
    with psycopg.connect(found.admin, autocommit=True) as connection:
        again = _erase_again(connection)
        # Numbers of transactions begin anew with a new server: what phones know of the feed holds no longer.
        connection.execute("SELECT sync.rebuild_feed()")
    return again


def _erasures(connection: Connection, target: Path) -> Path:
    """The list of erasures to be packed; what only the database knows of comes into the list beside the keys."""
    kept = list_beside(keys_file())
    if _knows(connection, "people.erasure"):
        rows = connection.execute("SELECT client, at, by, reason FROM people.erasure").fetchall()
        add_to_list(kept, [Erasure(*row) for row in rows])
    target.write_bytes(kept.read_bytes() if kept.exists() else b"")
    return target


def _remember(erasures: Path | None) -> None:
    """Bring a later list into the one beside the keys, before anything else: from there it is replayed."""
    try:
        known = list_beside(keys_file())
        read_list(known)
        if erasures:
            add_to_list(known, _later(erasures))
    except DamagedListError as error:
        raise BackupError(str(error)) from None


def _later(erasures: Path) -> list[Erasure]:
    """A list of erasures, as it is or in a file of care."""
    if not erasures.exists():
        raise BackupError(f"{erasures}: there is no such list of erasures")
    if erasures.suffix != CARE_SUFFIX:
        return read_list(erasures)
    with TemporaryDirectory() as scratch:
        return read_list(_unpack(erasures, Path(scratch), {_ERASURES})[_ERASURES])


def _erase_again(connection: Connection) -> int:
    """Replay the list. An older version's tables know of none yet: then the server does it when it starts."""
    if not _knows(connection, "people.erasure"):
        return 0
    return replay(lambda text, values: connection.execute(text.encode(), values), list_beside(keys_file()))


def _knows(connection: Connection, table: str) -> bool:
    row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", (table,)).fetchone()
    return bool(row and row[0])


def _dump(found: Database, target: Path, *options: str) -> None:
    _run("pg_dump", "--format=custom", f"--file={target}", *options, database=found.backup)


def _load(admin: str, source: Path) -> None:
    name = _connection(admin)["PGDATABASE"]
    _run("pg_restore", "--exit-on-error", "--single-transaction", f"--dbname={name}", str(source), database=admin)


def _run(program: str, *arguments: str, database: str) -> None:
    # The address holds a password, so it goes through the environment, not the command line others can see.
    done = subprocess.run(
        [BINARIES / program, *arguments], env=os.environ | _connection(database), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise BackupError(f"{program} failed: {done.stderr.strip()[-600:]}")


def _connection(url: str) -> dict[str, str]:
    known = conninfo_to_dict(url)
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    return {variable: str(known[name]) for name, variable in names.items() if known.get(name)}


def _pack(target: Path, content: dict[str, Path]) -> None:
    draft = target.with_name(target.name + ".new")
    draft.touch(mode=0o600)
    with ZipFile(draft, "w", ZIP_DEFLATED) as packed:
        for name, path in content.items():
            packed.write(path, name)
    draft.replace(target)


def _unpack(source: Path, scratch: Path, needed: set[str]) -> dict[str, Path]:
    try:
        with ZipFile(source) as packed:
            names = [name for name in packed.namelist() if name in _MEMBERS]
            found = {name: Path(packed.extract(name, scratch)) for name in names}
    except (OSError, EOFError, RuntimeError, BadZipFile, zlib.error) as error:  # all that ZipFile raises for damage
        raise BackupError(f"{source}: this is no backup of Mentor Mothers, or it is damaged ({error})") from None
    if not needed <= set(found):
        raise BackupError(
            f"{source}: {', '.join(sorted(needed - set(found)))} is not in it. "
            f"Please give the file of care ({CARE_SUFFIX}) first and that of keys ({KEYS_SUFFIX}) with --keys"
        )
    return found


def _mark(keys: Path) -> str:
    """Tells one installation's keys from another's, and nothing else of them."""
    return hashlib.sha256(str(json.loads(keys.read_text())["server"]).encode()).hexdigest()


def _check_pair(care: dict[str, Path], keys: dict[str, Path]) -> None:
    """Raise BackupError for keys of another installation: all would load, and nobody could be read."""
    if _MARK in care and care[_MARK].read_text() != _mark(keys[_INSTALLATION]):
        raise BackupError("the keys are of another installation than the care. Please give the two of one installation")


def _take_keys(arriving: Path) -> None:
    target = keys_file()
    content = json.loads(arriving.read_text())
    if target.exists():
        if json.loads(target.read_text()) != content:
            raise BackupError(f"{target} holds other keys. Please move them away first; they may be needed")
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.touch(mode=0o600)
    target.write_text(json.dumps(content, indent=1))


def is_empty(admin: str) -> bool:
    """Whether a database has no table yet."""
    with psycopg.connect(admin) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchone()
    return row is None or not row[0]
