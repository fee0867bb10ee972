"""How commands print rows: as they come, in CSV and JSON."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest

from mentormothers.config.commands.speaking import Format, print_rows


@dataclass(frozen=True)
class Row:
    name: str
    day: date | None


ROWS = [Row('a "b",\n\\c ł', date(2025, 1, 2)), Row("", None)]


@pytest.mark.parametrize("rows", [ROWS, ROWS[:1], []], ids=len)
def test_json_is_one_list(capsys: pytest.CaptureFixture[str], rows: list[Row]) -> None:
    print_rows(iter(rows), ("day", "name"), Format.json, {"name": "who"})
    text = capsys.readouterr().out
    expected = [{"day": row.day and str(row.day), "who": row.name} for row in rows]
    assert json.loads(text) == expected
    assert text == json.dumps(expected, indent=1) + "\n"


def test_csv_has_empty_cells_for_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows(iter(ROWS), ("day", "name"), Format.csv, {"name": "who"})
    assert capsys.readouterr().out == 'day,who\n2025-01-02,"a ""b"",\n\\c ł"\n,\n'


@pytest.mark.parametrize("format", Format)
def test_rows_are_printed_as_they_come(capsys: pytest.CaptureFixture[str], format: Format) -> None:
    seen = []

    def coming() -> Iterator[Row]:
        for row in ROWS:
            yield row
            seen.append(capsys.readouterr().out)

    print_rows(coming(), ("day",), format)
    assert "2025-01-02" in seen[0]
