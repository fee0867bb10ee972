"""Keeping and reading sealed identity. Everything here works as the database role mm_people."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from mentormothers.access.scope import PEOPLE, as_role
from mentormothers.access.sealing import UnreadableSealError
from mentormothers.people.identity import Identity, identity_of
from mentormothers.people.models import ClientKey, IdentityRecord, PhoneIndex
from mentormothers.people.sealing import blind, client_key_from_phone, open_answers, unwrap, wrap


@dataclass(frozen=True)
class SealedIdentity:
    """Identity answers of one record about one client, as they come from a phone.

    `key` is her key sealed to the server, when the phone made it with this record; otherwise empty.
    """

    record: UUID
    client: UUID
    sealed: bytes
    key: bytes
    site: int
    organisation: int


class IdentityRefusedError(Exception):
    """A sealed identity that cannot be opened: no key is known, or it does not fit."""


def keep(identities: Iterable[SealedIdentity]) -> None:
    """Keep identities with their clients' keys. Raises IdentityRefusedError, and then keeps none."""
    arriving = list(identities)
    if not arriving:
        return
    with as_role(PEOPLE):
        keys = _keys_with_new(arriving)
        for identity in arriving:
            _readable(identity, keys)
        _insert_identities(arriving)
        _index_phones(arriving, keys)


def read(clients: Iterable[UUID]) -> Mapping[UUID, Identity]:
    """What is known of clients in scope as persons; a client of whom nothing can be read is missing."""
    with as_role(PEOPLE):
        keys = _keys(set(clients))
        answers = defaultdict(list)
        for row in IdentityRecord.objects.filter(client__in=keys).order_by("received", "record"):
            answers[row.client].append(open_answers(keys[row.client], bytes(row.sealed), row.record, row.client))
    return {client: identity_of(known) for client, known in answers.items()}


def sealed_for_phone(pairs: Iterable[tuple[UUID, UUID]]) -> Mapping[tuple[UUID, UUID], tuple[bytes, bytes]]:
    """For (record, client) in scope: the sealed identity and the client's key, for a phone that may know her."""
    wanted = set(pairs)
    with as_role(PEOPLE):
        keys = _keys({client for _, client in wanted})
        rows = IdentityRecord.objects.filter(record__in={record for record, _ in wanted}, client__in=keys)
        return {(row.record, row.client): (bytes(row.sealed), keys[row.client]) for row in rows}


def clients_with_phone(number: str) -> list[UUID]:
    """Clients in scope with this phone number."""
    with as_role(PEOPLE):
        return list(PhoneIndex.objects.filter(blind=blind(number)).values_list("client", flat=True))


def _keys(clients: set[UUID]) -> dict[UUID, bytes]:
    rows = ClientKey.objects.filter(client__in=clients)
    return {row.client: unwrap(bytes(row.wrapped), row.client, row.organisation) for row in rows}


def _keys_to_keep_with(clients: set[UUID]) -> dict[UUID, bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT client, organisation, wrapped FROM people.keys_to_keep_with(%s)", [list(clients)])
        rows = cursor.fetchall()
    return {client: unwrap(bytes(wrapped), client, organisation) for client, organisation, wrapped in rows}


def _keys_with_new(arriving: Iterable[SealedIdentity]) -> dict[UUID, bytes]:
    """The keys of the clients of whom something arrives. Of two phones that bring a key at once, the first counts."""
    keys = _keys_to_keep_with({i.client for i in arriving})
    new = {i.client: i for i in arriving if i.key and i.client not in keys}
    if not new:
        return keys
    rows = [(c, i.organisation, wrap(_made_key(i), c, i.organisation)) for c, i in sorted(new.items())]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO people.client_key (client, organisation, wrapped) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            rows,
        )
    return keys | _keys_to_keep_with(set(new))


# By hand: what Django adds to an insert, to read the row back, is refused for a client whose home is another site.
def _insert_identities(identities: Iterable[SealedIdentity]) -> None:
    rows = [(i.record, i.client, i.site, i.organisation, i.sealed) for i in identities]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO people.identity_record (record, client, site, organisation, sealed)"
            " VALUES (%s, %s, %s, %s, %s)",
            rows,
        )


def _made_key(identity: SealedIdentity) -> bytes:
    try:
        return client_key_from_phone(identity.key)
    except UnreadableSealError:
        raise IdentityRefusedError("the client's key was not sealed to this server") from None


def _readable(identity: SealedIdentity, keys: Mapping[UUID, bytes]) -> dict[str, object]:
    key = keys.get(identity.client)
    if key is None:
        raise IdentityRefusedError("no key of this client is known here")
    try:
        return open_answers(key, identity.sealed, identity.record, identity.client)
    except UnreadableSealError:
        raise IdentityRefusedError("the sealed answers do not open with the client's key") from None


def _index_phones(identities: Iterable[SealedIdentity], keys: Mapping[UUID, bytes]) -> None:
    found = {
        (i.client, blind(number), i.organisation)
        for i in identities
        if isinstance(number := _readable(i, keys).get("phone.number"), str) and number.strip()
    }
    PhoneIndex.objects.bulk_create(
        [PhoneIndex(client=client, blind=hashed, organisation=organisation) for client, hashed, organisation in found],
        ignore_conflicts=True,
    )
