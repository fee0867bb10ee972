"""Erasing a client: her name is gone for good and everywhere; what is known of her care stays as it was."""

import base64
import json
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from mentormothers.config.database import Database
from tests.integration.test_pull import cursor, of, visit
from tests.programme import Api, Programme, enrolled, enrolment


@pytest.fixture(autouse=True)
def erasures(programme: Programme) -> Iterator[Path]:
    """The list outside the database, gone after each test."""
    from mentormothers.access.serverkey import keys_path
    from mentormothers.people.erasure_list import list_beside

    path = list_beside(keys_path())
    yield path
    path.unlink(missing_ok=True)


@pytest.fixture
def known(programme: Programme) -> tuple[str, Any]:
    """A woman whose name is known: her pseudonym and the parcel that enrolled her."""
    client, parcel = enrolment(programme)
    programme.push([parcel])
    return client, parcel


def erase(programme: Programme, client: str, by: Any = None) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.sync import erasing

    who = by or programme.coordinator
    with scoped(scope_of(who)):
        erasing.erase(UUID(client), "asked", by=who)


def named(programme: Programme, client: str) -> Any:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.register.names import names_for

    with scoped(scope_of(programme.coordinator)):
        return names_for(programme.coordinator, [UUID(client)], screen="test").get(UUID(client))


def found(programme: Programme, text: str, client: str) -> Any:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.register.names import find_clients

    with scoped(scope_of(programme.coordinator)):
        return find_clients(programme.coordinator, text, [UUID(client)])


def rows(db: Database, query: str, *values: Any) -> list[Any]:
    assert db.admin
    with psycopg.connect(db.admin) as connection:
        return connection.execute(query.encode(), values).fetchall()


def sealed_tables(db: Database) -> list[str]:
    """All tables of the schema but the list itself."""
    return [t for (t,) in rows(db, "SELECT tablename FROM pg_tables WHERE schemaname = 'people'") if t != "erasure"]


def of_her(db: Database, client: str) -> dict[str, int]:
    """How many rows of hers each table of identities holds."""
    counted = {t: rows(db, f"SELECT count(*) FROM people.{t} WHERE client = %s", client) for t in sealed_tables(db)}
    return {table: found[0][0] for table, found in counted.items()}


CARE = (
    "SELECT * FROM care.record WHERE client = %s ORDER BY id",
    "SELECT * FROM care.fact WHERE client = %s ORDER BY 1, 2",
)


def test_nothing_of_her_identity_is_left_and_all_of_her_care(
    db: Database, programme: Programme, known: tuple[str, Any]
) -> None:
    client, _ = known
    other, parcel = enrolment(programme, **{"name.given": "Rosa"})
    programme.push([parcel, visit(programme, client)])
    assert named(programme, client).name == "Grace Banda"
    assert all(of_her(db, client).values()), "each table holds something of her, or this test says nothing of it"
    care = [rows(db, query, client) for query in CARE]
    erase(programme, client)
    assert not any(of_her(db, client).values())
    assert [rows(db, query, client) for query in CARE] == care
    assert named(programme, other).given == "Rosa", "others stay as they were"


def test_her_name_is_said_to_be_erased_and_is_found_no_more(programme: Programme, known: tuple[str, Any]) -> None:
    client, _ = known
    assert found(programme, "banda", client) and found(programme, "0991234567", client)
    erase(programme, client)
    identity = named(programme, client)
    assert (identity.name, identity.short, identity.phone) == ("name erased", "name erased", "")
    assert identity.erased is not None
    for text in ("banda", "grace", "chilomoni", "0991234567", "erased"):
        assert not found(programme, text, client)


def test_she_is_not_known_again_anywhere_in_the_programme(programme: Programme, known: tuple[str, Any]) -> None:
    from mentormothers.access.scope import NOWHERE, scoped
    from mentormothers.register.recognition import recognise

    def recognised() -> list[Any]:
        with scoped(NOWHERE):
            return recognise(programme.coordinator, "grace banda", today=programme.now.date())

    assert [one.first_name for one in recognised()] == ["Grace"]
    erase(programme, known[0])
    assert recognised() == []


