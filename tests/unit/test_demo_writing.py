"""The demo's mentors write down what the simulation says happened, and the forms state just that."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import pytest

from mentormothers import PROGRAMME
from mentormothers.config.demo.answering import answers_by_path
from mentormothers.config.demo.country import ORGANISATION_OF, SEED, demo_country
from mentormothers.config.demo.group_talks import group_talks
from mentormothers.config.demo.writing import UNTOLD, written_by_mentors
from mentormothers.config.demo.writing.written import Earlier, Written
from mentormothers.facts.days import day_number, day_of
from mentormothers.forms.answers import check_answers
from mentormothers.forms.extraction import Stated, extract
from mentormothers.forms.model import Form
from mentormothers.forms.xform import read_xlsform
from mentormothers.simulation.logbook import Logbook, Note

TODAY = date(2026, 11, 21)
CLIENTS = 250
# Told as they happened, day and value; the others pass through the words of a form.
EXACT = (
    "anc.contact", "art.dispense", "hiv.test", "vl.result", "eid.result", "eid.result_given", "antibody.test",
    "delivery", "death", "pnc.contact", "infant.arv_start", "ctx.start", "vl.sample", "eid.sample",
    "eac.session",
)  # fmt: skip


@cache
def families() -> list[tuple[Logbook, list[Note], list[Written]]]:
    """Each family's story: what was first noted, and what was written of it."""
    programme = demo_country(TODAY, CLIENTS).programme
    found = []
    for arrival in programme.arrivals():
        book = programme.story(arrival)
        first = [note for note in book.notes if not note.amends]
        found.append((book, first, written_by_mentors(book, programme.clerk(book), seed=SEED)))
    return found


@cache
def form(name: str) -> Form:
    return read_xlsform(PROGRAMME / "forms" / f"{name}.xlsx").form


def stated(written: Written) -> list[Stated]:
    named = {name: one.key if isinstance(one, Earlier) else one for name, one in written.answers.items()}
    answers = answers_by_path(form(written.form), named)
    check_answers(form(written.form), answers)
    record: dict[str, Any] = {
        "id": written.key, "client": str(written.about) if written.about else None,
        "happened": day_of(written.day).isoformat(), "answers": answers,
    }  # fmt: skip
    return extract(form(written.form), record)


def first_told(written: list[Written]) -> Iterator[Stated]:
    """What the forms state that were not copied, corrected or withdrawn."""
    for one in written:
        if one.relation is None and "+" not in one.key:
            yield from stated(one)


def invented(written: list[Written]) -> set[str]:
    """Partners, and babies who came without their mothers: the simulation has none."""
    return {str(one.about) for one in written if one.form in ("partner_enrolment", "infant_enrolment")}


def tellable(book: Logbook, note: Note) -> bool:
    """Whether a form can tell it: not where the site never knew the mother."""
    return bool(book.mother_at(note.stay.alias))


@pytest.mark.parametrize("kind", EXACT)
def test_the_forms_state_what_happened(kind: str) -> None:
    simulated: Counter[tuple[int, str]] = Counter()
    told: Counter[tuple[int, str]] = Counter()
    value_counts = kind in ("art.dispense", "hiv.test", "vl.result", "eid.result", "antibody.test", "delivery")
    for book, notes, written in families():
        simulated.update((n.day, n.value * value_counts) for n in notes if n.kind == kind and tellable(book, n))
        hers = [fact for fact in first_told(written) if fact.client not in invented(written)]
        told.update((f.day, f.value * value_counts) for f in hers if f.kind == kind)
    assert simulated
    # A few babies are never clients of a site, so what happened to them is not told; a birth may be told with a baby
    # whose delivery the simulation's site never wrote down.
    assert (simulated - told).total() <= 0.02 * simulated.total(), simulated - told
    assert kind == "delivery" or not told - simulated, told - simulated


def test_nothing_is_left_untold_but_what_the_list_says() -> None:
    simulated, told = Counter[str](), Counter[str]()
    for book, notes, written in families():
        held = {record for one in written for record in one.told}
        simulated.update(note.kind for note in notes if tellable(book, note))
        told.update(note.kind for note in notes if note.record in held)
    untold = {kind for kind, number in simulated.items() if told[kind] < 0.95 * number}
    assert untold <= set(UNTOLD), untold - set(UNTOLD)


def test_mentors_copy_mistake_and_correct() -> None:
    relations = Counter(one.relation[0] for _, _, written in families() for one in written if one.relation)
    assert set(relations) == {"amends", "withdraws", "same_event_as"}
    keys = [one.key for _, _, written in families() for one in written]
    assert len(set(keys)) == len(keys)
    assert all(key in keys for _, _, written in families() for one in written for key in (one.relation or ())[1:])


def test_every_form_of_the_programme_is_filled_in_somewhere() -> None:
    country = demo_country(TODAY, CLIENTS)
    first, last = day_number(country.programme.plan.start), day_number(country.programme.plan.end)
    talks = [
        talk for site in country.sites for mentor in site.mentors for talk in group_talks(mentor, first, last, seed=1)
    ]
    assert talks and not any(stated(talk) for talk in talks), "a group talk says nothing of anybody"
    used = {one.form for _, _, written in families() for one in written} | {talk.form for talk in talks}
    assert used == {path.stem for path in (PROGRAMME / "forms").glob("*.xlsx")}


def test_the_country_has_its_sites_models_and_organisations() -> None:
    country = demo_country(TODAY)
    assert len(country.sites) == 40
    assert {site.model for site in country.sites} == set(ORGANISATION_OF)
    assert len(set(ORGANISATION_OF.values())) == 2
    assert country.sites[0].model == "direct" and len(country.sites[0].mentors) >= 2
    assert country.programme.plan.end == TODAY
