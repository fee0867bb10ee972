"""Writes the reference pages of the simulation: `just simulation-docs`. A test compares them.

It makes a programme of 20,000 women and sets its figures beside the published ones; ten seconds on two cores.
"""

from datetime import date
from pathlib import Path
from typing import Any

from mentormothers.config import simulating
from mentormothers.config.simulating import Outcome
from mentormothers.simulation.parameter_file import sources
from mentormothers.simulation.programme import Plan
from mentormothers.simulation.series import Repair

FOLDER = Path(__file__).parent / "reference"
PLAN = Plan(clients=20_000, seed=1, start=date(2020, 1, 1), months=48)
_MADE = "<!-- made by docs/make_simulation.py; do not edit -->\n"


def outcome(processes: int = 2) -> Outcome:
    """The run that the page tells of."""
    return simulating.run(PLAN, simulating.read_content(), None, processes=processes, progress=lambda _: None)


def pages(run: Outcome) -> dict[str, str]:
    """Both pages by file name."""
    return {
        "simulation.md": _simulation(run, simulating.read_content()),
        "simulation-repairs.md": _repairs(run.programme.repairs),
    }


def _simulation(run: Outcome, content: dict[str, Any]) -> str:
    repairs = run.programme.repairs
    numbers = {rule: sum(one.rule == rule for one in repairs) for rule in ("below zero", "statuses", "treatment")}
    return f"""{_MADE}# The simulation

`mentormothers simulate --clients N --seed S --out DIR` makes a synthetic programme: women who come to antenatal care by
district and month as in a real series of Malawi, their pregnancies, babies, treatment, moves and deaths, and what
mentors with habits write down of it. **Everybody is invented.** `--sites`, `--start`, `--months` and `--processes` may
be given. How it is built and why: [ADR 0010](../adr/0010-simulated-women-live-one-by-one.md).

| file | content |
|---|---|
| `facts.csv` | what was written down, in the layout that `mentormothers schedule` and `mentormothers indicators` read |
| `clients.csv` | every id: role, mother's id, site, mentor, day of enrolment |
| `identities.csv` | names, ages, phones as each site wrote them, with its errors, in the layout of `mentormothers link` |
| `truth.csv` | who is really who (`person`), by what move an id came about, infections, deaths, how it stands at the end |
| `sites.csv`, `mentors.csv` | sites at real facilities; mentors with the habits that make their data |
| `README.md` | says SYNTHETIC, how to make the same again, and the run's figures. Written last: without it a run is not complete |

## Its figures beside the published ones

{PLAN.clients} women, seed {PLAN.seed}, {PLAN.start} to {PLAN.end}, {len(run.programme.sites)} sites. Counted from true
lives; *within* is how far off the test lets a run of this size be.

| figure | here | counted over | published | within | published where |
|---|---|---|---|---|---|
{_figures(run)}

Also in this run: {_also(run.counts)}.

The published transmission is that of all of Malawi's mothers with HIV, seen by a mentor or not. Evaluations of mothers2mothers
report less (1.3 % of children *tested* at 18 to 24 months in 2018): what is counted differs, so the run is held to the national figure.

## What it leaves out

Partners and their own care, cervical, TB and malaria services, referrals, group sessions of named people, stock-outs, seasons within a
quarter, mentors who leave, and money. A woman has at most two pregnancies. Time between sites does not depend on distance.

## Repairs of the antenatal series

Malawi's quarterly series ({len(simulating.read_world(content).quarters)} district-quarters, 2011 to 2023, marked illustrative by its makers) has
quarters that cannot be. [Each repair](simulation-repairs.md) is listed. Months outside the series use the same quarter of its nearest year.

| rule | what is done | quarters |
|---|---|---|
| below zero | such a number counts as none | {numbers["below zero"]} |
| statuses | where known positive, known negative and tested exceed the women who came, *tested* is cut to what is left, *tested positive* at most to that | {numbers["statuses"]} |
| treatment | *already on treatment* is cut to *known positive* | {numbers["treatment"]} |

## Every parameter

From `programme/simulation/malawi.yaml`, which also has the short names of the sources. A pair is a range of whole days; a table gives weights.

| parameter | value | source |
|---|---|---|
{_parameters(content)}
"""


def _figures(run: Outcome) -> str:
    return "\n".join(
        f"| {r.published.title} | {'-' if r.found is None else f'{r.found:.2%}'} | {r.of} | {r.expected:.2%} "
        f"| {r.published.within * 100:.1f} points | {r.published.source} |"
        for r in run.results
    )


def _also(counts: Any) -> str:
    looked, ended = counts["looked for"], counts["ended live"] + counts["ended stillbirth"]
    return (
        f"{counts['facts']} facts before copies and corrections; {counts['ids of women'] - counts['women']} further ids of "
        f"women who have one already; {counts['twins']} twin births and {counts['ended stillbirth']} stillbirths of {ended}; "
        f"{counts['seroconversions']} infections of women; {counts['women who died']} women who died; women were looked for "
        f"{looked} times, {counts['reached'] / looked:.0%} of times somebody was reached (Bwaila: 40 %), {counts['brought back'] / looked:.0%} of "
        f"times she came after it; of {counts['lost, seen']} women alive whom their site counts as lost at the end "
        f"{counts['lost, elsewhere'] / counts['lost, seen']:.0%} have treatment elsewhere (rural South Africa: 35 %); in truth, "
        f"elsewhere or not, {counts['retained, true'] / counts['started']:.1%} of those who started treatment had it after 12 months"
    )


def _parameters(content: dict[str, Any]) -> str:
    return "\n".join(
        f"| `{part}.{name}` | {_value(value)} | {source} |" for part, name, value, source in sources(content)
    )


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{word} {weight}" for word, weight in value.items())
    return f"{value[0]} to {value[1]}" if isinstance(value, list) else str(value)


def _repairs(repairs: list[Repair]) -> str:
    rows = "\n".join(
        f"| {r.before.district} | {r.before.year} Q{r.before.quarter} | {r.rule} | {_changes(r)} |" for r in repairs
    )
    return (
        f"{_MADE}# Repairs of the antenatal series\n\nEvery quarter of `programme/simulation/malawi/anc_quarters.csv` that "
        f"cannot be, and what the simulation reads instead. The rules: [simulation.md](simulation.md). The file itself "
        f"stays as it came.\n\n| district | quarter | rule | changed |\n|---|---|---|---|\n{rows}\n"
    )


def _changes(repair: Repair) -> str:
    names = ("came", "known_positive", "known_negative", "on_treatment", "tested", "tested_positive")
    pairs = ((name, getattr(repair.before, name), getattr(repair.after, name)) for name in names)
    return ", ".join(f"{name.replace('_', ' ')} {before} → {after}" for name, before, after in pairs if before != after)


if __name__ == "__main__":
    for name, text in pages(outcome()).items():
        (FOLDER / name).write_text(text, encoding="utf-8")
