"""Statements that run often: the database reads and plans each once for a connection, and then only fills it in.

Django writes the values into the text of a statement, so that each is a new one to PostgreSQL. For large batches and
for long plans that costs more than the work itself.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

Statement = tuple[str, Sequence[Any]]
Execute = Callable[[str, Sequence[Any]], "psycopg.Cursor[tuple[Any, ...]]"]


@contextmanager
def prepared() -> Iterator["psycopg.Cursor[tuple[Any, ...]]"]:
    """A cursor whose statements PostgreSQL keeps prepared, on Django's connection and in its transaction."""
    own = _own()
    with own.wrap_database_errors, psycopg.Cursor(own.connection) as cursor:
        yield cursor


@contextmanager
def together() -> Iterator[Execute]:
    """Statements that travel together, each on a prepared cursor of its own: none waits for the answer of another.

    After the first that fails none is done. Answers are there once the block is left; to fetch one inside is to wait.
    """
    own = _own()
    with own.wrap_database_errors, own.connection.pipeline():
        yield lambda text, values: psycopg.Cursor(own.connection).execute(text, values)


def _own() -> Any:
    """Django's connection of this thread, ready to be asked."""
    own = connections[DEFAULT_DB_ALIAS]
    own.ensure_connection()
    own.validate_no_broken_transaction()
    return own
