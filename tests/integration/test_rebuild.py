"""Rebuilding: what follows from records is told apart from what lies in the tables, and mended."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.integration.test_following import home, mentors, supply, withdrawal
from tests.programme import Api, Programme, enrolment


@pytest.fixture
def client(programme: Programme) -> str:
    """A woman with a withdrawn supply, who moved; and another who did not."""
    client, parcel = enrolment(programme)
    wrong = supply(programme, programme.phone, client, 2)
    programme.push([parcel, wrong, withdrawal(programme, client, wrong), enrolment(programme)[1]])
    programme.push([supply(programme, programme.strange_phone, client, -1)], programme.strange_phone)
    return client


@contextmanager
def by_hand() -> Iterator[Any]:
    """The owner's hands, which the triggers do not hold back."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE care.fact DISABLE TRIGGER append_only")
        yield cursor
        cursor.execute("ALTER TABLE care.fact ENABLE TRIGGER append_only")


def differing(*, mend: bool = False) -> dict[str, tuple[int, int]]:
    from mentormothers.care.rebuilding import rebuild

    return {d.table: (d.missing, d.wrong) for d in rebuild(mend=mend)}


def test_what_was_pushed_needs_no_mending(client: str) -> None:
    assert differing() == {}


def test_what_differs_is_told_and_mended_and_phones_hear_of_it(programme: Programme, client: str) -> None:
    api = Api(programme.strange_phone)
    since = api.pull(programme.stranger)[-1]["cursor"]
    with by_hand() as cursor:
        cursor.execute("DELETE FROM care.fact WHERE kind = 'hiv.test'")
        lost = cursor.rowcount
        cursor.execute("UPDATE care.fact SET value = 'other' WHERE client = %s AND kind = 'enrolled'", [client])
        cursor.execute("UPDATE care.client SET site = %s, organisation = %s WHERE id = %s",
                       [programme.home.id, programme.home.organisation_id, client])  # fmt: skip
        cursor.execute("DELETE FROM care.caseload")
    assert lost
    found = differing()
    assert found["fact"] == (lost + 1, 1)
    assert found["client (homes)"] == (1, 1) and found["caseload"] == (2, 0)
    assert differing() == found, "looking changes nothing"
    assert differing(mend=True) == found
    assert differing() == {}
    assert home(client) == programme.elsewhere.id and mentors(client) == set()
    heard = [e["event"] for e in api.pull(programme.stranger, since)]
    assert "client_in" in heard


def test_clients_and_a_feed_that_are_gone_come_back(programme: Programme, client: str) -> None:
    before = {
        e["record"]["id"] for e in Api(programme.strange_phone).pull(programme.stranger) if e["event"] == "record"
    }
    with by_hand() as cursor:
        cursor.execute("DELETE FROM care.caseload")
        cursor.execute("DELETE FROM care.client")
        cursor.execute("TRUNCATE sync.feed")
    assert differing(mend=True)["feed"][0] > 0
    assert differing() == {}
    after = {e["record"]["id"] for e in Api(programme.strange_phone).pull(programme.stranger) if e["event"] == "record"}
    assert after == before and before


def test_facts_stay_append_only_afterwards(client: str) -> None:
    from django.db import DatabaseError, connections

    with by_hand() as cursor:
        cursor.execute("DELETE FROM care.fact WHERE client = %s", [client])
    assert differing(mend=True)
    with pytest.raises(DatabaseError, match="append-only"), connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM care.fact")


def test_a_record_of_a_form_that_is_gone_stops_it(programme: Programme, client: str) -> None:
    from mentormothers.care import rebuilding

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rebuilding, "published_form", lambda name, version: None)
        with pytest.raises(rebuilding.NotRebuiltError, match="not published"):
            rebuilding.rebuild(mend=True)
    assert differing() == {}
