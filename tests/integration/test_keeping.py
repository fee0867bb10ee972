"""What is kept of open items is what the facts say, whatever happens in between; and who may see it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from mentormothers.config.database import Database
from tests.integration.test_following import supply, withdrawal
from tests.integration.test_followup import YES, missed
from tests.office import born, make_office
from tests.programme import Programme


def listed(programme: Programme, who: Any, site: Any, today: date | None = None) -> list[Any]:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.followup.worklist import Worklist

    with scoped(scope_of(who)):
        return Worklist.at([site.id], today or programme.now.date()).items()


def at_home(programme: Programme, today: date | None = None) -> list[Any]:
    return listed(programme, programme.coordinator, programme.home, today)


def differing(*, mend: bool = False) -> list[tuple[int, int]]:
    from mentormothers.followup.rebuilding import rebuild

    return [(found.missing, found.wrong) for found in rebuild(mend=mend)]


def owner(sql: str, *values: Any) -> list[Any]:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall()) if cursor.description else []


def touched() -> int:
    return int(owner("SELECT count(*) FROM care.touched")[0][0])


def test_what_is_not_changed_is_not_worked_out_again(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    from mentormothers.followup import keeping

    _, parcels = missed(programme, 9, **YES)
    programme.push(parcels)
    assert touched()
    before = at_home(programme)
    assert before and not touched()

    def never(*_: Any) -> list[Any]:
        raise AssertionError("worked out again")

    monkeypatch.setattr(keeping, "work_out", never)
    assert at_home(programme) == before
    with pytest.raises(AssertionError, match="worked out again"):
        at_home(programme, programme.now.date() + timedelta(days=1))


def test_the_next_day_says_the_next_day(programme: Programme) -> None:
    _, parcels = missed(programme, 28, **YES)
    programme.push(parcels)
    today = programme.now.date()
    states = [
        {i.item: (i.state, i.days_late) for i in at_home(programme, today + timedelta(days=n))}["ACC.REFILL"]
        for n in (0, 1, 2, 0)
    ]
    assert states == [("defaulted", 28), ("lost", 29), ("lost", 30), ("defaulted", 28)]
    assert differing() == []


def test_another_protocol_or_program_works_out_anew(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    from mentormothers.followup import keeping

    programme.push(missed(programme, 9, **YES)[1])
    before = at_home(programme)
    monkeypatch.setattr(keeping, "made_by", lambda: "another")
    monkeypatch.setattr(keeping, "work_out", lambda *_: [])
    assert before and at_home(programme) == []


def test_the_worker_works_out_what_changed_and_everybody_on_another_day(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mentormothers.config.jobs import keep_open_items

    programme.push([*missed(programme, 9, **YES)[1], *missed(programme, 3, **YES)[1]])
    assert (keep_open_items(), touched(), keep_open_items()) == (2, 0, 0)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: programme.now.date() + timedelta(days=1))
    assert (keep_open_items(), keep_open_items()) == (2, 0)
    assert differing() == []


def test_corrections_and_moves_change_the_list_at_once(programme: Programme) -> None:
    client, parcels = missed(programme, 9, **YES)
    programme.push(parcels)
    assert UUID(client) in {i.client for i in at_home(programme)}
    came = supply(programme, programme.phone, client, 1)
    programme.push([came])
    assert "ACC.REFILL" not in {i.item for i in at_home(programme)}
    programme.push([withdrawal(programme, client, came)])
    assert "ACC.REFILL" in {i.item for i in at_home(programme)}
    programme.push([supply(programme, programme.strange_phone, client, -1)], programme.strange_phone)
    assert at_home(programme) == []
    assert {i.client for i in listed(programme, programme.stranger, programme.elsewhere)} <= {UUID(client)}
    assert differing() == []


def test_a_move_is_hidden_from_the_old_site_before_it_is_worked_out(programme: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped

    client, parcels = missed(programme, 9, **YES)
    programme.push(parcels)
    assert at_home(programme)
    programme.push([supply(programme, programme.strange_phone, client, -1)], programme.strange_phone)
    for who in (programme.coordinator, programme.stranger):
        with scoped(scope_of(who)):
            assert _open_items_in_sight() == 0


def test_a_baby_at_another_site_is_listed_by_its_mothers_facts_whoever_looks(programme: Programme) -> None:
    """The baby gets medicine at the other site and lives there from then on; that it is exposed its mother's facts say."""
    from mentormothers.access.scope import Scope, scoped
    from mentormothers.followup.worklist import Worklist

    client, parcels = missed(programme, 60, **YES)
    baby, birth = born(programme, client, days_ago=60)
    programme.push([*parcels, birth])
    owner("UPDATE care.client SET site = %s, organisation = %s WHERE id = %s",
          programme.elsewhere.id, programme.elsewhere.organisation_id, baby)  # fmt: skip
    theirs = listed(programme, programme.stranger, programme.elsewhere)
    assert {i.client for i in theirs} == {UUID(baby)} and "ACC.EID6W" in {i.item for i in theirs}
    assert {i.client for i in at_home(programme)} == {UUID(client)}
    both = Scope((programme.home.id, programme.elsewhere.id),
                 (programme.home.organisation_id, programme.elsewhere.organisation_id))  # fmt: skip
    with scoped(both):
        seen = Worklist.at([programme.elsewhere.id], programme.now.date()).items()
    assert [replace(item, mentors=()) for item in seen] == theirs
    assert differing() == []


