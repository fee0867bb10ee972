"""A simulated family's story as the forms its mentors filled in, each with the answers by the names of its questions.

What a form cannot say is not said: a form's question decides what the programme knows. What no form asks for stays
on the heap and is dropped (`UNTOLD` lists those kinds; a test holds the list to be complete).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from mentormothers.config.demo.contact import contact_of
from mentormothers.config.demo.sittings import Afterthought, Sitting, sittings
from mentormothers.facts.days import day_of
from mentormothers.simulation.chances import Chances
from mentormothers.simulation.identities import COLUMNS, Clerk
from mentormothers.simulation.logbook import Logbook, Note, iso
from mentormothers.simulation.people import Baby, Person, Pregnancy

# Kinds that are not told as the simulation has them, each for a reason of its own.
UNTOLD = {
    "appointment.kept": "the visit on the day says so; nobody writes it down twice",
    "birth.date": "the enrolment form asks for the age",
    "caregiver.since": "asked when the mother's death is told",
    "eac.session": "no form asks for it yet",
    "exposed": "no form enrols a baby without its mother",
    "final.outcome": "no form asks for it yet",
    "hiv.diagnosis": "a positive test says so",
    "refused": "told by who looked for her: visits, not treatment",
}
Answers = dict[str, Any]


@dataclass(frozen=True)
class Earlier:
    """An answer that is the id of an earlier record, by its key."""

    key: str


@dataclass(frozen=True)
class Written:
    """A form as a mentor filled it in.

    key       names it among all others; `told` the simulation's records it holds
    day       the day it was written, a day number; `sent` the day her phone sent it
    mentor    the code of who wrote it
    about     the client; None for a group
    relation  what it says of earlier ones: type, key of the record and, for links, of the repeat
    """

    key: str
    told: frozenset[str]
    day: int
    sent: int
    mentor: str
    form: str
    about: UUID | None
    answers: Answers
    source: str
    identities: Mapping[UUID, Answers] = field(default_factory=dict)
    relation: tuple[str, ...] | None = None


def written_by_mentors(book: Logbook, clerk: Clerk, *, seed: int) -> list[Written]:
    """All forms about one family, in the order of the days they were written."""
    told, later = sittings(book)
    family = _Family(book, clerk, Chances(seed, "demo", book.woman.arrival.number))
    forms = [form for sitting in told for form in family.write(sitting)]
    return forms + list(_afterthoughts(forms, later))


class _Family:
    """The writing about one family, with what its sites know of it by now."""

    def __init__(self, book: Logbook, clerk: Clerk, chances: Chances) -> None:
        self._book, self._chances = book, chances
        self._said = {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in clerk.rows()}
        self._joined: set[tuple[int, int]] = set()
        self._number = 0
        self._holds: dict[str, str] = {}  # simulated record -> key of the form that tells it

    def write(self, sitting: Sitting) -> Iterator[Written]:
        """The forms that a mentor fills in at one sitting."""
        if not self._book.mother_at(sitting.stay.alias):
            return  # the mother died before this site saw the baby; no form enrols a baby alone
        for form in _FORMS:
            yield from form(self, sitting)

    def _id(self, who: Person, sitting: Sitting) -> UUID:
        return UUID(hex=self._book.client(who, sitting.stay.alias) * 2)

    def _form(
        self, sitting: Sitting, form: str, who: Person, answers: Answers, notes: Sequence[Note | None], **more: Any
    ) -> Written:
        held = [note for note in notes if note]
        self._number += 1
        key = f"{self._book.woman.arrival.number}-{self._number}"
        self._holds |= {note.record: key for note in held}
        return Written(
            key=key, told=frozenset(note.record for note in held),
            day=sitting.day, sent=max((note.recorded for note in held), default=sitting.day),
            mentor=sitting.stay.mentor.code, form=form, about=self._id(who, sitting), answers=_given(answers),
            source=more.pop("source", held[0].source if held else "observed"), **more,
        )  # fmt: skip

    def _enrolment(self, sitting: Sitting) -> Iterator[Written]:
        woman = self._book.woman
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
        answers |= self._age(sitting.day) | _status(tests) | _treatment(treatment)
        answers |= _pregnancy(period, sitting)
        source = next((note.source for note in tests + treatment), "health_passport")
        yield self._form(
            sitting, "enrolment", woman, answers, [*joins, *consents, *tests, *treatment, *period], source=source,
            identities={self._id(woman, sitting): self._identity(sitting)},
        )  # fmt: skip

    def _age(self, day: int) -> Answers:
        year = day_of(self._book.woman.born).year
        return {"age": min(60, max(10, day_of(day).year - year)), "birth_year": str(year)}

    def _identity(self, sitting: Sitting) -> Answers:
        """How this site knows her, and how she wants to be reached."""
        known = self._said[self._book.client(self._book.woman, sitting.stay.alias)]
        return contact_of(known, self._chances)

    def _births(self, sitting: Sitting) -> Iterator[Written]:
        """The end of a pregnancy, and the babies who join; also a baby of whom this site hears only now."""
        for pregnancy in self._book.woman.pregnancies:
            ends = [note for note in sitting.notes if note.kind == "delivery" and note.day == pregnancy.ends]
            joining = [baby for baby in pregnancy.babies if self._joins(baby, sitting, told=bool(ends))]
            if ends and pregnancy.outcome != "live":
                yield self._loss(sitting, sitting.take("delivery"))
            elif joining:
                yield self._birth(pregnancy, joining, sitting)

    def _loss(self, sitting: Sitting, notes: list[Note]) -> Written:
        company = self._chances.happens(0.5)
        answers = {
            "ended_on": iso(notes[0].day), "what": notes[0].value, "seen": "yes" if self._chances.happens(0.6) else "no",
            "company": "yes" if company else "no", "talk_wanted": "counselling" if company else "",
        }  # fmt: skip
        return self._form(sitting, "pregnancy_loss", self._book.woman, answers, notes)

    def _joins(self, baby: Baby, sitting: Sitting, *, told: bool) -> bool:
        here = sitting.stay.alias, baby.slot
        joins = here not in self._joined and baby.died > sitting.day if told else sitting.tells("enrolled", about=baby)
        joins = joins and here not in self._joined
        sitting.take("enrolled", "child.dob", "sex", about=baby)
        if joins:
            self._joined.add(here)
        return joins

    def _birth(self, pregnancy: Pregnancy, babies: Sequence[Baby], sitting: Sitting) -> Written:
        ends = [note for note in sitting.take("delivery") if note.day == pregnancy.ends]
        held: list[Note | None] = [*ends]
        entries = [self._newborn(baby, sitting, held) for baby in babies]
        answers: Answers = {
            "born_on": iso(pregnancy.ends), "outcome": "live", "babies": str(len(entries)),
            "how_many": str(len(entries)), "baby": entries, "birth_place": "this_clinic" if pregnancy.at_facility else "home", "mother_seen": "no",
        }  # fmt: skip
        names = {
            self._id(baby, sitting): {"name.given": self._said[self._book.client(baby, sitting.stay.alias)]["given_name"]}
            for baby in babies
            if self._book.client(baby, sitting.stay.alias) in self._said
        }
        return self._form(sitting, "birth", self._book.woman, answers, held, identities=names)

    def _newborn(self, baby: Baby, sitting: Sitting, held: list[Note | None]) -> Answers:
        weights = [note for note in sitting.notes if note.kind == "growth.weight" and note.day == baby.born]
        weight = next((note for note in weights if note.who is baby), None)
        medicine = sitting.take_one("infant.arv_start", about=baby)
        held += [weight, medicine]
        sitting.notes = [note for note in sitting.notes if note is not weight]
        fed = baby.fed_until >= baby.born
        if not fed:
            sitting.take("bf.stopped", about=baby)
        return {
            "baby_id": str(self._id(baby, sitting)), "sex": baby.sex, "weight": _kilos(weight, 7),
            "plan": ("exclusive" if baby.exclusively else "mixed") if fed else "replacement",
            "medicine": "yes" if medicine else "no", "joins": "infant", "dob": iso(baby.born),
            "never_fed": "" if fed else "yes",
        }  # fmt: skip

    def _talk(self, sitting: Sitting) -> Iterator[Written]:
        woman = self._book.woman
        session = sitting.take_one("session")
        topics = sitting.take("topic")
        told = sitting.take("disclosure")
        partner = sitting.take_one("partner.hiv_test", "partner.known_positive", "partner.declined")
        if session is None:
            return
        answers = {
            "mode": "one_to_one" if session.value == "group" else session.value,
            "topics": [_TOPICS.get(note.value, note.value) for note in topics] or ["adherence"],
            "disclosed": told[0].value if told else None,
        } | _partner(partner)
        yield self._form(sitting, "session", woman, answers, [session, *topics, *told, partner], source="client_told")

    def _looking(self, sitting: Sitting) -> Iterator[Written]:
        attempt, found = sitting.take_one("trace.attempt"), sitting.take_one("trace.outcome")
        refused = sitting.take_one("refused")
        if attempt is None or found is None:
            return
        answers: Answers = {"way": attempt.value, "found": found.value}
        if found.value in ("returning", "refused", "hospitalised"):
            answers["reasons"] = [self._chances.one_of(("transport", "busy", "forgot", "far", "stigma"))]
        if found.value == "refused":
            answers["refuses"] = "visits"
        if found.value == "self_transferred":
            answers["elsewhere"] = "yes"
        yield self._form(
            sitting, "tracing", self._book.woman, answers, [attempt, found, refused], source="client_told"
        )

    def _tests(self, sitting: Sitting) -> Iterator[Written]:
        """A baby's samples and results, each with the day it carries."""
        for baby in self._book.woman.babies():
            for kind, filled in _TESTS.items():
                for note in sitting.take(kind, about=baby):
                    if (sitting.stay.alias, baby.slot) in self._joined:
                        yield self._form(sitting, "infant_test", baby, filled(note), [note], source=_document(note))

    def _checkup(self, sitting: Sitting) -> Iterator[Written]:
        """An antenatal contact, with the pregnancy where it is a new one."""
        woman = self._book.woman
        for contact in sitting.take("anc.contact", about=woman):
            period = sitting.take_one("pregnancy.lmp", about=woman)
            test = sitting.take_one("hiv.test", about=woman)
            answers = {
                "her_status": self._status_on(sitting.day), "contact_on": iso(contact.day), "new_contact": "yes",
                "services": [self._chances.one_of(("malaria", "tetanus", "none"))],
                "cough": "neg" if self._chances.happens(0.8) else "none", "test": test.value if test else "none",
            } | (_dated(period, sitting.day) if period else {})  # fmt: skip
            if "malaria" in answers["services"]:
                answers["malaria_dose"] = "yes"
            if "tetanus" in answers["services"]:
                answers["tetanus_dose"] = "yes"
            yield self._form(sitting, "anc_contact", woman, answers, [contact, period, test])

    def _begun(self, sitting: Sitting) -> Iterator[Written]:
        """Treatment begun, or begun again, after the day she was enrolled."""
        woman = self._book.woman
        begins = sitting.take_one("art.start", "art.restart", about=woman)
        if begins is None:
            return
        supply = sitting.take_one("art.dispense", about=woman)
        again = begins.kind == "art.restart"
        answers = {
            "began": "restart" if again else "start", "began_on": iso(begins.day), "regimen": "tld",
            "restarted" if again else "started": "tld",
        } | (_supplied(supply) if supply and supply.day == begins.day else {"supply": "none"})  # fmt: skip
        yield self._form(sitting, "art_start", woman, answers, [begins, supply], source=_document(begins))

    def _visit(self, sitting: Sitting) -> Iterator[Written]:
        woman = self._book.woman
        own = sitting.take("pnc.contact", "art.dispense", "hiv.test", about=woman)
        sample = sitting.take_one("vl.sample", about=woman) if own else None
        planned = sitting.take_one("appointment", about=woman)
        if not own and not planned:
            return
        answers: Answers = {"place": "clinic", "her_status": self._status_on(sitting.day)}
        for note in [*own, *([sample] if sample else [])]:
            answers |= _at_the_clinic(note)
        answers["appointment"] = planned.value if planned else None
        yield self._form(sitting, "visit", woman, answers, [*own, sample, planned])

    def _baby_visit(self, sitting: Sitting) -> Iterator[Written]:
        for baby in self._book.woman.babies():
            notes = sitting.take("growth.weight", "feeding", "bf.stopped", "infant.arv_start", "ctx.start", about=baby)
            if notes and (sitting.stay.alias, baby.slot) in self._joined:
                answers = _baby_seen(notes) | self._vaccines(sitting.day - baby.born)
                yield self._form(sitting, "infant_visit", baby, answers, notes)

    def _vaccines(self, age: int) -> Answers:
        """What the health passport shows that it got this time, by age in days."""
        due = next((name for (first, last), name in _VACCINES.items() if first <= age <= last), None)
        if due is None or not self._chances.happens(0.85):
            return {"vaccines": ["none"]}
        return {"vaccines": [due], f"got_{due}": "yes"}

    def _blood_test(self, sitting: Sitting) -> Iterator[Written]:
        """A viral load: the sample where no visit told it, and the result."""
        woman = self._book.woman
        for sample in sitting.take("vl.sample", about=woman):
            answers: Answers = {"what": ["sample"], "sampled_on": iso(sample.day), "reason": "routine"}
            yield self._form(sitting, "viral_load", woman, answers, [sample], source=_document(sample))
        for result in sitting.take("vl.result", about=woman):
            told = self._chances.happens(0.7)
            answers = {
                "what": ["result", "told"] if told else ["result"], "result_on": iso(result.day), "result": result.value,
                "told_on": iso(sitting.day) if told else None,
            } | _load(result.value)  # fmt: skip
            if result.ref in self._holds:
                sample_of = Earlier(self._holds[result.ref])
                answers |= {"waiting": sample_of, "result_of": sample_of}
            yield self._form(sitting, "viral_load", woman, answers, [result], source=_document(result))

    def _missed(self, sitting: Sitting) -> Iterator[Written]:
        for missed in sitting.take("appointment.missed"):
            if missed.ref not in self._holds:
                continue
            agreed, day = Earlier(self._holds[missed.ref]), iso(missed.day - 1)
            answers: Answers = {
                "agreed": agreed, "agreed_day": day, "is_past": "yes", "what": "missed", "missed": agreed,
                "missed_day": day, "reason": _REASONS.get(missed.value, "not_said"),
            }  # fmt: skip
            yield self._form(sitting, "appointment", self._book.woman, answers, [missed])

    def _moved(self, sitting: Sitting) -> Iterator[Written]:
        for kind, what, mark in (("transfer.out", "confirmed", "gone"), ("transfer.in", "arrived", "came")):
            for note in sitting.take(kind):
                where = "other_district"
                answers = {"what": what, "where": where, "moved_on": iso(note.day), "seen_in": "register", mark: where}
                yield self._form(sitting, "transfer", self._book.woman, answers, [note], source="register")

    def _death(self, sitting: Sitting) -> Iterator[Written]:
        for note in sitting.take("death"):
            who = note.who
            if isinstance(who, Baby) and (sitting.stay.alias, who.slot) not in self._joined:
                continue
            answers: Answers = {"died_on": iso(note.day)}
            if not isinstance(who, Baby):
                left = [b for b in self._book.woman.babies() if (sitting.stay.alias, b.slot) in self._joined]
                if left and left[-1].died > note.day:
                    answers |= {"baby": str(self._id(left[-1], sitting)), "carer": "grandmother"}
            yield self._form(sitting, "death", who, answers, [note])

    def _status_on(self, day: int) -> str:
        return "pos" if self._book.woman.found <= day else ""


