"""Reading a list of health facilities.

The layout is that of the KEMRI-Wellcome list of public health facilities (Maina et al. 2019, Scientific Data): one
row for each facility with country, first-level region, name, type, owner and, where known, latitude and longitude.
Every row that can be read is taken. A row that cannot be is refused with its line and a remedy; a row that can,
but looks wrong, is taken and named as suspicious. Nothing is corrected here.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mentormothers.facts.csv_file import LARGEST_FIELD, UnreadableFileError

# What we call it: what the list calls it. The list's other columns are not needed here.
COLUMNS = {
    "country": "iso3c",
    "region": "Admin1",
    "name": "Facility name",
    "kind": "Facility type",
    "ownership": "Ownership",
    "latitude": "Lat",
    "longitude": "Long",
}
COUNTRY_NAME = "Country"
LONGEST = {"region": 80, "name": 120, "kind": 60, "ownership": 60}  # what the database takes
_LIMITS = {"latitude": 90.0, "longitude": 180.0}  # degrees
# Only what people write: not 1_000, "nan" or digits of another script, which Python would read as numbers too.
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")

Row = Mapping[str, str]
Namesake = tuple[str, str, str, str]
Identity = tuple[str, str, str, str, float | None, float | None]


@dataclass(frozen=True)
class ListedFacility:
    """A facility as a list gives it, with the line it starts on. Either both coordinates are known or none."""

    line: int
    country: str  # ISO 3166 alpha-3
    region: str
    name: str
    kind: str
    ownership: str = ""
    latitude: float | None = None  # degrees north, WGS 84
    longitude: float | None = None  # degrees east

    @property
    def namesake(self) -> Namesake:
        """What facilities without a code are known by. Not unique: a region may have two of one name and type."""
        return self.country, self.region, self.name, self.kind

    @property
    def identity(self) -> Identity:
        """What tells facilities apart."""
        return *self.namesake, self.latitude, self.longitude

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude, if known."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude


@dataclass(frozen=True)
class Remark:
    """Something to tell about a row: where it stands, what it is about, and what is the matter."""

    line: int
    country: str
    region: str
    name: str
    reason: str


@dataclass(frozen=True)
class FacilityList:
    """What a file held.

    refused     rows that were not taken
    suspicious  remarks on rows that were taken; a row may have several
    skipped     rows of other countries than the one asked for, counted by country
    """

    facilities: tuple[ListedFacility, ...]
    refused: tuple[Remark, ...]
    suspicious: tuple[Remark, ...]
    skipped: Mapping[str, int]


def read_facilities(path: Path, country: str | None = None) -> FacilityList:
    """Read a list, whole or one country of it (by ISO code or by the name the list uses).

    Raises UnreadableFileError when the file is no such list or holds no row of that country.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(f"{path}: {error.strerror}. Please check the name and the right to read it") from None
    reading = _Reading(country)
    for line, cells in _table(path.name, _text(path.name, data)):
        reading.take(line, cells)
    reading.check_met(path.name)
    return reading.result()


class _Reading:
    """The rows read so far, and where each was first met."""

    def __init__(self, country: str | None) -> None:
        self._country = country.strip().casefold() if country else None
        self._facilities: list[ListedFacility] = []
        self._refused: list[Remark] = []
        self._suspicious: list[Remark] = []
        self._skipped: Counter[str] = Counter()
        self._rows: dict[tuple[str, ...], int] = {}
        self._identities: dict[Identity, int] = {}
        self._namesakes: dict[Namesake, int] = {}
        self._points: dict[tuple[float, float], ListedFacility] = {}

    def take(self, line: int, row: Row | str) -> None:
        if isinstance(row, str):
            self._refused.append(Remark(line, "", "", "", row))
        elif self._elsewhere(row):
            self._skipped[row["country"]] += 1
        else:
            self._take_or_refuse(line, row)

    def check_met(self, name: str) -> None:
        """Raise UnreadableFileError unless the file had a row to judge."""
        if self._facilities or self._refused:
            return
        if not self._skipped:
            raise UnreadableFileError(
                f"{name}: the file has no rows below its header. Please give a list of facilities"
            )
        there = ", ".join(sorted(self._skipped))
        raise UnreadableFileError(f"{name}: no row is of the country asked for. Please choose one of: {there}")

    def result(self) -> FacilityList:
        return FacilityList(tuple(self._facilities), tuple(self._refused), tuple(self._suspicious), dict(self._skipped))

    def _elsewhere(self, row: Row) -> bool:
        # A row without a code may well be of the country asked for: it is refused aloud, not skipped.
        names = (row["country"].casefold(), row.get(COUNTRY_NAME, "").casefold())
        return bool(self._country and row["country"]) and self._country not in names

    def _take_or_refuse(self, line: int, row: Row) -> None:
        try:
            self._refuse_repeated_row(line, row)
            facility = _facility(line, row)
            self._refuse_known_facility(facility)
        except ValueError as error:
            self._refused.append(Remark(line, row["country"], row["region"], row["name"], str(error)))
            return
        self._facilities.append(facility)
        self._suspicious += (remark_on(facility, doubt) for doubt in self._doubts(facility))

    def _refuse_repeated_row(self, line: int, row: Row) -> None:
        first = self._rows.setdefault(tuple(row.values()), line)
        if first != line:
            raise ValueError(f"repeats line {first}. Please delete one of the two")

    def _refuse_known_facility(self, facility: ListedFacility) -> None:
        first = self._identities.setdefault(facility.identity, facility.line)
        if first != facility.line:
            raise ValueError(
                f"has the region, name, type and place of line {first}, other columns differ. "
                "Please delete one of the two"
            )

    def _doubts(self, facility: ListedFacility) -> Iterator[str]:
        first = self._namesakes.setdefault(facility.namesake, facility.line)
        if first != facility.line:
            yield f"has the region, name and type of line {first}. Please check that they are two facilities"
        if facility.point is None:
            return
        if facility.point == (0, 0):
            yield "stands at 0, 0, in the sea: usually a sign of an unknown place. Please check the coordinates"
        there = self._points.setdefault(facility.point, facility)
        if there is not facility:
            yield f"stands at exactly the point of line {there.line} ({there.name}). Please check the coordinates"


