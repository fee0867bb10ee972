"""Group talks of the demo's mentors: audience, topics and heads, nobody by name."""

from collections.abc import Iterator

from mentormothers.config.demo.writing.written import Written
from mentormothers.simulation.chances import Chances
from mentormothers.simulation.logbook import iso
from mentormothers.simulation.sites import Mentor

_EVERY_DAYS = 24
_AUDIENCES = {
    "women_hiv": ("adherence", "disclosure"), "new_mothers": ("infant_feeding", "parenting"),
    "women_neg": ("testing", "safer_sex"), "men": ("testing", "parenting"),
    "adolescents": ("safer_sex", "family_planning"),
    "mixed": ("malaria", "nutrition"),
}  # fmt: skip


def group_talks(mentor: Mentor, first: int, last: int, *, seed: int) -> Iterator[Written]:
    """What a mentor wrote of the groups she led between two days (day numbers)."""
    chances = Chances(seed, "groups", mentor.code)
    day = first + chances.between(0, _EVERY_DAYS)
    while day <= last:
        yield _talk(mentor, day, chances)
        day += _EVERY_DAYS + chances.between(-6, 12)


def _talk(mentor: Mentor, day: int, chances: Chances) -> Written:
    audience = chances.one_of(tuple(_AUDIENCES))
    men = {"men": chances.between(4, 15), "mixed": chances.between(0, 6)}.get(audience, 0)
    women = 0 if audience == "men" else chances.between(4, 22)
    answers = {
        "held_on": iso(day), "place": chances.one_of(("clinic", "clinic", "community", "school", "worship")),
        "audience": audience, "topics": [chances.one_of(_AUDIENCES[audience])], "women": women, "men": men,
        "young": women if audience == "adolescents" else chances.between(0, women // 4),
    }  # fmt: skip
    sent = day + (mentor.sync_on - day) % mentor.sync_every
    return Written(
        f"{mentor.code}-group-{day}", frozenset(), day, sent, mentor.code, "group_session", None, answers, "observed"
    )
