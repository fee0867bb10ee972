"""The compiler of indicators: one definition becomes one portable SQL query, the same on every engine.

Each indicator has a named file (`tx_curr.sql` …) whose steps end in `contribution`: what each client adds, at
which site, to which part. It begins with the definitions that the schedule begins with, and reads the same three
relations; over a snapshot it reads, in place of two of them, one in which all is settled (settled.sql). Its parameters
are :start and :end, the period's first and last day, :as_of, the last day of which facts count (the period's, or later
for a cohort that is judged later), and :known, the last of which anything is known.

A loss in a period compares two days, and a cohort is judged on a day of each client's own. Who was on treatment then
is asked of the same facts by the same steps, written a second time (`portable.again`) with another day for :as_of or
with each client's own (`portable.Until`), and not by a second query whose rows somebody joins outside: the engine does
all the counting and returns a few rows per site however many clients there are, and all days see the same facts.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from mentormothers.engines.clauses import care, home_site, later, matches
from mentormothers.engines.indicator_steps import (
    REFUSALS,
    SIGNS_OF_TREATMENT,
    ends_of_treatment,
    final_test,
    kinds_used,
    latest_viral_load,
    on_treatment,
)
from mentormothers.engines.portable import (
    EVERYTHING,
    NOTHING,
    SAME_BIRTH_DAYS,
    Facts,
    Plan,
    again,
    definitions,
    filled,
    plan,
    texts,
    until_day_of,
)
from mentormothers.facts.days import day_number
from mentormothers.facts.vocabulary import vocabulary
from mentormothers.indicators.delivery import UNKNOWN
from mentormothers.indicators.model import By, Definition, Measure, Question
from mentormothers.indicators.rows import Count
from mentormothers.protocol.phrases import Phrases
from mentormothers.protocol.terms import FEEDING_MONTHS, LONGEST_PREGNANCY_DAYS, Offset


@cache
def compile_indicator(measure: Measure, by: By, dialect: str, *, settled: bool = False) -> Plan:
    """The plan for one measure in a dialect of SQL; its parameters are day numbers (`parameters`).

    `settled`: over a snapshot, which says already what stands and what counts of several on a day.

    It yields site (or delivery model), disaggregation, numerator and denominator; by either also a row of zeros for
    each that any fact names. By delivery model it reads one relation more, site_model.
    """
    facts = Facts(measure.choice("sources") == "documented", kinds_used(), settled)
    begun = f"{definitions(vocabulary(), facts)},\n{care(ends_of_treatment())}"
    steps = f"{begun},\n{_steps_of(measure.definition)(measure, by)}"
    everywhere = EVERYTHING if by else NOTHING
    return plan(
        f"""
        WITH {steps}
        SELECT t.site, t.disaggregation, SUM(t.numerator) AS numerator, SUM(t.denominator) AS denominator
        FROM (SELECT {_PLACE[by]} AS site, c.disaggregation, c.numerator, c.denominator
              FROM contribution c {_PLACE_JOIN[by]}
              UNION ALL
              SELECT {_PLACE[by]} AS site, '' AS disaggregation, 0 AS numerator, 0 AS denominator
              FROM (SELECT s.site, :as_of AS day FROM stated s
                    WHERE s.site <> '' AND s.day <= :as_of AND {everywhere}
                    GROUP BY s.site) c {_PLACE_JOIN[by]}) t
        GROUP BY t.site, t.disaggregation""",
        dialect,
    )


# What a number is given for: of `c` with a site, and the day on which it was at that site.
_PLACE: Mapping[By, str] = {
    "": "''",
    "site": "c.site",
    "delivery_model": f"CASE WHEN c.site = '' THEN '' ELSE COALESCE(g.model, '{UNKNOWN}') END",
}
_PLACE_JOIN: Mapping[By, str] = {
    "": "",
    "site": "",
    "delivery_model": "LEFT JOIN site_model g ON g.site = c.site AND c.day >= g.since AND c.day < g.until",
}


def clients_behind(by: By) -> str:
    """In place of a plan's sums: each client whom a numerator counts, what she is counted for, and her part."""
    place = _PLACE[by] if by == "delivery_model" else "c.site"
    return f"""SELECT c.client, {place} AS site, c.disaggregation FROM contribution c {_PLACE_JOIN[by]}
               WHERE c.numerator > 0 ORDER BY site, c.client"""


def _left(by: By, before: tuple[str, str], after: tuple[str, str]) -> str:
    """Whether who went from one site to another went out of what is counted: site and day of each."""
    if by != "delivery_model":
        return EVERYTHING
    models = [
        f"""COALESCE((SELECT MAX(g.model) FROM site_model g
                      WHERE g.site = {site} AND g.since <= {day} AND {day} < g.until), '{UNKNOWN}')"""
        for site, day in (before, after)
    ]
    return " <> ".join(models)


def parameters(question: Question) -> dict[str, int]:
    """The days of a question as the parameters of its plan."""
    days = {
        "start": question.period.start, "end": question.period.end, "as_of": question.as_of,
        "known": question.known_until,
    }  # fmt: skip
    return {name: day_number(day) for name, day in days.items()}


def counted(found: Iterable[tuple[Any, ...]]) -> list[Count]:
    """The rows of a plan as counts, by site and part."""
    return sorted(Count(str(site), str(part), int(n), int(d)) for site, part, n, d in found)


def _tx_curr(measure: Measure, by: By) -> str:
    fill = {
        "on_treatment": on_treatment(measure),
        "home_site": home_site(EVERYTHING if by else NOTHING),
    }
    return filled("tx_curr", fill)