def test_strangers_of_every_role_see_no_open_item(programme: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped

    office = make_office(programme)
    assert at_home(programme)
    seen = {}
    for name, person in office.people.items():
        if person is not None:
            with scoped(scope_of(person)):
                seen[name] = _open_items_in_sight() > 0
    assert seen == {
        "coordinator": True, "manager": True, "mentor": True, "administrator": False, "ministry": False,
        "stranger": False, "strange_manager": False, "strange_administrator": False,
    }  # fmt: skip


@pytest.mark.parametrize("role", ["mm_people", "mm_reports"])
def test_other_roles_of_the_database_cannot_read_what_is_kept(db: Database, role: str) -> None:
    assert db.admin
    with psycopg.connect(db.admin) as admin:
        for table in ("care.open_item", "care.worked_out", "care.touched"):
            assert admin.execute("SELECT has_table_privilege(%s, %s, 'SELECT')", (role, table)).fetchone() == (False,)


def test_the_server_reads_what_is_kept_and_changes_it_by_its_functions_only(db: Database) -> None:
    assert db.admin
    with psycopg.connect(db.admin) as admin:
        for table in ("care.open_item", "care.worked_out", "care.touched"):
            for right in ("INSERT", "UPDATE", "DELETE", "TRUNCATE"):
                row = admin.execute("SELECT has_table_privilege('mm_app', %s, %s)", (table, right)).fetchone()
                assert row == (False,), (table, right)


@pytest.mark.parametrize(
    "spoil",
    [
        "DELETE FROM care.open_item WHERE item = 'ACC.REFILL'",
        "UPDATE care.open_item SET state = 'lost'",
        "UPDATE care.open_item SET rank = rank + 1",
        "UPDATE care.open_item SET site = site + 1",
        "UPDATE care.worked_out SET day = day - 30",
        "DELETE FROM care.worked_out",
    ],
)
def test_what_differs_is_told_and_worked_out_again(programme: Programme, spoil: str) -> None:
    programme.push(missed(programme, 9, **YES)[1])
    before = at_home(programme)
    assert differing() == []
    owner(spoil)
    found = differing()
    assert found and differing(mend=True) == found
    assert differing() == []
    assert at_home(programme) == before and differing() == []


def test_two_who_look_at_once_and_a_push_in_between_lose_nothing(programme: Programme) -> None:
    """She comes while her refill is being worked out: whoever looks next sees that she came."""
    from mentormothers.followup import keeping

    client, parcels = missed(programme, 9, **YES)
    programme.push(parcels)
    work_out: Callable[..., Any] = keeping.work_out
    came: list[Any] = [supply(programme, programme.phone, client, 1)]

    def and_she_comes(*given: Any) -> Any:
        found = work_out(*given)
        if came:
            _elsewhere(lambda: programme.push([came.pop()]))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keeping, "work_out", and_she_comes)
        assert "ACC.REFILL" in {i.item for i in at_home(programme)}
    assert touched()
    assert "ACC.REFILL" not in {i.item for i in at_home(programme)}
    assert differing() == []


def _elsewhere(work: Callable[[], Any]) -> None:
    """In another thread, which has a connection of its own."""
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result(timeout=30)


def _open_items_in_sight() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM care.open_item")
        return int(cursor.fetchone()[0])
