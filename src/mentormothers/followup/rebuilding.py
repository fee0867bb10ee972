"""Holding what is kept of open items against the facts. Whoever differs is touched, and so worked out anew.

Who was touched already, or worked out by another protocol or program, will be worked out before she is shown: of her
nothing can differ.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, connections, transaction

from mentormothers.care.live import Relative, of_whole_families
from mentormothers.care.rebuilding import OWNER, Difference
from mentormothers.care.rebuilding_queries import ONE_MOMENT
from mentormothers.followup import queries
from mentormothers.followup.keeping import AT_ONCE
from mentormothers.followup.working_out import made_by, work_out


def rebuild(*, mend: bool) -> list[Difference]:
    """What differs; with `mend` those clients are worked out anew by the worker, or when somebody looks."""
    with transaction.atomic(OWNER), connections[OWNER].cursor() as owner, transaction.atomic():
        owner.execute(ONE_MOMENT)
        owner.execute("SELECT pg_export_snapshot()")
        with connection.cursor() as cursor:  # the server's own role works out, as it does otherwise, at the same moment
            cursor.execute(ONE_MOMENT)
            cursor.execute("SET TRANSACTION SNAPSHOT %s", owner.fetchone())
        owner.execute(queries.NEVER_WORKED_OUT)
        differing = {client for (client,) in owner.fetchall()}
        missing, wrong = len(differing), 0
        for day, clients in _kept(owner).items():
            for start in range(0, len(clients), AT_ONCE):
                due, here = _both(owner, clients[start : start + AT_ONCE], day)
                missing, wrong = missing + len(due - here), wrong + len(here - due)
                differing |= {UUID(json.loads(row)["client"]) for row in due ^ here}
        if mend and differing:
            owner.execute(queries.TOUCH, {"clients": list(differing)})
    return [Difference("open_item", missing, wrong)] if differing else []


def _kept(owner: Any) -> dict[date, list[UUID]]:
    """Whose open items are said to be up to date, by the day for which they are."""
    owner.execute(queries.WORKED_OUT, {"by": made_by()})
    found = defaultdict(list)
    for client, day in owner.fetchall():
        found[day].append(client)
    return found


def _both(owner: Any, clients: Sequence[UUID], day: date) -> tuple[set[str], set[str]]:
    """What follows from the facts, and what is kept."""
    with of_whole_families(clients) as kin:
        due = work_out(clients, kin, day)
    owner.execute(queries.KEPT, {"clients": list(clients)})
    here = [row[0] if isinstance(row[0], dict) else json.loads(row[0]) for row in owner.fetchall()]
    homes = {str(one.client): _home(one) for one in kin}
    return {_line(row | homes[row["client"]]) for row in due}, {_line(row) for row in here}


def _home(one: Relative) -> dict[str, Any]:
    return {"mother": one.mother and str(one.mother), "site": one.site, "organisation": one.organisation}


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, sort_keys=True)
