"""`mentormothers bench`: how fast it is on this machine, each figure beside its floor from the same run."""

import json
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from mentormothers.config.benchmarks.counting import bench_indicators
from mentormothers.config.benchmarks.ingest import Sizes, bench_sync
from mentormothers.config.benchmarks.linking import Crowd, bench_link
from mentormothers.config.benchmarks.measuring import Figure, Result
from mentormothers.config.benchmarks.searching import bench_search
from mentormothers.config.benchmarks.simulated import Given
from mentormothers.config.benchmarks.worklists import bench_schedule
from mentormothers.config.commands.progress import progress
from mentormothers.config.commands.speaking import refuse
from mentormothers.config.embedded import EmbeddedError
from mentormothers.config.running import Stopped, stop_on_signals
from mentormothers.facts.csv_file import UnreadableFileError

app = typer.Typer(no_args_is_help=True, help="Measure how fast it is here, beside floors of the same run.")


class Format(StrEnum):
    """How a result is printed."""

    text = "text"
    json = "json"


Rounds = Annotated[int, typer.Option(help="How often everything is measured in turn.")]
Seed = Annotated[int, typer.Option(help="The seed of the simulated women.")]
Clients = Annotated[int, typer.Option(help="How many women are simulated; their babies come on top.")]
At = Annotated[Path | None, typer.Option(help="Measure on this snapshot of a simulation instead of a new one.")]
Printed = Annotated[Format, typer.Option(help="How to print it.")]


@app.command()
def sync(
    connections: Annotated[int, typer.Option(help="How many phones push at once.")] = 8,
    batches: Annotated[int, typer.Option(help="How many batches of 100 each pushes in a round.")] = 15,
    singles: Annotated[int, typer.Option(help="How many single records each pushes in a round.")] = 100,
    rounds: Rounds = 5,
    seed: Seed = 1,
    format: Printed = Format.text,  # the option's name
) -> None:
    """Measure ingest: signed records as phones send them, durably, with their facts."""
    sizes = Sizes(_some(connections), _some(batches), _some(singles), _some(rounds), seed)
    _print(lambda progress: bench_sync(sizes, progress), format)


@app.command()
def indicators(
    clients: Clients = 300_000, seed: Seed = 1, rounds: Rounds = 5, snapshot: At = None, format: Printed = Format.text
) -> None:
    """Measure all indicators of a quarter over a snapshot."""
    given = Given(clients, seed, _some(rounds), snapshot)
    _print(lambda progress: bench_indicators(given, progress), format)


@app.command()
def schedule(
    clients: Clients = 300_000,
    seed: Seed = 1,
    rounds: Rounds = 5,
    snapshot: At = None,
    copies: Annotated[
        int, typer.Option(help="On DuckDB only: measure on so many copies of the programme under other ids.")
    ] = 1,
    format: Printed = Format.text,
) -> None:
    """Measure a site's worklist on PostgreSQL as the office asks for it, and everybody's schedule over a snapshot."""
    given = Given(clients, seed, _some(rounds), snapshot, _some(copies))
    _print(lambda progress: bench_schedule(given, progress), format)


@app.command()
def search(
    clients: Annotated[int, typer.Option(help="How many synthetic identities; half of them at the searched site.")] = (
        20_000
    ),
    seed: Seed = 1,
    rounds: Rounds = 5,
    format: Printed = Format.text,
) -> None:
    """Measure finding a client by name, spelt right and wrong, and by phone."""
    if clients < 2:
        refuse(f"{clients} cannot be. Please give 2 clients or more")
    _print(lambda progress: bench_search(clients, seed, _some(rounds), progress), format)


@app.command()
def link(
    persons: Annotated[int, typer.Option(help="How many invented persons stand in the file.")] = 1_000_000,
    seed: Seed = 1,
    rounds: Rounds = 1,
    format: Printed = Format.text,
) -> None:
    """Measure linkage: a file of invented persons to pairs that are probably one person, and how good they are."""
    if not 100 <= persons <= 20_000_000:
        refuse(f"--persons: {persons} cannot be. Please give a number from 100 to 20000000")
    _print(lambda progress: bench_link(Crowd(persons, seed, _some(rounds)), progress), format)


def _some(number: int) -> int:
    if not 1 <= number <= 1000:
        refuse(f"{number} cannot be. Please give numbers from 1 to 1000")
    return number


def _print(measure: Callable[[Callable[[str], None]], Result], format: Format) -> None:
    stop_on_signals()  # so that the server of its own is stopped and its folder deleted
    with progress() as step:
        try:
            result = measure(step)
        except Stopped:
            refuse("Stopped; nothing was measured")
        except (RuntimeError, EmbeddedError, UnreadableFileError) as error:
            refuse(str(error))
    if format is Format.json:
        print(json.dumps(result.content(), indent=1, ensure_ascii=False))
        return
    console = Console(width=120)
    console.print(_table(result))
    for title, said in (("sizes", result.sizes), ("machine", result.machine)):
        console.print(f"{title}: {', '.join(f'{name} {value}' for name, value in said.items())}", highlight=False)
    for note in result.notes:
        console.print(note, highlight=False)


def _table(result: Result) -> Table:
    table = Table(title=f"bench {result.benchmark}", title_justify="left")
    for column in ("figure", "value", "unit", "beside", "ratio", "rounds"):
        table.add_column(column, justify="right" if column in ("value", "ratio") else "left")
    for figure in result.figures:
        table.add_row(*_cells(figure))
    return table


def _cells(figure: Figure) -> list[str]:
    ratio = "" if figure.ratio is None else f"{figure.ratio:.3f}"
    spread = f"{_number(figure.low)} to {_number(figure.high)}" if figure.high else ""
    return [figure.name, _number(figure.value), figure.unit, figure.floor, ratio, spread]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
