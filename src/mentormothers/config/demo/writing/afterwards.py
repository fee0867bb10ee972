"""What was written about earlier forms: the same form again, a corrected one, a withdrawal, a link."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from mentormothers.config.demo.sittings import Afterthought
from mentormothers.config.demo.writing.written import Written
from mentormothers.simulation.logbook import Note

_HOLDS = {"anc.contact": "anc_contact", "art.dispense": "visit", "session": "session"}
_NEVER_TWICE = frozenset({"enrolment", "birth"})


def afterthoughts(forms: Sequence[Written], later: Sequence[Afterthought]) -> Iterator[Written]:
    """What was written about earlier forms: the same form again, a corrected one, a withdrawal, a link."""
    holds = {record: form for form in forms for record in form.told}
    copies: dict[str, Written] = {}
    for number, thought in enumerate(sorted(later, key=lambda one: (not one.copy, one.note.order))):
        note = thought.note
        target = _copied(note, forms) if thought.copy else holds.get(note.amends.partition(":")[2])
        if target is None or target.form in _NEVER_TWICE:
            continue
        again = replace(
            target, key=f"{target.key}+{number}", told=frozenset({note.record}), sent=max(note.recorded, target.sent),
            identities={},
        )  # fmt: skip
        if thought.copy:
            copies[note.record] = again
            yield again
        elif (made := _relating(again, note, target, copies)) is not None:
            yield made


def _copied(note: Note, forms: Sequence[Written]) -> Written | None:
    """The form that a copied note stood in."""
    return next((one for one in forms if one.day == note.said and one.form == _HOLDS.get(note.kind)), None)


def _relating(again: Written, note: Note, target: Written, copies: Mapping[str, Written]) -> Written | None:
    what = note.amends.partition(":")[0]
    if what == "withdraws":
        return replace(again, answers={}, day=note.recorded, relation=(what, target.key))
    if what == "same_event_as":
        repeat = copies.get(note.ref)
        return repeat and replace(again, answers={}, day=note.recorded, relation=(what, target.key, repeat.key))
    return _corrected(again, note, target)


def _corrected(again: Written, note: Note, target: Written) -> Written | None:
    """The form with the weight as it should have been."""
    weight = {"weight": float(note.value)}
    babies = target.answers.get("baby")
    if target.form == "infant_visit":
        answers = target.answers | weight
    elif target.form == "birth" and isinstance(babies, list) and len(babies) == 1:
        answers = target.answers | {"baby": [babies[0] | weight]}
    else:
        return None
    return replace(again, answers=answers, relation=("amends", target.key))
