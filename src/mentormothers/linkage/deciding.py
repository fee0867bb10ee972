"""The queue of proposals, and what people decide of them. What is seen is what the scope lets through."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from mentormothers.access.models import User
from mentormothers.access.statements import prepared
from mentormothers.linkage.models import UNSURE, Decision, Proposal, Run
from mentormothers.linkage.pairs import Pair, Weight

SURE = 0.99
_SILENT_MINUTES = 15  # of a run of which nothing is heard any more


@dataclass(frozen=True)
class Waiting:
    """A pair that waits for a decision; unsure_since: somebody looked at it already and could not tell."""

    a: UUID
    b: UUID
    probability: float
    weights: tuple[Weight, ...]
    unsure_since: datetime | None = None

    @property
    def pair(self) -> Pair:
        """The pair as it was judged."""
        return Pair(str(self.a), str(self.b), self.probability, self.weights)


class NotProposedError(Exception):
    """These two do not wait for a decision (any more), or not within this scope."""


def waiting() -> list[Waiting]:
    """The pairs of the scope that wait."""
    return [_waiting(row) for row in _open()]


def count_waiting() -> int:
    """How many pairs of the scope wait."""
    return _open().count()


def decide(a: UUID, b: UUID, decision: str, *, by: User) -> None:
    """Write down what somebody decided of a pair that waits. Raises NotProposedError."""
    with prepared() as cursor:  # of two who decide at once, the second finds it decided
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))", [str(a), str(b)])
    proposed = _open().filter(a=a, b=b).first()
    if proposed is None:
        raise NotProposedError
    Decision.objects.create(
        a=a, b=b, organisation=proposed.organisation, decision=decision, by=by.id, probability=proposed.probability,
        weights=proposed.weights, model=proposed.model
    )  # fmt: skip


def is_waiting(a: UUID, b: UUID) -> bool:
    """Whether a pair of the scope waits for a decision."""
    return _open().filter(a=a, b=b).exists()


@dataclass(frozen=True)
class Measured:
    """How right proposals were: pairs that somebody decided on, and how many of them are one person today.

    sure  those of SURE and more, or those below it
    """

    sure: bool
    pairs: int
    one_person: int


def measured() -> list[Measured]:
    """What was decided so far in the organisations of the scope, the surer ones first."""
    with prepared() as cursor:
        rows = cursor.execute("SELECT is_sure, pairs, one_person FROM linkage.measured(%s)", [SURE]).fetchall()
    return sorted((Measured(*row) for row in rows), key=lambda one: not one.sure)


def latest_run() -> Run | None:
    """The latest comparing of the scope's clients that somebody has begun and that goes on, or has ended."""
    runs = Run.objects.order_by("-began")
    silent = timezone.now() - timedelta(minutes=_SILENT_MINUTES)
    return next((run for run in runs[:20] if run.ended or run.at > silent), None)


def _open() -> "QuerySet[Proposal]":
    """Proposals on which nobody decided since they were made, or could not."""
    latest = Decision.objects.filter(a=OuterRef("a"), b=OuterRef("b")).order_by("-at", "-id")
    decided = Proposal.objects.annotate(
        last=Subquery(latest.values("decision")[:1]), last_at=Subquery(latest.values("at")[:1])
    )
    return decided.filter(Q(last=None) | Q(last=UNSURE) | Q(last_at__lt=F("since")))


def _waiting(row: Any) -> Waiting:
    weights = tuple(Weight(comparison, said, bits) for comparison, said, bits in row.weights)
    return Waiting(row.a, row.b, row.probability, weights, row.last_at if row.last == UNSURE else None)
