"""Random protocols over random histories: every engine gives the rows of the reference."""

from collections.abc import Iterator
from datetime import date, timedelta

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from mentormothers.engines import reference
from mentormothers.protocol.model import Item, Protocol
from mentormothers.protocol.terms import EventTerm, StartTerm
from tests.conftest import Engine
from tests.generative.crowds import crowd
from tests.generative.histories import START
from tests.generative.protocols import DAYS, protocols

_as_of = DAYS.map(lambda n: START + timedelta(days=n))
_seed = st.integers(0, 999_999)
_families = st.sampled_from([2, 30, 120])
# A crowd does not get simpler by shrinking; the seed makes it again.
MADE = (Phase.explicit, Phase.reuse, Phase.generate)


@settings(max_examples=150, phases=MADE)
@given(protocol=protocols(), seed=_seed, families=_families, as_of=_as_of)
def test_engines_agree_on_any_protocol(
    engines: dict[str, Engine], protocol: Protocol, seed: int, families: int, as_of: date
) -> None:
    history = crowd(seed, families)
    expected = set(engines["reference"](protocol, history, as_of))
    for name in ("sqlite", "phone", "duckdb", "postgres"):
        found = set(engines[name](protocol, history, as_of))
        assert (name, sorted(found - expected), sorted(expected - found)) == (name, [], [])


def words_of(item: Item) -> Iterator[str]:
    """The constructs that an item uses."""
    anchor, repeat = item.anchor, item.repeat
    yield from (f"anchor {term.which}" for term in anchor.terms if isinstance(term, EventTerm))
    yield from ("since" for term in anchor.terms if isinstance(term, EventTerm) and term.since)
    yield from ("start of" for term in anchor.terms if isinstance(term, StartTerm))
    yield from (f"{anchor.pick}_of" for _ in anchor.terms[1:])
    yield from (word for word, used in (("anew_at", anchor.anew), ("sample of", anchor.shift_to)) if used)
    yield (
        "months"
        if item.offset.months
        else "booked"
        if item.offset.booked
        else "supply"
        if item.offset.supply
        else "days"
    )
    for does in item.satisfied_by:
        used = {"#n": does.number, "of the anchor": does.of_anchor, "another": does.another, "from": does.not_before}
        yield from (word for word in used if used[word])
        yield from ["on any day"] if does.any_day else []
        yield from [f"{does.match.of}'s fact does it"] if does.match.of else []
    yield from (f"anchor of {term.match.of}" for term in anchor.terms if isinstance(term, EventTerm) and term.match.of)
    for stop in item.stop:
        yield "stop until" if stop.until else "stop at a definition" if stop.definition else "stop"
        yield from [f"stop of {stop.match.of}"] if stop.match and stop.match.of else []
    yield from ("unless a definition" if unless.definition else "unless a fact" for unless in item.unless)
    yield from [f"ages, unknown {item.who.ages.unknown}"] if item.who.ages else []
    yield from (f"where {place.on}" for place in item.who.places)
    yield from [word for word in ("series", "last_day", "lost") if getattr(item, word)]
    if repeat:
        yield "repeat from anchor" if repeat.from_anchor else "repeat last"
        yield from [word for word in ("every", "most") if getattr(repeat, word)]


CONSTRUCTS = {
    "anchor latest", "anchor first", "anchor each", "since", "start of", "latest_of", "first_of", "anew_at", "sample of",
    "months", "days", "booked", "supply", "#n", "of the anchor", "another", "from", "on any day", "mother's fact does it",
    "child's fact does it", "anchor of mother", "anchor of child", "stop", "stop until", "stop at a definition",
    "stop of mother", "stop of child", "unless a fact", "unless a definition", "ages, unknown True", "ages, unknown False",
    "where True", "where False", "series", "last_day", "lost", "repeat from anchor", "repeat last", "every", "most",
}  # fmt: skip
STATES = {"upcoming", "due", "overdue", "defaulted", "lost", "expired", "done", "cancelled"}
VERSIONS = {"the only version", "an older version", "the latest version", "finished under an older one"}


def test_random_protocols_meet_every_construct() -> None:
    """Each in a row that was done and in one that was not, so that it could have been wrong."""
    met: set[str] = set()

    @settings(max_examples=800, phases=MADE)
    @given(protocols(), _seed, _families, _as_of)
    def meet(protocol: Protocol, seed: int, families: int, as_of: date) -> None:
        for row in reference.schedule(protocol, crowd(seed, families), as_of):
            version = protocol.of_rule(row.rule)
            outcome = "done" if row.state == "done" else "not done"
            met.update(f"{word}: {outcome}" for word in words_of(version.item(row.item)))
            met.add(row.state)
            met.add(_which(protocol, version, as_of))

    meet()
    wanted = {f"{word}: {outcome}" for word in CONSTRUCTS for outcome in ("done", "not done")} | STATES | VERSIONS
    missing = sorted(wanted - met)
    assert not missing, ", ".join(missing)


def _which(protocol: Protocol, version: Protocol, as_of: date) -> str:
    if protocol.succeeds is None:
        return "the only version"
    if version is protocol.versions[-1]:
        return "the latest version"
    following = protocol.versions[protocol.versions.index(version) + 1]
    return "finished under an older one" if following.effective_from <= as_of else "an older version"
