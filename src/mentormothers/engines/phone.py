"""A protocol as phones get it: the statements that a phone runs, and what it has to know of each item."""

from typing import Any

from mentormothers.engines.schedule_sql import compile_schedule
from mentormothers.protocol.model import Item, Protocol
from mentormothers.protocol.terms import EventTerm

# What a phone asks beside the schedule: what happened, who is whose child, what somebody is (schedule.ts, caseload.ts).
ANSWERS = ("fact", "person", "being")


def for_phones(protocol: Protocol) -> dict[str, Any]:
    """The `items` of all its versions and the `statements` for SQLite, as content.ts reads them."""
    return {
        "items": [_item(item) | {"rule": version.rule} for version in protocol.versions for item in version.items],
        "statements": compile_schedule(protocol, "sqlite", answers=ANSWERS).statements(),
    }


def _item(item: Item) -> dict[str, Any]:
    anchors = [term.match.kind for term in item.anchor.terms if isinstance(term, EventTerm)]
    return {
        "id": item.id,
        "label": item.label,
        "series": item.series,
        "grace_days": item.grace_days,
        "done_by": [satisfier.match.kind for satisfier in item.satisfied_by],
        "follows": next((kind for kind in anchors if kind.endswith(".result")), ""),
    }
