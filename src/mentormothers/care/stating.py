"""What a record states: its facts, from its answers and the marks of its form."""

from mentormothers.care.records import MadeRecord
from mentormothers.facts.persons import SAME_PERSON_AS
from mentormothers.facts.vocabulary import vocabulary
from mentormothers.forms.extraction import Stated, extract
from mentormothers.forms.model import Form, Question

# What only the office says, and no phone is given to fill in.
SAME_PERSON = Form(
    id="same_person",
    version="1",
    title="Two pseudonyms of one person",
    role=" ".join(vocabulary().roles),
    enrols=False,
    questions=(
        Question("role", "hidden", context="role"),
        Question("other", "hidden", required=True, fact=SAME_PERSON_AS),
    ),
)


def office_form(made: MadeRecord) -> Form | None:
    """The form of a record that only the office makes, also of its withdrawal."""
    return SAME_PERSON if (made.form, made.form_version) == (SAME_PERSON.id, SAME_PERSON.version) else None


def facts_stated(made: MadeRecord, form: Form) -> tuple[Stated, ...]:
    """The facts of a record. Raises ValueError for answers from which none can be made."""
    if not made.states_facts:
        return ()
    record = {
        "id": str(made.id),
        "client": str(made.client) if made.client else None,
        "happened": made.happened_text,
        "answers": made.answers,
    }
    return tuple(extract(form, record))
