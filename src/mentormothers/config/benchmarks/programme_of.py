"""A snapshot as a programme's database: clients, records and facts in the programme's own tables.

Ids become UUIDs and sites numbers, as a programme's are. Rows go in past the triggers: the feed has nothing to tell.
"""

import tempfile
from pathlib import Path
from typing import Any

import psycopg

from mentormothers.config.benchmarks.measuring import Progress
from mentormothers.config.database import Database
from mentormothers.engines.columns import Connection, connect_with_files, quoted
from mentormothers.engines.snapshot import FACTS, Snapshot

_NUMBERED = """
CREATE VIEW facts AS
SELECT f.*, s.n FROM '{facts}' f
JOIN (SELECT site, row_number() OVER (ORDER BY site) AS n FROM (SELECT DISTINCT site FROM '{facts}')) s USING (site)
WHERE f.stands"""
_CLIENTS = """
SELECT md5(client)::UUID, CASE WHEN max(mother) <> '' THEN md5(max(mother))::UUID END, arg_max(role, day),
       arg_max(n, day), 1
FROM facts GROUP BY client"""
_RECORDS = """
SELECT md5(record)::UUID, md5(min(client))::UUID, 'visit', '2026-11-20', min(DATE '1970-01-01' + day::INT),
       md5('mentor')::UUID, min(received), min(n), 1, 'register', '', '{}', 'x', min(received)
FROM facts GROUP BY record"""
_FACTS = """
SELECT md5(record)::UUID, row_number() OVER (PARTITION BY record) - 1, md5(client)::UUID, role,
       CASE WHEN mother <> '' THEN md5(mother)::UUID END, kind, DATE '1970-01-01' + day::INT, precision, value, number,
       CASE WHEN ref_event <> '' THEN md5(ref_event)::UUID END, source, n, 1, received
FROM facts"""
_INTO = {
    "care.client (id, mother, role, site, organisation)": _CLIENTS,
    "care.record (id, client, form, form_version, happened, author, device_clock, site, organisation, source, "
    "relation, body, digest, received)": _RECORDS,
    "care.fact (record, place, client, role, mother, kind, day, precision, value, number, ref, source, site, "
    "organisation, received)": _FACTS,
}
_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE schemaname = 'care' AND tablename IN ('client', 'record', 'fact') AND indexname NOT LIKE '%pk%'"""


def fill(found: Database, snapshot: Snapshot, progress: Progress) -> None:
    """Put the facts that stand into an empty database of a programme; indexes are made afterwards."""
    assert found.admin
    with (
        tempfile.TemporaryDirectory(prefix="mm-bench-") as folder,
        connect_with_files(folder) as database,
        psycopg.connect(found.admin, autocommit=True) as server,
    ):
        database.execute(_NUMBERED.format(facts=quoted(snapshot.folder / FACTS)))
        server.execute("SET session_replication_role = replica")
        indexes = server.execute(_INDEXES).fetchall()
        for name, _ in indexes:
            server.execute(f"DROP INDEX care.{name}".encode())
        for number, (into, query) in enumerate(_INTO.items()):
            progress(f"filling {into.partition(' ')[0]}")
            _copy(database, server, Path(folder) / f"{number}.csv", into, query)
        for name, text in indexes:
            progress(f"making the index {name}")
            server.execute(str(text).encode())
        server.execute("ANALYZE")


def _copy(database: Connection, server: "psycopg.Connection[Any]", path: Path, into: str, query: str) -> None:
    database.execute(f"COPY ({query}) TO '{quoted(path)}' (FORMAT csv, HEADER false, NULLSTR '\\N')")
    taking = f"COPY {into} FROM STDIN (FORMAT csv, NULL '\\N')".encode()
    with path.open("rb") as file, server.cursor().copy(taking) as copy:
        while chunk := file.read(1 << 20):
            copy.write(chunk)
    path.unlink()
