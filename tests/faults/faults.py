"""What is done to the programme. Each fault gives how many times it really happened."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

import psycopg

from tests.faults.installation import kill, wait_for
from tests.faults.phones import NoConnectionError, Phone
from tests.faults.programme import Programme
from tests.faults.proxy import Cut, Where
from tests.faults.stories import enrolment
from tests.faults.traffic import Breaks, soon, speak

Fault = Callable[[Programme, random.Random], int]
_CLOCKS = (timedelta(0), timedelta(0), timedelta(hours=-7), timedelta(days=-4000), timedelta(days=-47000),
           timedelta(days=900), timedelta(days=30000))  # fmt: skip


def _kill(find: Callable[[Programme], list[int]], programme: Programme, dice: random.Random) -> int:
    def killing() -> int:
        soon(dice)
        return sum(kill(pid) for pid in find(programme))

    return speak(programme.working, meanwhile=killing)[1]


def _web(programme: Programme) -> list[int]:
    return programme.installation.web()[:1]


def _web_child(programme: Programme) -> list[int]:
    return programme.installation.web()[1:2]


def _postmaster(programme: Programme) -> list[int]:
    return programme.installation.postmaster()


def _one_backend(programme: Programme) -> list[int]:
    try:
        return programme.installation.backends()[:1]
    except psycopg.OperationalError:
        return []


def kill_worker(programme: Programme, dice: random.Random) -> int:
    """kill -9 of the worker in the middle of a job, which is held up until then."""
    with programme.installation.ask() as connection, connection.transaction():
        connection.execute("LOCK TABLE care.quarantined IN ACCESS EXCLUSIVE MODE")
        programme.begin_job()
        wait_for(lambda: _job_begun(programme), "no worker begins a job")
        killed = sum(kill(pid) for pid in programme.installation.workers())
    speak(programme.working)
    return killed


def _job_begun(programme: Programme) -> bool:
    with programme.installation.ask() as connection:
        return bool(
            connection.execute(
                "SELECT 1 FROM procrastinate_jobs j JOIN procrastinate_workers w ON w.id = j.worker_id"
                " WHERE j.status = 'doing' AND w.last_heartbeat > now() - interval '20 s'"
            ).fetchone()
        )


def end_backends(programme: Programme, dice: random.Random) -> int:
    """The database ends all connections of the server at once, as an administrator does."""

    def ending() -> int:
        soon(dice)
        with programme.installation.ask() as connection:
            rows = connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'mm_app'")
            return int(bool(rows.fetchall()))

    return speak(programme.working, meanwhile=ending)[1]


def _cut(where: Where, longest: int, programme: Programme, dice: random.Random) -> int:
    breaks = {phone.address: Breaks(push=Cut(where, dice.randint(1, longest))) for phone in programme.working}
    return speak([phone for phone in programme.working if phone.outbox], breaks=breaks)[0]


def cut_pull(programme: Programme, dice: random.Random) -> int:
    """Pulls break anywhere in the answer; half of the phones begin from the start."""
    for phone in programme.working:
        if dice.random() < 0.5:
            for kept in phone.kept.values():
                kept.cursor = ""  # its store was damaged; what it holds stays, as in the app
    breaks = {phone.address: Breaks(pull=Cut("in_the_answer", dice.randint(1, 20_000))) for phone in programme.working}
    return speak(programme.working, breaks=breaks)[0]


def repeat(programme: Programme, dice: random.Random) -> int:
    """Phones give once more what was confirmed, in another order and in other pieces."""
    again = [phone for phone in programme.working if phone.taken]
    for phone in again:
        phone.outbox += dice.sample(phone.taken, min(len(phone.taken), 30))
        dice.shuffle(phone.outbox)
    speak(again, batch=dice.randint(1, 20))
    return len(again)


def reorder(programme: Programme, dice: random.Random) -> int:
    """What was written last comes first, in small pieces."""
    late = [phone for phone in programme.working if len(phone.outbox) > 1]
    for phone in late:
        phone.outbox.reverse()
    speak(late, batch=dice.randint(1, 4))
    return len(late)


def crosswise(programme: Programme, dice: random.Random) -> int:
    """Two phones of a site give the same parcels at once, in opposite order."""
    pairs = [
        (a, b) for a in programme.working for b in programme.working if a.site == b.site and a.outbox and a is not b
    ]
    if not pairs:
        return 0
    one, other = dice.choice(pairs)
    batch = [*one.outbox, *dice.sample(one.taken, min(len(one.taken), 20))]
    give = [
        threading.Thread(target=_give, args=(one, batch)),
        threading.Thread(target=_give, args=(other, batch[::-1])),
    ]
    for thread in give:
        thread.start()
    for thread in give:
        thread.join()
    return 1


def move_clock(programme: Programme, dice: random.Random) -> int:
    """A phone's clock jumps, years ahead or years back."""
    dice.choice(programme.working).clock_off = dice.choice(_CLOCKS)
    speak(programme.working)
    return 1


