"""The programme of the harness: three sites of two organisations, their people and phones, made as the office does it."""

import os
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from mentormothers.config.database import database
from mentormothers.config.demo.phone import SyntheticPhone
from tests.faults.installation import Installation
from tests.faults.ledger import Ledger
from tests.faults.phones import Phone

_SITES = (("Ndirande", "Programme", 2), ("Zomba", "Programme", 2), ("Matawale", "Partner", 1))  # mentors each
_OPENED = date(2024, 1, 1)


@dataclass
class Programme:
    """What the faults happen to."""

    installation: Installation
    ledger: Ledger = field(default_factory=Ledger)
    phones: list[Phone] = field(default_factory=list)
    coordinators: dict[int, Any] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)

    def make(self) -> None:
        """Sites, people and phones."""
        os.environ.update(self.installation.environment)
        from mentormothers.config.starting import start_django

        start_django(database(self.installation.cluster.url()))
        from mentormothers.sites.models import Organisation, Site, SiteModel

        for name, organisation_name, mentors in _SITES:
            organisation, _ = Organisation.objects.get_or_create(name=organisation_name)
            site = Site.objects.create(name=name, organisation=organisation, opened=_OPENED)
            SiteModel.objects.create(site=site, model="direct", since=_OPENED)
            coordinator = self._person(f"coordinator-{name}", "coordinator", site)
            self.coordinators[site.id] = coordinator
            for number in range(mentors):
                mentor = self._person(f"mentor-{name}-{number}", "mentor", site)
                self.add_phone([str(mentor.id), str(coordinator.id)], site.id)

    def add_phone(self, people: list[str], site: int) -> Phone:
        """A phone of some people, enrolled with a code of their coordinator."""
        from mentormothers.access.devices import make_code
        from mentormothers.access.models import User

        fresh_connections()
        by = self.coordinators[site]
        users = [User.objects.get(id=person) for person in people]
        code = make_code(by=by, site=site, organisation=by.organisation, people=users)
        # Every phone calls from an address of its own, so that nobody is slowed down because of the others.
        address = f"127.0.1.{len(self.phones) + 1}"
        phone = Phone(self.installation.port, address, SyntheticPhone(), self.ledger, people, site)
        phone.enrol(code)
        self.phones.append(phone)
        return phone

    @property
    def working(self) -> list[Phone]:
        """The phones that are not put out of service."""
        return [phone for phone in self.phones if not phone.revoked]

    def put_out(self, phone: Phone) -> None:
        """A phone is put out of service; from now on the server may refuse what it wrote."""
        from mentormothers.access.devices import revoke
        from mentormothers.access.models import Device

        fresh_connections()
        for written in phone.outbox:
            written.may |= {"SYNC-016"}
        revoke(Device.objects.get(id=phone.synthetic.device), by=self.coordinators[phone.site])

    def ask_to_look_for(self, phone: Phone, client: str) -> bool:
        """The coordinator asks a phone's mentor to look for a client; gives whether that was allowed."""
        from mentormothers.access.models import User
        from mentormothers.access.scope import scope_of, scoped
        from mentormothers.care.models import Client
        from mentormothers.followup.actions import NotAllowedError, ask_to_look_for

        fresh_connections()
        by = self.coordinators[phone.site]
        try:
            with scoped(scope_of(by)):
                ask_to_look_for(UUID(client), mentor=User.objects.get(id=phone.author), item="ACC.REFILL", by=by)
        except (NotAllowedError, Client.DoesNotExist):
            return False
        return True

    def end_asking(self, site: int) -> None:
        """A coordinator ends whatever she had asked for."""
        from mentormothers.access.scope import scope_of, scoped
        from mentormothers.followup.actions import end_assignment
        from mentormothers.followup.models import Assignment

        fresh_connections()
        by = self.coordinators[site]
        with scoped(scope_of(by)):
            for assignment in Assignment.objects.filter(ended_at=None):
                end_assignment(assignment, because="she came", by=by)

    def publish_later_version(self, version: str) -> None:
        """Publish a form version that some phones had already."""
        from mentormothers.care.models import Publication

        fresh_connections()
        known = Publication.objects.filter(kind="form", name="visit").order_by("id").first()
        assert known
        body = known.body.replace(known.version, version)
        Publication.objects.get_or_create(
            kind="form", name="visit", version=version, defaults={"digest": f"later{version}", "body": body}
        )

    def begin_job(self) -> None:
        """Let the worker look through the quarantine."""
        from procrastinate.exceptions import AlreadyEnqueued

        from mentormothers.config.jobs import retry_quarantined

        fresh_connections()
        try:
            retry_quarantined.defer()
        except AlreadyEnqueued:
            return

    def _person(self, name: str, role: str, site: Any) -> Any:
        from mentormothers.access.models import Membership, User

        user = User.objects.create_user(
            name.lower(), None, first_name=name, role=role, organisation=site.organisation_id
        )
        Membership.objects.create(user=user, site=site.id)
        self.roles[str(user.id)] = role
        return user


def fresh_connections() -> None:
    """The database may have been killed since Django last spoke to it."""
    from django.db import connections

    connections.close_all()
