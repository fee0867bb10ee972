"""The database roles, made by the administrator before anything else.

mm_owner    owns all tables, migrates; nobody logs in as it
mm_app      the server: works by grants, under row-level security
mm_people   identity; mm_app enters it for single steps, inside `register` only
mm_linkage  compares the clients of an organisation: their sealed identities by one function, and proposals
mm_reports  care only; cannot even see that identity exists
mm_backup   reads everything for a backup
"""

import psycopg
from psycopg import sql

from mentormothers.config.database import APP, BACKUP, OWNER, Database, role_password

_ROLES = {
    OWNER: "NOLOGIN NOBYPASSRLS",
    APP: "LOGIN NOINHERIT NOBYPASSRLS",
    "mm_people": "NOLOGIN NOBYPASSRLS",
    "mm_linkage": "NOLOGIN NOBYPASSRLS",
    "mm_reports": "NOLOGIN NOBYPASSRLS",
    BACKUP: "LOGIN BYPASSRLS",
}
# A writing transaction left open holds back the feed for everyone; these end it.
_LIMITS = {"statement_timeout": "60s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "60s"}


class RolesError(Exception):
    """The administrator may not make the roles; the message says what to run instead."""


def make_roles(found: Database) -> None:
    """Make the roles that are missing and let them into the database. Does nothing without an administrator."""
    if found.admin is None:
        return
    with psycopg.connect(found.admin, autocommit=True) as connection:
        try:
            _make(connection, found.admin)
        except psycopg.errors.InsufficientPrivilege as error:
            raise RolesError(
                "the login in DATABASE_URL may not make roles "
                f"({error.diag.message_primary}). Please give the login of a superuser for the set-up, or let one run: "
                + "; ".join(f"CREATE ROLE {name} {rights}" for name, rights in _ROLES.items())
            ) from None


def forget_everything(found: Database) -> None:
    """Delete all that a demo made in a database. Raises RolesError where something else was made in it."""
    if found.admin is None:
        raise RolesError("only the administrator's login can begin anew. Please set DATABASE_URL to it")
    with psycopg.connect(found.admin, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'mm_owner'").fetchone() is None:
            return
        if connection.execute("SELECT to_regclass('public.access_installation')").fetchone() != (None,):
            kind = connection.execute("SELECT kind FROM public.access_installation").fetchone()
            if kind not in (None, ("demo",)):
                raise RolesError("this database holds a programme, no demo; nothing was deleted")
        for role in (APP, "mm_owner"):  # one by one: together they trip over the rights that one gave the other
            connection.execute(f"DROP OWNED BY {role} CASCADE".encode())
        for schema in ("care", "people", "sync", "linkage"):
            connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE".encode())


def _make(connection: psycopg.Connection[tuple[object, ...]], admin_url: str) -> None:
    known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
    for name, rights in _ROLES.items():
        if name not in known:
            connection.execute(sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(name), sql.SQL(rights)))
    for name in (APP, BACKUP):
        password = sql.Literal(role_password(admin_url, name))
        connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(name), password))
    for setting, value in _LIMITS.items():
        connection.execute(sql.SQL("ALTER ROLE mm_app SET {} = {}").format(sql.Identifier(setting), sql.Literal(value)))
    connection.execute("GRANT mm_people, mm_linkage, mm_reports TO mm_app WITH INHERIT FALSE, SET TRUE")
    connection.execute("GRANT mm_owner TO CURRENT_USER WITH SET TRUE")
    row = connection.execute("SELECT current_database()").fetchone()
    assert row
    database = sql.Identifier(str(row[0]))
    connection.execute(sql.SQL("GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {} TO mm_owner").format(database))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO mm_app, mm_backup").format(database))
    connection.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute("GRANT USAGE, CREATE ON SCHEMA public TO mm_owner")
    connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    connection.execute("GRANT USAGE ON SCHEMA public TO mm_app, mm_people, mm_linkage, mm_reports, mm_backup")
    connection.execute("SET ROLE mm_owner")  # what the owner makes from now on, the server may use
    for kind, rights in {"TABLES": "SELECT, INSERT, UPDATE, DELETE", "SEQUENCES": "USAGE, SELECT"}.items():
        connection.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rights} ON {kind} TO mm_app")
        connection.execute(f"ALTER DEFAULT PRIVILEGES GRANT SELECT ON {kind} TO mm_backup")
