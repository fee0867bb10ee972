"""Every example on the page of the protocol language reads, or is refused as it says; every row is what engines give."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from mentormothers.engines.rows import ScheduleRow
from mentormothers.facts.csv_file import read_facts
from mentormothers.facts.fact import History
from mentormothers.protocol.reading import ProtocolError, read_protocol
from tests.conftest import Engine
from tests.docs.examples import Example, examples

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "protocol-language.md"
EDGES = Path(__file__).parents[1] / "vectors" / "edges.md"
EXAMPLES = [one for page in (PAGE, EDGES) for one in examples(page.read_text(encoding="utf-8"))]
_COLUMNS = {
    "as_of",
    "known_on",
    "client",
    "item",
    "due",
    "opens",
    "state",
    "days_late",
    "done_on",
    "occurrence",
    "rule",
}


def named(found: list[Example]) -> list[object]:
    return [pytest.param(one, id=one.name) for one in found]


@pytest.mark.parametrize("example", named([one for one in EXAMPLES if not one.refused]))
def test_an_example_reads(example: Example, tmp_path: Path) -> None:
    read_protocol(example.write(tmp_path))


@pytest.mark.parametrize("example", named([one for one in EXAMPLES if one.refused]))
def test_an_example_that_is_wrong_is_refused_in_the_words_of_the_page(example: Example, tmp_path: Path) -> None:
    path = example.write(tmp_path)
    with pytest.raises(ProtocolError) as error:
        read_protocol(path)
    for said in example.refused:
        assert said in str(error.value).replace(f"{path}: ", "")


@pytest.mark.parametrize("engine", ["reference", "sqlite", "duckdb", "postgres", "phone"])
@pytest.mark.parametrize("example", named([one for one in EXAMPLES if one.rows]))
def test_every_engine_gives_the_rows_of_an_example(
    engines: dict[str, Engine], example: Example, engine: str, tmp_path: Path
) -> None:
    protocol, known = read_protocol(example.write(tmp_path)), history(example, tmp_path)
    for (as_of, known_on), expected in days(example).items():
        rows = engines[engine](protocol, known.known_on(known_on), as_of)
        assert [told(row, expected[0]) for row in rows] == [one for one in expected if one["state"] != "none"], as_of


def test_rows_stand_under_facts_and_name_known_columns() -> None:
    assert EXAMPLES
    for example in EXAMPLES:
        assert bool(example.facts) == bool(example.rows), example.name
        for row in table(example.rows):
            assert {"as_of", "client", "item", "state"} <= set(row) <= _COLUMNS, example.name


def history(example: Example, folder: Path) -> History:
    """Its facts, each of which has to be one that this product reads."""
    path = folder / "facts.csv"
    path.write_text(example.facts, encoding="utf-8")
    found = read_facts(path)
    assert (found.refusals, found.unknown_kinds) == ((), {})
    return found.history


def days(example: Example) -> dict[tuple[date, date | None], list[dict[str, str]]]:
    """The rows expected on each day, as it was known on a day where that is said."""
    found: dict[tuple[date, date | None], list[dict[str, str]]] = {}
    for row in table(example.rows):
        known_on = row.get("known_on")
        day = (date.fromisoformat(row["as_of"]), date.fromisoformat(known_on) if known_on else None)
        found.setdefault(day, []).append({c: v for c, v in row.items() if c not in ("as_of", "known_on")})
    return found


def table(text: str) -> Iterator[dict[str, str]]:
    """The rows of a CSV, without the spaces around cells."""
    for row in csv.DictReader(io.StringIO(text)):
        yield {column.strip(): cell.strip() for column, cell in row.items()}


def told(row: ScheduleRow, columns: dict[str, str]) -> dict[str, str]:
    """What a row says in the columns that an example has."""
    cells = {column: getattr(row, column) for column in columns}
    return {column: "" if cell is None else str(cell) for column, cell in cells.items()}
