"""What a client's facts say together on a day, as far as follow-up needs it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from mentormothers.protocol.terms import LONGEST_PREGNANCY_DAYS

CONSENTS = ("consent.follow_up", "consent.sms", "consent.whatsapp", "consent.phone", "consent.home_visit")
# Who is said to look after a baby where nobody else than its mother does, and where it is not known who.
MOTHER_HERSELF, NOT_KNOWN = "mother", "not_known"
# The kinds of facts that a story is made of.
KINDS = (
    "child.dob", "art.dispense", "trace.attempt", "trace.outcome", "eid.sample", "pregnancy.edd", "pregnancy.lmp",
    "delivery", "death", "caregiver.since", *CONSENTS,
)  # fmt: skip
Facts = Iterable[Mapping[str, Any]]


@dataclass(frozen=True)
class Story:
    """One client.

    weeks_pregnant  completed weeks, while she carries; weeks_old: of a child; tested: a child had a virological sample
    late_before     how often a supply came more than a week after the one before had ended
    consents        the purposes she agreed to; of a child, whoever looks after it, as long as it is the same person
    caregiver       who looks after a child, by a code; empty while it is its mother
    """

    weeks_pregnant: int | None = None
    weeks_old: int | None = None
    tested: bool = False
    late_before: int = 0
    consents: frozenset[str] = frozenset()
    tried: Mapping[str, int] = field(default_factory=dict)
    refusals: int = 0
    caregiver: str = ""
    died: bool = False


def story_of(facts: Facts, today: date) -> Story:
    """The story of one client from her facts that count (any order)."""
    by_kind: dict[str, list[Mapping[str, Any]]] = {}
    for fact in sorted(facts, key=lambda f: (f["day"], f["received"])):
        if fact["day"] <= today or fact["kind"] == "pregnancy.edd":
            by_kind.setdefault(fact["kind"], []).append(fact)
    born = _last_day(by_kind, "child.dob")
    supplies = by_kind.get("art.dispense", [])
    last_supply = supplies[-1]["day"] if supplies else date.min
    cared = by_kind["caregiver.since"][-1]["value"] if "caregiver.since" in by_kind else ""
    consents = frozenset(kind for kind in CONSENTS if kind in by_kind and by_kind[kind][-1]["value"] == "given")
    attempts = [f for f in by_kind.get("trace.attempt", []) if f["day"] > last_supply]
    return Story(
        weeks_pregnant=_weeks_pregnant(by_kind, today),
        weeks_old=(today - born).days // 7 if born else None,
        tested="eid.sample" in by_kind,
        late_before=_late_before(supplies),
        consents=frozenset() if cared in (MOTHER_HERSELF, NOT_KNOWN) else consents,
        tried={way: sum(f["value"] == way for f in attempts) for way in ("sms", "call", "home", "supporter")},
        refusals=sum(f["value"] == "refused" for f in by_kind.get("trace.outcome", [])),
        caregiver="" if cared == MOTHER_HERSELF else cared,
        died="death" in by_kind,
    )


def _weeks_pregnant(by_kind: Mapping[str, list[Mapping[str, Any]]], today: date) -> int | None:
    due = [f["day"] - timedelta(days=280) for f in by_kind.get("pregnancy.edd", [])]
    periods = [d for d in [f["day"] for f in by_kind.get("pregnancy.lmp", [])] + due if d <= today]
    if not periods:
        return None
    period = max(periods)
    ended = any(f["day"] > period for f in by_kind.get("delivery", []))
    days = (today - period).days
    return None if ended or days > LONGEST_PREGNANCY_DAYS else days // 7


def _last_day(by_kind: Mapping[str, list[Mapping[str, Any]]], kind: str) -> date | None:
    found = by_kind.get(kind)
    return found[-1]["day"] if found else None


def _late_before(supplies: list[Mapping[str, Any]]) -> int:
    late = 0
    for earlier, later in pairwise(supplies):
        late += later["day"] > earlier["day"] + timedelta(days=(earlier["number"] or 0) + 7)
    return late
