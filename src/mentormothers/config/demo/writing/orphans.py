"""Babies who come without their mother."""

from collections.abc import Iterator

from mentormothers.config.demo.contact import carer_of
from mentormothers.config.demo.sittings import Sitting
from mentormothers.config.demo.writing.family import Family
from mentormothers.config.demo.writing.written import Answers, Written
from mentormothers.simulation.logbook import iso
from mentormothers.simulation.people import Baby


def enrolment(family: Family, sitting: Sitting) -> Iterator[Written]:
    """A baby whom somebody else brings, at a site that never knew its mother."""
    for baby in family.book.woman.babies():
        here = sitting.stay.alias, baby.slot
        if here not in family.joined and sitting.tells("enrolled", about=baby):
            family.joined.add(here)
            family.cared_for.add(here)
            yield _enrolled(family, baby, sitting)


def _enrolled(family: Family, baby: Baby, sitting: Sitting) -> Written:
    joins = sitting.take("enrolled", "child.dob", "sex", "exposed", about=baby)
    medicine = sitting.take_one("infant.arv_start", about=baby)
    carer = sitting.take_one("caregiver.since", about=baby)
    answers: Answers = {
        "data_use": "given", "sex": baby.sex, "born_on": iso(baby.born), "mother": "died", "exposed": "yes",
        "carer": carer.value if carer else "grandmother", "follow_up": "given", "phone_calls": "given",
        "home_visit": "given", "feeding": "replacement", "fed_no_more": "yes", "joins": "infant",
        "gets": ["medicine"] if medicine else ["none"], "medicine_began": "yes" if medicine else "",
    }  # fmt: skip
    known = family.said.get(family.book.client(baby, sitting.stay.alias), {})
    sealed = carer_of(str(answers["carer"]), known.get("village", ""), family.chances, may_call=True)
    return family.form(
        sitting, "infant_enrolment", baby, answers, [*joins, medicine, carer], source="health_passport",
        identities={family.client(baby, sitting): sealed | {"name.given": known.get("given_name", "")}},
    )  # fmt: skip