def put_out(programme: Programme, dice: random.Random) -> int:
    """A phone is put out in the middle of its work; another takes its place and carries what it had not given."""
    phone = dice.choice(programme.working)

    def putting_out() -> int:
        soon(dice, 0.1)
        programme.put_out(phone)
        return 1

    speak(programme.working, meanwhile=putting_out)
    phone.revoked = True
    successor = programme.add_phone(phone.people, phone.site)
    successor.outbox += phone.outbox
    return 1


def end_grants(programme: Programme, dice: random.Random) -> int:
    """All grants end at once, in the middle of pushes and pulls."""

    def ending() -> int:
        soon(dice, 0.1)
        with programme.installation.ask() as connection:
            connection.execute("UPDATE access_grant SET expires_at = now()")
        return 1

    return speak(programme.working, meanwhile=ending)[1]


def late_commit(programme: Programme, dice: random.Random) -> int:
    """A push has told the feed, and is held up before it commits, while others push and pull past it."""
    held = dice.choice(programme.working)
    others = [phone for phone in programme.working if phone is not held]
    with programme.installation.ask() as connection, connection.transaction():
        connection.execute("SELECT 1 FROM access_device WHERE id = %s FOR NO KEY UPDATE", [held.synthetic.device])
        pushing = threading.Thread(target=_give, args=(held, list(held.outbox)))
        pushing.start()
        soon(dice, 0.5)
        speak(others)
        speak(others)
    pushing.join()
    return 1


def roll_back_and_crash(programme: Programme, dice: random.Random) -> int:
    """Transactions that took a number are undone, phones pull, and the database forgets those numbers in a crash."""
    speak(programme.working)  # from here on nothing is written that would bring the numbers to disk
    with programme.installation.ask() as connection:
        row = connection.execute("SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'").fetchone()
        assert row
        (writer,) = row
        os.kill(writer, signal.SIGSTOP)
        for _ in range(dice.randint(50, 200)):
            with connection.transaction(force_rollback=True):
                connection.execute("SELECT pg_current_xact_id()")
    speak(programme.working)
    killed = sum(kill(pid) for pid in [*_postmaster(programme), writer])
    programme.installation.wait_until_well()
    for phone in programme.working:
        enrolment(phone, dice)
    speak(programme.working)
    return int(killed > 0)


def asking(programme: Programme, dice: random.Random) -> int:
    """A mentor is asked to look for somebody, or no longer, while phones speak: who may know whom changes."""

    def changing() -> int:
        soon(dice, 0.1)
        phone = dice.choice(programme.working)
        if dice.random() < 0.3:
            programme.end_asking(phone.site)
            return 1
        clients = sorted({r["client"] for k in phone.kept.values() for r in k.records.values() if r["client"]})
        return sum(programme.ask_to_look_for(phone, client) for client in dice.sample(clients, min(len(clients), 4)))

    return speak(programme.working, meanwhile=changing)[1]


FAULTS: Mapping[str, tuple[Fault, int]] = {
    "web server killed": (partial(_kill, _web), 4),
    "web process killed": (partial(_kill, _web_child), 4),
    "worker killed": (kill_worker, 4),
    "PostgreSQL killed": (partial(_kill, _postmaster), 3),
    "a backend of PostgreSQL killed": (partial(_kill, _one_backend), 5),
    "all connections to PostgreSQL ended": (end_backends, 4),
    "transactions undone, then PostgreSQL killed": (roll_back_and_crash, 2),
    "push cut in the request": (partial(_cut, "in_the_body", 4000), 5),
    "push cut before the answer": (partial(_cut, "before_the_answer", 1), 6),
    "push cut in the answer": (partial(_cut, "in_the_answer", 600), 5),
    "pull cut in the answer": (cut_pull, 6),
    "pushed again in another order": (repeat, 4),
    "pushed in reverse": (reorder, 4),
    "pushed crosswise by two phones": (crosswise, 5),
    "commit held up": (late_commit, 6),
    "phone's clock moved": (move_clock, 5),
    "phone put out and replaced": (put_out, 2),
    "grants ended": (end_grants, 3),
    "scope changed by the office": (asking, 5),
}


def _give(phone: Phone, batch: list) -> None:  # type: ignore[type-arg]
    try:
        if batch:
            phone.push(batch)
    except NoConnectionError:
        time.sleep(0.1)
