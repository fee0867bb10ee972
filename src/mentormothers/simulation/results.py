"""The run's own results, counted from true lives: how near it comes to the published figures it was calibrated to.

A tally is counted family by family and added up; whole numbers only, so that the order does not matter.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mentormothers.facts.days import day_of
from mentormothers.simulation.infections import SIX_WEEKS, TWO_YEARS
from mentormothers.simulation.logbook import Logbook
from mentormothers.simulation.parameters import Published
from mentormothers.simulation.people import NEVER, Woman
from mentormothers.simulation.series import National, national_of
from mentormothers.simulation.truth import GRACE

TEN_WEEKS = 70
YEAR = 365
Tally = Counter[str]


@dataclass(frozen=True)
class Result:
    """A figure of the run beside the published one; `of` is how many it was counted over."""

    published: Published
    expected: float
    found: float | None
    of: int

    @property
    def near(self) -> bool:
        """Whether it is as near as a run of 20,000 women should be."""
        return self.found is not None and abs(self.found - self.expected) <= self.published.within


def tally(book: Logbook) -> Tally:
    """What one family adds to the results."""
    counts: Tally = Counter()
    woman, end = book.woman, book.end
    counts["women"] += 1
    counts["positive women"] += woman.found <= end
    counts["ids of women"] += len({note.stay.alias for note in book.notes if note.who is woman})
    counts["facts"] += len(book.notes)
    counts["seroconversions"] += woman.arrival.day < woman.infected <= end
    counts["women who died"] += woman.died <= end
    _count_retention(counts, woman, end)
    _count_births(counts, woman, end)
    _count_babies(counts, woman, end)
    _count_tracing(counts, woman)
    _count_lost(counts, woman, end)
    return counts


def _count_retention(counts: Tally, woman: Woman, end: int) -> None:
    """First starts at least a year and the lost line ago; of each whether she still had medicine after a year.

    As the programme sees it she has it under the id she started with; in truth under any.
    """
    start = woman.new_start
    if start == NEVER or start + YEAR + GRACE > end:
        return
    day = start + YEAR
    kept = [supply for supply in woman.supplies if supply.day <= day <= supply.due + GRACE]
    alias = woman.stay_on(start).alias
    alive = woman.died > day
    counts["started"] += 1
    counts["retained, seen"] += alive and any(supply.alias == alias for supply in kept)
    counts["retained, true"] += alive and bool(kept)


def _count_births(counts: Tally, woman: Woman, end: int) -> None:
    for pregnancy in woman.pregnancies:
        if pregnancy.ends > end:
            continue
        counts[f"ended {pregnancy.outcome}"] += 1
        counts["twins"] += len(pregnancy.babies) > 1
        if pregnancy.outcome != "miscarriage" and woman.infected <= pregnancy.ends:
            counts[f"mothers {day_of(pregnancy.ends).year}"] += 1
            counts["mothers treated"] += woman.started <= pregnancy.ends


def _count_babies(counts: Tally, woman: Woman, end: int) -> None:
    for baby in woman.babies():
        if baby.born > end or woman.infected > baby.born:
            counts["infected by mothers infected later"] += baby.infected <= end
            continue
        year = day_of(baby.born).year
        if baby.born + SIX_WEEKS <= end:
            counts[f"exposed six weeks {year}"] += 1
            counts["infected six weeks"] += baby.route == "birth"
        if baby.born + TWO_YEARS <= end:
            counts[f"exposed final {year}"] += 1
            counts["infected final"] += baby.infected < NEVER
        if woman.found <= baby.born + SIX_WEEKS < baby.died and baby.born + TEN_WEEKS <= end:
            counts["to test early"] += 1
            counts["tested early"] += baby.first_sample <= baby.born + TEN_WEEKS


def _count_tracing(counts: Tally, woman: Woman) -> None:
    counts["looked for"] += len(woman.traced)
    counts["reached"] += sum(reached for reached, _ in woman.traced)
    counts["brought back"] += sum(back for _, back in woman.traced)


def _count_lost(counts: Tally, woman: Woman, end: int) -> None:
    """Women whom their first site counts as lost on the last day and who live; of them those in care elsewhere."""
    here = [supply for supply in woman.supplies if supply.alias == 0]
    if here and here[-1].due + GRACE < end < woman.died:
        counts["lost, seen"] += 1
        counts["lost, elsewhere"] += woman.covered(end, GRACE)


def results(
    counts: Mapping[str, int], published: Sequence[Published], national: Mapping[int, National],
    anc: tuple[float | None, float | None, int],
) -> list[Result]:  # fmt: skip
    """Each published figure beside the run's own. `anc` is positivity found, expected, and the women counted."""
    found, expected, women = anc
    shares = {
        "anc_positivity": (found, women),
        "pmtct_coverage": _share(counts, "mothers treated", _total(counts, "mothers ")),
        "retention_12": _share(counts, "retained, seen", counts.get("started", 0)),
        "early_test": _share(counts, "tested early", counts.get("to test early", 0)),
        "mtct_6_weeks": _share(counts, "infected six weeks", _total(counts, "exposed six weeks ")),
        "mtct_final": _share(counts, "infected final", _total(counts, "exposed final ")),
    }
    levels = {
        "anc": expected or 0.0,
        "spectrum coverage": _mean(counts, "mothers ", {y: n.coverage for y, n in national.items()}, national),
        "spectrum 6 weeks": _mean(
            counts, "exposed six weeks ", {y: n.infected_by_6_weeks for y, n in national.items()}, national
        ),
        "spectrum final": _mean(
            counts, "exposed final ", {y: n.infected_in_the_end for y, n in national.items()}, national
        ),
    }
    return [
        Result(one, levels[one.taken_from] if one.value is None else one.value, *shares[one.name]) for one in published
    ]


def _by_year(counts: Mapping[str, int], prefix: str) -> dict[int, int]:
    tails = ((name.removeprefix(prefix), number) for name, number in counts.items() if name.startswith(prefix))
    return {int(tail): number for tail, number in sorted(tails) if tail.isdigit()}


def _total(counts: Mapping[str, int], prefix: str) -> int:
    return sum(_by_year(counts, prefix).values())


def _share(counts: Mapping[str, int], part: str, of: int) -> tuple[float | None, int]:
    return (counts.get(part, 0) / of if of else None), of


def _mean(
    counts: Mapping[str, int], prefix: str, yearly: Mapping[int, float], national: Mapping[int, National]
) -> float:
    """The national figure over the years in which this run's births fell."""
    years = _by_year(counts, prefix)
    total = sum(years.values())
    return sum(n * yearly[national_of(national, year).year] for year, n in years.items()) / total if total else 0.0
