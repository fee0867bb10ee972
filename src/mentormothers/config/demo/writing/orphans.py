"""A baby who is brought without its mother. The simulation has none: its babies are known through their mothers."""

from collections.abc import Iterator
from uuid import UUID

from mentormothers.config.demo.contact import carer_of
from mentormothers.config.demo.sittings import Sitting
from mentormothers.config.demo.writing.family import Family
from mentormothers.config.demo.writing.written import Answers, Written
from mentormothers.simulation.logbook import iso

_PER_WOMAN = 0.01  # babies of no client, for each woman who is enrolled; assumed


def brought(family: Family, sitting: Sitting) -> Iterator[Written]:
    """On the day of a woman's visit somebody brings a baby of a few weeks, who has nothing to do with her."""
    if family.somebody_was_there:
        return
    family.somebody_was_there = True
    if family.chances.happens(_PER_WOMAN):
        yield _enrolled(family, sitting)


def _enrolled(family: Family, sitting: Sitting) -> Written:
    baby = UUID(int=family.chances.between(0, 2**50) << 64 | family.chances.between(0, 2**50), version=4)
    carer = family.chances.one_of(("grandmother", "grandmother", "aunt", "father"))
    answers: Answers = {
        "data_use": "given", "sex": family.chances.one_of(("f", "m")), "mother": "died", "exposed": "yes",
        "born_on": iso(sitting.day - family.chances.between(14, 60)), "carer": carer, "follow_up": "given",
        "phone_calls": "given", "home_visit": "given", "feeding": "replacement", "never_fed": "yes",
        "gets": ["none"], "joins": "infant",
    }  # fmt: skip
    village = family.said[family.book.client(family.book.woman, sitting.stay.alias)]["village"]
    return family.form(
        sitting, "infant_enrolment", family.book.woman, answers, [], about=baby, source="health_passport",
        identities={baby: carer_of(carer, village, family.chances, may_call=True)},
    )  # fmt: skip
