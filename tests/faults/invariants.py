"""What must hold whatever happened. Each check gives what is wrong, in words; nothing wrong gives nothing.

Asked of the database by its administrator, who sees all rows, and compared with what the phones know.
"""

import base64
import subprocess
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from tests.faults.installation import PROGRAM, wait_for
from tests.faults.phones import Kept, Phone
from tests.faults.programme import Programme

_MOST_TOLD = 5
_STALLED = 150.0  # seconds: a worker is given up after 30 s without a sign, the job that looks comes once a minute


class Checks:
    """One look at the database, and everything that is checked in it."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        with programme.installation.ask() as connection, connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")

            def ask(sql: str) -> list[tuple[Any, ...]]:
                return connection.execute(sql.encode()).fetchall()

            self.records = {
                str(i): (str(c), b.encode(), s) for i, c, b, s in ask("SELECT id, client, body, site FROM care.record")
            }
            self.identities = {
                (str(r), str(c)): bytes(sealed)
                for r, c, sealed in ask("SELECT record, client, sealed FROM people.identity_record")
            }
            self.quarantined = {
                (r, c, bytes(d)) for r, c, d in ask("SELECT record, code, digest FROM care.quarantined")
            }
            self.caseload = [(str(c), str(m), s) for c, m, s in ask("SELECT client, mentor, site FROM care.caseload")]
            self.homes = {str(c): s for c, s in ask("SELECT id, site FROM care.client")}
            self.assignments = {
                str(i): str(c) for i, c in ask("SELECT id, client FROM care.assignment WHERE ended_at IS NULL")
            }
            self.indexed = {(str(c), bytes(t)) for c, t in ask("SELECT client, token FROM people.search_token")}
            self.told = Counter(
                (e, str(c), str(s))
                for e, c, s in ask("SELECT event, client, subject FROM sync.feed WHERE event IN ('record', 'identity')")
            )

    def all(self) -> list[str]:
        """Everything that is wrong."""
        checks = (self.acknowledged, self.nothing_invented, self.whole, self.kept_when_refused, self.not_refused,
                  self.found, self.fed, self.phones)  # fmt: skip
        return [line for check in checks for line in _shortened(check())]

    def acknowledged(self) -> Iterator[str]:
        """What a phone was told is kept is here, with its bytes. (The primary key makes it once.)"""
        for heard in self.programme.ledger.heard:
            known = self.records.get(heard.written.id)
            if heard.status in ("accepted", "duplicate") and (known is None or known[1] != heard.written.body):
                yield f"acknowledged ({heard.status}) but {'lost' if known is None else 'with other bytes'}: {heard.written.id}"

    def nothing_invented(self) -> Iterator[str]:
        """Every record here is one that a phone wrote, byte for byte."""
        written = self.programme.ledger.written
        for record, (_, body, _) in self.records.items():
            if body not in [w.body for w in written.get(record, ())]:
                yield f"nobody wrote this: {record}"

    def whole(self) -> Iterator[str]:
        """Care and identity of one parcel are here together, or neither."""
        expected = {}
        for record, (_, body, _) in self.records.items():
            for written in self.programme.ledger.written.get(record, ()):
                if written.body == body:
                    for identity in written.parcel["identities"]:
                        expected[record, identity["client"]] = base64.b64decode(identity["sealed"])
        yield from (f"care without its identity: {r}" for r, c in expected if (r, c) not in self.identities)
        yield from (f"identity without its care: {r}" for r, c in self.identities if (r, c) not in expected)
        yield from (
            f"identity with other bytes: {r}"
            for (r, c), sealed in self.identities.items()
            if expected.get((r, c), sealed) != sealed
        )

    def kept_when_refused(self) -> Iterator[str]:
        """What a phone was told is quarantined lies there, with its bytes."""
        for heard in self.programme.ledger.heard:
            if heard.status == "quarantined":
                row = (heard.written.id, heard.code, heard.written.refused_digest)
                if row not in self.quarantined:
                    yield f"quarantined ({heard.code}) but lost: {heard.written.id}"

    def not_refused(self) -> Iterator[str]:
        """Nothing sound was quarantined."""
        for heard in self.programme.ledger.heard:
            if heard.status == "quarantined" and heard.code not in heard.written.may:
                yield f"quarantined with {heard.code} without a reason: {heard.written.id} ({heard.written.parcel['record']['form']})"

    def found(self) -> Iterator[str]:
        """By every name, village and number of a kept identity she can be looked for, and by no other."""
        from mentormothers.people.sealing import open_answers
        from mentormothers.people.tokens import tokens_of

        keys = {client: key for phone in self.programme.phones for client, key in phone.synthetic.client_keys.items()}
        due = set()
        for (record, client), sealed in self.identities.items():
            answers = open_answers(keys[client], sealed, UUID(record), UUID(client))
            due |= {(client, token) for token in tokens_of(answers)}
        yield from _compared("search tokens", due, self.indexed)

    def fed(self) -> Iterator[str]:
        """Every record and identity stands in the feed once."""
        due = Counter(("record", client, record) for record, (client, _, _) in self.records.items())
        due.update(("identity", client, record) for record, client in self.identities)
        yield from (f"told {self.told[row]} times, not once: {row}" for row in due if self.told[row] != 1)
        yield from (f"told but not here: {row}" for row in self.told if row not in due)

    def phones(self) -> Iterator[str]:
        """Every phone holds what the database says its people may know: those that pulled all along, and one anew."""
        for phone in self.programme.working:
            for person in phone.people:
                yield from self._holds(phone, person, phone.kept[person], "along the way")
                fresh = Phone(phone.port, phone.address, phone.synthetic, phone.ledger, phone.people, phone.site)
                fresh.pull(person)
                yield from self._holds(phone, person, fresh.kept[person], "from the start")

    def _holds(self, phone: Phone, person: str, kept: Kept, how: str) -> Iterator[str]:
        if self.programme.roles[person] == "coordinator":
            clients = {client for client, site in self.homes.items() if site == phone.site}
        else:
            clients = {client for client, mentor, site in self.caseload if (mentor, site) == (person, phone.site)}
        who = f"{self.programme.roles[person]} at site {phone.site}, pulled {how}"
        due = {record for record, (client, _, _) in self.records.items() if client in clients}
        yield from _compared(f"{who}: records", due, set(kept.records))
        due_seals = {(record, client) for record, client in self.identities if client in clients}
        yield from _compared(f"{who}: identities", due_seals, kept.identities)
        asked = {assignment for assignment, client in self.assignments.items() if client in clients}
        yield from _compared(f"{who}: assignments", asked, set(kept.assignments))


def rebuilt(programme: Programme) -> list[str]:
    """What follows from the records is what lies in the tables."""
    done = subprocess.run(
        [PROGRAM, "rebuild", "--check"], env=programme.installation.environment, capture_output=True, text=True, timeout=600
    )  # fmt: skip
    return [] if done.returncode == 0 else [f"projections: {line}" for line in (done.stdout + done.stderr).splitlines()]


def jobs_done(programme: Programme) -> list[str]:
    """No job is lost with its worker: what it had begun runs again, and what waited for a form is taken."""
    wait_for(lambda: not _unfinished(programme), "jobs stay unfinished", _STALLED)
    with programme.installation.ask() as connection:
        waiting = connection.execute(
            "SELECT record FROM care.quarantined q WHERE code = 'SYNC-011' AND NOT EXISTS"
            " (SELECT FROM care.quarantine_decision d WHERE d.quarantined = q.id)"
        ).fetchall()
    return [f"waits for a form that is published: {record}" for (record,) in waiting]


def _unfinished(programme: Programme) -> list[Any]:
    with programme.installation.ask() as connection:
        return connection.execute(
            "SELECT id FROM procrastinate_jobs WHERE status = 'doing' OR status = 'todo' AND coalesce(scheduled_at, now()) <= now()"
        ).fetchall()


def _compared(what: str, due: set[Any], found: set[Any]) -> Iterator[str]:
    if missing := due - found:
        yield f"{what}: {len(missing)} of {len(due)} missing, such as {min(missing)}"
    if strange := found - due:
        yield f"{what}: {len(strange)} too many, such as {min(strange)}"


def _shortened(lines: Iterator[str]) -> list[str]:
    found = list(lines)
    more = len(found) - _MOST_TOLD
    return found[:_MOST_TOLD] + ([f"... and {more} more of these"] if more > 0 else [])
