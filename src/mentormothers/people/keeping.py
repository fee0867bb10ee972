"""Keeping and reading sealed identity. Everything here works as the database role mm_people."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from mentormothers.access.scope import PEOPLE, as_role
from mentormothers.access.sealing import UnreadableSealError
from mentormothers.access.statements import prepared, together
from mentormothers.people.identity import Identity, identity_of
from mentormothers.people.models import ClientKey, Erasure, IdentityRecord
from mentormothers.people.sealing import client_key_from_phone, open_answers, unwrap, wrap
from mentormothers.people.tokens import tokens_of

_KEYS_TO_KEEP_WITH = "SELECT client, organisation, wrapped FROM people.keys_to_keep_with(%s)"
# By hand: what Django adds to an insert, to read the row back, is refused for a client whose home is another site.
_KEEP_KEYS = """
INSERT INTO people.client_key (client, organisation, wrapped)
SELECT * FROM unnest(%s::uuid[], %s::int[], %s::bytea[]) ON CONFLICT DO NOTHING"""
_KEEP_IDENTITIES = """
INSERT INTO people.identity_record (record, client, site, organisation, sealed)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::int[], %s::int[], %s::bytea[])"""
_KEEP_TOKENS = """
INSERT INTO people.search_token (client, token, organisation)
SELECT * FROM unnest(%s::uuid[], %s::bytea[], %s::int[]) ON CONFLICT DO NOTHING"""


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


def keep(identities: Iterable[SealedIdentity]) -> set[UUID]:
    """Keep identities with their clients' keys, but not of clients whose name was erased; gives these.

    Raises IdentityRefusedError, and then the transaction must go back.
    """
    arriving = sorted(identities, key=lambda i: (i.client, i.record))
    if not arriving:
        return set()
    with as_role(PEOPLE):
        keys, erased = _keys_to_keep_with({i.client for i in arriving})
        if not (arriving := [i for i in arriving if i.client not in erased]):
            return erased
        new = {i.client: i for i in arriving if i.key and i.client not in keys}
        keys |= {client: _made_key(i) for client, i in new.items()}
        answers = [_readable(identity, keys) for identity in arriving]
        kept = _insert(arriving, answers, {c: wrap(keys[c], c, i.organisation) for c, i in new.items()})
        if any(kept[client] != keys[client] for client in new):
            # Another phone brought a key at the same time: the first counts, and what came must open with it.
            for identity in arriving:
                _readable(identity, keys | kept)
    return erased


def read(clients: Iterable[UUID], persons: Mapping[UUID, UUID] | None = None) -> Mapping[UUID, Identity]:
    """What is known of clients in scope as persons; a client of whom nothing can be read is missing.

    persons  by which pseudonym somebody is known who has several: what was sealed under each is told of her under it
    """
    wanted, known_by = set(clients), persons or {}
    with as_role(PEOPLE):
        keys = _keys(wanted)
        answers = defaultdict(list)
        for row in IdentityRecord.objects.filter(client__in=keys).order_by("received", "record"):
            answers[known_by.get(row.client, row.client)].append(
                open_answers(keys[row.client], bytes(row.sealed), row.record, row.client)
            )
        erased = _erased(wanted - keys.keys())
    erased = {known_by.get(client, client): identity for client, identity in erased.items()}
    return erased | {client: identity_of(known) for client, known in answers.items()}


def sealed_for_phone(pairs: Iterable[tuple[UUID, UUID]]) -> Mapping[tuple[UUID, UUID], tuple[bytes, bytes]]:
    """For (record, client) in scope: the sealed identity and the client's key, for a phone that may know her."""
    wanted = set(pairs)
    with as_role(PEOPLE):
        keys = _keys({client for _, client in wanted})
        rows = IdentityRecord.objects.filter(record__in={record for record, _ in wanted}, client__in=keys)
        return {(row.record, row.client): (bytes(row.sealed), keys[row.client]) for row in rows}


def _keys(clients: set[UUID]) -> dict[UUID, bytes]:
    rows = ClientKey.objects.filter(client__in=clients)
    return {row.client: unwrap(bytes(row.wrapped), row.client, row.organisation) for row in rows}


def _erased(clients: set[UUID]) -> dict[UUID, Identity]:
    rows = Erasure.objects.filter(client__in=clients) if clients else ()
    return {row.client: Identity(erased=timezone.localdate(row.at)) for row in rows}


def _keys_to_keep_with(clients: set[UUID]) -> tuple[dict[UUID, bytes], set[UUID]]:
    """The keys that are known, and the clients who were erased and get none again."""
    with prepared() as cursor:
        rows = cursor.execute(_KEYS_TO_KEEP_WITH, [list(clients)]).fetchall()
    erased = {client for client, _, wrapped in rows if wrapped is None}
    return _unwrapped(row for row in rows if row[0] not in erased), erased


def _insert(
    arriving: Sequence[SealedIdentity], answers: Sequence[Mapping[str, object]], wrapped: Mapping[UUID, bytes]
) -> dict[UUID, bytes]:
    """Insert identities, new wrapped keys and search tokens. The keys that were kept for the new clients."""
    organisations = {i.client: i.organisation for i in arriving}
    with together() as execute:
        if wrapped:
            execute(_KEEP_KEYS, _columns((c, organisations[c], key) for c, key in wrapped.items()))
            kept = execute(_KEYS_TO_KEEP_WITH, [list(wrapped)])
        execute(_KEEP_IDENTITIES, _columns((i.record, i.client, i.site, i.organisation, i.sealed) for i in arriving))
        if tokens := _tokens(arriving, answers):
            execute(_KEEP_TOKENS, _columns(tokens))
    return _unwrapped(kept.fetchall()) if wrapped else {}


def _columns(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _unwrapped(rows: Iterable[tuple[Any, ...]]) -> dict[UUID, bytes]:
    return {client: unwrap(bytes(wrapped), client, organisation) for client, organisation, wrapped in rows}


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


def _tokens(
    arriving: Iterable[SealedIdentity], answers: Iterable[Mapping[str, object]]
) -> list[tuple[UUID, bytes, int]]:
    """Clients with the tokens of what was said of them, in one order."""
    given = zip(arriving, answers, strict=True)
    return sorted({(i.client, token, i.organisation) for i, said in given for token in tokens_of(said)})