def test_it_is_written_down_who_erased_whom_and_why(
    db: Database, programme: Programme, known: tuple[str, Any], erasures: Path
) -> None:
    from mentormothers.people.erasure_list import read_list

    client, _ = known
    erase(programme, client)
    ((who, reason, at),) = rows(db, "SELECT by, reason, at FROM people.erasure WHERE client = %s", client)
    assert (who, reason) == (programme.coordinator.id, "asked")
    (outside,) = read_list(erasures)
    assert (outside.client, outside.at, outside.by, outside.reason) == (UUID(client), at, who, reason)
    assert erasures.stat().st_mode & 0o077 == 0
    noted = "SELECT who, detail FROM audit_event WHERE what = 'identity.erased' AND clients = ARRAY[%s]::uuid[]"
    assert rows(db, noted, client) == [(programme.coordinator.id, "asked")]


def test_nobody_erases_whom_she_does_not_see_nor_twice(
    db: Database, programme: Programme, known: tuple[str, Any], erasures: Path
) -> None:
    from mentormothers.register.erasing import AlreadyErasedError

    client, _ = known
    for who in (programme.stranger, programme.administrator):
        with pytest.raises(AlreadyErasedError):
            erase(programme, client, by=who)
    assert named(programme, client).given == "Grace" and not erasures.exists()
    erase(programme, client)
    with pytest.raises(AlreadyErasedError):
        erase(programme, client)
    assert len(rows(db, "SELECT 1 FROM people.erasure")) == 1


def test_the_server_can_erase_only_by_the_functions_made_for_it(db: Database, known: tuple[str, Any]) -> None:
    client, _ = known
    for role, statement in (
        ("mm_app", "SELECT people.erase(%s, NULL, 'asked')"),
        ("mm_app", "DELETE FROM people.client_key WHERE client = %s"),
        ("mm_people", "DELETE FROM people.client_key WHERE client = %s"),
        ("mm_people", "INSERT INTO people.erasure (client, reason) VALUES (%s, 'asked')"),
        ("mm_people", "SELECT people.destroy(ARRAY[%s]::uuid[])"),
        ("mm_reports", "SELECT people.erase(%s, NULL, 'asked')"),
    ):
        with psycopg.connect(db.app) as connection:
            connection.execute("SET LOCAL app.erasing = 'on'")
            if role != "mm_app":
                connection.execute(f"SET LOCAL ROLE {role}".encode())
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode(), (client,))


def test_what_an_offline_phone_sends_of_her_later_costs_nothing_but_her_name(
    db: Database, programme: Programme, known: tuple[str, Any]
) -> None:
    client, _ = known
    offline = enrolled(programme.coordinator, programme.home, [programme.mentor])
    offline.client_keys = dict(programme.phone.client_keys)
    talk = offline.parcel(
        "visit", str(programme.mentor.id), client, {"where/place": "clinic", "where/source": "observed"},
        at=programme.now, identities={client: {"name.given": "Grace"}},
    )  # fmt: skip
    other, another = enrolment(programme)
    erase(programme, client)
    (first, second) = programme.push([talk, another])
    assert (first["status"], first["code"]) == ("accepted", "SYNC-022")
    assert second == {"id": another["record"]["id"], "status": "accepted"}
    assert not any(of_her(db, client).values())
    assert named(programme, other).given == "Grace"
    assert rows(db, "SELECT count(*) FROM care.record WHERE client = %s", client) == [(2,)]


def test_a_key_that_comes_late_does_not_bring_her_back(db: Database, programme: Programme) -> None:
    """The server was restored to a day before she was enrolled; her phone gives everything once more."""
    client, parcel = enrolment(programme)
    erase_elsewhere(client)
    (answer,) = programme.push([parcel])
    assert (answer["status"], answer["code"]) == ("accepted", "SYNC-022")
    assert not any(of_her(db, client).values())
    assert named(programme, client).name == "name erased"


def erase_elsewhere(client: str) -> int:
    """As after a restore: the list outside the database names her."""
    from datetime import UTC, datetime

    from mentormothers.access.scope import NOWHERE, scoped
    from mentormothers.people.erasing import write_down
    from mentormothers.people.erasure_list import Erasure
    from mentormothers.sync.erasing import erase_again

    write_down([Erasure(UUID(client), datetime.now(UTC), None, "asked")])
    with scoped(NOWHERE):
        return erase_again()


