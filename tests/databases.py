"""Databases for tests: a template set up once, a copy of it for every test that asks.

Each test commits for real, as the restricted role mm_app, so that row-level security, triggers and the feed
behave as they do in service.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

from mentormothers.config.database import Database, database
from mentormothers.config.embedded import Cluster

TEMPLATE = "mm_template"
PROTOCOL = "ACC-1"  # frozen, so that what these tests expect does not move; the demo's tests follow the one in force
_numbers = count(1)


@pytest.fixture(scope="session")
def template(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Cluster:
    """A cluster with a migrated database to copy from, and Django set up in this process."""
    os.environ["MENTORMOTHERS_STATE"] = str(tmp_path_factory.mktemp("state"))
    os.environ["MENTORMOTHERS_DEMO"] = "1"
    os.environ["MENTORMOTHERS_PROTOCOL"] = PROTOCOL
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
    found = database(cluster.url(TEMPLATE))
    from mentormothers.config.starting import collect_static, migrate, start_django

    start_django(found)
    migrate(found)
    collect_static()
    from django.test.utils import setup_test_environment

    from mentormothers.care.publishing import publish_programme
    from mentormothers.protocol.reading import find_protocol

    setup_test_environment()
    publish_programme(find_protocol(PROTOCOL))
    disconnect()
    return cluster


@pytest.fixture
def db(template: Cluster) -> Iterator[Database]:
    """A database of this test's own, to which Django is connected as mm_app."""
    with own_database(template) as found:
        yield found


@contextmanager
def own_database(template: Cluster) -> Iterator[Database]:
    """A copy of the template to which Django is connected, gone afterwards."""
    name = f"mm_test_{next(_numbers)}"
    with psycopg.connect(template.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
    connect_to(name)
    yield database(template.url(name))
    connect_to(TEMPLATE)
    with psycopg.connect(template.url("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def connect_to(name: str) -> None:
    """Connect Django to a database of the cluster."""
    from django.db import connections

    from mentormothers.care.publishing import published_form

    disconnect()
    for alias in connections:
        connections.databases[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name
    published_form.cache_clear()


def disconnect() -> None:
    """Close Django's connections, so that a database can be copied."""
    from django.db import connections

    connections.close_all()


def shared_file(*parts: str) -> Path:
    """A file of the workplace's shared data; the test is skipped where it is absent."""
    path = Path(__file__).parents[2] / "shared" / "data" / Path(*parts)
    if not path.exists():
        pytest.skip(f"shared data is not here: {'/'.join(parts)}")
    return path