def _tx_ml(measure: Measure, by: By) -> str:
    three, three_joins = later("b.since", Offset(months=3), "k")
    six, six_joins = later("b.since", Offset(months=6), "m")
    now = on_treatment(measure)
    fill = {
        "on_treatment": now,
        "on_treatment_before": again(now, "_before", ":start - 1"),
        "began": filled("began", {}),
        "home_site": home_site(EVERYTHING if by else NOTHING),
        "left": _left(by, ("m.site", "m.day"), ("h.site", ":as_of")),
        "three_months": three,
        "six_months": six,
        "month_joins": f"{three_joins} {six_joins}",
        "until": ":as_of" if measure.choice("duration") == "to_period_end" else "COALESCE(s.expected, b.since)",
    }
    return filled("tx_ml", fill)


def _pmtct_eid(measure: Measure, by: By) -> str:  # noqa: ARG001  # its facts carry their site
    two, two_joins = later("p.dob", Offset(months=2), "k")
    twelve, twelve_joins = later("p.dob", Offset(months=12), "m")
    fill = {
        "antenatal": filled("antenatal", {}),
        "two_months": two,
        "twelve_months": twelve,
        "month_joins": f"{two_joins} {twelve_joins}",
    }
    return filled("pmtct_eid", fill)


def _pmtct_art(measure: Measure, by: By) -> str:  # noqa: ARG001  # its facts carry their site
    fill = {
        "antenatal": filled("antenatal", {}),
        "signs": texts(SIGNS_OF_TREATMENT),
        "refusals": " OR ".join(f"({matches('f', Phrases(vocabulary()).match(text))})" for text in REFUSALS),
    }
    return filled("pmtct_art", fill)


def _tx_pvls(measure: Measure, by: By) -> str:
    year, year_joins = later("l.day", Offset(months=12), "k")
    three, three_joins = later("b.since", Offset(months=3), "m")
    fill = {
        "on_treatment": on_treatment(measure),
        "began": filled("began", {}),
        "home_site": home_site(EVERYTHING if by else NOTHING),
        "latest_viral_load": latest_viral_load(by_sample=measure.choice("dated") == "sample"),
        "year_on": year,
        "three_months": three,
        "month_joins": f"{year_joins} {three_joins}",
        "is_current": "t.client IS NOT NULL" if measure.choice("current") == "required" else EVERYTHING,
        "suppressed": matches("c", measure.suppressed),
    }
    return filled("tx_pvls", fill)


def _m2m_mtct_final(measure: Measure, by: By) -> str:  # noqa: ARG001  # it has no option of its own
    fill = {"final_test": final_test(), "home_site": home_site(EVERYTHING if by else NOTHING)}
    return filled("m2m_mtct_final", fill)


def _cascade_women(measure: Measure, by: By) -> str:  # noqa: ARG001  # its facts carry their site
    year, year_joins = later("c.day", Offset(months=12), "k")
    result_year, result_joins = later("l.day", Offset(months=12), "m")
    fill = {
        "antenatal": filled("antenatal", {}),
        "on_treatment": on_treatment(measure),
        "latest_viral_load": latest_viral_load(by_sample=False),
        "signs": texts(SIGNS_OF_TREATMENT),
        "year_on": year,
        "year_joins": year_joins,
        "result_year_on": result_year,
        "result_joins": result_joins,
        "suppressed": matches("l", measure.suppressed),
    }
    return filled("cascade_women", fill)


def _cascade_infants(measure: Measure, by: By) -> str:  # noqa: ARG001  # it has no option of its own
    two, two_joins = later("p.dob", Offset(months=2), "e")
    fill = {
        "final_test": final_test(),
        "home_site": home_site(EVERYTHING if by else NOTHING),
        "two_months": two,
        "early_joins": two_joins,
    }
    return filled("cascade_infants", fill)


def _ret12(measure: Measure, by: By) -> str:
    months, month_joins = later("s.day", Offset(months=measure.months), "k")
    fifteen, fifteen_joins = later("p.dob", Offset(months=15 * 12), "y")
    feeding, feeding_joins = later("n.live", Offset(months=FEEDING_MONTHS), "f")
    own_day = until_day_of("reached")
    transfers = measure.choice("transfers")
    fill = {
        "own": again(on_treatment(measure, own_day), "_own", ":as_of"),
        "home_site": home_site(EVERYTHING if by else NOTHING),
        "left": _left(by, ("r.site", "r.since"), ("h.site", "r.day")),
        "months_on": months,
        "month_joins": month_joins,
        "cohort_day": "j.since" if measure.begins_cohort else "j.day",
        "fifteen": fifteen,
        "fifteen_joins": fifteen_joins,
        "feeding_on": feeding,
        "feeding_joins": feeding_joins,
        "same_birth": str(SAME_BIRTH_DAYS),
        "longest_pregnancy": str(LONGEST_PREGNANCY_DAYS),
        "moved": "1" if transfers == "retained" else "0",
        "counting_moved": NOTHING if transfers == "excluded" else EVERYTHING,
    }
    return filled("ret12", fill)


_STEPS = {
    "TX_CURR": _tx_curr,
    "TX_ML": _tx_ml,
    "TX_PVLS": _tx_pvls,
    "PMTCT_EID": _pmtct_eid,
    "PMTCT_ART": _pmtct_art,
    "M2M_MTCT_FINAL": _m2m_mtct_final,
    "CASCADE_WOMEN": _cascade_women,
    "CASCADE_INFANTS": _cascade_infants,
    "RET12": _ret12,
}


def _steps_of(definition: Definition) -> Callable[[Measure, By], str]:
    if definition.id not in _STEPS:
        raise ValueError(f"no engine counts {definition.id} yet. Known are: {', '.join(_STEPS)}")
    return _STEPS[definition.id]
