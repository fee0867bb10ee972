"""Copies of a snapshot's programme under other ids and sites, as a larger snapshot: what millions of clients take.

Copies are no new women: everything but ids, sites and numbers is the same in each. What follows from the number of
facts and clients is measured on them as on others, what follows from how different they are is not.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from mentormothers.config.benchmarks.measuring import Progress
from mentormothers.engines.columns import Connection, connect_with_files, quoted
from mentormothers.engines.snapshot import ABOUT, CLIENTS, FACTS, FAMILIES, SETTLED, STANDING, Snapshot, read_snapshot

# What becomes of each column in copy {n}, {clients} and {facts} being the numbers of one programme.
_ID = "CASE WHEN {column} = '' THEN '' ELSE '{n:03d}~' || {column} END AS {column}"
_OF_CLIENTS = "{column} + {n} * {clients} AS {column}"
_OF_FACTS = "{column} + {n} * {facts} AS {column}"
_OF_EVENTS = "CASE WHEN {column} < 0 THEN {column} ELSE {column} + {n} * {facts} END AS {column}"  # -1: of no event
_CHANGED = {
    CLIENTS: {"id": _ID, "site": _ID, "number": _OF_CLIENTS, "rank": _OF_CLIENTS, "before": _OF_FACTS},
    FACTS: {
        "client": _ID, "mother": _ID, "record": _ID, "ref": _ID, "ref_event": _ID, "site": _ID,
        "position": _OF_FACTS, "client_number": _OF_CLIENTS,
    },
    FAMILIES: {
        "client": _OF_CLIENTS, "mother": _OF_CLIENTS, "event": _OF_FACTS, "ref": _OF_EVENTS, "site": _ID,
        "position": _OF_FACTS,
    },
    STANDING: {"record": _ID, "event": _ID},
}  # fmt: skip


_MEMORY = "3GB"


@contextmanager
def copied(snapshot: Snapshot, copies: int, progress: Progress) -> Iterator[Snapshot]:
    """A snapshot of so many copies, as far as schedules read it, gone afterwards; of one, the snapshot itself."""
    if copies == 1:
        yield snapshot
        return
    with TemporaryDirectory(prefix="mm-bench-", dir=snapshot.folder.parent) as folder:
        out = Path(folder)
        with connect_with_files(str(out / ".writing")) as database:
            database.execute(f"SET memory_limit = '{_MEMORY}'")
            clients = _count(database, snapshot.folder / CLIENTS)
            for name in _CHANGED:
                progress(f"copying {name} {copies} times")
                _copy(database, name, snapshot, out, copies=copies, clients=clients)
        (out / SETTLED).hardlink_to(out / FAMILIES)  # of the one for indicators, only that it can be opened
        shutil.rmtree(out / ".writing", ignore_errors=True)
        about = asdict(replace(snapshot, facts=snapshot.facts * copies)) | {"fingerprint": f"{copies} copies"}
        (out / ABOUT).write_text(json.dumps({name: value for name, value in about.items() if name != "folder"}))
        yield read_snapshot(out)


def _copy(database: Connection, name: str, snapshot: Snapshot, out: Path, *, copies: int, clients: int) -> None:
    file = quoted(snapshot.folder / name)
    changes = [
        ", ".join(
            change.format(column=column, n=n, clients=clients, facts=snapshot.facts)
            for column, change in _CHANGED[name].items()
        )
        for n in range(copies)
    ]
    rows = " UNION ALL ".join(f"SELECT * REPLACE ({change}) FROM '{file}'" for change in changes)
    database.execute(f"COPY ({rows}) TO '{quoted(out / name)}' (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd)")


def _count(database: Connection, path: Path) -> int:
    (row,) = database.execute(f"SELECT count(*) FROM '{quoted(path)}'").fetchall()
    return int(row[0])
