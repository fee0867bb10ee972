"""Cards: a third of the women get one when they are enrolled, and a few of them lose it."""

from collections.abc import Iterator
from uuid import UUID

from mentormothers.config.demo.sittings import Sitting
from mentormothers.config.demo.writing.family import Family
from mentormothers.config.demo.writing.written import Answers, Written
from mentormothers.facts.card_code import ALPHABET, RANDOM, with_check

_WITH_CARD, _LOSE_IT = 3, 15  # every so many women, by the number that each is known by


def first_card(family: Family, client: UUID) -> Answers:
    """The card she gets at her enrolment, if she gets one."""
    if client.int % _WITH_CARD:
        return {}
    family.cards[client] = 1
    return {"number.card": _code(client, 0)}


def card_lost(family: Family, sitting: Sitting) -> Iterator[Written]:
    """Another card in the place of one that was lost, at the first sitting after the enrolment."""
    woman = family.book.woman
    client = family.client(woman, sitting)
    if family.cards.get(client) == 1 and client.int % _LOSE_IT == 0:
        family.cards[client] = 2
        card = {client: {"number.card": _code(client, 1)}}
        yield family.form(sitting, "card", woman, {"why": "lost"}, [], identities=card)


def _code(client: UUID, number: int) -> str:
    """The code of a client's first or second card: the same at each start of the demo."""
    rest = client.int >> (64 * number)
    return with_check("".join(ALPHABET[rest >> (5 * place) & 31] for place in range(RANDOM)))