def test_the_list_outside_is_replayed_once(programme: Programme, known: tuple[str, Any], erasures: Path) -> None:
    client, _ = known
    assert erase_elsewhere(client) == 1
    assert named(programme, client).name == "name erased"
    assert erase_elsewhere(client) == 0
    assert len(erasures.read_text().splitlines()) == 1


def test_the_server_replays_the_list_before_it_opens(
    programme: Programme, known: tuple[str, Any], erasures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever brought an older database back: a restore, a copy of the disk, a snapshot of the machine."""
    from datetime import UTC, datetime

    import typer

    from mentormothers.config.commands.serving import _check_may_serve
    from mentormothers.people.erasing import write_down
    from mentormothers.people.erasure_list import Erasure

    client, _ = known
    write_down([Erasure(UUID(client), datetime.now(UTC), None, "asked")])
    _check_may_serve()
    assert "1 client(s) of the list of erasures were in this database" in capsys.readouterr().err
    assert named(programme, client).name == "name erased"
    _check_may_serve()
    assert capsys.readouterr().err == ""
    broken(erasures)
    with pytest.raises(typer.Exit):
        _check_may_serve()
    assert "line 1: this is no erasure" in capsys.readouterr().err


def test_a_damaged_list_is_not_passed_over(programme: Programme, known: tuple[str, Any], erasures: Path) -> None:
    from mentormothers.people.erasure_list import DamagedListError

    erasures.write_text('{"client": "x"}\n')
    with pytest.raises(DamagedListError, match=r"erasures\.jsonl, line 1: this is no erasure"):
        erase_elsewhere(known[0])


def test_phones_hear_of_it_and_get_nothing_more(programme: Programme, known: tuple[str, Any]) -> None:
    client, _ = known
    api = Api(programme.phone)
    since = cursor(api.pull(programme.mentor))
    erase(programme, client)
    later = api.pull(programme.mentor, since)
    assert of("erase", later) == [{"event": "erase", "client": client}]
    from_start = api.pull(programme.mentor)
    assert of("identity", from_start) == [] and len(of("record", from_start)) == 1
    assert of("erase", from_start) == [{"event": "erase", "client": client}]
    strange = Api(programme.strange_phone).pull(programme.strange_mentor)
    assert of("erase", strange) == [], "who is a client is nobody else's to know"


def test_a_phone_that_meets_her_later_hears_of_it_with_her_history(
    programme: Programme, known: tuple[str, Any]
) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.models import Caseload

    client, _ = known
    erase(programme, client)
    colleague = another_mentor(programme)
    phone = enrolled(programme.coordinator, programme.home, [colleague])
    api = Api(phone)
    since = cursor(api.pull(colleague))
    with scoped(scope_of(programme.coordinator)):
        Caseload.objects.create(
            client=UUID(client), mentor=colleague.id, site=programme.home.id,
            organisation=programme.home.organisation_id, reason="given",
        )  # fmt: skip
    events = api.pull(colleague, since)
    assert [e["event"] for e in events if e.get("client") == client] == ["client_in", "erase"]
    assert len(of("record", events)) == 1 and of("identity", events) == []


def another_mentor(programme: Programme) -> Any:
    from mentormothers.access.models import Membership, Role, User

    user = User.objects.create_user(
        f"mentor-{uuid4().hex[:8]}",
        None,
        first_name="Tadala",
        role=Role.MENTOR,
        organisation=programme.mentor.organisation,
    )
    Membership.objects.create(user=user, site=programme.home.id)
    return user


def test_an_erasure_waits_for_a_push_and_a_push_for_an_erasure(db: Database, known: tuple[str, Any]) -> None:
    client, _ = known
    with psycopg.connect(db.app) as pushing, psycopg.connect(db.app) as erasing:
        for connection in (pushing, erasing):
            connection.execute("SET LOCAL ROLE mm_people")
            connection.execute("SET LOCAL lock_timeout = '300ms'")
        pushing.execute("SELECT * FROM people.keys_to_keep_with(ARRAY[%s]::uuid[])", (client,))
        with pytest.raises(psycopg.errors.LockNotAvailable):
            erasing.execute("SELECT people.erase(%s, NULL, 'asked')", (client,))
    with psycopg.connect(db.app) as pushing, psycopg.connect(db.app) as erasing:
        for connection in (pushing, erasing):
            connection.execute("SET LOCAL ROLE mm_people")
            connection.execute("SET LOCAL lock_timeout = '300ms'")
        erasing.execute("SELECT people.erase(%s, NULL, 'asked')", (client,))
        with pytest.raises(psycopg.errors.LockNotAvailable):
            pushing.execute("SELECT * FROM people.keys_to_keep_with(ARRAY[%s]::uuid[])", (client,))


def test_the_command_erases_for_a_reason_that_is_known(
    db: Database, programme: Programme, known: tuple[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import nullcontext

    from typer.testing import CliRunner

    from mentormothers.config.cli import app
    from mentormothers.config.commands import erasing

    monkeypatch.setattr(erasing, "django_running", nullcontext)  # it runs already, over this test's database
    client, _ = known

    def run(*arguments: str, answer: str = "") -> Any:
        return CliRunner().invoke(app, ["erase", *arguments], input=answer)

    assert "is no reason" in run(client, "--reason", "cleaning").stderr
    assert "nobody here" in run(str(uuid4()), "--reason", "asked").stderr
    refused = run(client, "--reason", "asked", answer="n\n")
    assert refused.exit_code == 2 and named(programme, client).given == "Grace"
    done = run(client, "--reason", "consent_withdrawn", "--yes")
    assert done.exit_code == 0, done.output
    assert named(programme, client).name == "name erased"
    assert "nothing is left to erase" in run(client, "--reason", "asked", "--yes").stderr
    assert rows(db, "SELECT by, reason FROM people.erasure") == [(None, "consent_withdrawn")]


@pytest.fixture
def empty(template: Any) -> Iterator[Database]:
    """A database with nothing in it, to restore into."""
    from mentormothers.config.database import database

    with psycopg.connect(template.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE mm_restored_erased")
    yield database(template.url("mm_restored_erased"))
    with psycopg.connect(template.url("postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE mm_restored_erased WITH (FORCE)")


@pytest.fixture
def backed_up(db: Database, known: tuple[str, Any], tmp_path: Path) -> tuple[Path, Path]:
    """Care and keys from before she is erased."""
    from mentormothers.config.backup import back_up

    return back_up(db, tmp_path / "before")


def counted(programme: Programme) -> dict[str, Any]:
    """Every indicator of the quarter as a manager reads it, and who is behind each."""
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.indicators.model import Question
    from mentormothers.reports.numbers import behind, measures, numbers, quarters

    (quarter,) = quarters(programme.now.date(), 1)
    with scoped(scope_of(programme.manager)):
        questions = {name: Question(measure, quarter, by_site=True) for name, measure in measures().items()}
        return {name: (numbers(question), behind(question)) for name, question in questions.items()}


def test_she_stays_erased_when_an_older_backup_is_restored(
    programme: Programme, known: tuple[str, Any], backed_up: tuple[Path, Path], empty: Database
) -> None:
    from mentormothers.config.backup import restore
    from tests.databases import connect_to

    client, parcel = known
    before = counted(programme)
    erase(programme, client)
    assert counted(programme) == before
    assert restore(empty, *backed_up) == 1
    assert not any(of_her(empty, client).values())
    connect_to("mm_restored_erased")
    assert named(programme, client).name == "name erased"
    assert not found(programme, "banda", client) and not found(programme, "0991234567", client)
    assert counted(programme) == before
    (row,) = before["TX_CURR"][0]
    assert row.numerator == 1 and [b.client for b in before["TX_CURR"][1]] == [UUID(client)]
    events = Api(programme.phone).pull(programme.mentor)
    assert of("erase", events) == [{"event": "erase", "client": client}] and of("identity", events) == []
    assert programme.push([parcel])[0]["status"] == "duplicate", "her phone gives it again"
    assert not any(of_her(empty, client).values())


def test_a_backup_without_the_erasure_would_have_brought_her_back(
    programme: Programme, known: tuple[str, Any], backed_up: tuple[Path, Path], empty: Database, erasures: Path
) -> None:
    """What the list is for: without it the test above could not fail."""
    from mentormothers.config.backup import restore
    from tests.databases import connect_to

    client, _ = known
    erase(programme, client)
    erasures.unlink()
    assert restore(empty, *backed_up) == 0
    connect_to("mm_restored_erased")
    assert named(programme, client).given == "Grace"


def test_the_list_comes_along_in_every_later_file_of_care(
    db: Database, programme: Programme, known: tuple[str, Any], backed_up: tuple[Path, Path], empty: Database,
    erasures: Path, tmp_path: Path,
) -> None:  # fmt: skip
    from mentormothers.config.backup import back_up, restore

    client, _ = known
    erase(programme, client)
    erasures.unlink()  # the disk is lost
    later, _ = back_up(db, tmp_path / "after")
    assert erasures.exists(), "a backup mends the list beside the keys"
    erasures.unlink()
    assert restore(empty, *backed_up, later) == 1
    assert not any(of_her(empty, client).values())
    assert client in erasures.read_text()


def test_later_keys_open_the_older_care_of_everybody_else(
    db: Database, programme: Programme, known: tuple[str, Any], empty: Database, erasures: Path, tmp_path: Path
) -> None:
    """So that older files of keys can be destroyed after an erasure."""
    from mentormothers.config.backup import back_up, restore
    from tests.databases import connect_to

    client, _ = known
    other, parcel = enrolment(programme, **{"name.given": "Rosa"})
    programme.push([parcel])
    care, _ = back_up(db, tmp_path / "before")
    erase(programme, client)
    _, keys = back_up(db, tmp_path / "after")
    erasures.unlink()
    restore(empty, care, keys)
    connect_to("mm_restored_erased")
    assert named(programme, client) is None, "what is sealed of her nobody can open, even without the list"
    assert named(programme, other).given == "Rosa"


def test_older_keys_do_not_bring_her_back_into_a_later_backup(
    db: Database, programme: Programme, known: tuple[str, Any], backed_up: tuple[Path, Path], empty: Database,
    erasures: Path, tmp_path: Path,
) -> None:  # fmt: skip
    from mentormothers.config.backup import back_up, restore

    client, _ = known
    erase(programme, client)
    later, _ = back_up(db, tmp_path / "after")
    erasures.unlink()
    assert restore(empty, later, backed_up[1]) == 1
    assert not any(of_her(empty, client).values())


def test_a_restore_with_a_list_that_cannot_be_read_does_not_begin(
    backed_up: tuple[Path, Path], empty: Database, erasures: Path, tmp_path: Path
) -> None:
    from mentormothers.config.backup import BackupError, restore

    with pytest.raises(BackupError, match="no such list"):
        restore(empty, *backed_up, tmp_path / "none.jsonl")
    with pytest.raises(BackupError, match="no backup of Mentor Mothers"):
        restore(empty, *backed_up, broken(tmp_path / "x.care"))
    with pytest.raises(BackupError, match="line 1: this is no erasure"):
        restore(empty, *backed_up, broken(tmp_path / "x.jsonl"))
    broken(erasures)
    with pytest.raises(BackupError, match="line 1: this is no erasure"):
        restore(empty, *backed_up)
    assert rows(empty, "SELECT to_regclass('care.record')") == [(None,)]


def broken(path: Path) -> Path:
    path.write_text("Grace\n")
    return path


def refused(programme: Programme, client: str, **members: Any) -> Any:
    """A parcel of hers that is quarantined, with her name and the key that her phone made, sealed to the server."""
    from mentormothers.access.serverkey import seal_to_server
    from mentormothers.people.sealing import KEY_INFO

    parcel = programme.phone.parcel(
        "visit", str(programme.mentor.id), client, {"where/place": "clinic", "where/source": "observed"},
        at=programme.now, identities={client: {"name.given": "Grace", "note": "Banda of Chilomoni"}},
    )  # fmt: skip
    key = base64.b64encode(seal_to_server(programme.phone.client_keys[client], KEY_INFO)).decode()
    record = programme.phone.signed(parcel["record"] | {"form_version": "2027-01-01"} | members)
    return parcel | {"record": record, "identities": [parcel["identities"][0] | {"key": key}]}


def opened(programme: Programme) -> str:
    """Everything that whoever has the installation's keys can open of what is sealed in the quarantine."""
    from mentormothers.access.scope import scoped
    from mentormothers.care.models import Quarantined
    from mentormothers.care.quarantine import content_of
    from mentormothers.people.sealing import client_key_from_phone, open_answers
    from mentormothers.sites.scopes import everywhere

    said = []
    with scoped(everywhere()):
        for row in Quarantined.objects.order_by("id"):
            parcel = json.loads(content_of(row))["parcel"]
            for one in parcel["identities"]:
                if one["key"]:
                    key = client_key_from_phone(base64.b64decode(one["key"]))
                    record = UUID(parcel["record"]["id"])
                    said.append(open_answers(key, base64.b64decode(one["sealed"]), record, UUID(one["client"])))
    return json.dumps(said)


def test_her_name_goes_from_what_waits_in_the_quarantine_and_her_care_stays(
    db: Database, programme: Programme, known: tuple[str, Any]
) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.models import Publication
    from mentormothers.care.quarantine import waiting
    from mentormothers.sync.mending import take_again

    client, _ = known
    other, _ = enrolment(programme)
    (hers, others) = programme.push([refused(programme, client), refused(programme, other)])
    assert hers["code"] == others["code"] == "SYNC-011"
    assert opened(programme).count("Chilomoni") == 2
    erase(programme, client)
    assert opened(programme).count("Chilomoni") == 1, "what is said of others waits as it was"
    programme.push([refused(programme, client, form_version="2028-01-01")])
    assert opened(programme).count("Chilomoni") == 1, "and nothing of hers comes in again"
    with scoped(scope_of(programme.coordinator)):
        form = Publication.objects.get(kind="form", name="visit")
        for number, version in enumerate(("2027-01-01", "2028-01-01")):
            body = form.body.replace(form.version, version)
            Publication.objects.create(kind="form", name="visit", version=version, digest=f"d{number}", body=body)
        rows_of_hers = [row for row in waiting() if row.record in _records(programme, client)]
        for row in rows_of_hers:
            take_again(row, by=programme.coordinator)
    assert len(rows_of_hers) == 2
    assert rows(db, "SELECT count(*) FROM care.record WHERE client = %s AND form = 'visit'", client) == [(2,)]
    assert not any(of_her(db, client).values())


def _records(programme: Programme, client: str) -> set[str]:
    """Ids of the quarantined records of a client."""
    from mentormothers.care.models import Quarantined
    from mentormothers.care.quarantine import content_of

    parcels = [json.loads(content_of(row))["parcel"] for row in Quarantined.objects.all()]
    return {parcel["record"]["id"] for parcel in parcels if parcel["record"]["client"] == client}


def test_a_restored_quarantine_loses_her_name_when_the_server_starts(
    programme: Programme, known: tuple[str, Any]
) -> None:
    client, _ = known
    programme.push([refused(programme, client)])
    assert "Chilomoni" in opened(programme)
    assert erase_elsewhere(client) == 1
    assert opened(programme) == "[]"


def test_an_identity_that_did_not_come_is_no_erased_one(programme: Programme) -> None:
    """Only what lay in the quarantine of somebody who was erased may come without its seal."""
    _, parcel = enrolment(programme)
    parcel["identities"][0] |= {"sealed": None}
    (answer,) = programme.push([parcel])
    assert (answer["status"], answer["code"]) == ("quarantined", "SYNC-020")


def test_nothing_that_is_dumped_served_or_logged_holds_her_name(
    db: Database, programme: Programme, known: tuple[str, Any], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from mentormothers.config.backup import back_up
    from mentormothers.config.embedded import BINARIES

    client, parcel = known
    programme.push([refused(programme, client)])
    erase(programme, client)
    programme.push([parcel])
    care, keys = back_up(db, tmp_path / "after")
    for packed in (care, keys):
        with zipfile.ZipFile(packed) as content:
            content.extractall(tmp_path / packed.suffix)
    dumps = [
        subprocess.run([BINARIES / "pg_restore", "--file=-", path], capture_output=True, check=True).stdout.decode()
        for path in tmp_path.glob(".*/*.dump")
    ]
    said = [*dumps, *(json.dumps(line) for line in Api(programme.phone).pull(programme.mentor)), caplog.text]
    assert len(dumps) == 2 and any(client in text for text in said)
    for name in ("Grace", "Banda", "Chilomoni", "0991234567"):
        hidden = (name, name.encode().hex(), base64.b64encode(name.encode()).decode()[:-2])
        assert not any(form in text for text in said for form in hidden), name
    (keys_of_her,) = [dump for dump in dumps if "COPY people.client_key" in dump and "COPY care.record" not in dump]
    assert client not in keys_of_her
