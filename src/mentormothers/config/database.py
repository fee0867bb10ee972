"""Which database: the one that DATABASE_URL names, otherwise the embedded one in the state folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from mentormothers.config.embedded import Cluster, running


def state_folder() -> Path:
    """Where this installation keeps its own files: the embedded database, its keys, logs."""
    return Path(os.environ.get("MENTORMOTHERS_STATE", ".mentormothers")).resolve()


def embedded() -> Cluster:
    """The embedded server of this installation."""
    return Cluster(state_folder() / "postgresql")


@contextmanager
def command_connection() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection for a command that brings its own data and leaves nothing behind."""
    if url := os.environ.get("DATABASE_URL"):
        with psycopg.connect(url) as connection:
            yield connection
        return
    with running(embedded()) as cluster, psycopg.connect(cluster.url("postgres")) as connection:
        yield connection
