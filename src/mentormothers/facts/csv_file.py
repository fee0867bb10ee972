"""Reading facts from CSV, the form in which facts travel between programmes.

Every row that can be read is kept; every other is reported with its line, what is wrong and what to do.
"""

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import get_args

from mentormothers.facts.days import parse_day
from mentormothers.facts.fact import Fact, History
from mentormothers.facts.standing import Relation, RelationType
from mentormothers.facts.values import parse_value
from mentormothers.facts.vocabulary import Vocabulary, vocabulary

COLUMNS = (
    "client", "role", "mother", "kind", "date", "value", "ref", "source",
    "site", "organisation", "record", "recorded", "amends",
)  # fmt: skip
REQUIRED_COLUMNS = ("client", "kind", "date")
LARGEST_FIELD = 10_000


class UnreadableFileError(Exception):
    """The file as a whole cannot be read; the message says why and what to do."""


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken: where it stands and why."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True)
class FactsFile:
    """What a facts file held.

    unknown_kinds  kinds the vocabulary does not know, with how often they occur; their rows are kept
    snapshot       a fingerprint of the bytes read, for receipts
    """

    history: History
    refusals: tuple[Refusal, ...]
    unknown_kinds: dict[str, int]
    snapshot: str


def read_facts(path: Path, words: Vocabulary | None = None) -> FactsFile:
    """Read a facts CSV, or all `*.csv` of a folder. Raises UnreadableFileError when there is nothing to read."""
    reading = Reading(words or vocabulary())
    fingerprint = hashlib.sha256()
    for file in csv_files(path):
        data = file.read_bytes()
        fingerprint.update(data)
        reading.read(file.name, data)
    return FactsFile(
        History(reading.facts, tuple(reading.relations.values())),
        tuple(reading.refusals),
        reading.unknown_kinds,
        fingerprint.hexdigest()[:12],
    )


def csv_files(path: Path) -> list[Path]:
    """The file, or all `*.csv` of a folder. Raises UnreadableFileError when one of them cannot be read."""
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    if not files:
        raise UnreadableFileError(f"{path}: no CSV file in this folder. Please name a facts file")
    try:
        for file in files:
            file.open("rb").close()
    except OSError as error:
        raise UnreadableFileError(f"{path}: {error.strerror}. Please check the name and the right to read it") from None
    return files


def header_of(name: str, data: bytes) -> list[str]:
    """The columns that the first line of a file names. Raises UnreadableFileError for a file that is no facts table."""
    return next(_rows(name, data))[1]


class Reading:
    """Rows read so far. The same row met twice counts once, as received the first time."""

    def __init__(self, words: Vocabulary) -> None:
        self._words = words
        self._received: dict[Fact, datetime] = {}
        self.relations: dict[str, tuple[Relation, datetime]] = {}
        self.refusals: list[Refusal] = []
        self.unknown_kinds: dict[str, int] = {}

    def read(self, name: str, data: bytes) -> None:
        """Take in a whole file. Raises UnreadableFileError for one that is no facts table."""
        rows = _rows(name, data)
        _, header, _ = next(rows)
        for line, cells, problem in rows:
            self._take_cells(name, header, line, cells, problem)

    def take_line(self, name: str, header: list[str], line: int, text: str) -> None:
        """Take in one line by itself."""
        _, cells, problem = next(csv_lines(text))
        self._take_cells(name, header, line, cells, problem)

    def _take_cells(self, name: str, header: list[str], line: int, cells: list[str], problem: str) -> None:
        if not problem and not any(cell.strip() for cell in cells):
            return
        try:
            self._take(name, line, {"problem": problem} if problem else _row(header, cells))
        except ValueError as error:
            self.refusals.append(Refusal(name, line, str(error)))

    def _take(self, name: str, line: int, row: dict[str, str]) -> None:
        if "problem" in row:
            raise ValueError(row["problem"])
        record = row.get("record") or f"{name}:{line}"
        relation = _relation(record, row)
        received = _received(row.get("recorded", "")) or _start_of(parse_day(row.get("date", ""))[0])
        if relation:
            self._relate(relation, received)
        if relation is None or relation.type == "amends":  # the others state no observation of their own
            self._observe(row, record, received)

    def _observe(self, row: dict[str, str], record: str, received: datetime) -> None:
        day, precision = parse_day(row.get("date", ""))
        fact = Fact(
            client=_needed(row, "client"),
            role=self._one_of(row, "role", self._words.roles, ""),
            kind=_needed(row, "kind"),
            day=day,
            mother=row.get("mother", ""),
            ref=row.get("ref", ""),
            source=self._one_of(row, "source", self._words.sources, "observed"),
            site=row.get("site", ""),
            organisation=row.get("organisation", ""),
            record=record,
            precision=precision,
        )
        if fact.mother == fact.client:
            raise ValueError("mother and client are the same person. Please name the birth mother or nobody")
        value, number = self._value(fact.kind, row.get("value", ""))
        fact = replace(fact, value=value, number=number)
        self._received[fact] = min(received, self._received.get(fact, received))

    def _value(self, name: str, text: str) -> tuple[str, int | None]:
        kind = self._words.kind(name)
        if kind is None:
            self.unknown_kinds[name] = self.unknown_kinds.get(name, 0) + 1
            return text, None
        return parse_value(kind, text)

    def _relate(self, relation: Relation, received: datetime) -> None:
        known, first = self.relations.setdefault(relation.record, (relation, received))
        if known != relation:
            raise ValueError(
                f"record {relation.record} already {known.type} {known.target}; "
                "a record says one thing of one other. Please give the second statement its own record id"
            )
        self.relations[relation.record] = (relation, min(first, received))

    @property
    def facts(self) -> tuple[Fact, ...]:
        return tuple(replace(fact, received=received) for fact, received in self._received.items())

    def _one_of(self, row: dict[str, str], column: str, allowed: tuple[str, ...], empty: str) -> str:
        value = row.get(column, "") or empty
        if value and value not in allowed:
            raise ValueError(f"{column} {value!r} is unknown. Please use one of: {', '.join(allowed)}")
        return value


