"""Answers by the names of questions, put where the form has them."""

from collections.abc import Mapping
from typing import Any

from mentormothers.forms.model import Form


def answers_by_path(form: Form, named: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of a record. Raises LookupError for a name that the form does not ask for."""
    repeats = {question.repeat for question in form.questions if question.repeat}
    return {
        name if name in repeats else _path(form, name): [_entry(form, name, one) for one in answer]
        if name in repeats
        else answer
        for name, answer in named.items()
    }


def _entry(form: Form, repeat: str, named: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: answer for name, answer in named.items() if answer not in (None, "")}
    return {_path(form, name, repeat): answer for name, answer in given.items()}


def _path(form: Form, name: str, repeat: str = "") -> str:
    found = next((one for one in form.questions if one.name == name and one.repeat == repeat), None)
    if found is None:
        raise LookupError(f"form {form.id} has no question {name}")
    return found.path
