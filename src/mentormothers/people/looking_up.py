"""Looking somebody up over all sites of an organisation, to know her again: the database gives the sealed rows of a few
candidates (people/sql/look_up.sql), which are opened and held against what was typed."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from mentormothers.access.scope import PEOPLE, as_role
from mentormothers.access.statements import prepared
from mentormothers.facts.days import Precision
from mentormothers.people.identity import Identity, identity_of
from mentormothers.people.sealing import open_answers, unwrap
from mentormothers.people.searching import Candidate, closest_first, columns_of, words_in
from mentormothers.people.tokens import EXACT, asked_tokens

_LOOK_UP = """
SELECT client, exact, site, born, known_to, organisation, wrapped, record, sealed
FROM people.look_up(%s::bytea[], %s::int[], %s::int[], %s, %s)"""


@dataclass(frozen=True)
class Match:
    """Somebody of the organisation to whom a text fits."""

    client: UUID
    identity: Identity
    site: int
    born: date | None
    precision: Precision | None


def look_up(text: str, most: int) -> list[Match]:
    """Women of the organisations of the scope whom a text may mean, at whichever of their sites, the closest first."""
    asked = asked_tokens(text)
    if not asked:
        return []
    with as_role(PEOPLE), prepared() as cursor:
        rows = cursor.execute(_LOOK_UP, [*columns_of(asked), words_in(asked), EXACT]).fetchall()
    found = {row[0]: Candidate(row[0], row[1]) for row in rows}
    known, about = _opened(rows), {row[0]: row[2:5] for row in rows}
    closest = closest_first(text, found.values(), known)[:most]
    return [_match(one.client, known[one.client], *about[one.client]) for one in closest]


def still_known(client: UUID) -> bool:
    """Whether a look-up within the scope may still find her: she was not erased, and agrees that her data are kept."""
    with as_role(PEOPLE), prepared() as cursor:
        row = cursor.execute("SELECT people.is_known(%s)", [client]).fetchone()
    return bool(row and row[0])


def _match(client: UUID, known: Identity, site: int, born: date | None, precision: int | None) -> Match:
    return Match(client, known, site, born, None if precision is None else Precision(precision))


def _opened(rows: list[tuple[Any, ...]]) -> Mapping[UUID, Identity]:
    answers = defaultdict(list)
    for client, _, _, _, _, organisation, wrapped, record, sealed in rows:
        key = unwrap(bytes(wrapped), client, organisation)
        answers[client].append(open_answers(key, bytes(sealed), record, client))
    return {client: identity_of(said) for client, said in answers.items()}
