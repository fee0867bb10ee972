"""The list of erasures outside the database: a file beside the keys, which no restore of an older backup takes back.

One line of JSON for each: pseudonym, when, who, why. No name.
"""

import fcntl
import json
import os
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

_ERASE_AGAIN = "SELECT client, at, by, reason, again FROM people.erase_again(%s)"
Execute = Callable[[str, Sequence[Any]], "psycopg.Cursor[tuple[Any, ...]]"]


@dataclass(frozen=True)
class Erasure:
    """One erasure. `by` is None for one at the server itself."""

    client: UUID
    at: datetime
    by: UUID | None
    reason: str


class DamagedListError(Exception):
    """A list of erasures cannot be read; the message says where and what to do."""


def list_beside(keys: Path) -> Path:
    """Where the list of the installation with these keys lies."""
    return keys.with_name("erasures.jsonl")


def read_list(path: Path) -> list[Erasure]:
    """The erasures of a file; none when there is no file. Raises DamagedListError."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    return [_erasure(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def add_to_list(path: Path, erasures: Collection[Erasure]) -> None:
    """Add what is not in a file yet. The file is whole at every instant, and on the disk when this returns."""
    if not erasures:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("a") as lock:  # not the file itself, which is replaced when written
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = {erasure.client: erasure for erasure in read_list(path)}
        added = {erasure.client: erasure for erasure in erasures if erasure.client not in known}
        if added:
            _write(path, [*known.values(), *added.values()])


def replay(execute: Execute, path: Path) -> int:
    """Erase in a database whom a list names; afterwards the list has also whom the database names.

    Gives how many of them had something here. Raises DamagedListError.
    """
    listed = json.dumps([_plain(erasure) for erasure in read_list(path)])
    rows = execute(_ERASE_AGAIN, [listed]).fetchall()
    add_to_list(path, [Erasure(*row[:4]) for row in rows])
    return sum(again for *_, again in rows)


def _write(path: Path, erasures: Iterable[Erasure]) -> None:
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    with draft.open("w") as file:
        file.writelines(json.dumps(_plain(erasure)) + "\n" for erasure in erasures)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _plain(erasure: Erasure) -> dict[str, Any]:
    by = str(erasure.by) if erasure.by else None
    return asdict(erasure) | {"client": str(erasure.client), "at": erasure.at.isoformat(), "by": by}


def _erasure(path: Path, number: int, line: str) -> Erasure:
    try:
        said = json.loads(line)
        by = UUID(said["by"]) if said["by"] else None
        return Erasure(UUID(said["client"]), datetime.fromisoformat(said["at"]), by, str(said["reason"]))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise DamagedListError(
            f"{path}, line {number}: this is no erasure. Please put back the list from a backup, or take the line out "
            "if you know whom it names"
        ) from None
