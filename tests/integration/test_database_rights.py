"""What the database itself enforces, whatever the code does."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import Connection

from mentormothers.config.database import Database

Admin = Connection[tuple[object, ...]]
APPEND_ONLY = {
    "care.record", "care.fact", "care.quarantined", "care.quarantine_decision", "people.client_key",
    "people.erasure", "people.identity_record", "linkage.decision", "public.publication", "public.audit_event",
}  # fmt: skip


@pytest.fixture
def admin(db: Database) -> Iterator[Admin]:
    assert db.admin
    with psycopg.connect(db.admin, autocommit=True) as connection:
        yield connection


def test_every_table_of_care_and_people_is_under_row_level_security(admin: Admin) -> None:
    rows = admin.execute("""
        SELECT n.nspname || '.' || c.relname, c.relrowsecurity AND c.relforcerowsecurity,
               (SELECT string_agg(pg_get_expr(p.polqual, c.oid), ' ') FROM pg_policy p WHERE p.polrelid = c.oid
                AND p.polroles && ARRAY[0::oid, 'mm_app'::regrole::oid])
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname IN ('care', 'people', 'linkage') AND c.relkind IN ('r', 'p')""").fetchall()
    assert len(rows) >= 10
    for table, forced, policy in rows:
        assert forced, table
        assert "= ANY" in str(policy), table
        # How far a comparing is, of nobody in particular, is seen by organisation.
        assert ("app.organisations" if table == "linkage.run" else "app.sites") in str(policy), table


def test_append_only_tables_give_nobody_the_right_to_change(admin: Admin) -> None:
    for table in APPEND_ONLY:
        for role in ("mm_app", "mm_people", "mm_linkage", "mm_reports", "mm_backup"):
            for right in ("UPDATE", "DELETE", "TRUNCATE"):
                row = admin.execute("SELECT has_table_privilege(%s, %s, %s)", (role, table, right)).fetchone()
                assert row == (False,), (table, role, right)


def test_append_only_holds_for_the_owner_too(admin: Admin) -> None:
    for table in APPEND_ONLY:
        for deed in ("DELETE FROM", "TRUNCATE"):
            admin.execute("SET ROLE mm_owner")
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
                admin.execute(f"{deed} {table}".encode())


def test_reports_cannot_see_that_identity_exists(admin: Admin) -> None:
    row = admin.execute("SELECT has_schema_privilege('mm_reports', 'people', 'USAGE')").fetchone()
    assert row == (False,)


def test_linkage_reads_and_writes_nothing_outside_its_schema(admin: Admin) -> None:
    rows = admin.execute("""
        SELECT n.nspname || '.' || c.relname,
               array(SELECT r FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) r
                     WHERE has_table_privilege('mm_linkage', c.oid, r))
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')""").fetchall()
    assert {str(table): rights for table, rights in rows if rights} == {
        "linkage.run": ["SELECT", "INSERT", "UPDATE"],
        "linkage.proposal": ["SELECT", "INSERT", "UPDATE", "DELETE"],
        "linkage.decision": ["SELECT"],
    }
    for schema in ("care", "people", "sync"):
        row = admin.execute("SELECT has_schema_privilege('mm_linkage', %s, 'USAGE')", (schema,)).fetchone()
        assert row == (False,), schema


def test_nobody_but_linkage_reads_the_persons_of_an_organisation(admin: Admin) -> None:
    allowed = {
        "linkage.persons(uuid, int)": "mm_linkage", "linkage.proposed(uuid[])": "mm_people",
        "linkage.measured(double precision)": "mm_app", "linkage.agreed(uuid)": "mm_app",
        "linkage.undecided(uuid, uuid)": "mm_app", "linkage.still_here(uuid[])": "mm_linkage",
    }  # fmt: skip
    for function, may in allowed.items():
        for role in ("mm_app", "mm_people", "mm_linkage", "mm_reports", "mm_backup", "public"):
            row = admin.execute("SELECT has_function_privilege(%s, %s, 'EXECUTE')", (role, function)).fetchone()
            assert row == (role == may,), (role, function)


def test_the_server_is_neither_superuser_nor_owner_and_bypasses_nothing(db: Database, admin: Admin) -> None:
    with psycopg.connect(db.app) as app:
        assert app.execute("SELECT current_user, session_user").fetchone() == ("mm_app", "mm_app")
        flags = app.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = 'mm_app'"
        )
        assert flags.fetchone() == (False, False, False, False)
    owned = admin.execute("SELECT count(*) FROM pg_class WHERE relowner = 'mm_app'::regrole").fetchone()
    assert owned == (0,)
    for role in ("mm_owner", "mm_backup", "postgres"):
        member = admin.execute("SELECT pg_has_role('mm_app', %s, 'SET')", (role,)).fetchone()
        assert member == (False,), role


def test_django_works_as_the_server_role(db: Database) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user, current_user")
        assert cursor.fetchone() == ("mm_app", "mm_app")
