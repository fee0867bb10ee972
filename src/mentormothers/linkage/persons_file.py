"""Reading a persons file: every row that can be read is taken; every other is reported with what to do.

No report repeats a name, a phone or a birth day: it says the line, the column and what is wrong.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from mentormothers.facts.csv_file import Refusal, UnreadableFileError, csv_lines
from mentormothers.linkage.births import Birth, read_birth
from mentormothers.linkage.headings import HEADINGS, columns_of
from mentormothers.linkage.persons import Persons

LONGEST_ID, LONGEST_CELL = 200, 1000
_OLDEST_YEARS = 130
_EACH = 20_000  # rows between two words of progress


@dataclass
class PersonsFile:
    """What a persons file held.

    refused    rows that were not taken
    left_out   cells that were not taken, of rows that were
    """

    persons: Persons = field(default_factory=Persons)
    refused: list[Refusal] = field(default_factory=list)
    left_out: list[Refusal] = field(default_factory=list)


def read_persons(path: Path, today: date, progress: Callable[[int, int], None]) -> PersonsFile:
    """The persons of a CSV file. Raises UnreadableFileError when none can be found in it.

    today     a birth day after it cannot be
    progress  called with lines read and lines there are
    """
    text = _text(path)
    lines = csv_lines(text)
    _, header, problem = next(lines, (1, [], ""))
    reading = _Reading(path.name, _columns(path.name, header, problem), len(header), today)
    of = text.count("\n")
    with _without_collecting():
        for line, cells, problem in lines:
            reading.take(line, cells, problem)
            if line % _EACH == 0:
                progress(line, of)
    return reading.found


@contextmanager
def _without_collecting() -> Iterator[None]:
    """All that is read is kept: looking for garbage in millions of lists, again and again, is a third of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


class _Reading:
    """A file while it is read."""

    def __init__(self, name: str, columns: dict[str, int], width: int, today: date) -> None:
        self.found = PersonsFile()
        self._name, self._columns, self._width, self._today = name, columns, width, today
        self._lines: dict[str, int] = {}

    def take(self, line: int, cells: list[str], problem: str) -> None:
        """Take in one line, or report it. An empty line is nothing."""
        if not problem and not any(cell.strip() for cell in cells):
            return
        try:
            self._take(line, cells, problem)
        except ValueError as error:
            self.found.refused.append(Refusal(self._name, line, str(error)))

    def _take(self, line: int, cells: list[str], problem: str) -> None:
        if problem := problem or _problem(cells, self._width):
            raise ValueError(problem)
        row = {column: cells[place].strip() for column, place in self._columns.items() if place < len(cells)}
        id = row.get("id", "")
        if problem := self._id_problem(id):
            raise ValueError(problem)
        for column, text in row.items():
            if len(text) > LONGEST_CELL:
                raise ValueError(f"{column} has more than {LONGEST_CELL} characters. Please shorten it")
        self._lines[id] = line
        self.found.persons.add(id, row, self._birth(line, row))

    def _id_problem(self, id: str) -> str:
        if not id:
            return "id is empty. Please give each person an id of their own"
        if len(id) > LONGEST_ID:
            return f"id has more than {LONGEST_ID} characters. Please shorten it"
        if not id.isprintable():
            return "id holds a character that cannot be printed. Please remove it"
        if id in self._lines:
            return f"id stands in line {self._lines[id]} already. Please give each person an id of their own"
        return ""

    def _birth(self, line: int, row: dict[str, str]) -> Birth:
        text = row.get("date_of_birth") or _in_parts(row)
        birth, problem = read_birth(text)
        if not problem and birth.year > self._today.year:
            birth, problem = Birth(), "lies in the future. Please correct it"
        if not problem and 0 < birth.year < self._today.year - _OLDEST_YEARS:
            problem = f"is more than {_OLDEST_YEARS} years ago. Please check it; it is compared as it stands"
        if problem:
            self.found.left_out.append(Refusal(self._name, line, f"date_of_birth {problem}"))
        return birth


def _in_parts(row: dict[str, str]) -> str:
    """A birth day that stands in three columns, as ISO writes it."""
    parts = [row.get(column, "") for column in ("birth_year", "birth_month", "birth_day")]
    known = parts[: next((n for n, part in enumerate(parts) if not part), 3)]
    return "-".join(known)


def _problem(cells: list[str], width: int) -> str:
    """What is wrong with a row as such."""
    if len(cells) > width and any(cell.strip() for cell in cells[width:]):
        return f"{len(cells)} cells under {width} columns. Please put cells with a comma in quotation marks"
    if any("\x00" in cell for cell in cells):
        return "a cell holds the NUL character. Please remove it"
    if any("\udc80" <= character <= "\udcff" for cell in cells if not cell.isascii() for character in cell):
        return "a cell is not UTF-8. Please save the file as CSV UTF-8"
    return ""


def _text(path: Path) -> str:
    """The file as text; bytes that are not UTF-8 are kept to be found row by row."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(f"{path}: {error.strerror}. Please check the name and the right to read it") from None
    if data[:2] in (b"\xff\xfe", b"\xfe\xff", b"PK"):
        raise UnreadableFileError(f"{path.name} is no CSV file in UTF-8. Please save it as CSV UTF-8")
    return data.decode("utf-8-sig", "surrogateescape")


def _columns(name: str, header: list[str], problem: str) -> dict[str, int]:
    if problem:
        raise UnreadableFileError(f"{name}: the header cannot be read: {problem}")
    columns = columns_of(header)
    if "id" not in columns:
        raise UnreadableFileError(
            f"{name}: no column is called id. Please name the columns in the first row, separated by commas"
        )
    if columns.keys() <= {"id", "role"}:
        known = ", ".join(column for column in HEADINGS if column != "id")
        raise UnreadableFileError(
            f"{name}: no column besides the id is known. Please call them by these names: {known}"
        )
    return columns
