"""`bench search`: looking for a client by name, spelt right and wrong, and by phone, among synthetic identities.

Names are drawn from the simulation's lists, common ones as often as it has them. All are sealed and have their tokens
as a push keeps them; half of the women live at the site that is searched.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import psycopg

from mentormothers.config.benchmarks.measuring import Progress, Result, Work, duration, in_turn, machine, timed
from mentormothers.config.benchmarks.own_server import Place, make_places, own_server
from mentormothers.config.database import Database
from mentormothers.config.simulating import read_names_file
from mentormothers.simulation.chances import Chances
from mentormothers.simulation.identities import Names

if TYPE_CHECKING:
    from mentormothers.access.scope import Scope

TOKEN, OPENING = "one token, by its index", "opening everybody at the site"
RIGHT, WRONG, ONE_WORD = "both names", "both names, one misspelt", "a first name alone"
PHONE, LOOK_UP = "a phone number", "look-up over all sites: misspelt name and village"
# How long these take may tell nobody who is a client of others.
STRANGER, STRANGER_NOBODY = "the same from another organisation", "look-up from another organisation: nobody's name"
RIGHTLESS, RIGHTLESS_NOBODY = "the same by who has no right", "look-up by who has no right: nobody's name"
_LOOKED_FOR = 20  # women one after another; what is told is the mean of one
_COMMON = 0.8  # as the simulation's parameters have it
_TABLES: Mapping[str, Sequence[str]] = {
    "care.client": ("id", "role", "site", "organisation"),
    "care.fact": ("record", "place", "client", "role", "kind", "day", "precision", "value", "source", "site",
                  "organisation"),
    "people.client_key": ("client", "organisation", "wrapped"),
    "people.identity_record": ("record", "client", "site", "organisation", "sealed"),
    "people.search_token": ("client", "token", "organisation"),
}  # fmt: skip


@dataclass(frozen=True)
class Woman:
    """Somebody invented, and how a clerk elsewhere would write her first name."""

    client: UUID
    site: int
    given: str
    misspelt: str
    family: str
    village: str
    phone: str

    @property
    def answers(self) -> dict[str, str]:
        """What is sealed of her."""
        return {
            "name.given": self.given, "name.family": self.family, "address.village": self.village,
            "phone.number": self.phone,
        }  # fmt: skip


def bench_search(clients: int, seed: int, rounds: int, progress: Progress) -> Result:
    """Measure searches. Raises RuntimeError when somebody is not found by her own name: then nothing was measured."""
    with own_server() as found:
        places = make_places(2)
        progress(f"sealing {clients:,} synthetic identities")
        women = list(_women(read_names_file(), Chances(seed, "search"), places, clients))
        _fill(found, places[0].organisation, women)
        here = [woman for woman in women if woman.site == places[0].site]
        looked_for = here[:: max(1, len(here) // _LOOKED_FOR)][:_LOOKED_FOR]
        works, lost = _works(places[0], looked_for), _lost(places[0], here[:1000])
        values = in_turn(rounds, works, progress)
    figures = (
        *(duration(name, values, "s") for name in (TOKEN, OPENING)),
        *(duration(name, values, "s", OPENING) for name in (RIGHT, WRONG, ONE_WORD)),
        *(duration(name, values, "s", TOKEN) for name in (PHONE, LOOK_UP)),
        duration(STRANGER_NOBODY, values, "s"),
        duration(STRANGER, values, "s", STRANGER_NOBODY),
        duration(RIGHTLESS_NOBODY, values, "s"),
        duration(RIGHTLESS, values, "s", RIGHTLESS_NOBODY),
    )
    sizes = {"clients": clients, "at the site": len(here), "seed": seed, "rounds": rounds, **lost}
    return Result("search", figures, sizes, machine(("psycopg", "django", "cryptography")), (_NOTE,))


_NOTE = (
    "Each value is the mean of twenty women, one after another. Misspelt by one of the simulation's spelling habits. "
    "Names are drawn by chance from lists; real ones are more alike within a place."
)


def _women(names: Names, chances: Chances, places: Sequence[Place], number: int) -> Iterator[Woman]:
    for n in range(number):
        given = _drawn(chances, names.common_given, names.other_given)
        yield Woman(
            uuid4(), places[n % len(places)].site, given, _misspelt(chances, names, given),
            _drawn(chances, names.common_surname, names.other_surname), chances.one_of(names.other_surname),
            f"099{n:07d}",
        )  # fmt: skip


def _drawn(chances: Chances, common: tuple[str, ...], other: tuple[str, ...]) -> str:
    return chances.one_of(common if chances.happens(_COMMON) else other)


def _misspelt(chances: Chances, names: Names, name: str) -> str:
    fitting = [pair for pair in names.spellings if pair[0] in name[1:]]
    heard, written = chances.one_of(tuple(fitting)) if fitting else ("", "")
    return name[0] + name[1:].replace(heard, written, 1) if heard else name + "h"


def _fill(found: Database, organisation: int, women: Iterable[Woman]) -> None:
    """Write women as pushes leave them, past the rights that a push has."""
    from mentormothers.people.sealing import seal_answers, wrap
    from mentormothers.people.tokens import tokens_of

    rows: dict[str, list[Sequence[object]]] = {table: [] for table in _TABLES}
    for woman in women:
        client, record, key = woman.client, uuid4(), secrets.token_bytes(32)
        rows["care.client"].append((client, "mother", woman.site, organisation))
        rows["care.fact"].append((record, 0, client, "mother", "consent.data_use", "2025-01-01", 0, "given", "observed",
                                  woman.site, organisation))  # fmt: skip
        rows["people.client_key"].append((client, organisation, wrap(key, client, organisation)))
        sealed = seal_answers(key, woman.answers, record, client)
        rows["people.identity_record"].append((record, client, woman.site, organisation, sealed))
        rows["people.search_token"] += [(client, token, organisation) for token in tokens_of(woman.answers)]
    assert found.admin
    with psycopg.connect(found.admin) as server, server.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table, columns in _TABLES.items():
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN".encode()) as copy:
                for row in rows[table]:
                    copy.write_row(row)
        cursor.execute("ANALYZE")


def _works(place: Place, women: Sequence[Woman]) -> dict[str, Work]:
    from mentormothers.access.scope import NOWHERE, Scope
    from mentormothers.people.keeping import read
    from mentormothers.people.looking_up import look_up
    from mentormothers.people.searching import search

    def each(look: Callable[[Woman], int]) -> Work:
        whole = timed(lambda: sum(_scoped(place, partial(look, woman)) for woman in women))
        return lambda number: whole(number) / len(women)

    def unseen(scope: Scope, text: Callable[[Woman], str]) -> Work:
        """Looks that find nobody."""

        def look(woman: Woman) -> int:
            return 1 + _within(scope, lambda: len(look_up(text(woman), 5)))

        whole = timed(lambda: sum(map(look, women)) == len(women))
        return lambda number: whole(number) / len(women)

    stranger = Scope((), (place.organisation + 1000,))
    return {
        TOKEN: each(_one_token),
        OPENING: timed(lambda: _scoped(place, lambda: len(read(_everybody())))),
        RIGHT: each(lambda woman: len(search(f"{woman.family} {woman.given}"))),
        WRONG: each(lambda woman: len(search(f"{woman.misspelt} {woman.family}"))),
        ONE_WORD: each(lambda woman: len(search(woman.given))),
        PHONE: each(lambda woman: len(search(woman.phone))),
        LOOK_UP: each(lambda woman: len(look_up(_hers(woman), 5))),
        STRANGER: unseen(stranger, _hers),
        STRANGER_NOBODY: unseen(stranger, _nobodys),
        RIGHTLESS: unseen(NOWHERE, _hers),
        RIGHTLESS_NOBODY: unseen(NOWHERE, _nobodys),
    }


def _hers(woman: Woman) -> str:
    return f"{woman.misspelt} {woman.village}"


def _nobodys(woman: Woman) -> str:
    """Words of the same length that nobody is called by."""
    return f"{woman.misspelt[::-1]} {woman.village[::-1]}"


def _lost(place: Place, women: Sequence[Woman]) -> dict[str, int]:
    """How many of some women are not found by their names as a clerk elsewhere writes them."""
    from mentormothers.people.searching import search

    def missing(text: Callable[[Woman], str]) -> int:
        return sum(_scoped(place, partial(lambda one: one.client not in search(text(one)), woman)) for woman in women)

    if missing(lambda woman: f"{woman.given} {woman.family}"):
        raise RuntimeError("somebody is not found by her own name. Please report this; nothing was measured")
    return {
        "misspelt names tried": len(women),
        "of them not found": missing(lambda woman: f"{woman.misspelt} {woman.family}"),
    }


def _one_token(woman: Woman) -> int:
    from mentormothers.access.scope import PEOPLE, as_role
    from mentormothers.people.models import SearchToken
    from mentormothers.people.tokens import asked_tokens

    with as_role(PEOPLE):
        return SearchToken.objects.filter(token=asked_tokens(woman.phone)[0].token).count()


def _everybody() -> Iterable[UUID]:
    from mentormothers.care.models import Client

    return Client.objects.values_list("id", flat=True)


def _scoped(place: Place, look: Callable[[], int]) -> int:
    from mentormothers.access.scope import Scope

    return _within(Scope((place.site,), (place.organisation,)), look)


def _within(scope: "Scope", look: Callable[[], int]) -> int:
    from mentormothers.access.scope import scoped

    with scoped(scope):
        return look()
