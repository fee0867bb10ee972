"""From the answers of a record to facts, by the marks in its form.

An answer states the fact `fact` if it is given and, where `when` lists codes, is one of them.
    value   `-` none; `@question` another answer; any other text itself; unmarked: the answer itself, or none for a
            date question
    day     `@happened` the record's day; a question's name: its answer; unmarked: a date question's own answer,
            otherwise the record's day
    about   the question that holds the id of the person the fact is about (an infant whose birth mother is the
            record's client); unmarked: the record's client
    ref     the record it belongs to: `self`, its own; or the question whose answer is that record's id, or `self`.
            Without an answer it belongs to the latest matching one
The role is the form's; of a form that can be about several, the one that its question with the context `role` says.
A question with several choices states one fact for each. A repeat states its facts once for each entry.
The same rules are written in TypeScript for the phone; both run tests/vectors/extraction.json.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from mentormothers.facts.days import day_number, parse_day
from mentormothers.facts.values import parse_value
from mentormothers.facts.vocabulary import Vocabulary, vocabulary
from mentormothers.forms.model import EMPTY, HAPPENED, Form, Question

INFANT = "infant"
SELF = "self"
_SHORTENED = {"month-year": 7, "year": 4}


class Stated(NamedTuple):
    """A fact as a record states it. `day` is a day number; `number` what engines compare."""

    client: str
    role: str
    mother: str
    kind: str
    day: int
    precision: int
    value: str
    number: int | None
    ref: str


def extract(form: Form, record: Mapping[str, Any], words: Vocabulary | None = None) -> list[Stated]:
    """The facts of a record in the order of its form's questions, each once.

    Raises ValueError naming question and kind when an answer cannot be a value of its kind. A record without a
    client states nothing.
    """
    if not record.get("client"):
        return []
    words = words or vocabulary()
    stated: dict[Stated, None] = {}
    for scope in _scopes(form, record["answers"]):
        for question in form.stating[scope.repeat]:
            if question.place in scope.answers:
                stated |= dict.fromkeys(_facts(form, question, scope, record, words))
    return list(stated)


@dataclass(frozen=True)
class _Scope:
    """The answers that a question can see: those outside repeats and those of its own entry."""

    repeat: str
    answers: Mapping[str, Any]

    def answer(self, question: Question | None) -> Any:
        """The answer to a question, or None."""
        return self.answers.get(question.place) if question else None


def _scopes(form: Form, answers: Mapping[str, Any]) -> Iterator[_Scope]:
    plain = {path: answer for path, answer in answers.items() if path not in form.repeats}
    yield _Scope("", plain)
    for repeat in form.repeats:
        for entry in answers.get(repeat) or []:
            yield _Scope(repeat, plain | {f"{repeat}/{path}": answer for path, answer in entry.items()})


def _facts(
    form: Form, question: Question, scope: _Scope, record: Mapping[str, Any], words: Vocabulary
) -> Iterator[Stated]:
    answer = scope.answer(question)
    about = scope.answer(form.named(question.about)) if question.about else record["client"]
    if answer in (None, "", []) or not about:
        return
    codes = answer if isinstance(answer, list) else [answer]
    codes = [code for code in codes if str(code) in question.when] if question.when else codes
    if not codes:
        return
    day, precision = _day(form, question, scope, record["happened"])
    other = about != record["client"]
    for code in codes:
        value, number = _value(form, question, scope, code, words)
        yield Stated(
            client=about,
            role=INFANT if other else _role(form, scope),
            mother=record["client"] if other else "",
            kind=question.fact,
            day=day,
            precision=precision,
            value=value,
            number=number,
            ref=_ref(form, question, scope, record["id"]),
        )


def _role(form: Form, scope: _Scope) -> str:
    said = scope.answer(form.asking_role)
    return said if said in form.roles else form.roles[0]


def _ref(form: Form, question: Question, scope: _Scope, own: str) -> str:
    said = question.ref if question.ref in ("", SELF) else _text(scope.answer(form.named(question.ref)))
    return own if said == SELF else said


def _day(form: Form, question: Question, scope: _Scope, happened: str) -> tuple[int, int]:
    source = question if question.type == "date" and not question.day else form.named(question.day)
    text = happened if question.day == HAPPENED or source is None else scope.answer(source) or happened
    if source and source.partial and question.day != HAPPENED:
        text = text[: _SHORTENED[source.partial]]
    try:
        day, precision = parse_day(text)
    except ValueError as error:
        raise ValueError(f"{question.path}: {question.fact}: {error}") from None
    return day_number(day), int(precision)


def _value(form: Form, question: Question, scope: _Scope, code: Any, words: Vocabulary) -> tuple[str, int | None]:
    if question.value == EMPTY or (not question.value and question.type == "date"):
        text = ""
    elif question.value.startswith("@"):
        text = _text(scope.answer(form.named(question.value[1:])))
    else:
        text = question.value or _text(code)
    kind = words.kind(question.fact)
    if kind is None:
        return text, None
    try:
        return parse_value(kind, text)
    except ValueError as error:
        raise ValueError(f"{question.path}: {error}") from None


def _text(answer: Any) -> str:
    """An answer as text; whole numbers without a fraction, as the phone writes them."""
    if isinstance(answer, float) and answer.is_integer():
        return str(int(answer))
    return "" if answer is None else str(answer)
