"""`forms check`: what cannot work is refused before a phone sees it, with sheet, row and remedy."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import ParseError

from mentormothers.facts.persons import SAME_PERSON_AS
from mentormothers.facts.vocabulary import Vocabulary, vocabulary
from mentormothers.forms.extraction import INFANT, SELF
from mentormothers.forms.formulas import circle, fault_in, names_in
from mentormothers.forms.languages import faults_of_languages
from mentormothers.forms.model import CONTEXT, EMPTY, HAPPENED, IDENTITY_FIELDS, NOBODY, RECORD_FIELDS, Question
from mentormothers.forms.sheets import Fault, Row, read_sheets
from mentormothers.forms.xform import NAMESPACE, Published, UnusableFormError, formulas, read_xlsform

_SUPPORTED = {
    "begin group", "end group", "begin repeat", "end repeat", "calculate", "hidden", "text", "integer", "decimal",
    "date", "select_one", "select_multiple", "note",
}  # fmt: skip
_MARKS = ("fact", "value", "when", "day", "about", "ref", "identity", "record", "context", "icon")
_FORMULAS = ("relevant", "constraint", "calculation", "choice_filter", "required")
# Identity fields that a phone asks for in a way of its own, by the appearance that says so.
_ASKED_AS = {"number.card": "card", "partner.client": "partner"}
_TEXT = re.compile(r"'[^']*'|\"[^\"]*\"")
_YES_OR_NO = ("", "yes", "no", "true", "false", "true()", "false()")
_ID = re.compile(r"[a-z][a-z0-9_]{1,40}")
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(?:\.\d+)?")


def check_form(path: Path, words: Vocabulary | None = None, *, production: bool = False) -> list[Fault]:
    """Every fault of an XLSForm file; an empty list means that phones can use it.

    In `production` a language that nobody has checked is a fault too.
    """
    try:
        sheets = read_sheets(path)
        published = read_xlsform(path)
    except UnusableFormError as error:
        return [_from_pyxform(str(error))]
    except ParseError:  # marks whose prefix nothing explains
        return [Fault("settings", 0, "namespaces do not name mm", f'Please write there: mm="{NAMESPACE}".')]
    except Exception as error:  # openpyxl raises many kinds for files that are no workbooks
        return [Fault("the file", 0, f"it cannot be opened ({type(error).__name__})", "Please save it as .xlsx.")]
    faults = list(_Check(published, sheets.get("survey", []), words or vocabulary()).faults())
    return faults + list(faults_of_languages(published.form, sheets, production=production))


def _from_pyxform(message: str) -> Fault:
    row = re.search(r"\[row : (\d+)\]", message)
    sheet = re.search(r"'(survey|choices|settings|external_choices|entities)'", message)
    text = re.sub(r"\[row : \d+\]\s*", "", message).strip().rstrip(".")
    return Fault(
        sheet[1] if sheet else "survey", int(row[1]) if row else 0, text, "Please correct this cell in the workbook."
    )


def _unclosed(formula: str) -> str:
    """The bracket or quotation mark of a formula that has no partner, or nothing."""
    plain = _TEXT.sub("", formula)
    open_ones: list[str] = []
    for sign in plain:
        if sign in "([":
            open_ones.append(sign)
        elif sign in ")]" and (not open_ones or open_ones.pop() + sign not in ("()", "[]")):
            return sign
    return open_ones[-1] if open_ones else next((quote for quote in "'\"" if quote in plain), "")


class _Check:
    """The rules that XLSForm itself does not have."""

    def __init__(self, published: Published, rows: list[Row], words: Vocabulary) -> None:
        self._form = published.form
        self._formulas = formulas(published.xform)
        self._rows = rows
        self._words = words
        self._row_of = {row.cells.get("name", ""): row.number for row in rows}

    def faults(self) -> Iterator[Fault]:
        yield from self._settings()
        yield from self._columns()
        yield from self._types()
        yield from self._grammar()
        yield from self._circles()
        yield from self._names()
        yield from self._appearances()
        for question in self._form.questions:
            if question.fact:
                yield from self._fact(question)
            yield from self._marks(question)
        yield from self._leaks()

    def _settings(self) -> Iterator[Fault]:
        form = self._form
        if not _ID.fullmatch(form.id):
            yield self._setting(
                f"form_id {form.id!r} is not short and plain", "Please use small letters, digits and _."
            )
        if not _VERSION.fullmatch(form.version):
            yield self._setting(f"version {form.version!r} is no date", "Please give one such as 2026-11-20.")
        unknown = set(form.role.split() or [""]) - {*self._words.roles}
        if form.role != NOBODY and unknown:
            yield self._setting(
                f"attribute::mm:role {form.role!r} is unknown",
                f"Please use some of: {', '.join(self._words.roles)}; or {NOBODY}.",
            )
        if len(form.roles) > 1 and not any(q.context == "role" for q in form.questions):
            yield self._setting(
                "the form can be about several roles, and nothing in it says which",
                "Please add a hidden question with role in bind::mm:context.",
            )

    def _setting(self, what: str, remedy: str) -> Fault:
        return Fault("settings", 2, what, remedy)

    def _columns(self) -> Iterator[Fault]:
        columns = self._rows[0].cells if self._rows else {}
        for column in columns:
            mark = column.partition("bind::mm:")[2]
            if mark and mark not in _MARKS:
                yield Fault(
                    "survey", 1, f"column {column!r} is no mark we know", f"Please use one of: {', '.join(_MARKS)}."
                )

    def _grammar(self) -> Iterator[Fault]:
        """What pyxform lets through and a phone stumbles over."""
        for row in self._rows:
            for column in _FORMULAS:
                formula = row.cells.get(column, "")
                if column == "required" and formula.lower() in _YES_OR_NO:
                    continue
                unclosed = _unclosed(formula)
                what = f"{unclosed} is not closed, or closed too often" if unclosed else fault_in(formula)
                if what:
                    yield Fault("survey", row.number, f"{column}: {what}", "Please correct this formula.")

    def _circles(self) -> Iterator[Fault]:
        calculated = {
            r.cells["name"]: names_in(r.cells["calculation"]) for r in self._rows if r.cells.get("calculation")
        }
        if found := circle(calculated):
            yield self._at(
                found[0],
                f"calculations refer to each other in a circle: {', '.join(found)}",
                "Please break the circle.",
            )

    def _appearances(self) -> Iterator[Fault]:
        """A phone checks what is typed of a card, and lets a partner be chosen, only where it knows what is asked."""
        for row in self._rows:
            for field, appearance in _ASKED_AS.items():
                is_asked = row.cells.get("bind::mm:identity") == field
                if is_asked != (appearance in row.cells.get("appearance", "").split()):
                    yield Fault(
                        "survey", row.number, f"this needs both bind::mm:identity {field} and appearance {appearance}",
                        "Please write both in this row, or neither.",
                    )  # fmt: skip

    def _types(self) -> Iterator[Fault]:
        for row in self._rows:
            first, _, second = row.type.replace("_", " ", 1).partition(" ")
            kind = f"{first} {second}" if first in ("begin", "end") else row.type.partition(" ")[0]
            if kind and kind not in _SUPPORTED:
                yield Fault(
                    "survey", row.number, f"question type {row.type!r} is not supported on our phones",
                    f"Please use one of: {', '.join(sorted(_SUPPORTED))}.",
                )  # fmt: skip

    def _names(self) -> Iterator[Fault]:
        marks = ((q.day, q.about, q.ref, q.value.removeprefix("@")) for q in self._form.questions)
        referred = {mark for of_question in marks for mark in of_question if mark}
        names = [q.name for q in self._form.questions]
        for name in sorted({n for n in names if names.count(n) > 1} & referred):
            yield self._at(name, f"{name!r} names several questions, and a mark refers to it", "Please rename one.")

    def _fact(self, question: Question) -> Iterator[Fault]:
        kind = self._words.kind(question.fact)
        if kind is None:
            yield self._at(
                question.name, f"bind::mm:fact {question.fact!r} is not a kind of fact",
                "Please check its spelling in programme/vocabulary.yaml.",
            )  # fmt: skip
            return
        if question.fact == SAME_PERSON_AS:
            yield self._at(
                question.name, f"{SAME_PERSON_AS} is said by coordinators in the office, and by no form",
                "Please remove bind::mm:fact.",
            )  # fmt: skip
        if self._form.role == NOBODY:
            yield self._at(
                question.name, "a form about nobody cannot state a fact", "Please remove bind::mm:fact.",
            )  # fmt: skip
        if question.identity:
            yield self._at(
                question.name, "an identity answer (every free text is one) cannot state a fact",
                "Please remove bind::mm:fact, or ask with choices.",
            )  # fmt: skip
        chosen = set(question.when or question.choices)
        if question.choices and kind.codes and not kind.open and not question.value and not chosen <= set(kind.codes):
            yield self._at(
                question.name, f"choices {', '.join(sorted(chosen - set(kind.codes)))} are not codes of {kind.name}",
                f"Please use {', '.join(kind.codes)}, or name the codes that count in bind::mm:when.",
            )  # fmt: skip
        if kind.required and question.value == EMPTY:
            yield self._at(question.name, f"{kind.name} needs a value", "Please remove the - in bind::mm:value.")
        if kind.value == "code" and not kind.open and not question.value and question.type in ("integer", "decimal"):
            yield self._at(
                question.name, f"a number is no code of {kind.name}",
                f"Please ask with choices: {', '.join(kind.codes)}, or name one of them in bind::mm:value.",
            )  # fmt: skip

    def _marks(self, question: Question) -> Iterator[Fault]:
        marks = (("day", question.day), ("about", question.about), ("ref", question.ref), ("value", question.value))
        for mark, name in marks:
            target = name.removeprefix("@") if mark == "value" else name
            refers = name.startswith("@") if mark == "value" else bool(name)
            if name == HAPPENED or not refers or (mark == "ref" and name == SELF):
                continue
            found = self._form.named(target)
            if found is None:
                yield self._at(
                    question.name, f"bind::mm:{mark} refers to {target!r}, which is no question",
                    "Please name a question of this form.",
                )  # fmt: skip
            elif found.repeat not in ("", question.repeat):
                yield self._at(
                    question.name, f"bind::mm:{mark} refers to {target!r} inside another repeat",
                    "Please refer to a question outside it.",
                )  # fmt: skip
        if set(question.when) - set(question.choices) and question.choices:
            unknown = ", ".join(sorted(set(question.when) - set(question.choices)))
            yield self._at(question.name, f"bind::mm:when names {unknown}, no choice of it", "Please use its choices.")
        if question.identity and self._form.role == NOBODY:
            yield self._at(
                question.name, "a form about nobody has nobody under whose key to seal (every free text is sealed)",
                "Please ask with choices or numbers, or leave it out.",
            )  # fmt: skip
        if question.identity and question.identity not in IDENTITY_FIELDS:
            yield self._at(
                question.name, f"bind::mm:identity {question.identity!r} is no field we keep",
                f"Please use one of: {', '.join(IDENTITY_FIELDS)}.",
            )  # fmt: skip
        if question.record and question.record not in RECORD_FIELDS:
            yield self._at(
                question.name, f"bind::mm:record {question.record!r} is no field a form may fill",
                f"Please use one of: {', '.join(RECORD_FIELDS)}.",
            )  # fmt: skip
        if question.record == "happened" and question.type != "date":
            yield self._at(question.name, "only a day can be the record's day", "Please ask for a date.")
        if question.record == "source" and set(question.choices) - set(self._words.sources):
            yield self._at(
                question.name, "its choices are not sources", f"Please use some of: {', '.join(self._words.sources)}."
            )
        if question.context and question.context not in CONTEXT:
            yield self._at(
                question.name, f"bind::mm:context {question.context!r} is unknown",
                f"Please use one of: {', '.join(CONTEXT)}.",
            )  # fmt: skip
        if question.about and self._form.roles == (INFANT,):
            yield self._at(
                question.name, "bind::mm:about is for forms about a mother",
                "Please remove it: this form is about the infant already.",
            )  # fmt: skip

    def _leaks(self) -> Iterator[Fault]:
        """A formula may test an identity answer, but must not copy it into the record."""
        sealed = {q.name for q in self._form.questions if q.identity}
        kept = {q.name for q in self._form.questions if not q.identity}
        for name, formula in self._formulas:
            copied = sorted(other for other in sealed if re.search(rf"/\s*{re.escape(other)}(?![\w.-])", formula))
            if name in kept and copied:
                yield Fault(
                    "survey", self._row_of.get(name, 0), f"the formula copies the sealed answer {', '.join(copied)}",
                    "Please mark this row with bind::mm:identity too, or leave that answer out.",
                )  # fmt: skip

    def _at(self, name: str, what: str, remedy: str) -> Fault:
        return Fault("survey", self._row_of.get(name, 0), f"{name}: {what}", remedy)
