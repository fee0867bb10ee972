"""How commands speak: results on stdout, everything else on stderr, exit codes that scripts can use."""

import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import NoReturn

import typer

from mentormothers.facts.csv_file import Refusal
from mentormothers.facts.days import Precision, parse_day

SOME_ROWS_REFUSED = 1
NOTHING_DONE = 2


class Format(StrEnum):
    """How rows are printed."""

    csv = "csv"
    json = "json"


def tell(message: str) -> None:
    """One line to the person at the keyboard."""
    print(message, file=sys.stderr)


def refuse(message: str) -> NoReturn:
    """Say why nothing was done, and end."""
    tell(message)
    raise typer.Exit(NOTHING_DONE)


def report_rows(refusals: Iterable[Refusal], unknown_kinds: Mapping[str, int]) -> int:
    """Tell of every refused row and, once each, of kinds nobody knows. Gives the exit code."""
    code = 0
    for refusal in refusals:
        tell(f"{refusal.file}, line {refusal.line}: not taken: {refusal.reason}")
        code = SOME_ROWS_REFUSED
    for kind, count in sorted(unknown_kinds.items()):
        tell(f"kind {kind!r} is not in the vocabulary: {count} row(s) kept but not used")
    return code


def print_rows(
    rows: Iterable[object], columns: Sequence[str], format: Format, headings: Mapping[str, str] = MappingProxyType({})
) -> None:
    """The named columns of every row on stdout, as the rows come; some under another heading.

    What is missing is an empty cell, in JSON null.
    """
    names = [headings.get(name, name) for name in columns]
    cells = ([getattr(row, name) for name in columns] for row in rows)
    if format is Format.json:
        _print_json(dict(zip(names, row, strict=True)) for row in cells)
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(cells)


def _print_json(rows: Iterable[Mapping[str, object]]) -> None:
    """A list of objects, without holding them all."""
    before = "["
    for row in rows:
        sys.stdout.write(before + "\n " + json.dumps(row, default=_plain, indent=1).replace("\n", "\n "))
        before = ","
    print("[]" if before == "[" else "\n]")


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)


def whole_day(text: str, option: str) -> date:
    """The day that an option names. Raises ValueError naming the option."""
    try:
        day, precision = parse_day(text)
    except ValueError as error:
        raise ValueError(f"{option}: {error}") from None
    if precision is not Precision.DAY:
        raise ValueError(f"{option}: {text!r} is not a whole date. Please give one such as 2025-03-04")
    return day
