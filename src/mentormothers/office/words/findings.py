"""What a number says, in a sentence made from the data."""

from collections.abc import Mapping

from mentormothers.indicators.model import Measure
from mentormothers.indicators.periods import Period, is_quarter
from mentormothers.office.words.periods import is_running, say_end, say_within
from mentormothers.reports.tables import TOTAL, Key, Table

_PARTS = {
    "died": "died",
    "transferred out": "moved to another clinic",
    "refused (stopped)": "decided to stop",
    "IIT <3 months": "did not come back, under 3 months on treatment",
    "IIT 3-5 months": "did not come back, 3 to 5 months on treatment",
    "IIT 6+ months": "did not come back, 6 months or more on treatment",
    "<=2 months": "by two months of age",
    "2-12 months": "between two and twelve months",
    "new on ART": "began treatment in this pregnancy",
    "already on ART": "on treatment before",
    "pregnant at start": "began while pregnant",
    "breastfeeding at start": "began while breastfeeding",
    "under 15 at start": "began as children",
    "others": "began otherwise",
}
# Indicators whose left out stand beside those counted, so that a share of both says something.
UNTOLD_SHARE = ("M2M_MTCT_FINAL",)
_GONE = ("IIT <3 months", "IIT 3-5 months", "IIT 6+ months")


def say_part(part: str) -> str:
    """A part of an indicator in words; the definition's own name where we have none."""
    return _PARTS.get(part, part)


def finding(table: Table, place: str) -> str:
    """The sentence above a chart. An indicator without a sentence of its own shows its title."""
    say = _FINDINGS.get(table.measure.definition.id)
    return say(table, place) if say else table.measure.definition.title


def short_title(measure: Measure) -> str:
    """The name of an indicator without what stands in brackets."""
    return measure.definition.title.partition(" (")[0]


def _treated(table: Table, place: str) -> str:
    period, *earlier = reversed(table.periods)
    now = table.number(period, place)
    when = "" if is_running(period) else f" {_at(period)}"
    said = f"{_people(now)} {'is' if now == 1 else 'are'} on treatment{when}"
    if not earlier:
        return said
    return f"{said}, {_compared(now, table.number(earlier[0], place))} {_at(earlier[0])}"


def _missed(table: Table, place: str) -> str:
    period = table.periods[-1]
    left = table.number(period, place)
    if not left:
        return f"Nobody left treatment {say_within(period)}"
    gone = sum(table.number(period, place, part) for part in _GONE)
    others = {part: table.number(period, place, part) for part in ("transferred out", "refused (stopped)", "died")}
    said = ([f"{gone} did not come back"] if gone else []) + _listed(others)
    return f"{_people(left)} left treatment {say_within(period)}: {', '.join(said)}"


def _tested(table: Table, place: str) -> str:
    period = table.periods[-1]
    tested, early = table.number(period, place), table.number(period, place, "<=2 months")
    if not tested:
        return f"No baby had a first test {say_within(period)}"
    babies = "1 baby" if tested == 1 else f"{tested} babies"
    whole = "all" if early == tested else str(early)
    by_two = "by two months of age" if tested == 1 and early else f"{whole} of them by two months of age"
    return f"{babies} had a first test {say_within(period)}, {by_two}"


def _treated_in_pregnancy(table: Table, place: str) -> str:
    period = table.periods[-1]
    of, _ = table.share(period, place)
    if not of:
        return f"No HIV-positive woman came for a first antenatal visit {say_within(period)}"
    women = "1 HIV-positive woman" if of == 1 else f"{of} HIV-positive women"
    parts = {part: table.number(period, place, part) for part in table.measure.definition.disaggregations}
    said = f": {', '.join(_listed(parts))}" if any(parts.values()) else ""
    treated = table.number(period, place)
    return f"{treated} of {women} with a first antenatal visit {say_within(period)} received treatment{said}"


def _suppressed(table: Table, place: str) -> str:
    period = table.periods[-1]
    of, _ = table.share(period, place)
    result = f"a viral load result on record for the twelve months to {say_end(period)}"
    if not of:
        return f"Nobody on treatment has {result}"
    number = table.number(period, place)
    return f"{number} of {_people(of)} with {result} {'is' if number == 1 else 'are'} suppressed"


def _final(table: Table, place: str) -> str:
    period = table.periods[-1]
    of, _ = table.share(period, place)
    if not of:
        return f"No child had a final test {say_within(period)}"
    children, number = "1 child" if of == 1 else f"{of} children", table.number(period, place)
    are = "is" if number == 1 else "are"
    said = f"{number} of {children} with a final test {say_within(period)} {are} HIV-positive"
    left = table.untold.get(Key(period.name, place, TOTAL), 0)
    return f"{said}; {left} more reached two years without one ({left / (left + of) * 100:.0f} %)" if left else said


def _retained(table: Table, place: str) -> str:
    period = table.periods[-1]
    of, _ = table.share(period, place)
    if not of:
        return f"Nobody's first year on treatment ended {say_within(period)}"
    number = table.number(period, place)
    are = "is" if number == 1 else "are"
    return (
        f"{number} of {_people(of)} whose first year on treatment ended {say_within(period)} {are} still on treatment"
    )


_FINDINGS = {
    "TX_CURR": _treated, "TX_ML": _missed, "PMTCT_EID": _tested, "PMTCT_ART": _treated_in_pregnancy,
    "TX_PVLS": _suppressed,
    "M2M_MTCT_FINAL": _final, "RET12": _retained,
}  # fmt: skip


def _listed(counted: Mapping[str, int]) -> list[str]:
    return [f"{number} {say_part(part)}" for part, number in counted.items() if number]


def _compared(now: int, before: int) -> str:
    if now == before:
        return "as many as"
    return f"{abs(now - before)} {'more' if now > before else 'fewer'} than"


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"


def _at(period: Period) -> str:
    return f"{'at' if is_quarter(period) else 'on'} {say_end(period)}"
