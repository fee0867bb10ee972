"""Forms that mentors wrote, as the parcels their phones send."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from mentormothers.config.demo.answering import answers_by_path
from mentormothers.config.demo.phone import Parcel, SyntheticPhone
from mentormothers.config.demo.writing.written import Earlier, Written
from mentormothers.forms.model import Form, form_from


def forms_of_phones() -> dict[str, Form]:
    """The forms as phones have them, by name."""
    from mentormothers.care.models import Publication

    found = Publication.objects.filter(kind="form").order_by("version")
    return {one.name: form_from(json.loads(one.body)["form"]) for one in found}


@dataclass(frozen=True)
class Sender:
    """A phone in its author's hands, with the forms it has. `ids` are those of all written forms, by their keys."""

    phone: SyntheticPhone
    author: str
    forms: Mapping[str, Form]
    ids: Mapping[str, UUID]

    def parcel(self, written: Written, at: datetime) -> Parcel:
        """A form as it was written at a moment, signed and sealed."""
        definition, identities = self.forms[written.form], written.identities.items()
        return self.phone.parcel(
            written.form, self.author, str(written.about) if written.about else None,
            answers_by_path(definition, self._with_ids(written.answers)), at=at, id=self.ids[written.key],
            identities={str(who): said for who, said in identities}, source=written.source,
            relation=self._relation(written), form_version=definition.version,
        )  # fmt: skip

    def _relation(self, written: Written) -> dict[str, str] | None:
        if written.relation is None:
            return None
        kind, *keys = written.relation
        return {"type": kind} | dict(zip(("record", "repeat"), (str(self.ids[key]) for key in keys), strict=False))

    def _with_ids(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        return {name: str(self.ids[one.key]) if isinstance(one, Earlier) else one for name, one in answers.items()}
