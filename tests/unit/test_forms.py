"""Forms: facts from answers by the shared vectors, answers checked, forms that cannot work refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from mentormothers import PROGRAMME
from mentormothers.facts.values import parse_value
from mentormothers.facts.vocabulary import vocabulary
from mentormothers.forms.answers import WrongAnswerError, check_answers
from mentormothers.forms.checking import check_form
from mentormothers.forms.extraction import extract
from mentormothers.forms.model import Form, form_from
from mentormothers.forms.xform import read_xlsform

VECTORS = Path(__file__).parents[1] / "vectors"
EXTRACTION = json.loads((VECTORS / "extraction.json").read_text())
SAMPLE = form_from(EXTRACTION["form"])
SHIPPED = sorted((PROGRAMME / "forms").glob("*.xlsx"))


@pytest.mark.parametrize("case", EXTRACTION["cases"], ids=lambda case: case["name"])
def test_facts_of_answers(case: dict[str, Any]) -> None:
    record = {"id": "r1", "client": case.get("client", "m"), "happened": "2025-03-04", "answers": case["answers"]}
    if "error" in case:
        with pytest.raises(ValueError, match=case["error"]):
            extract(SAMPLE, record)
    else:
        assert [list(fact) for fact in extract(SAMPLE, record)] == case["facts"]


@pytest.mark.parametrize(
    "case", json.loads((VECTORS / "values.json").read_text())["cases"], ids=lambda c: f"{c[0]} {c[1]!r}"
)
def test_values(case: tuple[str, str, list[Any] | None]) -> None:
    kind, text, expected = case
    known = vocabulary().kind(kind)
    assert known
    if expected is None:
        with pytest.raises(ValueError, match=kind):
            parse_value(known, text)
    else:
        assert list(parse_value(known, text)) == expected


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_shipped_forms_are_without_fault(path: Path) -> None:
    assert check_form(path) == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_a_definition_comes_back_as_the_same_form(path: Path) -> None:
    form = read_xlsform(path).form
    assert form_from(json.loads(json.dumps(form.definition()))) == form


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_every_free_text_is_sealed(path: Path) -> None:
    assert all(q.identity for q in read_xlsform(path).form.questions if q.type == "text")


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"plaice": "clinic"}, "plaice is no question"),
        ({"place": "market"}, "place: is not one of its choices"),
        ({"place": ["clinic"]}, "is not one of its choices"),
        ({"place": None}, "is not one of its choices"),
        ({"supply/days": "30"}, "should be a whole number"),
        ({"supply/days": 30.5}, "should be a whole number"),
        ({"supply/days": True}, "should be a whole number"),
        ({"supply/given_on": "2025-02-30"}, "does not exist"),
        ({"supply/given_on": 20250201}, "is not of the form"),
        ({"topics": "tb"}, "are not some of its choices"),
        ({"topics": ["tb", "tb"]}, "are not some of its choices"),
        ({"topics": [{}]}, "are not some of its choices"),
        ({"note": "Grace"}, "must be sealed"),
        ({"birth_year": "x" * 201}, "at most 200"),
        ({"birth_year": "a\x00b"}, "at most 200"),
        ({"child": {"sex": "f"}}, "should be a list"),
        ({"child": ["f"]}, "should hold entries"),
        ({"child": [{}] * 21}, "at most 20"),
        ({"child": [{"sex": "x"}]}, "child/sex: is not one of its choices"),
        ({"child": [{"weight": 10**15}]}, "child/weight: should be a number"),
        ({"sex": "f"}, "sex is no question"),
    ],
)
def test_wrong_answers_are_refused_without_repeating_them(answers: dict[str, Any], reason: str) -> None:
    with pytest.raises(WrongAnswerError) as error:
        check_answers(SAMPLE, answers)
    assert reason in str(error.value)
    assert "Grace" not in str(error.value)


def test_right_answers_pass() -> None:
    for case in EXTRACTION["cases"]:
        if "error" not in case:
            check_answers(SAMPLE, case["answers"])


Change = Callable[[openpyxl.Workbook], None]


def cell(sheet: str, row_named: str, column: str, value: str | None) -> Change:
    """Set one cell of the row whose name is given (settings: row 2)."""

    def change(book: openpyxl.Workbook) -> None:
        page = book[sheet]
        header = [c.value for c in page[1]]
        if column not in header:
            page.cell(1, len(header) + 1, column)
            header.append(column)
        name = header.index("name") + 1 if "name" in header else 1
        rows = range(2, page.max_row + 1)
        number = next((n for n in rows if page.cell(n, name).value == row_named), 2)
        page.cell(number, header.index(column) + 1).value = value

    return change


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (cell("survey", "place", "bind::mm:fact", "visitt"), "row 10", "'visitt' is not a kind of fact"),
        (cell("survey", "place", "bind::mm:fact", "same_person_as"), "row 10", "in the office, and by no form"),
        (cell("survey", "test_today", "bind::mm:when", None), "row", "choices none are not codes of hiv.test"),
        (cell("survey", "days", "bind::mm:day", "someday"), "row", "'someday', which is no question"),
        (cell("survey", "feeding", "bind::mm:about", "nobody"), "row", "'nobody', which is no question"),
        (cell("survey", "note", "bind::mm:fact", "visit"), "row", "an identity answer"),
        (cell("survey", "anc_today", "bind::mm:when", "yes maybe"), "row", "names maybe, no choice of it"),
        (cell("survey", "source", "bind::mm:record", "weather"), "row", "no field a form may fill"),
        (cell("survey", "baby", "bind::mm:context", "horoscope"), "row", "'horoscope' is unknown"),
        (cell("survey", "fed_no_more", "calculation", "${note}"), "row", "copies the sealed answer note"),
        (cell("survey", "days", "calculation", "${note}"), "row", "copies the sealed answer note"),
        (cell("survey", "baby_fed", "default", "${note}"), "row", "copies the sealed answer note"),
        (cell("survey", "note", "bind::mm:identity", "name.secret"), "row", "'name.secret' is no field we keep"),
        (cell("survey", "note", "bind::mm:identity", "number.card"), "row", "needs both"),
        (cell("survey", "place", "appearance", "card"), "row 10", "needs both"),
        (cell("survey", "place", "bind::mm:fakt", "visit"), "row 1", "'bind::mm:fakt' is no mark we know"),
        (cell("survey", "days_other", "bind::mm:fact", "hiv.test"), "row", "a number is no code of hiv.test"),
        (cell("survey", "place", "relevant", "((1 = 1)"), "row 10", "relevant: ( is not closed"),
        (cell("survey", "place", "relevant", "'it"), "row 10", "relevant: ' is not closed"),
        (cell("settings", "", "namespaces", None), "settings", "namespaces do not name mm"),
        (cell("survey", "note", "type", "image"), "row", "question type 'image' is not supported"),
        (cell("survey", "note", "relevant", "${nowhere} = 1"), "row", "nowhere"),
        (cell("survey", "place", "type", "select_one nolist"), "row", "nolist"),
        (cell("settings", "", "form_id", "Visit 2!"), "settings", "is not short and plain"),
        (cell("settings", "", "version", "next"), "settings", "is no date"),
        (cell("settings", "", "attribute::mm:role", "wizard"), "settings", "'wizard' is unknown"),
        (cell("settings", "", "attribute::mm:role", "mother infant"), "settings", "nothing in it says which"),
        (cell("settings", "", "attribute::mm:role", "nobody"), "row", "a form about nobody cannot state a fact"),
        (cell("settings", "", "attribute::mm:role", "nobody"), "row", "nobody under whose key to seal"),
        (cell("survey", "days", "bind::mm:ref", "nowhere"), "row", "bind::mm:ref refers to 'nowhere'"),
        (cell("survey", "days", "bind::mm:day", "self"), "row", "'self', which is no question"),
        (cell("survey", "place", "bind::mm:record", "happened"), "row", "only a day can be the record's day"),
    ],
)
def test_a_form_that_cannot_work_is_refused_with_its_place(
    tmp_path: Path, change: Change, where: str, what: str
) -> None:
    book = openpyxl.load_workbook(PROGRAMME / "forms" / "visit.xlsx")
    change(book)
    path = tmp_path / "visit.xlsx"
    book.save(path)
    faults = [str(fault) for fault in check_form(path)]
    assert any(what in fault and where in fault for fault in faults), faults


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "visit.xlsx"
    path.write_bytes(b"not a workbook")
    (fault,) = check_form(path)
    assert "cannot be opened" in str(fault)


def test_form_rows_reach_phones_with_their_marks() -> None:
    form: Form = read_xlsform(PROGRAMME / "forms" / "birth.xlsx").form
    weight = form.by_path["baby/weight"]
    assert (weight.repeat, weight.fact, weight.about, weight.minimum) == ("baby", "growth.weight", "baby_id", 0.4)
    assert form.role == "mother" and not form.enrols
    assert read_xlsform(PROGRAMME / "forms" / "enrolment.xlsx").form.enrols
