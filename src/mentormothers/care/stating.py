"""What a record states: its facts, from its answers and the marks of its form."""

from mentormothers.care.records import MadeRecord
from mentormothers.forms.extraction import Stated, extract
from mentormothers.forms.model import Form


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
