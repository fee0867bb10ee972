"""Pull: what changed for one person of a device since a cursor, as lines that can be cut anywhere.

What a person may know: a mentor her caseload, a coordinator the clients whose home is her site, and its guests. When
somebody enters it after the cursor, her whole history follows; when she leaves it, the phone forgets her.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from mentormothers.access.models import Device, Role, User
from mentormothers.access.scope import scope_of_device, scoped
from mentormothers.care.models import Caseload, Client, Guest, Publication, SamePerson, Stay
from mentormothers.care.staying import stays_going_on
from mentormothers.followup.models import Assignment
from mentormothers.register.names import identities_for_phone
from mentormothers.sites.models import Site
from mentormothers.sync import queries
from mentormothers.sync.errors import RequestRefusedError

CHUNK = 400
Event = dict[str, Any]


@dataclass(frozen=True, order=True)
class Cursor:
    """A place in the feed. `feed` names the feed it belongs to."""

    feed: str
    tx: int = 0
    place: int = 0

    def text(self) -> str:
        """The cursor as phones keep it."""
        return base64.urlsafe_b64encode(f"{self.feed}:{self.tx}:{self.place}".encode()).decode()


@dataclass
class _Change:
    """One row of the feed."""

    cursor: Cursor
    event: str
    client: UUID | None
    subject: UUID | None


@dataclass
class _Pull:
    """Whose changes are read, and from where.

    persons  of the clients who have several pseudonyms: that by which each is known, where it is another
    """

    device: Device
    person: User
    position: Cursor
    clients: set[UUID] = field(default_factory=set)
    persons: Mapping[UUID, UUID] = field(default_factory=dict)


def read_cursor(text: str | None) -> Cursor | None:
    """The cursor of a phone. Raises RequestRefusedError when it is damaged."""
    if not text:
        return None
    try:
        feed, tx, place = base64.urlsafe_b64decode(text.encode()).decode().split(":")
        return Cursor(str(UUID(feed)), _count(tx), _count(place))
    except (ValueError, UnicodeError):
        raise RequestRefusedError("SYNC-004") from None


def changes(device: Device, person: User, since: Cursor | None) -> Iterator[bytes]:
    """Lines for a person of a device. Each chunk is read in a transaction of its own."""
    with scoped(scope_of_device(device)):
        feed = _feed_id()
    if since is not None and since.feed != feed:
        yield _line({"event": "start_again"})
        since = None
    pull, complete = _Pull(device, person, since or Cursor(feed)), False
    while not complete:
        lines, complete = _chunk(pull)
        yield from lines
        now = timezone.localtime().isoformat()
        yield _line({"event": "cursor", "cursor": pull.position.text(), "complete": complete, "server_time": now})


def _chunk(pull: _Pull) -> tuple[list[bytes], bool]:
    """The next lines, and whether nothing more is there for now."""
    with scoped(scope_of_device(pull.device)):
        # Asked first: what is told meanwhile is left for later, since whom the person knows does not reflect it yet.
        last = _last_told(pull.position)
        pull.clients = _known_to(pull.person, pull.device)
        pull.persons = dict(SamePerson.objects.values_list("client", "person"))
        found = _feed(pull, last)
        lines = [_line(event) for event in _events(pull, found)]
    complete = len(found) < CHUNK
    if complete:
        pull.position = last  # past what others were told too
    else:
        pull.position = found[-1].cursor
    return lines, complete


def _known_to(person: User, device: Device) -> set[UUID]:
    if person.role == Role.COORDINATOR:
        guests = Guest.objects.filter(site=device.site, ends__gt=timezone.now()).values_list("client", flat=True)
        return {*Client.objects.filter(site=device.site).values_list("id", flat=True), *guests}
    return set(Caseload.objects.filter(mentor=person.id, site=device.site).values_list("client", flat=True))


def _feed(pull: _Pull, last: Cursor) -> list[_Change]:
    position = pull.position
    with connection.cursor() as cursor:
        cursor.execute(
            queries.CHANGES,
            {
                "tx": str(position.tx),
                "place": position.place,
                "last_tx": str(last.tx),
                "last_place": last.place,
                "clients": list(pull.clients),
                "most": CHUNK,
            },
        )
        return [
            _Change(Cursor(position.feed, int(tx), place), event, client, subject)
            for tx, place, event, client, subject in cursor.fetchall()
        ]


def _events(pull: _Pull, found: list[_Change]) -> Iterator[Event]:
    bodies = _bodies(c.subject for c in found if c.event == "record" and c.client in pull.clients)
    sealed = identities_for_phone(
        pull.device, [(c.subject, c.client) for c in found if c.event == "identity" and c.client in pull.clients
                      and c.subject and c.client]
    )  # fmt: skip
    contents = _contents() if any(c.event == "content" for c in found) else []
    for change in found:
        yield from _event(pull, change, bodies, sealed, contents)
        if change.event == "content":
            contents = []  # one look at the shelf tells all of it


def _event(
    pull: _Pull,
    change: _Change,
    bodies: Mapping[UUID, Event],
    sealed: Mapping[tuple[UUID, UUID], tuple[bytes, bytes]],
    contents: list[Event],
) -> Iterator[Event]:
    client = change.client
    if change.event == "record" and change.subject and change.subject in bodies:
        yield bodies[change.subject]
    elif change.event == "identity" and client and change.subject and (change.subject, client) in sealed:
        yield _identity(change.subject, client, *sealed[change.subject, client])
    elif change.event == "content":
        yield from contents
    elif change.event == "erase" and client in pull.clients:
        yield _erase(client)
    elif change.event in ("merge", "unmerge") and client in pull.clients:
        yield _grouping(pull, client)
    elif change.event == "assignment" and client in pull.clients and change.subject:
        yield from _assignment(change.subject)
    elif change.event == "stay" and client in pull.clients and change.subject:
        yield from (_stay(pull, one) for one in Stay.objects.filter(id=change.subject))
    elif client and _enters(pull, change):
        yield from _entered(pull, client)
    elif client and _leaves(pull, change):
        yield {"event": "client_out", "client": str(client)}


def _enters(pull: _Pull, change: _Change) -> bool:
    return _is_mine(pull, change, "in") and change.client in pull.clients


def _leaves(pull: _Pull, change: _Change) -> bool:
    return _is_mine(pull, change, "out") and change.client not in pull.clients


def _is_mine(pull: _Pull, change: _Change, way: str) -> bool:
    """Whether somebody came into, or went out of, what this person may know."""
    if pull.person.role == Role.COORDINATOR:
        return change.event in (f"home_{way}", f"guest_{way}")
    return change.event == f"caseload_{way}" and change.subject == pull.person.id


def _entered(pull: _Pull, client: UUID) -> Iterator[Event]:
    """She enters. What lies before this chunk comes along; the rest follows by itself, now that she is known."""
    yield {"event": "client_in", "client": str(client)}
    with connection.cursor() as cursor:
        cursor.execute(queries.HISTORY, {"client": client, "tx": str(pull.position.tx), "place": pull.position.place})
        past = cursor.fetchall()
    sealed = identities_for_phone(pull.device, [(subject, client) for kind, subject, *_ in past if kind == "identity"])
    for kind, subject, body, received in past:
        if kind == "record":
            if body:
                yield _record(body, received)
        elif kind == "erase":
            yield _erase(client)
        elif (subject, client) in sealed:
            yield _identity(subject, client, *sealed[subject, client])
    if client in pull.persons:
        yield _grouping(pull, client)
    for assignment in Assignment.objects.filter(client=client, ended_at=None).values_list("id", flat=True):
        yield from _assignment(assignment)
    yield from (_stay(pull, one) for one in stays_going_on([client]))


def _bodies(ids: Iterable[UUID | None]) -> dict[UUID, Event]:
    with connection.cursor() as cursor:
        cursor.execute(queries.RECORDS, [[i for i in ids if i]])
        return {record_id: _record(body, received) for record_id, body, received in cursor.fetchall()}


def _record(body: str, received: Any) -> Event:
    return {"event": "record", "record": json.loads(body), "received": received.isoformat()}


def _identity(record: UUID, client: UUID, seal: bytes, key: bytes) -> Event:
    return {
        "event": "identity",
        "record": str(record),
        "client": str(client),
        "sealed": base64.b64encode(seal).decode(),
        "key": base64.b64encode(key).decode(),
    }


def _erase(client: UUID | None) -> Event:
    """Her name was erased: no phone keeps it."""
    return {"event": "erase", "client": str(client)}


def _grouping(pull: _Pull, client: UUID) -> Event:
    """By which pseudonym she is known now, whatever was told of it before."""
    if person := pull.persons.get(client):
        return {"event": "merge", "client": str(client), "person": str(person)}
    return {"event": "unmerge", "client": str(client)}


def _assignment(assignment_id: UUID) -> Iterator[Event]:
    for found in Assignment.objects.filter(id=assignment_id):
        yield {
            "event": "assignment",
            "id": str(found.id),
            "client": str(found.client),
            "mentor": str(found.mentor),
            "task": "trace",
            "item": found.item,
            "until": found.until.isoformat(),
            "open": found.ended_at is None,
        }


def _stay(pull: _Pull, stay: Stay) -> Event:
    """She is at another site than her home for a while; told at both."""
    return {
        "event": "stay",
        "id": str(stay.id),
        "client": str(stay.client),
        "here": stay.site == pull.device.site,
        "site": Site.objects.get(id=stay.site).name,
        "home": _home_of(stay.client),
        "reason": stay.reason,
        "until": stay.until.isoformat(),
        "open": stay.ended_at is None,
    }


def _home_of(client: UUID) -> str:
    home = Client.objects.filter(id=client).values_list("site", flat=True).first()
    return Site.objects.get(id=home).name if home else ""


def _contents() -> list[Event]:
    """What is published now: of the vocabulary and each protocol the newest, of forms every version."""
    newest: dict[tuple[str, str], Publication] = {}
    for publication in Publication.objects.order_by("published_at", "id"):
        version = publication.version if publication.kind == "form" else ""
        newest[publication.kind + publication.name, version] = publication
    return [
        {
            "event": "content",
            "kind": p.kind,
            "name": p.name,
            "version": p.version,
            "digest": p.digest,
            "size": len(p.body),
        }
        for p in newest.values()
    ]


def feed_behind() -> float:
    """Seconds by which the feed lies behind: a long writing transaction holds it back, losing nothing."""
    with connection.cursor() as cursor:
        cursor.execute(queries.BEHIND)
        return float(cursor.fetchone()[0])


def _last_told(position: Cursor) -> Cursor:
    """The last place that can be heard of now; a position that lies behind it already."""
    with connection.cursor() as cursor:
        cursor.execute(queries.LAST_TOLD)
        row = cursor.fetchone()
    return max(position, Cursor(position.feed, int(row[0]), row[1])) if row else position


def _feed_id() -> str:
    with connection.cursor() as cursor:
        cursor.execute(queries.FEED_ID)
        return str(cursor.fetchone()[0])


def _count(text: str) -> int:
    number = int(text)
    if not 0 <= number < 2**63:
        raise ValueError("no place in a feed")
    return number


def _line(event: Event) -> bytes:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
