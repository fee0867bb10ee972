"""A simulated family's story as the forms its mentors filled in.

What a form cannot say is not said: a form's question decides what the programme knows. What no form asks for stays
on the heap of its sitting and is dropped; `UNTOLD` says which kinds, and a test holds that list to be complete.
"""

from mentormothers.config.demo.sittings import Sitting, sittings
from mentormothers.config.demo.writing import babies, cards, enrolling, mothers, orphans, partners, talking
from mentormothers.config.demo.writing.afterwards import afterthoughts
from mentormothers.config.demo.writing.family import Family
from mentormothers.config.demo.writing.written import Written
from mentormothers.simulation.chances import Chances
from mentormothers.simulation.identities import Clerk
from mentormothers.simulation.logbook import Logbook

# Kinds that are not told as the simulation has them, each for a reason of its own.
UNTOLD = {
    "appointment.kept": "the visit on the day says so; nobody writes it down twice",
    "birth.date": "the enrolment form asks for the age",
    "caregiver.since": "asked once, when somebody else begins to look after a baby",
    "final.outcome": "no form asks for it yet",
    "hiv.diagnosis": "a positive test says so",
    "exposed": "said of the simulation's babies whose mother is no client of the site",
    "refused": "told by who looked for her: visits, not treatment",
}
# In the order in which a mentor takes the forms at one sitting.
_FORMS = (
    cards.card_lost, enrolling.enrolment, orphans.brought, babies.births, mothers.checkup, mothers.treatment_begun,
    mothers.visit, babies.baby_visit, babies.baby_tests, mothers.blood_test, partners.partners, talking.talk,
    talking.missed_appointment, talking.looked_for, mothers.moved, babies.death, babies.caregiver,
)  # fmt: skip


def written_by_mentors(book: Logbook, clerk: Clerk, *, seed: int) -> list[Written]:
    """All forms about one family, in the order of the days they were written."""
    told, later = sittings(book)
    family = Family(book, clerk, Chances(seed, "demo", book.woman.arrival.number))
    forms = [form for sitting in told for form in _write(family, sitting)]
    return forms + list(afterthoughts(forms, later))


def _write(family: Family, sitting: Sitting) -> list[Written]:
    """The forms that a mentor fills in at one sitting."""
    if not family.book.mother_at(sitting.stay.alias):
        return []  # the mother died before this site saw the baby
    return [form for take in _FORMS for form in take(family, sitting)]
