"""Somebody is found by any of her names in any order and spelling, by phone and number; only whom the scope lets through,
without opening the seals of others; and nothing in the database says a name."""

import hashlib
import json
import subprocess
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from mentormothers.config.backup import BINARIES
from mentormothers.config.database import Database
from mentormothers.facts.card_code import in_groups, with_check
from tests.programme import Programme, enrolment

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "spellings.json").read_text())
PAIRS = [pair for group in VECTORS["found"] for pair in group["pairs"]]


def find(programme: Programme, text: str, who: str = "coordinator") -> list[UUID]:
    """Whom somebody finds by a text, the closest first."""
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.register.names import find_clients

    person = getattr(programme, who)
    with scoped(scope_of(person)):
        return list(find_clients(person, text))


def enrol(programme: Programme, **identity: Any) -> UUID:
    """A woman with these identity answers, and those of Grace Banda where nothing is said."""
    client, parcel = enrolment(programme, **identity)
    (answer,) = programme.push([parcel])
    assert answer["status"] == "accepted", answer
    return UUID(client)


def called(programme: Programme, given: str, family: str, **more: Any) -> UUID:
    names = {"name.given": given, "name.family": family, "address.village": "", "phone.number": ""}
    return enrol(programme, **names | more)


def said_later(programme: Programme, client: UUID, **identity: str) -> None:
    """A visit at which something else is said of her."""
    visit = programme.phone.parcel(
        "visit", str(programme.mentor.id), str(client), {"where/place": "home", "where/source": "observed"},
        at=programme.now, identities={str(client): identity},
    )  # fmt: skip
    assert programme.push([visit])[0]["status"] == "accepted"


def test_a_name_is_found_by_its_other_spelling_in_any_order(programme: Programme) -> None:
    women = [enrolment(programme, **{"name.given": known, "name.family": "Zgambo"}) for known, _ in PAIRS]
    programme.push([parcel for _, parcel in women])
    lost = []
    for (client, _), (known, typed) in zip(women, PAIRS, strict=True):
        for text in (typed, f"ZGAMBO {typed.lower()}", f"{typed} Sgamba chilo"):
            if UUID(client) not in find(programme, text):
                lost.append((known, text))
    assert not lost


def test_the_closest_comes_first(programme: Programme) -> None:
    far, near, same = (called(programme, name, "Banda") for name in ("Gilesi", "Gracie", "Grace"))
    called(programme, "Gloria", "Banda")
    assert find(programme, "banda GRACE") == [same, near, far]


def test_the_village_narrows(programme: Programme) -> None:
    here = called(programme, "Grace", "Banda", **{"address.village": "Mbayani Village"})
    there = called(programme, "Grace", "Banda", **{"address.village": "Chilomoni"})
    assert set(find(programme, "grace banda")) == {here, there}
    assert find(programme, "grace mbayan") == [here]
    assert find(programme, "village grace chiromoni") == [there]


def test_one_letter_chooses_among_those_whom_longer_words_find(programme: Programme) -> None:
    grace = called(programme, "Grace", "Banda")
    mercy = called(programme, "Mercy", "Banda")
    assert find(programme, "g banda") == [grace] and find(programme, "banda me") == [mercy]
    assert find(programme, "g") == []


@pytest.mark.parametrize("text", ["ANC 45/2025", "0045-2025", "BT-00117", "bt 117", "hei 12/25"])
def test_a_clinic_number_is_found_however_it_is_written(programme: Programme, text: str) -> None:
    numbers = {"number.anc": "0045/2025", "number.art": "BT-117", "number.hei": "12/25"}
    client = enrol(programme, **numbers)
    enrol(programme, **{"number.anc": "45/2024", "number.art": "BT-1170", "number.hei": "12/26"})
    assert find(programme, text) == [client]


def test_a_number_with_a_name_chooses_whoever_has_both(programme: Programme) -> None:
    client = enrol(programme, **{"number.anc": "45/2025"})
    called(programme, "Mercy", "Phiri", **{"number.anc": "45/2025"})
    assert find(programme, "grace 45/2025") == [client]
    assert find(programme, "grace 46/2025") == []


