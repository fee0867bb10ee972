"""Forms about a baby, and the end of a pregnancy: births, losses, visits, tests, deaths."""

from collections.abc import Iterator, Sequence

from mentormothers.config.demo.contact import carer_of
from mentormothers.config.demo.sittings import Sitting
from mentormothers.config.demo.writing.asked import document
from mentormothers.config.demo.writing.family import Family
from mentormothers.config.demo.writing.written import Answers, Written
from mentormothers.simulation.logbook import Note, iso
from mentormothers.simulation.people import Baby, Pregnancy

_TESTS = ("eid.sample", "eid.result", "eid.result_given", "antibody.test", "art.start")
_VACCINES = {(0, 34): "bcg", (35, 62): "penta1", (63, 90): "penta2", (91, 180): "penta3", (260, 420): "mr1"}


def births(family: Family, sitting: Sitting) -> Iterator[Written]:
    """The end of a pregnancy, and the babies who join; also a baby of whom this site hears only now."""
    for pregnancy in family.book.woman.pregnancies:
        ends = [note for note in sitting.notes if note.kind == "delivery" and note.day == pregnancy.ends]
        joining = [baby for baby in pregnancy.babies if _joins(family, baby, sitting, told=bool(ends))]
        if ends and pregnancy.outcome != "live":
            yield loss(family, sitting, sitting.take("delivery"))
        elif joining:
            yield _birth(family, pregnancy, joining, sitting)


def loss(family: Family, sitting: Sitting, notes: list[Note]) -> Written:
    company = family.chances.happens(0.5)
    answers = {
        "ended_on": iso(notes[0].day), "what": notes[0].value, "seen": "no",
        "company": "yes" if company else "no", "talk_wanted": "counselling" if company else "",
    }  # fmt: skip
    return family.form(sitting, "pregnancy_loss", family.book.woman, answers, notes)


def _joins(family: Family, baby: Baby, sitting: Sitting, *, told: bool) -> bool:
    here = sitting.stay.alias, baby.slot
    joins = here not in family.joined and baby.died > sitting.day if told else sitting.tells("enrolled", about=baby)
    joins = joins and here not in family.joined
    if joins:
        family.joined.add(here)
    return joins


def _birth(family: Family, pregnancy: Pregnancy, babies: Sequence[Baby], sitting: Sitting) -> Written:
    ends = [note for note in sitting.take("delivery") if note.day == pregnancy.ends]
    held: list[Note | None] = [*ends]
    entries = [_newborn(family, baby, sitting, held) for baby in babies]
    answers: Answers = {
        "born_on": iso(pregnancy.ends), "outcome": "live", "babies": str(len(entries)),
        "how_many": str(len(entries)), "baby": entries,
        "birth_place": "this_clinic" if pregnancy.at_facility else "home", "mother_seen": "no",
    }  # fmt: skip
    names = {
        family.client(baby, sitting): {
            "name.given": family.said[family.book.client(baby, sitting.stay.alias)]["given_name"]
        }
        for baby in babies
        if family.book.client(baby, sitting.stay.alias) in family.said
    }
    return family.form(sitting, "birth", family.book.woman, answers, held, identities=names)


def _newborn(family: Family, baby: Baby, sitting: Sitting, held: list[Note | None]) -> Answers:
    weights = [note for note in sitting.notes if note.kind == "growth.weight" and note.day == baby.born]
    weight = next((note for note in weights if note.who is baby), None)
    medicine = sitting.take_one("infant.arv_start", about=baby)
    held += [weight, medicine, *sitting.take("enrolled", "child.dob", "sex", about=baby)]
    sitting.notes = [note for note in sitting.notes if note is not weight]
    fed = baby.fed_until >= baby.born
    if not fed:
        sitting.take("bf.stopped", about=baby)
    return {
        "baby_id": str(family.client(baby, sitting)), "sex": baby.sex, "weight": _kilos(weight, 7),
        "plan": ("exclusive" if baby.exclusively else "mixed") if fed else "replacement",
        "medicine": "yes" if medicine else "no", "joins": "infant", "dob": iso(baby.born),
        "never_fed": "" if fed else "yes",
    }  # fmt: skip


def baby_visit(family: Family, sitting: Sitting) -> Iterator[Written]:
    for baby in family.book.woman.babies():
        notes = sitting.take("growth.weight", "feeding", "bf.stopped", "infant.arv_start", "ctx.start", about=baby)
        if notes and (sitting.stay.alias, baby.slot) in family.joined:
            answers = _baby_seen(notes) | _vaccines(family, sitting.day - baby.born)
            yield family.form(sitting, "infant_visit", baby, answers, notes)


