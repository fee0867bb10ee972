"""The persons of proposals, opened for whoever is to decide on them.

It works as the database role mm_people, which gets of other sites' clients only those who are proposed together with
one of the scope (linkage/sql/security.sql).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from mentormothers.access.scope import PEOPLE, as_role
from mentormothers.access.statements import prepared
from mentormothers.facts.days import Precision
from mentormothers.people.identity import identity_of
from mentormothers.people.looking_up import Match
from mentormothers.people.sealing import open_answers, unwrap

_PROPOSED = """
SELECT client, mother, site, born, known_to, organisation, wrapped, record, sealed FROM linkage.proposed(%s)"""


@dataclass(frozen=True)
class Proposed:
    """Somebody of a proposal, and of a child its mother, where she is known."""

    person: Match
    mother: Match | None


def proposed_among(clients: Iterable[UUID]) -> Mapping[UUID, Proposed]:
    """Those of some clients who stand in proposals of the scope and can be read."""
    wanted = set(clients)
    with as_role(PEOPLE), prepared() as cursor:
        rows = cursor.execute(_PROPOSED, [list(wanted)]).fetchall()
    answers, about = defaultdict(list), {}
    for client, mother, site, born, known_to, organisation, wrapped, record, sealed in rows:
        key = unwrap(bytes(wrapped), client, organisation)
        answers[client].append(open_answers(key, bytes(sealed), record, client))
        about[client] = mother, site, born, None if known_to is None else Precision(known_to)
    found = {client: Match(client, identity_of(said), *about[client][1:]) for client, said in answers.items()}
    return {client: Proposed(one, found.get(about[client][0])) for client, one in found.items() if client in wanted}
