"""Statements that run often: the database reads and plans each once for a connection, and then only fills it in.

Django writes the values into the text of a statement, so that each is a new one to PostgreSQL. For large batches and
for long plans that costs more than the work itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection


@contextmanager
def prepared() -> Iterator["psycopg.Cursor[tuple[Any, ...]]"]:
    """A cursor whose statements PostgreSQL keeps prepared, on Django's connection and in its transaction."""
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        yield cursor