_FORMS = (
    _Family._enrolment, _Family._births, _Family._checkup, _Family._begun, _Family._visit, _Family._baby_visit,
    _Family._tests, _Family._blood_test, _Family._talk, _Family._missed, _Family._looking, _Family._moved,
    _Family._death,
)  # fmt: skip


def _given(answers: Answers) -> Answers:
    """The questions that have an answer."""
    return {name: answer for name, answer in answers.items() if answer not in (None, "", [])}


def _afterthoughts(forms: Sequence[Written], later: Sequence[Afterthought]) -> Iterator[Written]:
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
    return {"carrying": "pregnant", "contact_today": "yes" if seen else "no"} | _dated(period, sitting.day)


def _dated(period: Note, day: int) -> Answers:
    if period.value == "fundal_height":
        weeks = min(44, max(1, (day - period.day) // 7))
        return {"how_known": "weeks", "weeks": weeks, "period_from_weeks": iso(day - weeks * 7)}
    if period.value == "ultrasound":
        return {"how_known": "due_date", "due_date": iso(period.day + 280)}
    return {"how_known": "last_period", "last_period": iso(period.day)}


def _partner(note: Note | None) -> Answers:
    if note is None:
        return {"partner": "not_asked"}
    if note.kind == "partner.hiv_test":
        return {"partner": note.value, "partner_test": note.value}
    if note.kind == "partner.known_positive":
        return {"partner": "known_positive", "partner_known": "yes"}
    return {"partner": "declined", "partner_no": "yes"}


def _at_the_clinic(note: Note) -> Answers:
    match note.kind:
        case "art.dispense":
            return {"refilled": "yes", "refilled_on": iso(note.day)} | _supplied(note)
        case "hiv.test":
            return {"test_today": note.value}
        case "pnc.contact":
            return {"pnc_today": "yes"}
        case _:
            return {"sample_today": "yes"}


def _supplied(note: Note) -> Answers:
    supply = note.value if note.value in ("30", "60", "90", "180") else "other"
    return {"supply": supply, "days_other": int(note.value) if supply == "other" else None, "days": note.value}


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


def _load(value: str) -> Answers:
    """A viral load as the slip says it: a number, less or more than one, or not detected."""
    if value == "LDL":
        return {"says": "ldl"}
    if value[0] in "<>":
        return {"says": "less" if value[0] == "<" else "more", "copies": int(value[1:])}
    return {"says": "number", "copies": int(value)}


def _document(note: Note) -> str:
    return note.source if note.source in ("register", "health_passport", "lab") else "register"


_CONSENTS = {
    "consent.follow_up": "follow_up", "consent.phone": "phone_calls", "consent.sms": "sms",
    "consent.whatsapp": "whatsapp", "consent.home_visit": "home_visit", "consent.referral_share": "referral_share",
    "consent.research": "research",
}  # fmt: skip
_TOPICS = {"partner_testing": "pmtct", "stigma": "disclosure"}
_TESTS = {
    "eid.sample": lambda note: {"what": ["sample"], "sampled_on": iso(note.day), "point": note.value or "symptomatic"},
    "eid.result": lambda note: {"what": ["result"], "result_on": iso(note.day), "result": note.value},
    "eid.result_given": lambda note: {"what": ["given"], "given_on": iso(note.day)},
    "antibody.test": lambda note: {"what": ["rapid"], "rapid_on": iso(note.day), "rapid": note.value},
    "art.start": lambda note: {"what": ["treated"], "treated_on": iso(note.day)},
}
_HOLDS = {"anc.contact": "anc_contact", "art.dispense": "visit", "session": "session"}
_VACCINES = {(0, 34): "bcg", (35, 62): "penta1", (63, 90): "penta2", (91, 180): "penta3", (260, 420): "mr1"}
_REASONS = {
    "travel": "far", "transport_money": "transport", "busy": "busy", "forgot": "forgot", "stigma": "stigma",
    "felt_well": "other", "side_effects": "unwell", "ill": "unwell",
}  # fmt: skip
_NEVER_TWICE = frozenset({"enrolment", "birth"})