def _rows(name: str, data: bytes) -> Iterator[tuple[int, list[str], str]]:
    """Number, cells and problem of each line, the header first. Raises UnreadableFileError for no facts table."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            f"{name}: byte {error.start} is not UTF-8. Please save the file as CSV UTF-8"
        ) from None
    lines = csv_lines(text)
    _, cells, problem = next(lines, (1, [], ""))
    if problem:
        raise UnreadableFileError(f"{name}: the header cannot be read: {problem}")
    header = [cell.strip() for cell in cells]
    _check_header(name, header)
    yield 1, header, ""
    yield from lines


def _check_header(name: str, header: list[str]) -> None:
    missing = [column for column in REQUIRED_COLUMNS if column not in header]
    if missing:
        raise UnreadableFileError(
            f"{name}: column {', '.join(missing)} is missing. Please name the columns in the first row"
        )
    twice = [column for column in COLUMNS if header.count(column) > 1]
    if twice:
        raise UnreadableFileError(f"{name}: column {', '.join(twice)} stands there twice. Please keep one of them")


def csv_lines(text: str) -> Iterator[tuple[int, list[str], str]]:
    """Number, cells and problem of each line.

    No fact goes over several lines, so a quotation mark that is not closed costs its own line, not all that follow.
    """
    csv.field_size_limit(LARGEST_FIELD)
    lines, taken = io.StringIO(text + "\n", newline=None).readlines(), 0
    while taken < len(lines):
        reader, before = csv.reader(lines[n] for n in range(taken, len(lines))), taken
        problem = "a quotation mark is not closed. Please close it"
        try:
            for cells in reader:
                if before + reader.line_num > taken + 1 or (cells and cells[-1].endswith("\n")):
                    break
                taken += 1
                yield taken, cells, ""
            else:
                return
        except csv.Error as error:
            problem = f"{error}. Please shorten the cell, or close its quotation mark"
        taken += 1
        yield taken, [], problem


def _row(header: list[str], cells: list[str]) -> dict[str, str]:
    row = {column: cell.strip() for column, cell in zip(header, cells, strict=False)}
    if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
        row["problem"] = f"{len(cells)} cells under {len(header)} columns"
    if any("\x00" in cell for cell in cells):
        row["problem"] = "a cell holds the NUL character. Please remove it"
    return row


def _needed(row: dict[str, str], column: str) -> str:
    value = row.get(column, "")
    if not value:
        raise ValueError(f"{column} is empty. Please fill it in")
    return value


def _start_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001  # civil time, as written


def _received(text: str) -> datetime | None:
    """`recorded` as written: an ISO date, or date and time whose zone, if any, is not applied."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise ValueError(f"recorded {text!r} is not an ISO date or time") from None


def _relation(record: str, row: dict[str, str]) -> Relation | None:
    text = row.get("amends", "")
    if not text:
        return None
    verb, _, target = text.partition(":")
    target = target.strip()
    if verb not in get_args(RelationType) or not target:
        raise ValueError(f"amends {text!r} is not of the form amends:RECORD, withdraws:RECORD or same_event_as:RECORD")
    if target == record:
        raise ValueError(f"record {record} says this of itself. Please name the other record")
    repeat = row.get("ref", "") if verb == "same_event_as" else ""
    return Relation(record, verb, target, repeat)  # type: ignore[arg-type]  # checked against RelationType above
