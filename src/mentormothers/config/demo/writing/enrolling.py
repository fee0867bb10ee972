"""The enrolment form: what a woman agrees to, who she is, her status and her pregnancy."""

from collections.abc import Iterator, Sequence

from mentormothers.config.demo.contact import contact_of
from mentormothers.config.demo.sittings import Sitting
from mentormothers.config.demo.writing.asked import dated
from mentormothers.config.demo.writing.cards import first_card
from mentormothers.config.demo.writing.family import Family
from mentormothers.config.demo.writing.written import Answers, Written
from mentormothers.facts.days import day_of
from mentormothers.simulation.logbook import Note, iso

_CONSENTS = {
    "consent.follow_up": "follow_up", "consent.phone": "phone_calls", "consent.sms": "sms",
    "consent.whatsapp": "whatsapp", "consent.home_visit": "home_visit", "consent.referral_share": "referral_share",
    "consent.research": "research",
}  # fmt: skip


def enrolment(family: Family, sitting: Sitting) -> Iterator[Written]:
    woman = family.book.woman
    joins = sitting.take("enrolled", "sex", "birth.date", about=woman)
    consents = [note for note in sitting.notes if note.kind.startswith("consent.")]
    if not joins:
        return
    sitting.take(*(note.kind for note in consents))
    tests = sitting.take("hiv.test", "hiv.diagnosis", about=woman)
    again = sitting.tells("art.restart", about=woman)
    treatment = [] if again else sitting.take("art.start", "art.on", "art.dispense", about=woman)
    period = sitting.take("pregnancy.lmp", "anc.contact")
    answers = {"data_use": "given"}
    answers |= {_CONSENTS[note.kind]: note.value for note in consents if note.kind in _CONSENTS}
    answers |= _age(family, sitting.day) | _status(tests) | _treatment(treatment)
    answers |= _pregnancy(period, sitting)
    source = next((note.source for note in tests + treatment), "health_passport")
    yield family.form(
        sitting, "enrolment", woman, answers, [*joins, *consents, *tests, *treatment, *period], source=source,
        identities={family.client(woman, sitting): _identity(family, sitting)},
    )  # fmt: skip


def _age(family: Family, day: int) -> Answers:
    year = day_of(family.book.woman.born).year
    return {"age": min(60, max(10, day_of(day).year - year)), "birth_year": str(year)}


def _identity(family: Family, sitting: Sitting) -> Answers:
    """How this site knows her, and how she wants to be reached."""
    known = family.said[family.book.client(family.book.woman, sitting.stay.alias)]
    return contact_of(known, family.chances) | first_card(family, family.client(family.book.woman, sitting))


def _status(tests: Sequence[Note]) -> Answers:
    """Her test, as the enrolment form asks for it."""
    test = next((note for note in tests if note.kind == "hiv.test"), None)
    known = next((note for note in tests if note.kind == "hiv.diagnosis"), None)
    if test is not None:
        status = "new_positive" if test.value == "pos" else "negative"
        return {"status": status, "tested_on": iso(test.day), "test_value": test.value} | _group(status)
    if known is not None:
        return {"status": "known_positive", "positive_since": known.date} | _group("known_positive")
    return {"status": "unknown"} | _group("unknown")


def _group(status: str) -> Answers:
    groups = {"negative": "mother_hiv_neg", "unknown": "mother_status_unknown"}
    return {"group": groups.get(status, "mother_hiv_pos")}


def _treatment(notes: Sequence[Note]) -> Answers:
    if not notes:
        return {}
    by_kind = {note.kind: note for note in notes}
    answers: Answers = {"on_treatment": "yes", "start_known": "yes" if "art.start" in by_kind else "no"}
    if start := by_kind.get("art.start"):
        answers["started_on"] = iso(start.day)
    else:
        answers["on_unknown"] = "yes"
    if supply := by_kind.get("art.dispense"):
        answers |= {"supplied_on": iso(supply.day), "supplied_days": int(supply.value)}
    return answers


def _pregnancy(notes: Sequence[Note], sitting: Sitting) -> Answers:
    period = next((note for note in notes if note.kind == "pregnancy.lmp"), None)
    if period is None:
        return {"carrying": "baby" if sitting.tells("delivery", "child.dob") else "neither"}
    seen = any(note.kind == "anc.contact" for note in notes)
    return {"carrying": "pregnant", "contact_today": "yes" if seen else "no"} | dated(period, sitting.day)
