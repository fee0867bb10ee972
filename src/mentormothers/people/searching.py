"""Looking for somebody by name, village, phone or number: tokens choose a few candidates in scope, and only theirs are
opened and put in order by how close they are. Everything here works as the database role mm_people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from mentormothers.access.scope import PEOPLE, as_role
from mentormothers.access.statements import prepared
from mentormothers.people.identity import Identity
from mentormothers.people.keeping import read
from mentormothers.people.numbers import card_form, number_form, phone_form
from mentormothers.people.spelling import closeness, words_of
from mentormothers.people.tokens import EXACT, Asked, asked_tokens, is_number, typed_words

MOST = 300  # candidates that are opened
# Those who have a token of every typed word, or the number that the whole text is; who has the best ones comes first.
_CANDIDATES = """
WITH best AS (
    SELECT t.client, a.word, max(a.weight) AS weight
    FROM unnest(%s::bytea[], %s::int[], %s::int[]) AS a(token, word, weight)
    JOIN people.search_token t ON t.token = a.token
    WHERE %s::uuid[] IS NULL OR t.client = ANY (%s::uuid[])
    GROUP BY t.client, a.word)
SELECT client, bool_or(word = %s) AS exact FROM best GROUP BY client
HAVING bool_or(word = %s) OR count(*) = %s
ORDER BY exact DESC, sum(weight) DESC, client LIMIT %s"""


@dataclass(frozen=True)
class Candidate:
    """Somebody in scope who may be looked for; exact: the whole text is a number of hers."""

    client: UUID
    exact: bool


def search(text: str, among: Iterable[UUID] | None = None) -> Mapping[UUID, Identity]:
    """Clients in scope whom a text may mean, the closest first; among: of these only."""
    found = candidates(text, among)
    known = read(one.client for one in found)
    return {one.client: known[one.client] for one in closest_first(text, found, known)}


def candidates(text: str, among: Iterable[UUID] | None = None) -> list[Candidate]:
    """Whose tokens fit a text, the likeliest first, and no more of them than can be opened."""
    asked = asked_tokens(text)
    if not asked:
        return []
    few = None if among is None else list(among)
    with as_role(PEOPLE), prepared() as cursor:
        values = [*columns_of(asked), few, few, EXACT, EXACT, words_in(asked), MOST]
        rows = cursor.execute(_CANDIDATES, values).fetchall()
    return [Candidate(*row) for row in rows]


def columns_of(asked: Sequence[Asked]) -> list[list[Any]]:
    """Tokens with their words and weights, as the database takes them."""
    return [list(column) for column in zip(*((a.token, a.word, a.weight) for a in asked), strict=True)]


def words_in(asked: Sequence[Asked]) -> int:
    """How many words a candidate must have a token of."""
    return len({a.word for a in asked} - {EXACT})


def closest_first(text: str, found: Iterable[Candidate], known: Mapping[UUID, Identity]) -> list[Candidate]:
    """The candidates to whom the text really fits, once they are known."""
    near = {one: _nearness(text, known[one.client], one) for one in found if one.client in known}
    return sorted((one for one in near if near[one]), key=lambda one: (-near[one], one.client))


def _nearness(text: str, known: Identity, candidate: Candidate) -> float:
    """How near somebody is to what was typed: 0 where a word fits nothing of hers."""
    if candidate.exact:
        return 0.0 if _is_former_card(text, known) else 2.0
    fits = [_fits(word, known) for word in typed_words(text)]
    return sum(fits) / len(fits) if fits and all(fits) else 0.0


def _is_former_card(text: str, known: Identity) -> bool:
    """Whether a text is the code of a card in whose place she has another: whoever found it must not find her."""
    return card_form(text) != "" and not _is_number_of(text, known)


def _fits(word: str, known: Identity) -> float:
    if is_number(word):
        return float(_is_number_of(word, known))
    mine = [one for text in known.names for one in words_of(text)]
    there = [0.9 * closeness(word, one) for one in words_of(known.village)]
    return max([closeness(word, one) for one in mine] + there, default=0.0)


def _is_number_of(word: str, known: Identity) -> bool:
    if any(number_form(word, kind) == number_form(number, kind) != "" for kind, number in known.numbers.items()):
        return True
    return phone_form(word) in {phone_form(phone) for phone in known.phones} - {""}
