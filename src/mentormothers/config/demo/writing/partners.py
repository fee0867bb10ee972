"""Partners: what a woman tells of hers, and the one who came, a client of his own whose forms say nothing of her."""

from collections.abc import Iterator
from uuid import UUID

from mentormothers.config.demo.contact import partner_of
from mentormothers.config.demo.sittings import Sitting
from mentormothers.config.demo.writing.family import Family
from mentormothers.config.demo.writing.written import Answers, Written
from mentormothers.simulation.logbook import Note, iso

_COMES = 0.3  # of those of whom she tells that they were tested; assumed


def partners(family: Family, sitting: Sitting) -> Iterator[Written]:
    """At most one of each woman's partners comes and is enrolled; what was known of him is told with her form."""
    told = next((note for note in sitting.notes if note.kind in ("partner.hiv_test", "partner.known_positive")), None)
    if told is None or family.partner_came or not family.chances.happens(_COMES):
        return
    family.partner_came = True
    sitting.notes = [note for note in sitting.notes if note is not told]
    him = UUID(int=family.chances.between(0, 2**50) << 64 | family.chances.between(0, 2**50), version=4)
    sealed = partner_of(family.chances)
    yield _enrolled(family, sitting, him, sealed, told)
    yield _visit(family, sitting, him)
    known = "known_positive" if told.kind == "partner.known_positive" else told.value
    marks = {"partner_known": "yes"} if known == "known_positive" else {"partner_test": known}
    answers: Answers = {"known": known, "known_on": iso(told.day)} | marks
    hers = {family.client(family.book.woman, sitting): {"partner.client": str(him)}}
    yield family.form(sitting, "partner", family.book.woman, answers, [told], source="client_told", identities=hers)


def _enrolled(family: Family, sitting: Sitting, him: UUID, sealed: Answers, told: Note) -> Written:
    positive = told.kind == "partner.known_positive" or told.value == "pos"
    status: Answers = {"status": "negative", "tested_on": iso(told.day), "test_value": "neg"}
    if positive:
        status = {"status": "known_positive", "positive_since": iso(told.day), "on_treatment": "yes"}
    age = family.chances.between(20, 50)
    answers = {
        "data_use": "given", "follow_up": "given", "phone_calls": "given", "home_visit": "refused", "sex": "m",
        "age": age, "birth_year": str(int(iso(sitting.day)[:4]) - age), "group": "partner",
    } | status  # fmt: skip
    return family.form(
        sitting, "partner_enrolment", family.book.woman, answers, [], about=him, source="health_passport",
        identities={him: sealed},
    )  # fmt: skip


def _visit(family: Family, sitting: Sitting, him: UUID) -> Written:
    answers = {"place": "clinic", "tested": "none"}
    return family.form(sitting, "partner_visit", family.book.woman, answers, [], about=him)
