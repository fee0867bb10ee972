"""Making search tokens anew from what is sealed, and holding them against the table. It works as the owner, who sees
the clients of all sites. Of whom no key is here, nothing can be read and no token is kept."""

from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from mentormothers.access.sealing import UnreadableSealError
from mentormothers.people.sealing import open_answers, unwrap
from mentormothers.people.tokens import tokens_of

_OWNER = "owner"
_BATCH = 1000
_HOLD = "LOCK TABLE people.search_token, people.identity_record IN SHARE ROW EXCLUSIVE MODE"
_SEALED = """
SELECT i.record, i.client, i.organisation, i.sealed, k.organisation, k.wrapped
FROM people.identity_record i JOIN people.client_key k USING (client) ORDER BY i.client, i.record"""
_MADE = "CREATE TEMPORARY TABLE made_token (LIKE people.search_token) ON COMMIT DROP"
_ADD = "INSERT INTO made_token SELECT * FROM unnest(%s::uuid[], %s::bytea[], %s::int[])"
# Tokens that are missing, and tokens that follow from nothing that is sealed.
_COMPARE = """
WITH due AS (SELECT client, token FROM made_token), here AS (SELECT client, token FROM people.search_token)
SELECT (SELECT count(*) FROM (TABLE due EXCEPT TABLE here) m),
       (SELECT count(*) FROM (TABLE here EXCEPT TABLE due) w)"""
_TAKE_AWAY = """
DELETE FROM people.search_token t
WHERE NOT EXISTS (SELECT FROM made_token m WHERE (m.client, m.token) = (t.client, t.token))"""
_PUT_IN = "INSERT INTO people.search_token SELECT * FROM made_token ON CONFLICT DO NOTHING"


def rebuild_tokens(*, mend: bool) -> tuple[int, int]:
    """How many tokens are missing, and how many do not follow from what is sealed; with `mend` they are put right.

    Raises UnreadableSealError where something sealed does not open with its client's key.
    """
    with transaction.atomic(_OWNER), connections[_OWNER].cursor() as cursor:
        if mend:
            cursor.execute(_HOLD)
        cursor.execute(_MADE)
        rows = _tokens()
        while batch := list(islice(rows, _BATCH)):
            cursor.execute(_ADD, [list(column) for column in zip(*batch, strict=True)])
        cursor.execute(_COMPARE)
        missing, wrong = cursor.fetchone()
        if mend and wrong:
            cursor.execute(_TAKE_AWAY)
        if mend and missing:
            cursor.execute(_PUT_IN)
    return missing, wrong


def _tokens() -> Iterator[tuple[UUID, bytes, int]]:
    """The tokens of everything that is sealed and can be opened, with the organisation that brought it."""
    with connections[_OWNER].chunked_cursor() as cursor:
        cursor.execute(_SEALED)
        for row in cursor:
            yield from _tokens_of(*row)


def _tokens_of(
    record: UUID, client: UUID, brought_by: int, sealed: Any, organisation: int, wrapped: Any
) -> Iterator[tuple[UUID, bytes, int]]:
    try:
        answers = open_answers(unwrap(bytes(wrapped), client, organisation), bytes(sealed), record, client)
    except UnreadableSealError:
        raise UnreadableSealError(f"record {record}: what is sealed with it does not open") from None
    for token in tokens_of(answers):
        yield client, token, brought_by
