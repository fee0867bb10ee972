"""Forms about a mother: check-ups, treatment, visits, viral loads, where she goes."""

from collections.abc import Iterator

from mentormothers.config.demo.sittings import Sitting
from mentormothers.config.demo.writing.asked import dated, document, supplied
from mentormothers.config.demo.writing.family import Family
from mentormothers.config.demo.writing.written import Answers, Earlier, Written
from mentormothers.simulation.logbook import Note, iso


def checkup(family: Family, sitting: Sitting) -> Iterator[Written]:
    """An antenatal contact, with the pregnancy where it is a new one."""
    woman = family.book.woman
    for contact in sitting.take("anc.contact", about=woman):
        period = sitting.take_one("pregnancy.lmp", about=woman)
        test = sitting.take_one("hiv.test", about=woman)
        answers = {
            "her_status": family.status_on(sitting.day), "contact_on": iso(contact.day), "new_contact": "yes",
            "services": [family.chances.one_of(("malaria", "tetanus", "none"))],
            "cough": "neg" if family.chances.happens(0.8) else "none", "test": test.value if test else "none",
        } | (dated(period, sitting.day) if period else {})  # fmt: skip
        if "malaria" in answers["services"]:
            answers["malaria_dose"] = "yes"
        if "tetanus" in answers["services"]:
            answers["tetanus_dose"] = "yes"
        yield family.form(sitting, "anc_contact", woman, answers, [contact, period, test])


def treatment_begun(family: Family, sitting: Sitting) -> Iterator[Written]:
    """Treatment begun, or begun again, after the day she was enrolled."""
    woman = family.book.woman
    begins = sitting.take_one("art.start", "art.restart", about=woman)
    if begins is None:
        return
    supply = sitting.take_one("art.dispense", about=woman)
    again = begins.kind == "art.restart"
    answers = {
        "began": "restart" if again else "start", "began_on": iso(begins.day), "regimen": "tld",
        "restarted" if again else "started": "tld",
    } | (supplied(supply) if supply and supply.day == begins.day else {"supply": "none"})  # fmt: skip
    yield family.form(sitting, "art_start", woman, answers, [begins, supply], source=document(begins))


def visit(family: Family, sitting: Sitting) -> Iterator[Written]:
    woman = family.book.woman
    own = sitting.take("pnc.contact", "art.dispense", "hiv.test", about=woman)
    sample = sitting.take_one("vl.sample", about=woman) if own else None
    planned = sitting.take_one("appointment", about=woman)
    if not own and not planned:
        return
    answers: Answers = {"place": "clinic", "her_status": family.status_on(sitting.day)}
    for note in [*own, *([sample] if sample else [])]:
        answers |= _at_the_clinic(note)
    answers["appointment"] = planned.value if planned else None
    yield family.form(sitting, "visit", woman, answers, [*own, sample, planned])


def blood_test(family: Family, sitting: Sitting) -> Iterator[Written]:
    """A viral load: the sample where no visit told it, and the result."""
    woman = family.book.woman
    answers: Answers
    for sample in sitting.take("vl.sample", about=woman):
        answers = {"what": ["sample"], "sampled_on": iso(sample.day), "reason": "routine"}
        yield family.form(sitting, "viral_load", woman, answers, [sample], source=document(sample))
    for result in sitting.take("vl.result", about=woman):
        told = family.chances.happens(0.7)
        answers = {"what": ["result", "told"] if told else ["result"], "result_on": iso(result.day)}
        answers |= {"result": result.value, "told_on": iso(sitting.day) if told else None} | _load(result.value)
        if result.ref in family.holds:
            sample_of = Earlier(family.holds[result.ref])
            answers |= {"waiting": sample_of, "result_of": sample_of}
        yield family.form(sitting, "viral_load", woman, answers, [result], source=document(result))


def moved(family: Family, sitting: Sitting) -> Iterator[Written]:
    for kind, what, mark in (("transfer.out", "confirmed", "gone"), ("transfer.in", "arrived", "came")):
        for note in sitting.take(kind):
            where = "other_district"
            answers = {"what": what, "where": where, "moved_on": iso(note.day), "seen_in": "register", mark: where}
            yield family.form(sitting, "transfer", family.book.woman, answers, [note], source="register")


def _at_the_clinic(note: Note) -> Answers:
    match note.kind:
        case "art.dispense":
            return {"refilled": "yes", "refilled_on": iso(note.day)} | supplied(note)
        case "hiv.test":
            return {"test_today": note.value}
        case "pnc.contact":
            return {"pnc_today": "yes"}
        case _:
            return {"sample_today": "yes"}


def _load(value: str) -> Answers:
    """A viral load as the slip says it: a number, less or more than one, or not detected."""
    if value == "LDL":
        return {"says": "ldl"}
    if value[0] in "<>":
        return {"says": "less" if value[0] == "<" else "more", "copies": int(value[1:])}
    return {"says": "number", "copies": int(value)}
