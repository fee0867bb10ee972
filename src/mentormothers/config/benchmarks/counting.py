"""`bench indicators`: all indicators of a quarter on DuckDB over a snapshot, beside a scan and a trivial GROUP BY."""

from mentormothers.config.benchmarks.measuring import Progress, Result, Work, duration, in_turn, machine, timed
from mentormothers.config.benchmarks.simulated import GROUP, SCAN, Given, group, scan, simulated
from mentormothers.engines.columns import Connection
from mentormothers.engines.duckdb import count_indicators
from mentormothers.engines.snapshot import opened
from mentormothers.facts.days import add_months
from mentormothers.indicators.model import Question
from mentormothers.indicators.periods import Period
from mentormothers.indicators.reading import find_indicators


def bench_indicators(given: Given, progress: Progress) -> Result:
    """Measure indicators. Raises RuntimeError when nothing was counted."""
    with simulated(given, progress) as snapshot, opened(snapshot, None) as database:
        last = snapshot.span[1]
        period = Period("the last quarter", add_months(last, -3), last)
        questions = [Question(one.measure({}), period) for one in find_indicators([])]
        each_quarter = [one for one in questions if one.measure.definition.id in _EACH_QUARTER]
        together, few = f"all {len(questions)} together", f"the {len(each_quarter)} of each quarter together"
        works = {
            SCAN: timed(lambda: scan(database)), GROUP: timed(lambda: group(database)),
            together: timed(lambda: count_indicators(database, questions)),
            few: timed(lambda: count_indicators(database, each_quarter)),
        } | {one.measure.definition.id: _alone(database, one) for one in questions}  # fmt: skip
        values = in_turn(given.rounds, works, progress)
        sizes = {"clients": group(database), "facts": snapshot.facts, "seed": given.seed, "rounds": given.rounds}
    figures = [duration(SCAN, values, "s"), duration(GROUP, values, "s")]
    figures += [duration(name, values, "s", floor) for name in (few, together) for floor in (SCAN, GROUP)]
    figures += [duration(one.measure.definition.id, values, "s", GROUP) for one in questions]
    return Result("indicators", tuple(figures), sizes, machine(("duckdb",)), _NOTES)


# What programmes report each quarter; the others follow a cohort for a year.
_EACH_QUARTER = {"M2M_MTCT_FINAL", "PMTCT_ART", "PMTCT_EID", "TX_CURR", "TX_ML", "TX_PVLS"}
_NOTES = ("Together they share the steps that begin them; each alone takes these steps itself.",)


def _alone(database: Connection, question: Question) -> Work:
    return timed(lambda: 1 + count_indicators(database, [question]))  # a small cohort may have nobody
