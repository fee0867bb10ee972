"""Steps that several indicators take after the definitions, each from a named file, and the facts that they name."""

from functools import cache
from pathlib import Path

from mentormothers.engines.clauses import MAKES_HOME, holds, later, matches
from mentormothers.engines.portable import Until, filled, kinds_in, union
from mentormothers.facts.vocabulary import vocabulary
from mentormothers.indicators.model import Measure
from mentormothers.protocol.phrases import Phrases
from mentormothers.protocol.terms import Match, Offset, Stop

REFUSALS = ("refused = art|all", "art.stop")
ENDS_TREATMENT = ("transfer.out", *REFUSALS)  # and death
SIGNS_OF_TREATMENT = ("art.start", "art.on", "art.restart", "art.dispense")
_WITHIN = {"gt": "<=", "ge": "<"}  # lost when more than, or at least, so many days late


@cache
def kinds_used() -> frozenset[str]:
    """The kinds of facts that any indicator looks at: two thirds of all facts are of others.

    One list for all, so that indicators asked together share the steps that begin them.
    """
    words = vocabulary()
    written = " ".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.sql"))
    ended = {match.kind for match in ends_of_treatment()}
    return frozenset({*kinds_in(written, words), *ended, *SIGNS_OF_TREATMENT, *MAKES_HOME, "refusal.ended"})


def on_treatment(measure: Measure, until: Until | None = None) -> str:
    """Who is on treatment, by the end or on another day (on_treatment.sql)."""
    lost, until = measure.lost, until or Until()
    fill = {
        "stops": union(_stopped(match, until) for match in ends_of_treatment()),
        "within": f"{_WITHIN[lost.operator]} {lost.days}",
        "until": until.day,
        "until_join": until.joined("s"),
        "until_join_of_facts": until.joined("f"),
    }
    return filled("on_treatment", fill)


def _stopped(match: Match, until: Until) -> str:
    # One query each: joined by OR, PostgreSQL would look through all facts for every stop.
    return f"""
        SELECT f.client, f.kind FROM fact f {until.joined("f")}
        WHERE {matches("f", match)} AND f.day <= {until.day} AND {holds(Stop(match), until.day)}"""


def ends_of_treatment() -> list[Match]:
    """The facts that end treatment until something lifts them; death is no such fact."""
    return [Phrases(vocabulary()).match(text) for text in ENDS_TREATMENT]


def latest_viral_load(*, by_sample: bool) -> str:
    """Each client's latest result, by its own day or that of its sample (latest_viral_load.sql)."""
    return filled("latest_viral_load", {"counted_day": "COALESCE(b.sample_day, f.day)" if by_sample else "f.day"})


def final_test() -> str:
    """The last test of exposed infants of 18 to 24 months (final_test.sql)."""
    eighteen, eighteen_joins = later("p.dob", Offset(months=18), "k")
    two, two_joins = later("p.dob", Offset(months=24), "m")
    fill = {"eighteen_months": eighteen, "two_years": two, "month_joins": f"{eighteen_joins} {two_joins}"}
    return filled("final_test", fill)
