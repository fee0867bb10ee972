"""Pseudonyms that are one person: what the office says of them, and who is who by all that was said.

What is said is a record like any other, of a form that no phone has, and it is taken back like any other. The table of
persons follows from the records (sql/following.sql).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from mentormothers.access.models import User
from mentormothers.care.actions import keep_records
from mentormothers.care.models import Client, SamePerson
from mentormothers.care.records import Prepared, read_record, uuid7
from mentormothers.care.stating import SAME_PERSON, facts_stated


def say_same_person(client: Client, other: UUID, *, by: User) -> UUID:
    """Write down at a client's home that another pseudonym is hers too; gives the record."""
    now = timezone.localtime()
    members: dict[str, Any] = {
        "id": str(uuid7(now)), "client": str(client.id), "form": SAME_PERSON.id, "form_version": SAME_PERSON.version,
        "happened": now.date().isoformat(), "precision": "day", "author": str(by.id), "device": None, "counter": None,
        "device_clock": now.isoformat(), "site": client.site, "organisation": client.organisation,
        "source": "observed", "answers": {"other": str(other), "role": client.role}, "seals": [], "signature": "",
        "relation": None,
    }  # fmt: skip
    made, body = read_record(members)
    keep_records([Prepared(made, body, facts_stated(made, SAME_PERSON))])
    return made.id


def persons_of(clients: Collection[UUID]) -> dict[UUID, UUID]:
    """By which pseudonym each of these is known: her own, or a smaller one of hers; as far as they are in scope."""
    known = dict(SamePerson.objects.filter(client__in=clients).values_list("client", "person"))
    return {client: known.get(client, client) for client in clients}


def pseudonyms_of(clients: Collection[UUID]) -> Mapping[UUID, list[UUID]]:
    """All pseudonyms of each of these, the one by which she is known first."""
    persons = persons_of(clients)
    others = defaultdict(list)
    for client, person in SamePerson.objects.filter(person__in=persons.values()).values_list("client", "person"):
        others[person].append(client)
    return {client: [person, *sorted(others[person])] for client, person in persons.items()}


def known_by(column: str = "id") -> Q:
    """Of rows about clients, those about the pseudonym by which somebody is known: lists show nobody twice."""
    return ~Q(**{f"{column}__in": SamePerson.objects.values("client")})
