"""Comparing all clients of an organisation, and putting who is probably one into the coordinators' queue.

What a run finds takes the place of what an earlier one found. A pair that somebody decided on is left alone, unless
something new was written of one of the two since, and they now agree otherwise than they did then.
"""

import gc
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from mentormothers.access.audit import note
from mentormothers.access.scope import LINKAGE, Scope, as_role, scoped
from mentormothers.access.statements import prepared
from mentormothers.linkage import model
from mentormothers.linkage.clients import clients_of
from mentormothers.linkage.costs import threshold
from mentormothers.linkage.models import UNSURE, Decision, Proposal, Run
from mentormothers.linkage.pairs import Pair

Progress = Callable[[int, int, str], None]  # done, of (0: not known), and what is being done
_LOCK = "linkage.propose"  # with the organisation's number: one run of it at a time
Weights = list[list[Any]]


class AlreadyRunningError(Exception):
    """The clients of this organisation are being compared just now."""


@dataclass(frozen=True)
class Proposed:
    """What a run came to: persons compared, pairs that are proposed now, and how many of these are new."""

    persons: int
    proposals: int
    new: int


def propose(organisation: int, today: date, progress: Progress) -> Proposed:
    """Compare the clients of an organisation and keep who are probably one. Raises AlreadyRunningError."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s), %s)", [_LOCK, organisation])
        if not cursor.fetchone()[0]:
            raise AlreadyRunningError
        try:
            return _propose(_Kept(organisation, progress), today)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s), %s)", [_LOCK, organisation])


def model_version() -> str:
    """Tells these comparisons and limits from every other version of them."""
    return sha256(repr((model.COMPARISONS, model.LIMITS)).encode()).hexdigest()[:12]


def _propose(kept: "_Kept", today: date) -> Proposed:
    from mentormothers.linkage.judging import link  # Splink: a second that other commands do not need

    kept.tell(0, 0, "reading")
    clients = clients_of(kept.organisation, lambda read: kept.tell(read, 0, "reading"))
    found = link(clients.persons, today, threshold(), kept.tell)
    pairs = [pair for pair in found if clients.person[UUID(pair.a)] != clients.person[UUID(pair.b)]]
    heard, persons = clients.heard, len(clients.persons)
    del clients
    gc.collect()  # nothing holds a name any more; the process ends soon (config.commands.propose)
    return kept.end(persons, pairs, heard)


class _Kept:
    """A run as the database has it."""

    def __init__(self, organisation: int, progress: Progress) -> None:
        self.organisation, self._scope, self._progress = organisation, Scope((), (organisation,)), progress
        with scoped(self._scope), as_role(LINKAGE):
            self._run = Run.objects.create(organisation=organisation)

    def tell(self, done: int, of: int, doing: str) -> None:
        """Say how far it is, here and to whoever waits in the office."""
        self._progress(done, of, doing)
        with scoped(self._scope), as_role(LINKAGE):
            Run.objects.filter(id=self._run.id).update(at=timezone.now(), doing=doing, done=done, of=of)

    def end(self, persons: int, pairs: Iterable[Pair], heard: Mapping[UUID, datetime]) -> Proposed:
        """Keep what was found in place of what was found before, all at once, with its line in the trail."""
        with scoped(self._scope):
            with as_role(LINKAGE):
                found, new = self._keep(pairs, heard)
                ended = timezone.now()
                Run.objects.filter(id=self._run.id).update(at=ended, ended=ended, persons=persons, proposals=found)
            said = f"organisation {self.organisation}: {persons} persons, {found} proposals, {new} new"
            note("linkage.proposed", detail=f"{said}; model {model_version()}")
        return Proposed(persons, found, new)

    def _keep(self, pairs: Iterable[Pair], heard: Mapping[UUID, datetime]) -> tuple[int, int]:
        before = {(a, b): since for a, b, since in Proposal.objects.values_list("a", "b", "since")}
        decided = _decided()
        found = {(row.a, row.b): row for row in map(self._row, pairs)}
        here = _still_here({client for pair in found for client in pair})
        rows = {
            pair: row
            for pair, row in found.items()
            if here.issuperset(pair) and (pair not in decided or _agrees_otherwise(row, decided[pair], heard))
        }
        # What was proposed before a decision is over with it; proposed again, it is new.
        over = {pair for pair, since in before.items() if pair in decided and since < decided[pair].at}
        Proposal.objects.filter(pk__in=list((before.keys() - rows.keys()) | over)).delete()
        Proposal.objects.bulk_create(
            rows.values(), update_conflicts=True, unique_fields=["a", "b"],
            update_fields=["probability", "weights", "model"],
        )  # fmt: skip
        return len(rows), len(rows.keys() - (before.keys() - over))

    def _row(self, pair: Pair) -> Proposal:
        a, b = sorted((UUID(pair.a), UUID(pair.b)))
        weights = [[one.comparison, one.said, round(one.bits, 1)] for one in pair.weights]
        return Proposal(
            a=a, b=b, organisation=self.organisation, probability=pair.probability, weights=weights,
            model=model_version(),
        )  # fmt: skip


def _still_here(clients: set[UUID]) -> set[UUID]:
    """Those who were not erased since they were read; nobody of them is, until this transaction has ended."""
    with prepared() as cursor:
        return {row[0] for row in cursor.execute("SELECT linkage.still_here(%s)", [list(clients)]).fetchall()}


def _decided() -> dict[tuple[UUID, UUID], Decision]:
    """The latest decision on each pair on which there is one; not being sure decides nothing."""
    latest = {(one.a, one.b): one for one in Decision.objects.order_by("at", "id")}
    return {pair: one for pair, one in latest.items() if one.decision != UNSURE}


def _agrees_otherwise(row: Proposal, decision: Decision, heard: Mapping[UUID, datetime]) -> bool:
    """Whether something new was written of one of two since a decision, and makes them agree otherwise than then."""
    news = max(heard[row.a], heard[row.b]) > decision.at
    return news and agreement(row.weights) != agreement(decision.weights)


def agreement(weights: Weights) -> set[tuple[str, str]]:
    """In what two records agree and how well, without what that weighs."""
    return {(comparison, said) for comparison, said, _ in weights}
