"""Backup and restore: everything comes back, names only with their keys, and phones begin their feed again."""

import subprocess
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from mentormothers.config.backup import BackupError, back_up, restore
from mentormothers.config.database import Database, database
from mentormothers.config.embedded import BINARIES, Cluster
from tests.databases import connect_to
from tests.integration.test_pull import of
from tests.programme import Api, Programme, enrolment

NAMES = (b"Grace", b"Banda", b"Chilomoni", b"0991234567")


@pytest.fixture
def empty(template: Cluster) -> Any:
    """A database with nothing in it."""
    with psycopg.connect(template.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE mm_restored")
    yield database(template.url("mm_restored"))
    with psycopg.connect(template.url("postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE mm_restored WITH (FORCE)")


def counts(found: Database) -> dict[str, int]:
    tables = ("care.record", "care.fact", "care.client", "care.caseload", "people.identity_record", "people.client_key",
              "public.access_user", "public.audit_event", "public.publication")  # fmt: skip
    assert found.admin
    with psycopg.connect(found.admin) as connection:
        rows = {t: connection.execute(f"SELECT count(*) FROM {t}".encode()).fetchone() for t in tables}
    return {table: int(row[0]) for table, row in rows.items() if row}


def test_everything_comes_back_and_phones_go_on(
    db: Database, empty: Database, programme: Programme, tmp_path: Path
) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.register.names import names_for

    client, parcel = enrolment(programme)
    programme.push([parcel])
    api = Api(programme.phone)
    since = api.pull(programme.mentor)[-1]["cursor"]
    before = counts(db)
    care, keys = back_up(db, tmp_path)
    restore(empty, care, keys)
    assert counts(empty) == before
    connect_to("mm_restored")
    with scoped(scope_of(programme.coordinator)):
        assert names_for(programme.coordinator, [UUID(client)], screen="test")[UUID(client)].given == "Grace"
    events = api.pull(programme.mentor, since)
    assert events[0] == {"event": "start_again"}
    assert len(of("record", events)) == 1 and len(of("identity", events)) == 1
    assert programme.push([parcel])[0]["status"] == "duplicate"
    _, another = enrolment(programme)
    assert programme.push([another])[0]["status"] == "accepted"
    assert len(of("record", api.pull(programme.mentor, events[-1]["cursor"]))) == 1


def test_the_file_of_care_holds_no_name_and_no_key(db: Database, programme: Programme, tmp_path: Path) -> None:
    programme.push([enrolment(programme)[1]])
    care, keys = back_up(db, tmp_path)
    for path in (care, keys):
        assert path.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(care) as packed:
        assert packed.namelist() == ["database.dump", "installation.txt", "erasures.jsonl"]
        packed.extractall(tmp_path)
    text = subprocess.run(
        [BINARIES / "pg_restore", "--file=-", tmp_path / "database.dump"], capture_output=True, check=True
    ).stdout
    assert b"COPY care.record" in text
    for name in NAMES:
        assert name not in text
    key_rows = text.partition(b"COPY people.client_key")[2].partition(b"\\.")[0]
    assert key_rows.count(b"\n") <= 1


def test_without_keys_nobody_can_be_read(db: Database, empty: Database, programme: Programme, tmp_path: Path) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.register.names import names_for

    client, parcel = enrolment(programme)
    programme.push([parcel])
    care, _ = back_up(db, tmp_path)
    restore(empty, care, None)
    connect_to("mm_restored")
    with scoped(scope_of(programme.coordinator)):
        assert names_for(programme.coordinator, [UUID(client)], screen="test") == {}


def test_a_database_with_something_in_it_is_left_alone(db: Database, tmp_path: Path) -> None:
    care, keys = back_up(db, tmp_path)
    with pytest.raises(BackupError, match="not empty"):
        restore(db, care, keys)


def test_a_damaged_file_is_refused(empty: Database, tmp_path: Path) -> None:
    broken = tmp_path / "x.care"
    broken.write_bytes(b"PK\x03\x04 cut short")
    with pytest.raises(BackupError, match="no backup"):
        restore(empty, broken, None)
    assert empty.admin
    with psycopg.connect(empty.admin) as connection:
        assert connection.execute("SELECT to_regclass('care.record')").fetchone() == (None,)


def test_other_keys_are_not_overwritten(
    db: Database, empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    care, keys = back_up(db, tmp_path)
    other = tmp_path / "other.json"
    other.write_text("{}")
    monkeypatch.setenv("MENTORMOTHERS_KEYS", str(other))
    with pytest.raises(BackupError, match="other keys"):
        restore(empty, care, keys)
    assert other.read_text() == "{}"


def test_files_given_the_wrong_way_round_are_refused(db: Database, empty: Database, tmp_path: Path) -> None:
    care, keys = back_up(db, tmp_path)
    with pytest.raises(BackupError, match="Please give the file of care"):
        restore(empty, keys, care)
    with pytest.raises(BackupError, match="is not in it"):
        restore(empty, care, care)


def test_keys_of_another_installation_are_refused(
    db: Database, empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mentormothers.access.keys import make_keys

    care, _ = back_up(db, tmp_path / "ours")
    monkeypatch.setenv("MENTORMOTHERS_KEYS", str(tmp_path / "theirs.json"))
    make_keys(tmp_path / "theirs.json")
    _, keys = back_up(db, tmp_path / "theirs")
    with pytest.raises(BackupError, match="keys are of another installation"):
        restore(empty, care, keys)


def test_a_file_damaged_in_its_middle_is_refused(db: Database, empty: Database, tmp_path: Path) -> None:
    care, _ = back_up(db, tmp_path)
    content = bytearray(care.read_bytes())
    content[3000:3200] = bytes(byte ^ 0xFF for byte in content[3000:3200])
    care.write_bytes(content)
    with pytest.raises(BackupError, match="damaged"):
        restore(empty, care, None)
