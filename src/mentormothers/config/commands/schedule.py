"""`mentormothers schedule`: what is due, overdue, done for everyone in a facts file on a day."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from datetime import date
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from mentormothers.config.commands.given import check_reads_snapshots, read_given
from mentormothers.config.commands.progress import progress
from mentormothers.config.commands.speaking import Format, print_rows, refuse, report_rows, whole_day
from mentormothers.config.database import command_connection
from mentormothers.engines import duckdb, postgres, reference, spark, sqlite
from mentormothers.engines.approximate import marked
from mentormothers.engines.by_families import Asked, everybodys_schedule
from mentormothers.engines.rows import COLUMNS, ScheduleRow
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
    approximate: Annotated[
        bool,
        typer.Option(help="One more column: whether the due date hangs on a date known to the month or year only."),
    ] = False,
    format: Annotated[Format, typer.Option(help="How to print it.")] = Format.csv,  # the option's name
) -> None:
    """Print what is upcoming, due, overdue, done or over for every client in a facts file."""
    try:
        chosen = find_protocol(protocol)
        day, known = whole_day(as_of, "--as-of"), whole_day(known_on, "--known-on") if known_on else None
        given = read_given(facts)
        if given.snapshot:
            check_reads_snapshots(engine or Engine.duckdb, (Engine.duckdb, Engine.spark))
            if approximate:
                refuse("--approximate reads a facts file, not a snapshot. Please name the facts themselves")
            rows = _of_snapshot(engine, Asked(chosen, given.snapshot, day, known))
        else:
            history = given.history.known_on(known)
            found = _of_history(engine or Engine.sqlite, chosen, history, day)
            rows = nullcontext(marked(chosen, history, found) if approximate else found)
        with rows as shown:
            print_rows(shown, (*COLUMNS, "approximate") if approximate else COLUMNS, format)
    except (ProtocolError, UnreadableFileError, ValueError, spark.SparkMissingError) as error:
        refuse(str(error))
    raise typer.Exit(report_rows(given.refusals, given.unknown_kinds))


def _of_snapshot(engine: Engine | None, asked: Asked) -> AbstractContextManager[Iterable[ScheduleRow]]:
    if engine is not Engine.spark:
        return _everybodys(asked)
    with spark.running() as alone:
        return nullcontext(spark.schedule_of(alone, asked.protocol, asked.snapshot, asked.as_of, asked.known_on))


@contextmanager
def _everybodys(asked: Asked) -> Iterator[Iterable[ScheduleRow]]:
    """The rows over a snapshot. On stderr how far it is; the bar is gone before rows come."""
    with ExitStack() as stack:
        with progress() as step:
            working = partial(step, "Working through facts", of=asked.snapshot.facts)
            rows = stack.enter_context(everybodys_schedule(asked, working))
        yield rows


def _of_history(engine: Engine, protocol: Protocol, history: History, as_of: date) -> list[ScheduleRow]:
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