def remark_on(facility: ListedFacility, reason: str) -> Remark:
    """A remark on a facility of a list."""
    return Remark(facility.line, facility.country, facility.region, facility.name, reason)


def _facility(line: int, row: Row) -> ListedFacility:
    """The facility of a row. Raises ValueError with what is wrong and what to do."""
    if not row["name"]:
        raise ValueError("has no name. Please fill in the facility's name")
    if not re.fullmatch("[A-Za-z]{3}", row["country"]):
        raise ValueError(f"country {row['country']!r} is not a code of three letters. Please write one such as MWI")
    for field, longest in LONGEST.items():
        if len(row[field]) > longest:
            raise ValueError(
                f"{COLUMNS[field]} has {len(row[field])} characters. Please shorten it to at most {longest}"
            )
    latitude, longitude = _coordinates(row)
    names = (row["region"], row["name"], row["kind"], row["ownership"])
    return ListedFacility(line, row["country"].upper(), *names, latitude, longitude)


def _coordinates(row: Row) -> tuple[float | None, float | None]:
    latitude, longitude = _degrees(row, "latitude"), _degrees(row, "longitude")
    if (latitude is None) != (longitude is None):
        given, missing = ("Long", "Lat") if latitude is None else ("Lat", "Long")
        raise ValueError(f"has {given} but no {missing}. Please give both or none")
    return latitude, longitude


def _degrees(row: Row, field: str) -> float | None:
    text, column, limit = row[field], COLUMNS[field], _LIMITS[field]
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{column} {text!r} is not a number. Please write degrees such as -13.9805, or leave it empty")
    if abs(float(text)) > limit:
        raise ValueError(f"{column} {text} is out of range. Please give degrees from -{limit:.0f} to {limit:.0f}")
    return float(text)


def _text(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableFileError(
            f"{name}, line {line}: byte 0x{data[error.start]:02X} (number {error.start} of the file) is not UTF-8; the "
            "file was probably saved in a Windows encoding. Please save it as 'CSV UTF-8'"
        ) from None


def _table(name: str, text: str) -> Iterator[tuple[int, Row | str]]:
    """The line each row starts on and its cells by column, or why it cannot be read. Empty rows are left out."""
    records = _records(text)
    _, header = next(records, (1, []))
    if isinstance(header, str):
        raise UnreadableFileError(f"{name}: the header {header}")
    titles = [_title(cell) for cell in header]
    _check_header(name, titles)
    for line, cells in records:
        if isinstance(cells, str):
            yield line, cells
        elif any(cell.strip() for cell in cells):
            yield line, _row(titles, cells)


def _records(text: str) -> Iterator[tuple[int, list[str] | str]]:
    """Cells of each CSV record with its line. After one that cannot be read, reading resumes on the very next line,
    so that one stray quotation mark does not swallow the rest of the file."""
    csv.field_size_limit(LARGEST_FIELD)
    lines = list(io.StringIO(text, newline=""))
    start = 0
    while start < len(lines):
        reader = csv.reader((lines[at] for at in range(start, len(lines))), strict=True)
        done = 0
        try:
            for cells in reader:
                yield start + done + 1, cells
                done = reader.line_num
            return
        except csv.Error as error:
            yield start + done + 1, f"is not CSV ({error}). Please check its quotation marks"
            start += done + 1


def _title(cell: str) -> str:
    """What we call the column of this heading; an unknown heading stays itself."""
    heading = cell.strip()
    for field, known in COLUMNS.items():
        if heading.casefold() == known.casefold():
            return field
    return COUNTRY_NAME if heading.casefold() == COUNTRY_NAME.casefold() else f"[{heading}]"


def _check_header(name: str, titles: list[str]) -> None:
    missing = [known for field, known in COLUMNS.items() if field not in titles]
    if missing:
        other = next((mark for mark in (";", "\t") if len(titles) == 1 and mark in titles[0]), None)
        remedy = (
            f"Please save it with commas between the cells, not {other!r}"
            if other
            else f"Please name the columns in the first row: {', '.join(COLUMNS.values())}"
        )
        raise UnreadableFileError(f"{name}: column {', '.join(missing)} is missing. {remedy}")
    twice = [COLUMNS[title] for title, times in Counter(titles).items() if times > 1 and title in COLUMNS]
    if twice:
        raise UnreadableFileError(f"{name}: column {', '.join(twice)} stands there twice. Please delete one")


def _row(titles: list[str], cells: list[str]) -> Row | str:
    if len(cells) != len(titles):
        return f"has {len(cells)} cells under {len(titles)} columns. Please check its commas and quotation marks"
    if any("\0" in cell for cell in cells):
        return "holds a NUL character. Please delete it"
    # Line breaks and double spaces inside a cell come from spreadsheets and mean nothing.
    return dict(zip(titles, (" ".join(cell.split()) for cell in cells), strict=True))
