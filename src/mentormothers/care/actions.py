"""Writing care: records with their facts, together or not at all."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from mentormothers.access.models import User
from mentormothers.access.statements import Statement, prepared, together
from mentormothers.care import queries
from mentormothers.care.models import Client, Record
from mentormothers.care.records import MadeRecord, Prepared, read_record, relation_of, uuid7
from mentormothers.facts.persons import SAME_PERSON_AS
from mentormothers.facts.standing import Relation, standings, versions_of

# These facts say where a client's home is, begin her time with a mentor, or say who is one person with whom.
_SETTLING_KINDS = {"art.dispense", "transfer.in", "enrolled", SAME_PERSON_AS}


@transaction.atomic(savepoint=False)
def keep_records(batch: Sequence[Prepared], also: Iterable[Statement] = ()) -> set[UUID]:
    """Keep records and their facts; gives the ids that are new. Ids are unique in a batch.

    `also` are statements that travel with them, so that nobody waits for each.
    """
    records = _rows(record_row(p.made, p.body, p.digest) for p in batch)
    facts = _rows(row for p in batch for row in fact_rows(p))
    touched = sorted(_touched(batch))
    targets = [p.made.relation.record for p in batch if p.made.relation]
    with together() as execute:
        kept = execute(queries.KEEP, [records, facts])
        related = execute(queries.SETTLE_UNCORRECTED, [touched, targets]) if touched or targets else None
        for text, values in also:
            execute(text, values)
    if related and (corrections := related.fetchall()):
        with prepared() as cursor:
            cursor.execute(queries.SETTLE, [touched, targets, _fallen(corrections)])
    return {row[0] for row in kept.fetchall()}


def take_back(record: UUID, *, by: User) -> None:
    """Write down that a record is not true in any of its versions, by a person in the office. All of it is kept.

    It is written at her home site, wherever the record was made. Raises DoesNotExist for what is not in scope.
    """
    target = Record.objects.get(id=record)
    home = Client.objects.get(id=target.client or UUID(int=0))
    related = Record.objects.filter(client=target.client, relation="amends").values_list("id", "relation_record")
    relations = [Relation(str(amending), "amends", str(amended)) for amending, amended in related]
    withdrawals = [_withdrawal(version, target, home, by) for version in versions_of(str(record), relations)]
    keep_records(withdrawals)


def _withdrawal(version: str, target: Record, home: Client, by: User) -> Prepared:
    now = timezone.localtime()
    members: dict[str, Any] = {
        "id": str(uuid7(now)), "client": str(target.client), "form": target.form,
        "form_version": target.form_version, "happened": target.happened.isoformat(), "precision": "day",
        "author": str(by.id), "device": None, "counter": None, "device_clock": now.isoformat(), "site": home.site,
        "organisation": home.organisation, "source": "observed", "answers": {}, "seals": [], "signature": "",
        "relation": {"type": "withdraws", "record": version},
    }  # fmt: skip
    made, body = read_record(members)
    return Prepared(made, body, ())


def digests(ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """The digests of records that are here."""
    if not ids:
        return {}
    with prepared() as cursor:
        cursor.execute(queries.DIGESTS, [list(ids)])
        return {row[0]: bytes(row[1]) for row in cursor.fetchall()}


def _touched(batch: Sequence[Prepared]) -> set[UUID]:
    """Whose person, home, birth mother or mentors may be others now."""
    stated = {UUID(f.client) for p in batch for f in p.facts if f.kind in _SETTLING_KINDS or f.mother}
    # Also whom corrections are about: a withdrawal of a withdrawal speaks of a record that states nothing itself.
    return stated | {p.made.client for p in batch if p.made.relation and p.made.client}


def _fallen(corrections: Iterable[tuple[Any, ...]]) -> list[UUID]:
    """The records that corrections have taken out."""
    found = standings(relation_of(*row) for row in corrections)
    return [UUID(record) for record, standing in found.items() if not standing.stands]


def record_row(made: MadeRecord, body: bytes, digest: bytes) -> dict[str, Any]:
    """A record as a row of `care.record`; `body` is its canonical JSON."""
    row = made.model_dump(mode="json", exclude={"answers", "seals", "signature", "precision", "relation"})
    relation = made.relation
    return row | {
        "relation": relation.type if relation else "",
        "relation_record": str(relation.record) if relation else None,
        "relation_repeat": str(relation.repeat) if relation and relation.repeat else None,
        "body": body.decode(),
        "digest": digest.hex(),
    }


def fact_rows(prepared: Prepared) -> list[dict[str, Any]]:
    """The facts of a record as rows of the table."""
    made = prepared.made
    return [
        {
            "record": str(made.id), "place": place, "client": f.client, "role": f.role, "mother": f.mother or None,
            "kind": f.kind, "day": f.day, "precision": f.precision, "value": f.value, "number": f.number,
            "ref": f.ref or None, "source": made.source, "site": made.site, "organisation": made.organisation,
        }
        for place, f in enumerate(prepared.facts)
    ]  # fmt: skip


def _rows(rows: Any) -> str:
    return json.dumps(list(rows))
