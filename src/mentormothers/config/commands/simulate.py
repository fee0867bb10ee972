"""`mentormothers simulate`: a synthetic programme, for trying out, testing and measuring."""

import os
from concurrent.futures import BrokenExecutor
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from mentormothers.config import simulating
from mentormothers.config.commands.progress import progress
from mentormothers.config.commands.speaking import refuse, tell, whole_day
from mentormothers.config.simulating import Outcome, SimulationError
from mentormothers.facts.days import add_months
from mentormothers.simulation.programme import Plan
from mentormothers.simulation.results import Result
from mentormothers.simulation.sites import TooManySitesError

MOST_CLIENTS = 20_000_000
MOST_MONTHS = 240
FIRST_START, LAST_END = date(2000, 1, 1), date(2100, 12, 31)
_MOST_PROCESSES = 4
INTERRUPTED = 130  # as shells say it for Ctrl-C


def simulate(
    clients: Annotated[int, typer.Option(help="How many women; their babies come on top.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same files, byte for byte.")],
    out: Annotated[Path, typer.Option(help="A new or empty folder to write to.")],
    sites: Annotated[
        int | None, typer.Option(help="How many sites; otherwise as many as such a programme has.")
    ] = None,
    start: Annotated[str, typer.Option(help="The first day women come, such as 2021-01-01.")] = "2021-01-01",
    months: Annotated[int, typer.Option(help="For how many months they come and are followed.")] = 36,
    processes: Annotated[int | None, typer.Option(help="How many processes work; the files are the same.")] = None,
) -> None:
    """Make a synthetic programme: facts, clients, sites, identities with errors, and the truth beside them."""
    try:
        plan = _plan(clients, seed, start, months, sites)
        workers = _workers(processes, clients)
        simulating.empty_folder(out)
        outcome = _run(plan, out, workers)
        (out / "README.md").write_text(readme(plan, outcome), encoding="utf-8")
    except (SimulationError, TooManySitesError, ValueError) as error:
        refuse(str(error))
    except OSError as error:
        refuse(f"{out}: could not be written to the end: {error.strerror}. Please make room and name a new folder")
    except BrokenExecutor:
        refuse(f"{out}: a process was stopped, perhaps for want of memory. Please try --processes 1 and a new folder")
    except KeyboardInterrupt:
        tell(f"Stopped. What is in {out} is not complete and has no README.md; please delete it")
        raise typer.Exit(INTERRUPTED) from None
    tell(f"{plan.clients} invented women, {outcome.counts['facts']} facts in {out}")
    for result in outcome.results:
        tell(f"  {line(result)}")


def _plan(clients: int, seed: int, start: str, months: int, sites: int | None) -> Plan:
    """What is asked for. Raises ValueError naming the option that cannot be."""
    if not 1 <= clients <= MOST_CLIENTS:
        raise ValueError(f"--clients: {clients} cannot be. Please give a number from 1 to {MOST_CLIENTS}")
    if not -(2**63) <= seed < 2**63:
        raise ValueError(f"--seed: {seed} cannot be. Please give a number of at most 63 bits")
    if sites is not None and sites < 1:
        raise ValueError(f"--sites: {sites} cannot be. Please give 1 or more")
    if not 1 <= months <= MOST_MONTHS:
        raise ValueError(f"--months: {months} cannot be. Please give a number from 1 to {MOST_MONTHS}")
    first = whole_day(start, "--start")
    if first < FIRST_START or add_months(first, months) > LAST_END:
        raise ValueError(
            f"--start {first} for {months} months lies outside {FIRST_START} to {LAST_END}. Please choose other days"
        )
    return Plan(clients, seed, first, months, sites)


def _workers(processes: int | None, clients: int) -> int:
    """How many processes: as many as asked for, or as this machine has up to four; one for a small programme."""
    if processes is not None and not 1 <= processes <= 64:
        raise ValueError(f"--processes: {processes} cannot be. Please give a number from 1 to 64")
    small = 2000  # clients; starting a process takes about a second
    return processes or (1 if clients <= small else min(_MOST_PROCESSES, os.cpu_count() or 1))


def _run(plan: Plan, out: Path, workers: int) -> Outcome:
    with progress() as step:
        return simulating.run(
            plan, simulating.read_content(), out, processes=workers,
            progress=lambda done: step("Inventing women", done, plan.clients),
        )  # fmt: skip


def line(result: Result) -> str:
    """One figure beside the published one, for the person at the keyboard."""
    found = "nobody to count" if result.found is None else f"{result.found:.1%} of {result.of}"
    return f"{result.published.title}: {found} (published: {result.expected:.1%})"


def readme(plan: Plan, outcome: Outcome) -> str:
    """The README of a run."""
    counts = outcome.counts
    table = "\n".join(f"| {r.published.title} | {_share(r)} | {r.expected:.1%} |" for r in outcome.results)
    return f"""# SYNTHETIC programme: nobody here exists

**SYNTHETIC.** Everybody and everything in these files is invented by `mentormothers simulate`. Names are combined by
chance, phone numbers begin with +999 and cannot ring, villages are named after invented headmen; only the facilities'
and districts' names are real, and nothing here says anything about them. Never mix these files with real ones, and
never report a number from them as if it were one.

    mentormothers simulate --clients {plan.clients} --seed {plan.seed} --start {plan.start} --months {plan.months} \
--sites {len(outcome.programme.sites)} --out DIR

makes the same bytes again. {plan.clients} women come from {plan.start} to {plan.end}; {counts["ids of women"]} ids are
theirs, since some were enrolled again elsewhere; {counts["facts"]} facts before copies and corrections.

| file (SYNTHETIC) | content |
|---|---|
| `facts.csv` | what was written down, in the layout that `mentormothers schedule` and `mentormothers indicators` read |
| `clients.csv` | every id with its site, mentor and day of enrolment |
| `identities.csv` | SYNTHETIC names, ages and phones as each site wrote them, with its errors |
| `truth.csv` | who is really who, and how it really went; what no programme knows |
| `sites.csv`, `mentors.csv` | SYNTHETIC sites at real facilities; mentors with the habits that make their data |

| figure of these SYNTHETIC lives | here | published |
|---|---|---|
{table}
"""


def _share(result: Result) -> str:
    return "-" if result.found is None else f"{result.found:.1%} of {result.of}"
