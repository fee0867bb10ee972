"""`mentormothers schedule`: what is due, overdue, done for everyone in a facts file on a day."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mentormothers.config.commands.given import check_reads_snapshots, read_given
from mentormothers.config.commands.speaking import Format, print_rows, refuse, report_rows, whole_day
from mentormothers.config.database import command_connection
from mentormothers.engines import duckdb, postgres, reference, spark, sqlite
from mentormothers.engines.rows import COLUMNS, ScheduleRow
from mentormothers.engines.snapshot import Snapshot
from mentormothers.facts.csv_file import UnreadableFileError
from mentormothers.facts.fact import History
from mentormothers.protocol.model import Protocol
from mentormothers.protocol.reading import ProtocolError, find_protocol


class Engine(StrEnum):
    """Where the schedule is worked out; the rows are the same."""

    reference = "reference"
    sqlite = "sqlite"
    postgres = "postgres"
    duckdb = "duckdb"
    spark = "spark"


def schedule(
    protocol: Annotated[str, typer.Option(help="A protocol file, or the id of one in the programme's library.")],
    facts: Annotated[Path, typer.Option(help="A facts CSV, a folder of them, or a snapshot.")],
    as_of: Annotated[str, typer.Option(help="The day the schedule is for, such as 2025-03-04.")],
    known_on: Annotated[str | None, typer.Option(help="Ignore what was received after this day.")] = None,
    engine: Annotated[
        Engine | None, typer.Option(help="Where to work it out: sqlite where none is named, for a snapshot duckdb.")
    ] = None,
    format: Annotated[Format, typer.Option(help="How to print it.")] = Format.csv,  # the option's name
) -> None:
    """Print what is upcoming, due, overdue, done or over for every client in a facts file."""
    try:
        chosen = find_protocol(protocol)
        day, known = whole_day(as_of, "--as-of"), whole_day(known_on, "--known-on") if known_on else None
        given = read_given(facts)
        if given.snapshot:
            rows = _rows(engine or Engine.duckdb, chosen, given.snapshot, day, known)
        else:
            rows = _rows_of_history(engine or Engine.sqlite, chosen, given.history.known_on(known), day)
    except (ProtocolError, UnreadableFileError, ValueError, spark.SparkMissingError) as error:
        refuse(str(error))
    print_rows(rows, COLUMNS, format)
    raise typer.Exit(report_rows(given.refusals, given.unknown_kinds))


def _rows(engine: Engine, protocol: Protocol, snapshot: Snapshot, as_of: date, known: date | None) -> list[ScheduleRow]:
    check_reads_snapshots(engine, (Engine.duckdb, Engine.spark))
    if engine is Engine.spark:
        with spark.running() as alone:
            return spark.schedule_of(alone, protocol, snapshot, as_of, known)
    return duckdb.schedule_of(protocol, snapshot, as_of, known)


def _rows_of_history(engine: Engine, protocol: Protocol, history: History, as_of: date) -> list[ScheduleRow]:
    match engine:
        case Engine.reference:
            return reference.schedule(protocol, history, as_of)
        case Engine.sqlite:
            return sqlite.schedule(protocol, history, as_of)
        case Engine.duckdb:
            return duckdb.schedule(protocol, history, as_of)
        case Engine.postgres:
            with command_connection() as connection:
                return postgres.schedule(connection, protocol, history, as_of)
        case Engine.spark:
            with spark.running() as alone:
                return spark.schedule(alone, protocol, history, as_of)
