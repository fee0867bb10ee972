"""Forms about what a mentor does beside the clinic: talks, missed dates, looking for her."""

from collections.abc import Iterator

from mentormothers.config.demo.sittings import Sitting
from mentormothers.config.demo.writing.family import Family
from mentormothers.config.demo.writing.written import Answers, Earlier, Written
from mentormothers.simulation.logbook import Note, iso

_TOPICS = {"partner_testing": "pmtct", "stigma": "disclosure"}
_REASONS = {
    "travel": "far", "transport_money": "transport", "busy": "busy", "forgot": "forgot", "stigma": "stigma",
    "felt_well": "other", "side_effects": "unwell", "ill": "unwell",
}  # fmt: skip


def talk(family: Family, sitting: Sitting) -> Iterator[Written]:
    """A talk, with what she told; a second one on the day is another woman's, written here by mistake."""
    told = sitting.take("disclosure")
    partner = sitting.take_one("partner.hiv_test", "partner.known_positive", "partner.declined")
    topics = sitting.take("topic")
    for session in sitting.take("session"):
        about = [note for note in topics if note.ref == session.record]
        answers = {
            "mode": "one_to_one" if session.value == "group" else session.value,
            "topics": [_TOPICS.get(note.value, note.value) for note in about] or ["adherence"],
            "disclosed": told[0].value if told else None,
        } | _partner(partner)
        notes = [session, *about, *told, partner]
        yield family.form(sitting, "session", family.book.woman, answers, notes, source="client_told")
        told, partner = [], None


def missed_appointment(family: Family, sitting: Sitting) -> Iterator[Written]:
    for missed in sitting.take("appointment.missed"):
        if missed.ref not in family.holds:
            continue
        agreed, day = Earlier(family.holds[missed.ref]), iso(missed.day - 1)
        answers: Answers = {
            "agreed": agreed, "agreed_day": day, "is_past": "yes", "what": "missed", "missed": agreed,
            "missed_day": day, "reason": _REASONS.get(missed.value, "not_said"),
        }  # fmt: skip
        yield family.form(sitting, "appointment", family.book.woman, answers, [missed])


def looked_for(family: Family, sitting: Sitting) -> Iterator[Written]:
    attempt, found = sitting.take_one("trace.attempt"), sitting.take_one("trace.outcome")
    refused = sitting.take_one("refused")
    if attempt is None or found is None:
        return
    answers: Answers = {"way": attempt.value, "found": found.value}
    if found.value in ("returning", "refused", "hospitalised"):
        answers["reasons"] = [family.chances.one_of(("transport", "busy", "forgot", "far", "stigma"))]
    if found.value == "refused":
        answers["refuses"] = "visits"
    if found.value == "self_transferred":
        answers["elsewhere"] = "yes"
    yield family.form(sitting, "tracing", family.book.woman, answers, [attempt, found, refused], source="client_told")


def _partner(note: Note | None) -> Answers:
    if note is None:
        return {"partner": "not_asked"}
    if note.kind == "partner.hiv_test":
        return {"partner": note.value, "partner_test": note.value}
    if note.kind == "partner.known_positive":
        return {"partner": "known_positive", "partner_known": "yes"}
    return {"partner": "declined", "partner_no": "yes"}
