"""Group talks: records about nobody, read as they are since they state no facts."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet

from mentormothers.care.models import Record
from mentormothers.care.publishing import published_form
from mentormothers.care.records import relation_of
from mentormothers.facts.standing import RelationType, standings
from mentormothers.forms.model import Form


@dataclass(frozen=True)
class GroupTalk:
    """One talk with a group. Counts of people, never who they were; `young` is how many were younger than 20."""

    record: UUID
    day: date
    site: int
    author: UUID
    audience: str
    topics: Sequence[str]
    women: int
    men: int
    young: int | None

    @property
    def people(self) -> int:
        """Everybody who came."""
        return self.women + self.men


def group_talks(sites: Sequence[int], most: int) -> list[GroupTalk]:
    """The latest talks at sites that count, the latest first, at most so many."""
    about_nobody = Record.objects.filter(client=None, site__in=sites)
    found = about_nobody.filter(relation__in=("", "amends")).exclude(id__in=_fallen(about_nobody))
    talks = (talk for record in found.order_by("-happened", "-id") for talk in _talk(record))
    return [talk for _, talk in zip(range(most), talks, strict=False)]


def _fallen(records: QuerySet[Record]) -> list[UUID]:
    """Those that a correction has taken out."""
    with_relation = records.exclude(relation="")
    rows = with_relation.values_list("id", "relation", "relation_record", "relation_repeat", named=False)
    relations = [relation_of(r, cast(RelationType, kind), target or r, repeat) for r, kind, target, repeat in rows]
    return [UUID(record) for record, standing in standings(relations).items() if not standing.stands]


def _talk(record: Record) -> Iterator[GroupTalk]:
    """The talk that a record tells of; none where it is another record without a client, such as a refusal."""
    form = published_form(record.form, record.form_version)
    if form is None or form.roles:
        return
    answers: Mapping[str, Any] = json.loads(record.body)["answers"]
    yield GroupTalk(
        record=record.id,
        day=record.happened,
        site=record.site,
        author=record.author,
        audience=_answer(form, answers, "audience") or "",
        topics=_answer(form, answers, "topics") or (),
        women=_answer(form, answers, "women") or 0,
        men=_answer(form, answers, "men") or 0,
        young=_answer(form, answers, "young"),
    )


def _answer(form: Form, answers: Mapping[str, Any], name: str) -> Any:
    question = form.named(name)
    return answers.get(question.path) if question else None
