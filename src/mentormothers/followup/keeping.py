"""Keeping what is open for every client: worked out again when something of her family changed, or on another day.

What was kept before is as good as the answer worked out anew, or it is worked out anew before it is shown. The worker
does that ahead of time, so that few are left for whoever looks.
"""

import json
from collections.abc import Collection
from datetime import date
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from mentormothers.care.live import of_whole_families
from mentormothers.followup import queries
from mentormothers.followup.working_out import made_by, work_out

AT_ONCE = 500  # clients that are worked out together: of more, whoever looks waits longer for the worker


def bring_sites_up_to_date(sites: Collection[int], today: date, most: int | None = None) -> int:
    """Work out whoever of sites is not up to date, or the first so many; gives how many are left. In a transaction.

    A family is done with when all of it was worked out together: `most` is more than any has.
    """
    stale = _stale(queries.STALE_AT, {"sites": list(sites), "today": today, "by": made_by()})
    _keep(stale[:most], today)
    return len(stale) - len(stale[:most])


def bring_clients_up_to_date(clients: Collection[UUID], today: date) -> None:
    """Work out those of some clients who are not up to date. In a transaction."""
    _keep(_stale(queries.STALE_OF, {"clients": list(clients), "today": today, "by": made_by()}), today)


def bring_everybody_up_to_date(today: date, seconds: float) -> int:
    """Work out whoever is not up to date, so many together in a transaction of their own, for about so long.

    Gives how many were worked out.
    """
    began, done = monotonic(), 0
    while monotonic() - began < seconds:
        with transaction.atomic():
            found = _stale(queries.STALE_ANYWHERE, {"today": today, "by": made_by(), "most": AT_ONCE})
            _keep(found, today)
        if not found:
            break
        done += len(found)
    return done


def _keep(clients: list[UUID], today: date) -> None:
    if not clients:
        return
    with connection.cursor() as cursor:
        # Held first, read afterwards: what is touched meanwhile stays touched.
        cursor.execute(queries.HOLD, {"clients": clients})
        (touches,) = cursor.fetchone()
        for start in range(0, len(clients), AT_ONCE):
            some = clients[start : start + AT_ONCE]
            values: dict[str, Any] = {
                "clients": some,
                "today": today,
                "by": made_by(),
                "items": json.dumps(_open(some, today)),
            }
            cursor.execute(queries.KEEP, values)
        cursor.execute(queries.DONE_WITH, {"touches": touches})


def _open(clients: list[UUID], today: date) -> list[dict[str, Any]]:
    with of_whole_families(clients) as kin:
        known = {one.client for one in kin}
        return work_out([client for client in clients if client in known], kin, today)


def _stale(sql: str, values: dict[str, Any]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]