def _vaccines(family: Family, age: int) -> Answers:
    """What the health passport shows that it got this time, by age in days."""
    due = next((name for (first, last), name in _VACCINES.items() if first <= age <= last), None)
    if due is None or not family.chances.happens(0.85):
        return {"vaccines": ["none"]}
    return {"vaccines": [due], f"got_{due}": "yes"}


def baby_tests(family: Family, sitting: Sitting) -> Iterator[Written]:
    """A baby's samples and results, each with the day it carries."""
    for baby in family.book.woman.babies():
        for note in sitting.take(*_TESTS, about=baby):
            if (sitting.stay.alias, baby.slot) in family.joined:
                yield family.form(sitting, "infant_test", baby, _tested(note), [note], source=document(note))


def death(family: Family, sitting: Sitting) -> Iterator[Written]:
    for note in sitting.take("death"):
        who = note.who
        if isinstance(who, Baby) and (sitting.stay.alias, who.slot) not in family.joined:
            continue
        answers: Answers = {"died_on": iso(note.day)}
        if not isinstance(who, Baby):
            left = [b for b in family.book.woman.babies() if (sitting.stay.alias, b.slot) in family.joined]
            if left and left[-1].died > note.day:
                answers |= {"baby": str(family.client(left[-1], sitting)), "carer": "grandmother"}
        yield family.form(sitting, "death", who, answers, [note])


def caregiver(family: Family, sitting: Sitting) -> Iterator[Written]:
    """Who looks after a baby instead of its mother, and how that person may be reached."""
    for baby in family.book.woman.babies():
        note, here = sitting.take_one("caregiver.since", about=baby), (sitting.stay.alias, baby.slot)
        if note and here in family.joined - family.cared_for:
            family.cared_for.add(here)
            yield _cared_for(family, baby, note, sitting)


def _cared_for(family: Family, baby: Baby, note: Note, sitting: Sitting) -> Written:
    calls = family.chances.happens(0.7)
    answers = {
        "carer": note.value, "since": iso(note.day), "follow_up": "given", "home_visit": "given",
        "phone_calls": "given" if calls else "refused", "told_me": "client_told",
    }  # fmt: skip
    village = family.said[family.book.client(family.book.woman, sitting.stay.alias)]["village"]
    sealed = carer_of(note.value, village, family.chances, may_call=calls)
    return family.form(
        sitting, "caregiver", baby, answers, [note], source="client_told",
        identities={family.client(baby, sitting): sealed},
    )  # fmt: skip


def _baby_seen(notes: Sequence[Note]) -> Answers:
    """A baby's visit; how it is fed is asked each time."""
    by_kind = {note.kind: note for note in notes}
    begun = [word for kind, word in (("infant.arv_start", "medicine"), ("ctx.start", "syrup")) if kind in by_kind]
    weight, feeding = by_kind.get("growth.weight"), by_kind.get("feeding")
    answers: Answers = {
        "place": "clinic", "weight": _kilos(weight, 30),
        "feeding": feeding.value if feeding else None, "changed": begun or ["none"],
        "fed_no_more": "yes" if "bf.stopped" in by_kind else "",
    }  # fmt: skip
    return answers | {f"{word}_began": "yes" for word in begun}


def _kilos(note: Note | None, most: float) -> float | None:
    """A weight. Ten times the weight, as the simulation slips, no form takes: on a phone the slip is a wrong digit."""
    if note is None:
        return None
    return float(note.value) if float(note.value) <= most else round(float(note.value) / 10 + 1, 1)


def _point(sample: Note) -> str:
    """Why a sample was taken; where the simulation names nothing that the form does, the planned one nearest in age."""
    if sample.value in ("6w", "9m", "confirm", "symptomatic"):
        return sample.value
    age = sample.day - sample.who.born
    return next(
        name for last, name in ((60, "6w"), (130, "10w"), (230, "6m"), (330, "9m"), (9999, "12m")) if age <= last
    )


def _tested(note: Note) -> Answers:
    """The part of the form about a baby's tests that tells this note."""
    match note.kind:
        case "eid.sample":
            return {"what": ["sample"], "sampled_on": iso(note.day), "point": _point(note)}
        case "eid.result":
            return {"what": ["result"], "result_on": iso(note.day), "result": note.value}
        case "eid.result_given":
            return {"what": ["given"], "given_on": iso(note.day)}
        case "antibody.test":
            return {"what": ["rapid"], "rapid_on": iso(note.day), "rapid": note.value}
        case _:
            return {"what": ["treated"], "treated_on": iso(note.day)}
