"""`mentormothers schedule`: what is due, overdue, done for everyone in a facts file on a day."""

import csv
import json
import sys
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mentormothers.config.commands.speaking import refuse, report_rows
from mentormothers.config.database import command_connection
from mentormothers.engines import postgres, reference, sqlite
from mentormothers.engines.rows import COLUMNS, ScheduleRow
from mentormothers.facts.csv_file import UnreadableFileError, read_facts
from mentormothers.facts.days import Precision, parse_day
from mentormothers.facts.fact import History
from mentormothers.protocol.model import Protocol
from mentormothers.protocol.reading import ProtocolError, find_protocol


class Engine(StrEnum):
    """Where the schedule is worked out; the rows are the same."""

    reference = "reference"
    sqlite = "sqlite"
    postgres = "postgres"


class Format(StrEnum):
    """How rows are printed."""

    csv = "csv"
    json = "json"


def schedule(
    protocol: Annotated[str, typer.Option(help="A protocol file, or the id of one in the programme's library.")],
    facts: Annotated[Path, typer.Option(help="A facts CSV, or a folder of them.")],
    as_of: Annotated[str, typer.Option(help="The day the schedule is for, such as 2025-03-04.")],
    known_on: Annotated[str | None, typer.Option(help="Ignore what was received after this day.")] = None,
    engine: Annotated[Engine, typer.Option(help="Where to work it out.")] = Engine.sqlite,
    format: Annotated[Format, typer.Option(help="How to print it.")] = Format.csv,  # the option's name
) -> None:
    """Print what is upcoming, due, overdue, done or over for every client in a facts file."""
    try:
        chosen = find_protocol(protocol)
        day, known = _day(as_of, "--as-of"), _day(known_on, "--known-on") if known_on else None
        content = read_facts(facts)
    except (ProtocolError, UnreadableFileError, ValueError) as error:
        refuse(str(error))
    rows = _rows(engine, chosen, content.history.known_on(known), day)
    _print(rows, format)
    raise typer.Exit(report_rows(content.refusals, content.unknown_kinds))


def _rows(engine: Engine, protocol: Protocol, history: History, as_of: date) -> list[ScheduleRow]:
    match engine:
        case Engine.reference:
            return reference.schedule(protocol, history, as_of)
        case Engine.sqlite:
            return sqlite.schedule(protocol, history, as_of)
        case Engine.postgres:
            with command_connection() as connection:
                return postgres.schedule(connection, protocol, history, as_of)


def _day(text: str, option: str) -> date:
    try:
        day, precision = parse_day(text)
    except ValueError as error:
        raise ValueError(f"{option}: {error}") from None
    if precision is not Precision.DAY:
        raise ValueError(f"{option}: {text!r} is not a whole date. Please give one such as 2025-03-04")
    return day


def _print(rows: Iterable[ScheduleRow], format: Format) -> None:
    shown = [{name: getattr(row, name) for name in COLUMNS} for row in rows]
    if format is Format.json:
        json.dump(shown, sys.stdout, default=str, indent=1)
        print()
        return
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(shown)
