"""`mentormothers indicators`: the numbers of a period, counted from the facts in a file."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mentormothers.config.commands.given import Given, check_reads_snapshots, read_given
from mentormothers.config.commands.speaking import Format, print_rows, refuse, report_rows, tell, whole_day
from mentormothers.config.database import command_connection
from mentormothers.engines import duckdb, postgres, reference_indicators, sqlite
from mentormothers.facts.csv_file import UnreadableFileError
from mentormothers.indicators.delivery import UNKNOWN, SiteModel, SitesFileError, read_site_models
from mentormothers.indicators.model import BY, Definition, Question
from mentormothers.indicators.periods import parse_period
from mentormothers.indicators.reading import IndicatorError, find_indicators
from mentormothers.indicators.rows import COLUMNS, Count, left_out
from mentormothers.indicators.rows import rows as rows_of

_SITES_NAMED = 5  # in a message


class Engine(StrEnum):
    """Where the numbers are worked out; they are the same."""

    duckdb = "duckdb"
    sqlite = "sqlite"
    postgres = "postgres"
    reference = "reference"


def indicators(
    facts: Annotated[Path, typer.Option(help="A facts CSV, a folder of them, or a snapshot.")],
    period: Annotated[str, typer.Option(help="2025Q2, FY25Q2 (US fiscal year) or 2025-01-01..2025-03-31.")],
    more: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="More indicators.")] = None,
    indicator: Annotated[list[str] | None, typer.Option(help="Only this one; may be repeated.")] = None,
    engine: Annotated[Engine, typer.Option(help="Where to work it out.")] = Engine.duckdb,
    by: Annotated[str, typer.Option(help="Each number for each of these: site or delivery_model.")] = "",
    sites: Annotated[
        Path | None, typer.Option(help="Sites with their delivery model; otherwise sites.csv beside the facts.")
    ] = None,
    option: Annotated[list[str] | None, typer.Option(help="A choice such as lost=ge28; may be repeated.")] = None,
    known_on: Annotated[str | None, typer.Option(help="Ignore what was received after this day.")] = None,
    format: Annotated[Format, typer.Option(help="How to print it.")] = Format.csv,  # the option's name
) -> None:
    """Print indicators over a period, one row for each total and each of its parts."""
    try:
        known = whole_day(known_on, "--known-on") if known_on else None
        given = read_given(facts).as_known_on(known)
        until = known or datetime.now(UTC).date()
        questions = _questions([*(indicator or []), *(more or [])], period, by, option or [], until)
        models = read_site_models(sites or facts.parent / "sites.csv") if by == "delivery_model" else []
        answered = list(zip(questions, _counts(engine, questions, given, models), strict=True))
        snapshot = _snapshot(given.fingerprint, known)
        rows = [row for question, counts in answered for row in rows_of(question, counts, snapshot)]
    except (IndicatorError, SitesFileError, UnreadableFileError, ValueError) as error:
        refuse(str(error))
    print_rows(rows, COLUMNS, format, {"site": "delivery_model"} if by == "delivery_model" else {})
    if by == "delivery_model":
        _tell_of_unknown_sites(given, models)
    _tell_of_left_out(answered)
    _tell_of_early_end(answered, given)
    raise typer.Exit(report_rows(given.refusals, given.unknown_kinds))


def _questions(names: list[str], period: str, by: str, options: list[str], known: date | None) -> list[Question]:
    """What is asked. Raises ValueError or IndicatorError for what cannot be asked."""
    asked = parse_period(period)
    if by and by not in BY:
        raise ValueError(f"--by: {by} is not supported. Please use one of: {', '.join(BY)}")
    definitions = find_indicators(names)
    given = _options(options, definitions)
    return [
        Question(definition.measure(given), asked, by == "site", known, by_model=by == "delivery_model")
        for definition in definitions
    ]


def _options(texts: list[str], definitions: Iterable[Definition]) -> dict[str, str]:
    """Options as `name=value`. One that none of the indicators has is refused; one that some have is for those."""
    known = {option.name for definition in definitions for option in definition.options}
    given: dict[str, str] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or name not in known:
            raise ValueError(f"--option {text!r}: please write name=value, with one of: {', '.join(sorted(known))}")
        given[name] = value
    return given


def _counts(engine: Engine, questions: list[Question], given: Given, models: list[SiteModel]) -> list[list[Count]]:
    if given.snapshot:
        check_reads_snapshots(engine)
        return duckdb.indicators_of(questions, given.snapshot, given.known_on, models)
    history = given.history
    match engine:
        case Engine.reference:
            return reference_indicators.indicators(questions, history, models)
        case Engine.sqlite:
            return sqlite.indicators(questions, history, models)
        case Engine.duckdb:
            return duckdb.indicators(questions, history, models)
        case Engine.postgres:
            with command_connection() as connection:
                return postgres.indicators(connection, questions, history, models)


def _snapshot(fingerprint: str, known_on: date | None) -> str:
    """From what a number was counted: the file's bytes and, when asked, the day on which they were known."""
    return f"{fingerprint}@{known_on}" if known_on else fingerprint


def _tell_of_early_end(answered: Iterable[tuple[Question, list[Count]]], given: Given) -> None:
    """A cohort judged on days of which the facts say nothing would look as if everybody had left."""
    _, last = given.sites_and_last_receipt()
    for question, counts in answered:
        until = min(question.as_of, question.known_until)
        judged = question.measure.begins_cohort and any(count.denominator for count in counts)
        if judged and last and last < until:
            tell(
                f"{question.measure.definition.id}: the last fact came in on {last}, and clients are judged until "
                f"{until}. Please give --known-on {last} if nothing is known of later days"
            )


def _tell_of_unknown_sites(given: Given, models: Iterable[SiteModel]) -> None:
    known = {one.site for one in models if one.model != UNKNOWN}
    if missing := sorted(given.sites_and_last_receipt()[0] - known):
        named = ", ".join(missing[:_SITES_NAMED]) + (" ..." if len(missing) > _SITES_NAMED else "")
        tell(
            f"{len(missing)} site(s) of no known delivery model count as {UNKNOWN}: {named}. "
            "Please add them to the sites file"
        )


def _tell_of_left_out(answered: Iterable[tuple[Question, list[Count]]]) -> None:
    for question, counts in answered:
        if number := left_out(question, counts):
            definition = question.measure.definition
            tell(f"{definition.id}: {number} client(s) left out: {definition.left_out}")
