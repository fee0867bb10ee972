"""An XLSForm's sheets as rows, and faults that name their place in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl

SHEETS = ("survey", "choices", "settings")


@dataclass(frozen=True)
class Fault:
    """Something in a form that cannot work. Row 0 stands for the sheet as a whole."""

    sheet: str
    row: int
    what: str
    remedy: str

    def __str__(self) -> str:
        where = f"sheet {self.sheet!r}" + (f", row {self.row}" if self.row else "")
        return f"{where}: {self.what}. {self.remedy}"


@dataclass(frozen=True)
class Row:
    """A row that is not empty: its number in the sheet, its cells by the heading above them."""

    number: int
    cells: Mapping[str, str]

    @property
    def type(self) -> str:
        """The question's type, in the survey sheet."""
        return self.cells.get("type", "")


def read_sheets(path: Path) -> dict[str, list[Row]]:
    """The rows of the sheets that a form has, by the sheet's name."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        return {name: _rows(list(book[name].values)) for name in SHEETS if name in book.sheetnames}
    finally:
        book.close()


def _rows(values: list[tuple[object, ...]]) -> list[Row]:
    rows = [["" if v is None else str(v).strip() for v in row] for row in values]
    return [Row(n, dict(zip(rows[0], row, strict=False))) for n, row in enumerate(rows[1:], start=2) if any(row)]
