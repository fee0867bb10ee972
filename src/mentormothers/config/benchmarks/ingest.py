"""`bench sync`: durable ingest of signed parcels, beside what PostgreSQL and the signatures alone would take.

Eight processes, each with a connection and a phone, push at once what their phones wrote before. A push is timed from
the bytes that came to the bytes that go. The floors write the same records as bare rows, in tables of the same shape,
as durably, through as many connections.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from mentormothers.config.benchmarks.measuring import Figure, Progress, Result, Work, in_turn, machine, rate
from mentormothers.config.benchmarks.own_server import Place, make_places, own_server, publish_content
from mentormothers.config.benchmarks.pushing import BATCH, Pusher, Share, know_sizes, make_floors
from mentormothers.config.database import Database
from mentormothers.config.embedded import free_port
from mentormothers.config.running import Server

HOST = "127.0.0.1"
INSERT, COPY, INSERT_ALONE = (
    f"INSERT x{BATCH} of bare records",
    f"COPY x{BATCH} of bare records",
    "INSERT of one record",
)
VERIFY = "signatures alone"
PUSH, SEND, PUSH_ALONE = f"push x{BATCH}", f"push x{BATCH} over HTTP", "push of one record"


@dataclass(frozen=True)
class Sizes:
    """How much each connection pushes in each round."""

    connections: int = 8
    batches: int = 15
    singles: int = 100
    rounds: int = 5
    seed: int = 1


def bench_sync(sizes: Sizes, progress: Progress) -> Result:
    """Measure ingest. Raises RuntimeError when a record is not accepted: then nothing was measured."""
    progress("starting a server of its own")
    with own_server() as found:
        publish_content()
        make_floors(found)
        places = make_places(sizes.connections)
        with _serving(found) as address:
            progress("phones write, seal and sign")
            with _crew(found, places, sizes, address) as crew:
                crew.all("prepare")
                crew.all("begin")
                know_sizes(found)
                values = in_turn(sizes.rounds, _works(crew, sizes), progress)
                progress("where the time goes")
                stages = crew.one("stages")
    return Result("sync", (*_figures(values), *_stages(stages)), _said(sizes), machine(("psycopg", "django")), _NOTES)


_NOTES = (
    "A push verifies each signature, checks answers, extracts facts, opens identities, and writes record, facts, "
    "client, home and feed under row-level security; the floors write the bare records.",
    "Times of the stages: one connection alone.",
)


def _works(crew: "_Crew", sizes: Sizes) -> dict[str, Work]:
    batches, alone = sizes.connections * sizes.batches * BATCH, sizes.connections * sizes.singles

    def rate_of(deed: str, records: int) -> Work:
        return lambda turn: records / crew.all(deed, turn)

    def verified(turn: int) -> float:
        crew.all("verify", turn)
        return batches / crew.all("verify_prepared", turn)

    return {
        INSERT: rate_of("insert", batches), PUSH: rate_of("push", batches), COPY: rate_of("copy", batches),
        VERIFY: verified, SEND: rate_of("send", batches),
        INSERT_ALONE: rate_of("insert_alone", alone), PUSH_ALONE: rate_of("push_alone", alone),
    }  # fmt: skip


def _figures(values: dict[str, list[float]]) -> list[Figure]:
    unit = "records/s"
    floors = [rate(name, values, unit) for name in (INSERT, COPY, VERIFY, INSERT_ALONE)]
    # The same cores do both, one after the other: what no ingest that verifies signatures can pass.
    together = f"{INSERT} and signatures"
    both = [1 / (1 / a + 1 / b) for a, b in zip(values[INSERT], values[VERIFY], strict=True)]
    values = values | {together: both}
    found = [rate(PUSH, values, unit, floor) for floor in (INSERT, together, COPY)]
    return [
        *floors[:3], rate(together, values, unit), *found, rate(SEND, values, unit, INSERT),
        floors[3], rate(PUSH_ALONE, values, unit, INSERT_ALONE),
    ]  # fmt: skip


def _stages(stages: dict[str, float]) -> list[Figure]:
    whole = sum(stages.values())
    told = [Figure(f"stage: {stage}", found, "µs/record", ratio=found / whole) for stage, found in stages.items()]
    return [*told, Figure("stages together", whole, "µs/record")]


def _said(sizes: Sizes) -> dict[str, Any]:
    return {
        "connections": sizes.connections, "records a round": sizes.connections * sizes.batches * BATCH,
        "single records a round": sizes.connections * sizes.singles, "rounds": sizes.rounds, "seed": sizes.seed,
    }  # fmt: skip


class _Crew:
    """Processes that do something at once."""

    def __init__(self, members: list[Connection]) -> None:
        self._members = members

    def all(self, deed: str, turn: int = 0) -> float:
        """Let all do it; the seconds until the last has done it."""
        started = time.perf_counter()
        for member in self._members:
            member.send((deed, turn))
        for member in self._members:
            _answer(member)
        return time.perf_counter() - started

    def one(self, deed: str) -> Any:
        """Let the first do it alone; what it found."""
        self._members[0].send((deed, 0))
        return _answer(self._members[0])


def _answer(member: Connection) -> Any:
    answer = member.recv()
    if isinstance(answer, str):
        raise RuntimeError(answer)
    return answer


@contextmanager
def _crew(found: Database, places: list[Place], sizes: Sizes, server: str) -> Iterator[_Crew]:
    context = get_context("spawn")
    members, processes = [], []
    for number, place in enumerate(places):
        ours, theirs = context.Pipe()
        share = Share(sizes.rounds, sizes.batches, sizes.singles, sizes.seed * 1000 + number)
        process = context.Process(target=_member, args=(theirs, found, place, share, server), daemon=True)
        process.start()
        theirs.close()
        members.append(ours)
        processes.append(process)
    try:
        yield _Crew(members)
    finally:
        for member, process in zip(members, processes, strict=True):
            member.close()
            process.join(10)
            process.kill()


def _member(orders: Connection, found: Database, place: Place, share: Share, server: str) -> None:
    """A process: do what is ordered until nobody orders any more."""
    from mentormothers.config.starting import start_django

    start_django(found)
    pusher = None
    while True:
        try:
            deed, turn = orders.recv()
        except EOFError:
            return
        try:
            pusher = pusher or Pusher(found, place, share, server)
            orders.send(pusher.prepare() if deed == "prepare" else getattr(pusher, deed)(turn))
        except Exception as error:  # told to whoever ordered it
            orders.send(f"{type(error).__name__}: {error}")


@contextmanager
def _serving(found: Database) -> Iterator[str]:
    from mentormothers.config.database import state_folder

    server = Server(found, HOST, free_port(), Path(state_folder()) / "logs", MENTORMOTHERS_DEMO="1")
    try:
        server.start()
        yield server.address
    finally:
        server.stop()
