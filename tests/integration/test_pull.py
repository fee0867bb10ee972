"""Pull: everything a person may know, nothing else; cut anywhere, in any order, nothing skipped."""

import json
import threading
from typing import Any
from uuid import UUID

import psycopg
import pytest

from mentormothers.config.database import Database
from mentormothers.config.demo.phone import SyntheticPhone
from tests.programme import Api, Programme, enrolled, enrolment


def of(kind: str, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [event for event in events if event["event"] == kind]


def cursor(events: list[dict[str, Any]]) -> str:
    assert events[-1]["event"] == "cursor"
    return str(events[-1]["cursor"])


def visit(programme: Programme, client: str, phone: SyntheticPhone | None = None, author: Any = None) -> Any:
    return (phone or programme.phone).parcel(
        "visit", str((author or programme.mentor).id), client, {"where/place": "clinic", "where/source": "observed"},
        at=programme.now,
    )  # fmt: skip


def test_a_first_pull_gives_content_history_and_identity(programme: Programme) -> None:
    client, parcel = enrolment(programme)
    programme.push([parcel, visit(programme, client)])
    events = Api(programme.phone).pull(programme.mentor)
    assert {e["client"] for e in of("client_in", events)} == {client}
    records = {e["record"]["form"]: e["record"] for e in of("record", events)}
    assert records["enrolment"] == parcel["record"] and set(records) == {"enrolment", "visit"}
    (identity,) = of("identity", events)
    assert identity["sealed"] == parcel["identities"][0]["sealed"]
    kinds = {(e["kind"], e["name"]) for e in of("content", events)}
    assert ("form", "visit") in kinds and ("protocol", "ACC-1") in kinds and ("vocabulary", "vocabulary") in kinds
    assert events[-1]["complete"] is True


def test_the_key_that_is_sent_opens_the_identity(programme: Programme) -> None:
    import base64

    from mentormothers.people.sealing import open_answers

    client, parcel = enrolment(programme)
    programme.push([parcel])
    (sent,) = of("identity", Api(programme.phone).pull(programme.mentor))
    key, sealed = base64.b64decode(sent["key"]), base64.b64decode(sent["sealed"])
    assert open_answers(key, sealed, UUID(sent["record"]), UUID(client))["name.given"] == "Grace"


def test_published_content_is_there_by_its_digest(programme: Programme) -> None:
    api = Api(programme.phone)
    for event in of("content", api.pull(programme.mentor)):
        answer = api.client.get(
            f"/api/v1/content/{event['digest']}", headers={"authorization": f"Bearer {api.token()}"}
        )
        assert answer.status_code == 200
        assert len(answer.content.decode()) == event["size"]


def test_a_pull_goes_on_from_any_cursor(programme: Programme) -> None:
    api = Api(programme.phone)
    start = cursor(api.pull(programme.mentor))
    client, parcel = enrolment(programme)
    programme.push([parcel])
    first = api.pull(programme.mentor, start)
    assert len(of("record", first)) == 1 and not of("content", first)
    assert not of("record", api.pull(programme.mentor, cursor(first)))
    programme.push([visit(programme, client)])
    assert len(of("record", api.pull(programme.mentor, cursor(first)))) == 1


def test_long_histories_come_in_pieces_and_a_cut_loses_nothing(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mentormothers.sync import changes

    monkeypatch.setattr(changes, "CHUNK", 7)
    programme.push([enrolment(programme)[1] for _ in range(20)])
    api = Api(programme.phone)
    whole = api.pull(programme.mentor)
    assert len(of("cursor", whole)) > 5
    seen: set[str] = set()
    since = ""
    while True:
        piece = api.pull(programme.mentor, since)
        cut = next(n for n, e in enumerate(piece) if e["event"] == "cursor")
        seen |= {e["record"]["id"] for e in of("record", piece[:cut])}
        since = piece[cut]["cursor"]
        if piece[cut]["complete"]:
            break
    assert seen == {e["record"]["id"] for e in of("record", whole)}
    assert len(seen) == 20


def test_a_mentor_knows_her_own_caseload_and_a_coordinator_the_site(programme: Programme) -> None:
    from mentormothers.access.models import Membership, Role, User

    other = User.objects.create_user(
        "tiyamike", first_name="Tiyamike", role=Role.MENTOR, organisation=programme.mentor.organisation
    )
    Membership.objects.create(user=other, site=programme.home.id)
    shared = enrolled(programme.coordinator, programme.home, [programme.mentor, other, programme.coordinator])
    client, parcel = enrolment(programme)
    programme.push([parcel])
    assert not of("record", Api(shared).pull(other))
    assert len(of("record", Api(shared).pull(programme.mentor))) == 1
    assert of("client_in", Api(shared).pull(programme.coordinator))[0]["client"] == client


def test_a_stranger_hears_nothing(programme: Programme) -> None:
    programme.push([enrolment(programme)[1]])
    for person in (programme.stranger, programme.strange_mentor):
        events = Api(programme.strange_phone).pull(person)
        assert not of("record", events) and not of("identity", events) and not of("client_in", events)


def test_a_person_who_does_not_use_the_phone_gets_nothing(programme: Programme) -> None:
    api = Api(programme.strange_phone)
    answer = api.client.get(
        "/api/v1/changes", {"user": str(programme.mentor.id)}, headers={"authorization": f"Bearer {api.token()}"}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "DEV-006")


def test_somebody_asked_to_look_for_her_gets_her_history_and_then_forgets_her(programme: Programme) -> None:
    from mentormothers.access.models import Role, User
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.followup.actions import ask_to_look_for, end_assignment

    other = User.objects.create_user(
        "tiyamike", first_name="T", role=Role.MENTOR, organisation=programme.mentor.organisation
    )
    from mentormothers.access.models import Membership

    Membership.objects.create(user=other, site=programme.home.id)
    phone = enrolled(programme.coordinator, programme.home, [other])
    api = Api(phone)
    client, parcel = enrolment(programme)
    programme.push([parcel])
    start = cursor(api.pull(other))
    with scoped(scope_of(programme.coordinator)):
        asked = ask_to_look_for(UUID(client), mentor=other, item="ACC.REFILL", by=programme.coordinator)
    events = api.pull(other, start)
    assert [e["client"] for e in of("client_in", events)] == [client]
    assert len(of("record", events)) >= 1 and len(of("identity", events)) >= 1
    assert of("assignment", events)[0]["open"] is True
    with scoped(scope_of(programme.coordinator)):
        end_assignment(asked, because="returned", by=programme.coordinator)
    later = api.pull(other, cursor(events))
    assert [e["client"] for e in of("client_out", later)] == [client]
    assert not of("record", later)


def test_she_moves_with_her_supply_and_her_new_site_gets_her_history(programme: Programme) -> None:
    client, parcel = enrolment(programme)
    programme.push([parcel])
    old, new = Api(programme.phone), Api(programme.strange_phone)
    since = {"old": cursor(old.pull(programme.coordinator)), "new": cursor(new.pull(programme.stranger))}
    today = programme.now.date().isoformat()
    answers = {
        "where/place": "clinic", "where/source": "register", "her_status": "pos", "refill/refilled": "yes",
        "refill/supply": "60", "refill/refilled_on": today, "days": "60",
    }  # fmt: skip
    supply = programme.strange_phone.parcel(
        "visit", str(programme.strange_mentor.id), client, answers, at=programme.now, source="register"
    )
    assert programme.push([supply], programme.strange_phone)[0]["status"] == "accepted"
    left, arrived = old.pull(programme.coordinator, since["old"]), new.pull(programme.stranger, since["new"])
    assert [e["client"] for e in of("client_out", left)] == [client]
    assert [e["client"] for e in of("client_in", arrived)] == [client]
    assert {e["record"]["form"] for e in of("record", arrived)} == {"enrolment", "visit"}


def test_late_commits_are_never_skipped(db: Database, programme: Programme) -> None:
    """A transaction that began first and ends last: nobody's cursor may pass it by."""
    api = Api(programme.phone)
    client, parcel = enrolment(programme)
    programme.push([parcel])
    start = cursor(api.pull(programme.mentor))
    with psycopg.connect(db.app) as slow:
        slow.execute("SELECT set_config('app.sites', %s, true), set_config('app.organisations', %s, true)",
                     (f"{{{programme.home.id}}}", f"{{{programme.home.organisation_id}}}"))  # fmt: skip
        slow.execute(
            "INSERT INTO care.record (id, client, form, form_version, happened, author, device_clock, site, organisation,"
            " source, relation, body, digest) VALUES (gen_random_uuid(), %s, 'visit', '1', '2026-01-01', %s, now(), %s, %s,"
            " 'observed', '', '{\"slow\": true}', '')",
            (client, programme.mentor.id, programme.home.id, programme.home.organisation_id),
        )
        programme.push([visit(programme, client)])
        early = api.pull(programme.mentor, start)
        assert not of("record", early)  # held back, not passed by
        slow.commit()
    late = api.pull(programme.mentor, cursor(early))
    assert len(of("record", late)) == 2


def test_many_writers_at_once_and_a_reader_who_follows(programme: Programme) -> None:
    parcels = [[enrolment(programme)[1] for _ in range(12)] for _ in range(4)]
    api, seen, since, done = Api(programme.phone), set(), "", threading.Event()

    def send(batch: list[Any]) -> None:
        from django.db import connections

        for parcel in batch:
            programme.push([parcel])
        connections.close_all()

    threads = [threading.Thread(target=send, args=(batch,)) for batch in parcels]
    for thread in threads:
        thread.start()
    while any(t.is_alive() for t in threads) or not done.is_set():
        if not any(t.is_alive() for t in threads):
            done.set()
        events = api.pull(programme.mentor, since)
        seen |= {e["record"]["id"] for e in of("record", events)}
        since = cursor(events)
    assert seen == {parcel["record"]["id"] for batch in parcels for parcel in batch}


@pytest.mark.parametrize("text", ["x", "QUJD", "%00", "AAAA" * 100])
def test_a_damaged_cursor_is_refused(programme: Programme, text: str) -> None:
    api = Api(programme.phone)
    answer = api.client.get(
        "/api/v1/changes", {"user": str(programme.mentor.id), "since": text},
        headers={"authorization": f"Bearer {api.token()}"},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (400, "SYNC-004")


def test_a_cursor_of_another_feed_starts_again(programme: Programme) -> None:
    from mentormothers.sync.changes import Cursor

    programme.push([enrolment(programme)[1]])
    strange = Cursor("00000000-0000-0000-0000-000000000001", 999_999_999, 5).text()
    events = Api(programme.phone).pull(programme.mentor, strange)
    assert events[0] == {"event": "start_again"}
    assert len(of("record", events)) == 1


@pytest.mark.parametrize("token", ["", "x", "Bearer"])
def test_without_a_grant_nothing_is_told(programme: Programme, token: str) -> None:
    api = Api(programme.phone)
    for path in ("/changes?user=" + str(programme.mentor.id), "/content/abc"):
        answer = api.client.get(f"/api/v1{path}", headers={"authorization": f"Bearer {token}"} if token else {})
        assert (answer.status_code, answer.json()["code"]) == (401, "DEV-003")
    assert api.post("/records", {"parcels": []}).json()["code"] == "DEV-003"


def test_a_gzipped_stream_is_the_same(programme: Programme) -> None:
    import gzip

    programme.push([enrolment(programme)[1]])
    api = Api(programme.phone)
    answer = api.client.get(
        "/api/v1/changes", {"user": str(programme.mentor.id)},
        headers={"authorization": f"Bearer {api.token()}", "accept-encoding": "gzip"},
    )  # fmt: skip
    lines = [json.loads(line) for line in gzip.decompress(answer.getvalue()).splitlines()]
    assert len(of("record", lines)) == 1


def test_every_identity_sent_to_a_phone_is_audited(programme: Programme) -> None:
    from mentormothers.access.models import AuditEvent

    client, parcel = enrolment(programme)
    programme.push([parcel])
    Api(programme.phone).pull(programme.mentor)
    (line,) = AuditEvent.objects.filter(what="identity.sent")
    assert line.clients == [UUID(client)]
    assert str(line.device) == programme.phone.device


@pytest.mark.parametrize("digest", ["%00", "%ff", "x" * 5000, "no.such"])
def test_content_by_a_strange_digest_is_not_here(programme: Programme, digest: str) -> None:
    api = Api(programme.phone)
    answer = api.client.get(f"/api/v1/content/{digest}", headers={"authorization": f"Bearer {api.token()}"})
    assert (answer.status_code, answer.json()["code"]) == (404, "SYNC-006")


def test_a_cursor_never_runs_ahead_of_what_is_on_disk(programme: Programme) -> None:
    """After a crash PostgreSQL gives out again the numbers of transactions that wrote nothing."""
    from base64 import urlsafe_b64decode

    from django.db import connection, connections, transaction

    programme.push([enrolment(programme)[1]])
    api = Api(programme.phone)
    api.token()
    for _ in range(20):
        with transaction.atomic(), connection.cursor() as asking:
            asking.execute("SELECT pg_current_xact_id()")
            transaction.set_rollback(True)
    at = int(urlsafe_b64decode(cursor(api.pull(programme.coordinator))).decode().split(":")[1])
    with connections["owner"].cursor() as asking:
        asking.execute("SELECT max(tx::text::bigint) FROM sync.feed")
        assert at <= asking.fetchone()[0]


def test_who_comes_in_while_a_long_pull_is_read_is_not_skipped(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mentormothers.sync import changes

    programme.push([enrolment(programme)[1] for _ in range(4)])
    api = Api(programme.phone)
    api.token()
    clients, known_to = [], changes._known_to

    def enrolled_meanwhile(*given: Any) -> Any:
        known = known_to(*given)
        if not clients:
            client, parcel = enrolment(programme)
            clients.append(client)
            pushing = threading.Thread(target=lambda: _push_and_close(programme, parcel))
            pushing.start()
            pushing.join()
        return known

    monkeypatch.setattr(changes, "_known_to", enrolled_meanwhile)
    # The chunk is full with what the newcomer's own push told.
    whole = len(changes_told())
    monkeypatch.setattr(changes, "CHUNK", whole + 2)
    events = api.pull(programme.mentor)
    events += api.pull(programme.mentor, cursor(events))
    assert {e["record"]["client"] for e in of("record", events)} >= set(clients)


def changes_told() -> list[Any]:
    """Everything that the feed tells now and a mentor's pull may read."""
    from django.db import connections

    with connections["owner"].cursor() as asking:
        asking.execute("SELECT tx FROM sync.feed")
        return list(asking.fetchall())


def _push_and_close(programme: Programme, parcel: Any) -> None:
    from django.db import connection

    from mentormothers.access.models import Device
    from mentormothers.sync.push import push

    try:
        push(Device.objects.get(id=programme.phone.device), [parcel])
    finally:
        connection.close()


def test_nothing_is_skipped_where_the_numbers_of_transactions_get_a_digit_more(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connections

    from mentormothers.sync import changes

    written = [enrolment(programme)[1] for _ in range(6)]
    for parcel in written:
        programme.push([parcel])
    with connections["owner"].cursor() as asking:
        asking.execute("SELECT tx::text, event, client, subject, site FROM sync.feed ORDER BY feed.tx, feed.place")
        told = asking.fetchall()
        number = {tx: 97 + n for n, tx in enumerate(dict.fromkeys(row[0] for row in told))}  # across 99 and 100
        assert {97, 102} <= set(number.values())
        asking.execute("TRUNCATE sync.feed")
        asking.executemany(
            "INSERT INTO sync.feed (tx, event, client, subject, site) VALUES (%s::text::xid8, %s, %s, %s, %s)",
            [[str(number[row[0]]), *row[1:]] for row in told],
        )
    monkeypatch.setattr(changes, "CHUNK", 7)
    heard = {e["record"]["id"] for e in of("record", Api(programme.phone).pull(programme.mentor))}
    assert heard == {parcel["record"]["id"] for parcel in written}
