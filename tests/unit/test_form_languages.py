"""Languages of forms: complete or refused, and unchecked ones never before real women."""

from pathlib import Path

import openpyxl
import pytest

from mentormothers import PROGRAMME
from mentormothers.forms.checking import check_form
from mentormothers.forms.languages import without_languages
from mentormothers.forms.model import form_from
from mentormothers.forms.xform import form_of, read_xlsform
from tests.unit.test_forms import Change, cell

SHIPPED = sorted((PROGRAMME / "forms").glob("*.xlsx"))
LABEL, HINT = "label::Chichewa (ny)", "hint::Chichewa (ny)"
MESSAGE = "constraint_message::Chichewa (ny)"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_shipped_forms_speak_chichewa_which_a_speaker_must_still_check(path: Path) -> None:
    form = read_xlsform(path).form
    assert (form.languages, form.unchecked) == (("en", "ny"), ("ny",))
    assert form.titles["ny"] not in ("", form.title)
    assert [fault.what for fault in check_form(path, production=True)] == [
        "nobody who speaks it has checked the language 'ny'"
    ]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_titles_say_nothing_to_a_bystander(path: Path) -> None:
    form = read_xlsform(path).form
    for title in (form.title, *form.titles.values()):
        words = title.lower().replace("'", " ").split()
        assert not {"hiv", "aids", "art", "arv", "arvs", "edzi", "kachilombo", "tld", "viral", "pmtct", "eid"} & {
            *words
        }


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (cell("survey", "place", LABEL, None), "'survey', row 10", "place: label is not translated (ny)"),
        (cell("survey", "note", HINT, None), "'survey'", "note: hint is not translated (ny)"),
        (cell("survey", "days_other", MESSAGE, None), "'survey'", "constraint_message is not translated (ny)"),
        (cell("choices", "clinic", LABEL, None), "'choices', row 2", "clinic: label is not translated (ny)"),
        (cell("settings", "", "attribute::mm:title_ny", None), "'settings', row 2", "the title is not translated (ny)"),
        (cell("settings", "", "attribute::mm:unchecked", "sw"), "'settings'", "names 'sw', in which the form is not"),
    ],
)
def test_what_is_not_translated_is_listed(tmp_path: Path, change: Change, where: str, what: str) -> None:
    book = openpyxl.load_workbook(PROGRAMME / "forms" / "visit.xlsx")
    change(book)
    path = tmp_path / "visit.xlsx"
    book.save(path)
    faults = [str(fault) for fault in check_form(path)]
    assert any(what in fault and where in fault for fault in faults), faults


def test_a_checked_translation_may_go_to_real_women(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(PROGRAMME / "forms" / "visit.xlsx")
    cell("settings", "", "attribute::mm:unchecked", None)(book)
    book.save(tmp_path / "visit.xlsx")
    assert check_form(tmp_path / "visit.xlsx", production=True) == []


def test_a_language_left_out_leaves_the_rest_as_it_was() -> None:
    published = read_xlsform(PROGRAMME / "forms" / "visit.xlsx")
    form, xform = without_languages(published.form, published.xform, ("ny",))
    assert "Chichewa (ny)" in published.xform and "Chichewa (ny)" not in xform
    assert (form.languages, form.titles, form.unchecked) == (("en",), {}, ())
    assert form.questions == published.form.questions == form_of(xform).questions
    assert form_from(form.definition()) == form


def test_the_order_of_languages_begins_with_the_usual_one() -> None:
    assert read_xlsform(PROGRAMME / "forms" / "death.xlsx").form.languages[0] == "en"
