"""What phone and server need to know of a form."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Literal

AnswerType = Literal["text", "calculated", "integer", "decimal", "date", "select", "select_multiple", "hidden"]

# State of the client that a phone puts into hidden questions when it opens a form.
#   role                    mother or infant, for a form that can be about either
#   written_today           kinds of facts that stand of her today already; child_written_today: of her youngest child
#   last_anc                day of the latest antenatal contact
#   vl_sample, eid_sample   record of the latest sample whose result is not here
#   appointment, _day       record and day of the agreed date that nobody has said anything of since
#   exposed, feeding, age_days   of an infant
CONTEXT = (
    "hiv_status", "pregnant", "gave_birth", "youngest_child", "youngest_child_feeding", "role", "written_today",
    "child_written_today", "last_anc", "vl_sample", "eid_sample", "appointment", "appointment_day", "exposed",
    "feeding", "age_days",
)  # fmt: skip
# Fields of the record that a question may fill.
RECORD_FIELDS = ("source", "happened")
# The role of a form that is about no client, such as a group talk: it states no facts and seals nothing.
NOBODY = "nobody"
# The fields a form may seal (bind::mm:identity); docs/reference/identity.md says each.
IDENTITY_FIELDS = (
    "name.given", "name.family", "name.called", "name.maiden", "name.married", "name.baptismal", "name.local",
    "phone.number", "phone.owner", "phone.answerers",
    "address.village", "address.landmark", "contact.hours", "contact.wording", "contact.words",
    "language", "reads", "number.anc", "number.art", "number.card", "number.hei", "number.sample",
    "caregiver.name", "partner.client", "partner.name", "partner.phone", "consent.witness", "note",
)  # fmt: skip
EMPTY = "-"
HAPPENED = "@happened"


@dataclass(frozen=True)
class Question:
    """One question and its marks.

    path      where its answer stands: names from the root joined by `/`; inside a repeat, after the repeat's path
    repeat    path of the repeat around it, empty outside
    fact      kind of fact it states; value, when, day, about and ref say how (see `extraction`)
    identity  the identity field its answer is sealed as; such an answer never stands in a record
    record    the record field it fills; context: the state of the client it is opened with
    """

    path: str
    type: AnswerType
    repeat: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    partial: Literal["", "month-year", "year"] = ""
    fact: str = ""
    value: str = ""
    when: tuple[str, ...] = ()
    day: str = ""
    about: str = ""
    ref: str = ""
    identity: str = ""
    record: str = ""
    context: str = ""

    @cached_property
    def name(self) -> str:
        """The question's own name, the last part of its path."""
        return self.path.rpartition("/")[2]

    @cached_property
    def place(self) -> str:
        """Where its answer stands from the root, through the repeat around it."""
        return f"{self.repeat}/{self.path}".lstrip("/")


@dataclass(frozen=True)
class Form:
    """A form in one version.

    role         the role of the client it is about; several, parted by a space, where a question marked with the
                 context `role` says which; or `nobody`
    enrols       it makes that client
    languages    codes of those it is written in, the usual one first; `titles` in the others; `unchecked`: those that
                 nobody who speaks them has checked
    group, icon  under what a mentor finds it on the phone (`care`, `results`, `plans`, `losses` ...), and its drawing
    """

    id: str
    version: str
    title: str
    role: str
    enrols: bool
    questions: tuple[Question, ...]
    group: str = ""
    icon: str = ""
    languages: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    unchecked: tuple[str, ...] = ()

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """The roles it can be about, the usual one first; none for a form about nobody."""
        return () if self.role == NOBODY else tuple(self.role.split())

    @cached_property
    def by_path(self) -> Mapping[str, Question]:
        """Every question by repeat and path."""
        return {question.place: question for question in self.questions}

    @cached_property
    def repeats(self) -> tuple[str, ...]:
        """The paths of its repeats, in their order."""
        return tuple(dict.fromkeys(q.repeat for q in self.questions if q.repeat))

    @cached_property
    def stating(self) -> Mapping[str, tuple[Question, ...]]:
        """The questions that state facts, by the repeat they stand in (empty: outside)."""
        return {
            repeat: tuple(q for q in self.questions if q.fact and q.repeat == repeat) for repeat in ("", *self.repeats)
        }

    @cached_property
    def asking_role(self) -> Question | None:
        """The question that says which of its roles it is about."""
        return next((q for q in self.questions if q.context == "role"), None)

    @cached_property
    def asking_day(self) -> Question | None:
        """The question for the record's day."""
        return next((q for q in self.questions if q.record == "happened"), None)

    @cached_property
    def _by_name(self) -> Mapping[str, Question]:
        return {question.name: question for question in reversed(self.questions)}

    def named(self, name: str) -> Question | None:
        """The question of this name; names that marks refer to are unique in a form."""
        return self._by_name.get(name)

    def definition(self) -> dict[str, Any]:
        """The form as JSON for the phone and for keeping with its records."""
        questions = [
            {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(q).items() if _says_something(v)}
            for q in self.questions
        ]
        return {
            "id": self.id, "version": self.version, "title": self.title, "role": self.role, "enrols": self.enrols,
            "questions": questions, "group": self.group, "icon": self.icon, "languages": list(self.languages),
            "titles": dict(self.titles), "unchecked": list(self.unchecked),
        }  # fmt: skip


def form_from(definition: Mapping[str, Any]) -> Form:
    """The form of a definition made by `Form.definition`."""
    questions = tuple(_question(fields) for fields in definition["questions"])
    lists = {name: tuple(definition.get(name, ())) for name in ("languages", "unchecked")}
    return Form(**{**definition, **lists, "questions": questions})


def _says_something(value: object) -> bool:
    """A limit of 0 does."""
    return value not in ("", (), None) and value is not False


def _question(fields: Mapping[str, Any]) -> Question:
    values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in fields.items()}
    return Question(**values)
