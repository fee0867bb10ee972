"""Working out anew what follows from records, and holding it against what lies in the tables.

Facts, persons, birth mothers, homes and caseloads are projections: they can be thrown away and made again. What differs
is told by table and number, never by content, and mended where that is asked for. It works as the owner of the tables,
who sees all sites.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from mentormothers.care import rebuilding_queries as queries
from mentormothers.care.actions import fact_rows
from mentormothers.care.publishing import published_form
from mentormothers.care.records import MadeRecord, Prepared, relation_of
from mentormothers.care.stating import facts_stated, office_form
from mentormothers.facts.standing import standings

OWNER = "owner"
_BATCH = 1000


@dataclass(frozen=True)
class Difference:
    """How much of a table is missing, and how much is in it that does not follow from the records."""

    table: str
    missing: int
    wrong: int


class NotRebuiltError(Exception):
    """A record that was kept states nothing any more; the message names it and its form. Nothing was changed."""


def rebuild(*, mend: bool) -> list[Difference]:
    """What differs from what follows from the records; with `mend` the tables are brought in line.

    Without `mend` nothing is changed and nobody waits. With it pushes wait until it is done. Raises NotRebuiltError.
    """
    with transaction.atomic(OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute(queries.HOLD if mend else queries.ONE_MOMENT)
        found = [_facts(cursor, mend=mend)]
        if mend:
            cursor.execute(queries.ADD_CLIENTS)
        clients = _column(cursor, queries.CLIENTS)
        fallen = _fallen(cursor)
        found += [_compared(cursor, table, sql, [clients, fallen]) for table, sql in queries.FOLLOWING.items()]
        if mend and any(d.missing or d.wrong for d in found):
            cursor.execute(queries.SETTLE, [clients, fallen])
            cursor.execute(queries.KEEP_GUESTS, [clients])
        found.append(_compared(cursor, "feed", queries.COMPARE_FEED, []))
        if mend and found[-1].missing:
            cursor.execute(queries.REBUILD_FEED)
    return [difference for difference in found if difference.missing or difference.wrong]


def _facts(cursor: Any, *, mend: bool) -> Difference:
    cursor.execute(queries.REBUILT_FACTS)
    rows = _stated()
    while batch := list(islice(rows, _BATCH)):
        cursor.execute(queries.ADD_REBUILT, [json.dumps(batch)])
    found = _compared(cursor, "fact", queries.COMPARE_FACTS, [])
    if mend and (found.missing or found.wrong):
        cursor.execute(queries.REPLACE_FACTS)
    return found


def _stated() -> Iterator[dict[str, Any]]:
    """The facts of every record here, as rows."""
    with connections[OWNER].chunked_cursor() as cursor:
        cursor.execute(queries.BODIES)
        for body, received in cursor:
            for row in fact_rows(_prepared(body)):
                yield row | {"received": received.isoformat()}


def _prepared(body: str) -> Prepared:
    made = MadeRecord.model_validate_json(body)
    form = office_form(made) or published_form(made.form, made.form_version)
    if form is None:
        raise NotRebuiltError(f"record {made.id}: the form {made.form} {made.form_version} is not published")
    try:
        return Prepared(made, body.encode(), facts_stated(made, form))
    except ValueError:
        raise NotRebuiltError(f"record {made.id}: its answers no longer fit {made.form} {made.form_version}") from None


def _fallen(cursor: Any) -> list[UUID]:
    """The records that corrections have taken out."""
    cursor.execute(queries.RELATIONS)
    found = standings(relation_of(*row) for row in cursor.fetchall())
    return [UUID(record) for record, standing in found.items() if not standing.stands]


def _compared(cursor: Any, table: str, sql: str, values: Iterable[Any]) -> Difference:
    cursor.execute(sql, list(values))
    missing, wrong = cursor.fetchone()
    return Difference(table, missing, wrong)


def _column(cursor: Any, sql: str) -> list[Any]:
    cursor.execute(sql)
    return [row[0] for row in cursor.fetchall()]
