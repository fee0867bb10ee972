"""Checking the answers of a record against its form, as far as can be done without the form's formulas.

Formulas (relevance, constraints between questions) run on the phone in the form engine. Here every answer must
belong to a question, be of its type, choose among its choices and keep its plain limits; and no answer may be
one that should have been sealed.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mentormothers.facts.days import parse_day
from mentormothers.forms.model import Form, Question

LONGEST_TEXT = 200
MOST_REPEATS = 20
_CALCULATED = re.compile(r"[^\x00-\x1f]*")


class WrongAnswerError(ValueError):
    """An answer that the form does not allow; the message names the question, never the answer."""


def check_answers(form: Form, answers: Mapping[str, Any]) -> None:
    """Raise WrongAnswerError for the first answer that the form does not allow."""
    for path, question, answer in _each(form, answers):
        if question is None:
            raise WrongAnswerError(f"{path} is no question of form {form.id} {form.version}")
        if question.identity:
            raise WrongAnswerError(f"{path} is an identity answer; it must be sealed, not stand in the record")
        problem = _problem(question, answer)
        if problem:
            raise WrongAnswerError(f"{path}: {problem}")


def _each(form: Form, answers: Mapping[str, Any]) -> Iterator[tuple[str, Question | None, Any]]:
    for path, answer in answers.items():
        if path not in form.repeats:
            yield path, form.by_path.get(path), answer
            continue
        if not isinstance(answer, list) or len(answer) > MOST_REPEATS:
            raise WrongAnswerError(f"{path} should be a list of at most {MOST_REPEATS} entries")
        for entry in answer:
            if not isinstance(entry, dict):
                raise WrongAnswerError(f"{path} should hold entries with answers")
            for inner, value in entry.items():
                yield f"{path}/{inner}", form.by_path.get(f"{path}/{inner}"), value


def _problem(question: Question, answer: object) -> str:
    match question.type:
        case "integer":
            return "" if type(answer) is int and _within(question, answer) else _numbers(question, "a whole number")
        case "decimal":
            fits = isinstance(answer, int | float) and not isinstance(answer, bool) and _within(question, answer)
            return "" if fits else _numbers(question, "a number")
        case "date":
            return _date_problem(answer)
        case "select":
            return "" if answer in question.choices else "is not one of its choices"
        case "select_multiple":
            codes = [a for a in answer if isinstance(a, str)] if isinstance(answer, list) else []
            fits = codes == answer and len(set(codes)) == len(codes) and set(codes) <= set(question.choices)
            return "" if fits else "are not some of its choices"
        case "calculated" | "hidden" | "text":
            fits = isinstance(answer, str) and len(answer) <= LONGEST_TEXT and bool(_CALCULATED.fullmatch(answer))
            return "" if fits else f"should be a text of at most {LONGEST_TEXT} characters"


def _within(question: Question, number: float) -> bool:
    low, high = question.minimum, question.maximum
    return (low is None or number >= low) and (high is None or number <= high) and abs(number) < 1e12


def _numbers(question: Question, what: str) -> str:
    low = f" from {question.minimum:g}" if question.minimum is not None else ""
    high = f" to {question.maximum:g}" if question.maximum is not None else ""
    return f"should be {what}{low}{high}"


def _date_problem(answer: object) -> str:
    try:
        parse_day(answer if isinstance(answer, str) else "")
    except ValueError as error:
        return str(error)
    return ""