def test_whatever_she_was_called_and_every_phone_she_had_stay_findable(programme: Programme) -> None:
    client = enrol(programme, **{"name.maiden": "Kumwenda", "name.called": "Amake Takondwa"})
    said_later(programme, client, **{"name.family": "Nyirenda", "phone.number": "0888 765 432"})
    for text in ("grace banda", "grace nyilenda", "kumuenda", "takondwa", "0991234567", "+265888765432"):
        assert find(programme, text) == [client], text


def test_only_the_scope_and_only_roles_with_names_find(programme: Programme) -> None:
    client = enrol(programme, **{"number.anc": "45/2025"})
    for text in ("grace banda", "glace", "0991234567", "45/2025", "chilomoni"):
        assert find(programme, text) == find(programme, text, "mentor") == [client]
        for who in ("stranger", "strange_mentor", "manager", "administrator"):
            assert find(programme, text, who) == [], (who, text)


def test_only_seals_of_candidates_are_opened(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    from mentormothers.people import keeping

    grace = called(programme, "Grace", "Banda")
    programme.push([enrolment(programme, **{"name.given": n})[1] for n in ("Mercy", "Tadala", "Ruth", "Esther")])
    opened = []
    really = keeping.open_answers
    monkeypatch.setattr(keeping, "open_answers", lambda *a: (opened.append(a[-1]), really(*a))[1])
    assert find(programme, "glace") == [grace]
    assert opened == [grace]


def test_a_look_is_audited_without_what_was_typed(programme: Programme) -> None:
    from mentormothers.access.models import AuditEvent

    client = enrol(programme)
    find(programme, "glace banda")
    (line,) = AuditEvent.objects.filter(what="identity.searched")
    assert line.clients == [client] and line.who == programme.coordinator.id and line.detail == ""


def test_no_name_stands_in_the_dump_of_the_database(db: Database, programme: Programme) -> None:
    enrol(programme, **{"number.anc": "45/2025", "name.called": "Amake Takondwa"})
    assert db.admin
    dump = subprocess.run([BINARIES / "pg_dump", f"--dbname={db.admin}"], capture_output=True, check=True).stdout
    table = dump.partition(b"COPY people.search_token")[2].partition(b"\\.")[0].lower()
    assert table.count(b"\n") > 12
    for said in (
        "Grace",
        "glas",
        "Banda",
        "band",
        "Chilomoni",
        "silomon",
        "0991234567",
        "991234567",
        "45-2025",
        "Takondwa",
    ):
        plain = said.encode()
        for form in (plain.lower(), plain.hex().encode(), hashlib.sha256(plain).hexdigest()[:32].encode()):
            assert form not in table, said
    for said in (b"Grace", b"Banda", b"Chilomoni", b"991234567", b"Takondwa"):
        assert said not in dump, said


def test_tokens_of_another_installation_are_others(db: Database, programme: Programme) -> None:
    from mentormothers.access.keys import read_keys, write_keys
    from mentormothers.access.serverkey import keys_path
    from mentormothers.people.tokens import tokens_of

    said = {"name.given": "Grace", "phone.number": "0991234567"}
    before, keys = tokens_of(said), read_keys(keys_path())
    assert len(before) == 4
    try:
        keys.search, mine = "another", keys.search
        write_keys(keys_path(), keys)
        assert not before & tokens_of(said)
        keys.search = ""
        write_keys(keys_path(), keys)
        with pytest.raises(RuntimeError, match="key for looking people up is not here"):
            tokens_of(said)
    finally:
        keys.search = mine
        write_keys(keys_path(), keys)
    assert tokens_of(said) == before


def tokens() -> set[tuple[UUID, bytes]]:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT client, token FROM people.search_token")
        return {(client, bytes(token)) for client, token in cursor.fetchall()}


def test_rebuilt_tokens_are_those_that_pushes_made(programme: Programme) -> None:
    from django.db import connections

    from mentormothers.people.rebuilding import rebuild_tokens

    client = enrol(programme, **{"number.anc": "45/2025"})
    said_later(programme, client, **{"name.family": "Nyirenda", "phone.number": "0888765432", "note": "A dog."})
    called(programme, "Mercy", "Phiri")
    fresh = tokens()
    assert fresh and rebuild_tokens(mend=False) == (0, 0)
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM people.search_token")
        cursor.execute("INSERT INTO people.search_token VALUES (%s, 'x', %s)", [client, programme.home.organisation_id])
    assert rebuild_tokens(mend=False) == rebuild_tokens(mend=True) == (len(fresh), 1)
    assert tokens() == fresh and rebuild_tokens(mend=True) == (0, 0)


def test_whose_key_is_destroyed_is_found_no_more_and_keeps_no_token(db: Database, programme: Programme) -> None:
    from mentormothers.people.rebuilding import rebuild_tokens

    gone, kept = enrol(programme), called(programme, "Grace", "Phiri")
    assert db.admin
    with psycopg.connect(db.admin) as admin:
        admin.execute("SET session_replication_role = replica")  # keys are only ever added to
        admin.execute("DELETE FROM people.client_key WHERE client = %s", [gone])
    assert find(programme, "grace") == [kept] and find(programme, "0991234567") == []
    missing, wrong = rebuild_tokens(mend=True)
    assert missing == 0 and wrong > 5
    assert {client for client, _ in tokens()} == {kept}


def test_what_does_not_open_stops_the_rebuilding_and_is_named_by_its_record(db: Database, programme: Programme) -> None:
    from mentormothers.access.sealing import UnreadableSealError
    from mentormothers.people.rebuilding import rebuild_tokens

    enrol(programme)
    before = tokens()
    assert db.admin
    with psycopg.connect(db.admin) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE people.identity_record SET sealed = 'nonsense'")
    with pytest.raises(UnreadableSealError, match=r"record [0-9a-f-]{36}: what is sealed"):
        rebuild_tokens(mend=True)
    assert tokens() == before


def test_nobody_but_the_role_of_identity_reads_tokens_and_not_even_it_takes_one_away(db: Database) -> None:
    assert db.admin
    with psycopg.connect(db.admin) as admin:
        rights = [
            (role, right)
            for role in ("mm_app", "mm_people", "mm_reports", "mm_backup")
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
            if admin.execute("SELECT has_table_privilege(%s, 'people.search_token', %s)", (role, right)).fetchone() == (True,)
        ]  # fmt: skip
    assert rights == [("mm_people", "SELECT"), ("mm_people", "INSERT"), ("mm_backup", "SELECT")]


def test_an_installation_with_hashes_of_phones_gets_tokens_when_it_is_brought_up_to_date(
    db: Database, programme: Programme
) -> None:
    from django.db import connections
    from django.db.migrations.state import ProjectState

    migration = import_module("mentormothers.people.migrations.0005_search_token").Migration
    client = enrol(programme)
    fresh = tokens()
    assert db.admin
    with psycopg.connect(db.admin) as admin:
        admin.execute("SET ROLE mm_owner")
        admin.execute("DROP TABLE people.search_token")
        admin.execute("CREATE TABLE people.phone_index (client uuid, blind bytea, organisation int)")
    with connections["owner"].schema_editor() as editor:
        for step in migration.operations:
            step.database_forwards("people", editor, ProjectState(), ProjectState())
    assert tokens() == fresh and find(programme, "glace banda") == [client]


def test_her_card_finds_her_until_she_has_another(programme: Programme) -> None:
    first, second = with_check("7K3MQ2"), with_check("000001")
    client = enrol(programme, **{"number.card": first})
    called(programme, "Ruth", "Phiri", **{"number.card": with_check("ZZZZZZ")})
    for text in (first, in_groups(first).lower(), first.replace("0", "O")):
        assert find(programme, text) == [client]
    said_later(programme, client, **{"number.card": second})
    assert find(programme, first) == []
    assert find(programme, in_groups(second)) == [client]
