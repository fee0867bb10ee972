"""A PostgreSQL server of the benchmark's own, as durable as a programme's, gone afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg

from mentormothers.config.database import Database, database
from mentormothers.config.demo.phone import SyntheticPhone
from mentormothers.config.embedded import DATABASE, Cluster
from mentormothers.config.starting import migrate, start_django


@dataclass(frozen=True)
class Place:
    """A site with a mentor, and the code that enrols her phone."""

    site: int
    organisation: int
    author: str
    code: str

    def phone(self) -> SyntheticPhone:
        """The phone, enrolled. Its key never leaves the process that asks."""
        from mentormothers.access import devices
        from mentormothers.access.serverkey import public_point

        phone = SyntheticPhone(site=self.site, organisation=self.organisation, server_key=public_point())
        phone.device = str(devices.enrol(self.code, phone.public_key).id)
        return phone


@contextmanager
def own_server() -> Iterator[Database]:
    """A server with the programme's tables, in a folder that is deleted afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="mm-bench-"))
    folder.chmod(0o755)
    os.environ |= {"MENTORMOTHERS_STATE": str(folder), "MENTORMOTHERS_DEMO": "1"}
    cluster = Cluster(folder / "postgresql")
    cluster.start()
    try:
        with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE}".encode())
        found = database(cluster.url())
        start_django(found)
        migrate(found)
        yield found
    finally:
        from django.db import connections

        connections.close_all()
        cluster.remove()
        shutil.rmtree(folder, ignore_errors=True)


def publish_content() -> None:
    """Publish the programme's forms and protocol."""
    from mentormothers.care.live import protocol_in_force
    from mentormothers.care.publishing import publish_programme

    publish_programme(protocol_in_force())


def make_places(number: int) -> list[Place]:
    """So many sites of one organisation, each with a mentor who gets a phone."""
    from django.utils import timezone

    from mentormothers.sites.models import Organisation, Site

    organisation = Organisation.objects.create(name="Synthetic programme")
    opened = timezone.localdate() - timedelta(days=2000)
    sites = [
        Site.objects.create(name=f"Site {n}", organisation=organisation, opened=opened) for n in range(1, number + 1)
    ]
    return [_place(n, site.id, organisation.id) for n, site in enumerate(sites)]


def _place(number: int, site: int, organisation: int) -> Place:
    from mentormothers.access import devices
    from mentormothers.access.models import Membership, Role, User

    user = User.objects.create_user(f"mentor{number}", None, role=Role.MENTOR, organisation=organisation)
    Membership.objects.create(user=user, site=site)
    code = devices.make_code(by=user, site=site, organisation=organisation, people=[user])
    return Place(site, organisation, str(user.id), code)
