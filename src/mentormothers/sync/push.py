"""Push: every parcel of a batch gets its own answer, and what was acknowledged is on disk.

The batch is kept in one transaction. If anything about it fails, it is taken parcel by parcel, so that one bad
parcel costs the others nothing but time.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

from django.db import DatabaseError, OperationalError, transaction
from django.utils import timezone

from mentormothers.access.models import Device
from mentormothers.access.scope import scope_of_device, scoped
from mentormothers.access.statements import Statement, together
from mentormothers.care.actions import digests, keep_records
from mentormothers.care.publishing import published_form
from mentormothers.care.quarantine import Refused, quarantine
from mentormothers.register.names import IdentityRefusedError, keep_identities
from mentormothers.sync.erasing import without_erased
from mentormothers.sync.errors import PROBLEMS
from mentormothers.sync.parcels import Parcel, Post, UnfitError, check, raw, record_id, unpack
from mentormothers.sync.queries import SEEN

logger = logging.getLogger(__name__)
_DEADLOCK = "40P01"
_ERASED = "SYNC-022"
# Classes of PostgreSQL's errors: connection, rollback, resources, not in the right state, operator, system.
_PASSING = {"08", "40", "53", "55", "57", "58"}


@dataclass(frozen=True)
class Answer:
    """What became of one parcel."""

    id: str | None
    status: Literal["accepted", "duplicate", "quarantined"]
    code: str = ""
    reason: str = ""
    detail: str = ""  # what `reason` adds to the words of the catalogue

    def body(self) -> dict[str, str | None]:
        """The answer as the phone gets it."""
        said = {"code": self.code, "reason": self.reason}
        return {"id": self.id, "status": self.status} | {name: value for name, value in said.items() if value}


Keep = Callable[[Mapping[int, Parcel], Iterable[Statement]], dict[int, Answer]]


@dataclass(frozen=True)
class _Arrived:
    """A parcel as it came, and what it turned out to be."""

    content: object
    parcel: Parcel | None
    problem: UnfitError | None

    @property
    def id(self) -> str | None:
        """The id its record gave itself."""
        return str(self.parcel.prepared.made.id) if self.parcel else record_id(self.content) or None


def push(device: Device, parcels: Sequence[object]) -> list[Answer]:
    """Take a batch that a device brought, perhaps of several devices of its site."""
    try:
        return _retried(lambda: _take(device, parcels, keep_parcels))
    except Exception as error:  # whatever it is, it must cost its own parcel only
        if _passes(error):
            raise
        return _retried(lambda: _take(device, parcels, _keep_each))


def _look_at(content: object, post: Post) -> _Arrived:
    try:
        content = unpack(content)
        return _Arrived(content, check(content, post), None)
    except UnfitError as problem:
        return _Arrived(content, None, problem)
    except DatabaseError:
        raise
    except Exception as error:  # whatever a hostile parcel makes our checks stumble over must not cost the batch
        logger.error("a parcel could not be checked: %s", type(error).__name__)
        return _Arrived(content, None, UnfitError("SYNC-029", type(error).__name__))


def _know_forms(arrived: Iterable[_Arrived]) -> None:
    """A form version that was not known a moment ago may be published by now: do not remember its absence."""
    if any(a.problem and a.problem.code == "SYNC-011" for a in arrived):
        published_form.cache_clear()


def _take(device: Device, parcels: Sequence[object], keep: Keep) -> list[Answer]:
    """Check parcels and keep them in one transaction, with the quarantine of those that are not fit."""
    with scoped(scope_of_device(device)):
        post = Post(today=timezone.localdate(), carrier=device, devices={device.id: device})
        arrived = [_look_at(content, post) for content in parcels]
        _know_forms(arrived)
        fit = {n: a.parcel for n, a in enumerate(arrived) if a.parcel}
        answers = keep(fit, _seen(device, fit.values()))
        unfit = {n: a.problem for n, a in enumerate(arrived) if a.problem}
        unfit |= {n: UnfitError(a.code, a.detail) for n, a in answers.items() if a.status == "quarantined"}
        if unfit:
            contents = dict(zip(unfit, without_erased(arrived[n].content for n in unfit), strict=True))
            quarantine(
                _refused(device, replace(arrived[n], content=contents[n]), problem)
                for n, problem in sorted(unfit.items())
            )
    answers |= {n: _quarantined(arrived[n].id, problem) for n, problem in unfit.items()}
    return [answers[n] for n in range(len(arrived))]


def keep_parcels(fit: Mapping[int, Parcel], also: Iterable[Statement] = ()) -> dict[int, Answer]:
    """Keep parcels in the scope and transaction at hand, all or none: where it fails, the transaction must go back.

    Of parcels with one id the first counts. `also` are statements that travel with them.
    """
    first: dict[UUID, int] = {}
    for n, parcel in fit.items():
        first.setdefault(parcel.prepared.made.id, n)
    batch = sorted((fit[n] for n in first.values()), key=lambda p: p.prepared.made.id)
    new = keep_records([p.prepared for p in batch], also)
    erased = keep_identities(i for p in batch if p.prepared.made.id in new for i in p.identities)
    known = digests([p.prepared.made.id for p in batch if p.prepared.made.id not in new])
    known |= {p.prepared.made.id: p.prepared.digest for p in batch if p.prepared.made.id in new}
    answers = {
        n: _answer(parcel, known, fresh=parcel.prepared.made.id in new and first[parcel.prepared.made.id] == n)
        for n, parcel in fit.items()
    }
    return {n: _without_name(answer, fit[n], erased) for n, answer in answers.items()} if erased else answers


def _keep_each(fit: Mapping[int, Parcel], also: Iterable[Statement]) -> dict[int, Answer]:
    answers = {n: _keep_alone(n, parcel) for n, parcel in fit.items()}
    with together() as execute:
        for text, values in also:
            execute(text, values)
    return answers


def _keep_alone(n: int, parcel: Parcel) -> Answer:
    made = parcel.prepared.made
    try:
        with transaction.atomic():
            return keep_parcels({n: parcel})[n]
    except IdentityRefusedError as error:
        return _quarantined(str(made.id), UnfitError("SYNC-020", str(error)))
    except Exception as error:  # as above: kept in the quarantine instead of coming again for ever
        if _passes(error):
            raise
        logger.error("a record could not be kept: %s", type(error).__name__)
        return _quarantined(str(made.id), UnfitError("SYNC-029", type(error).__name__))


def _answer(parcel: Parcel, known: Mapping[UUID, bytes], *, fresh: bool) -> Answer:
    made = parcel.prepared.made
    if fresh:
        return Answer(str(made.id), "accepted")
    if known.get(made.id) == parcel.prepared.digest:
        return Answer(str(made.id), "duplicate")
    return _quarantined(str(made.id), UnfitError("SYNC-019"))


def _without_name(answer: Answer, parcel: Parcel, erased: set[UUID]) -> Answer:
    """The answer for a record that was taken without what was sealed of somebody whose name was erased."""
    if answer.status != "accepted" or erased.isdisjoint(i.client for i in parcel.identities):
        return answer
    return replace(answer, code=_ERASED, reason=f"{PROBLEMS[_ERASED].message}.")


def _quarantined(id_: str | None, problem: UnfitError) -> Answer:
    text = PROBLEMS[problem.code].message
    reason = f"{text}: {problem.reason}" if problem.reason else f"{text}."
    return Answer(id_, "quarantined", problem.code, reason, problem.reason)


def _refused(device: Device, arrived: _Arrived, problem: UnfitError) -> Refused:
    made = arrived.parcel.prepared.made if arrived.parcel else None
    members = arrived.content.get("record") if isinstance(arrived.content, dict) else None
    stated: dict[str, Any] = members if isinstance(members, dict) else {}
    return Refused(
        content=raw(arrived.content),
        code=problem.code,
        reason=problem.reason,
        site=device.site,
        organisation=device.organisation,
        record=arrived.id or "",
        form=made.form if made else _word(stated.get("form")),
        author=_uuid(stated.get("author")),
        device=_uuid(stated.get("device")) or device.id,
    )


def _seen(device: Device, parcels: Iterable[Parcel]) -> list[Statement]:
    """What remembers each device's highest counter, and that one was heard of."""
    highest: dict[UUID, int] = {}
    for parcel in parcels:
        if parcel.device:
            counter = parcel.prepared.made.counter or 0
            highest[parcel.device.id] = max(counter, highest.get(parcel.device.id, 0))
    devices = sorted({device.id, *highest})  # in one order, so that two pushes cannot wait crosswise
    return [(SEEN, [one == device.id, highest.get(one, 0), one]) for one in devices]


def _retried(deed: Callable[[], list[Answer]]) -> list[Answer]:
    """Two pushes can wait for each other crosswise; the database ends one, which then goes again."""
    try:
        return deed()
    except OperationalError as error:
        if not _is_deadlock(error):
            raise
        return deed()


def _is_deadlock(error: BaseException) -> bool:
    return getattr(error.__cause__, "sqlstate", None) == _DEADLOCK


def _passes(error: BaseException) -> bool:
    """Whether the same batch may succeed later: the database was busy, full or gone, not the parcel wrong."""
    state = getattr(error.__cause__, "sqlstate", None)
    return isinstance(error, OperationalError) and (state is None or state[:2] in _PASSING)


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(str(value)) if value else None
    except ValueError:
        return None


def _word(value: object) -> str:
    return "".join(c for c in value if c.isprintable())[:40] if isinstance(value, str) else ""
