"""What `--facts` names: a facts CSV, a folder of them, or a snapshot of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from mentormothers.engines.snapshot import Snapshot, is_snapshot, read_snapshot, sites_and_last_receipt
from mentormothers.facts.csv_file import Refusal, read_facts
from mentormothers.facts.fact import History
from mentormothers.facts.persons import of_persons


@dataclass(frozen=True)
class Given:
    """The facts given: all in memory, or a snapshot; as known on a day, if one is named.

    What a snapshot refused was told when it was written.
    """

    history: History
    snapshot: Snapshot | None
    fingerprint: str
    refusals: tuple[Refusal, ...]
    unknown_kinds: Mapping[str, int]
    known_on: date | None = None

    def as_known_on(self, day: date | None) -> "Given":
        """The same without what was received after a day."""
        return replace(self, history=self.history.known_on(day), known_on=day)

    def sites_and_last_receipt(self) -> tuple[frozenset[str], date | None]:
        """The sites that facts name, and the day on which the last one came in."""
        if self.snapshot:
            return sites_and_last_receipt(self.snapshot, self.known_on)
        facts = self.history.facts
        last = max((fact.received.date() for fact in facts), default=None)
        return frozenset(fact.site for fact in facts if fact.site), last


def read_given(path: Path) -> Given:
    """The facts at a path, of persons: ids that were said to be one are one. Raises UnreadableFileError."""
    if is_snapshot(path):
        found = read_snapshot(path)
        return Given(History(()), found, found.fingerprint, (), found.unknown_kinds)
    content = read_facts(path)
    return Given(of_persons(content.history), None, content.snapshot, content.refusals, content.unknown_kinds)


def check_reads_snapshots(engine: str, readers: Sequence[str] = ("duckdb",)) -> None:
    """Raise ValueError for an engine that cannot read a snapshot."""
    if engine not in readers:
        named = " or ".join(readers)
        raise ValueError(
            f"--engine {engine}: a snapshot is read by {named} only. Please name the facts CSV, or {named}"
        )
