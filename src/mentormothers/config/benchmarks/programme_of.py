"""A snapshot as a programme's database: clients, records and facts in the programme's own tables.

Ids become UUIDs and sites numbers, as a programme's are. Rows go in by COPY and past the triggers: the feed has nothing
to tell. Of everybody is said that her open items are to be worked out.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import psycopg

from mentormothers.config.benchmarks.measuring import Progress
from mentormothers.config.database import Database
from mentormothers.engines.columns import Connection, connect_with_files, quoted
from mentormothers.engines.snapshot import FACTS, Snapshot

Server: TypeAlias = "psycopg.Connection[Any]"
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
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), i.indrelid::regclass::text, c.conname,
       pg_get_constraintdef(c.oid)
FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid
WHERE i.indrelid IN ('care.client'::regclass, 'care.record'::regclass, 'care.fact'::regclass)"""
_TO_BE_WORKED_OUT = """
INSERT INTO care.worked_out (client, site, organisation, day, made_by)
SELECT id, site, organisation, '-infinity', '' FROM care.client"""
# While it is filled nothing need outlive a crash, and indexes are sorted in memory.
_MEANWHILE = {"fsync": "off", "full_page_writes": "off", "max_wal_size": "8GB", "maintenance_work_mem": "512MB"}


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
        with _in_haste(server), _without_indexes(server, progress):
            for number, (into, query) in enumerate(_INTO.items()):
                progress(f"filling {into.partition(' ')[0]}")
                _copy(database, server, Path(folder) / f"{number}.csv", into, query)
        server.execute(_TO_BE_WORKED_OUT)
        progress("looking at what is there")
        server.execute("VACUUM ANALYZE")


@contextmanager
def _in_haste(server: Server) -> Iterator[None]:
    """Settings for filling; afterwards as durable as before, with everything on disk."""
    for name, value in _MEANWHILE.items():
        server.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
    server.execute("SELECT pg_reload_conf()")
    yield
    for name in _MEANWHILE:
        server.execute(f"ALTER SYSTEM RESET {name}".encode())
    server.execute("SELECT pg_reload_conf()")
    server.execute("CHECKPOINT")


@contextmanager
def _without_indexes(server: Server, progress: Progress) -> Iterator[None]:
    """Without indexes and primary keys, which are made afterwards: ids fall anywhere into them, one row at a time."""
    found = server.execute(_INDEXES).fetchall()
    for name, _, table, constraint, _ in found:
        gone = f"ALTER TABLE {table} DROP CONSTRAINT {constraint}" if constraint else f"DROP INDEX {name}"
        server.execute(gone.encode())
    yield
    for name, text, table, constraint, said in found:
        progress(f"making the index {name}")
        server.execute((f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {said}" if constraint else text).encode())


def _copy(database: Connection, server: Server, path: Path, into: str, query: str) -> None:
    database.execute(f"COPY ({query}) TO '{quoted(path)}' (FORMAT csv, HEADER false, NULLSTR '\\N')")
    taking = f"COPY {into} FROM STDIN (FORMAT csv, NULL '\\N')".encode()
    with path.open("rb") as file, server.cursor().copy(taking) as copy:
        while chunk := file.read(1 << 20):
            copy.write(chunk)
    path.unlink()
