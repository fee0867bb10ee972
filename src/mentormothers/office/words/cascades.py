"""The steps of the cascades in words, and what they say together."""

from itertools import pairwise

from mentormothers.indicators.periods import Period
from mentormothers.office.words.shares import share
from mentormothers.reports.figures import Figures
from mentormothers.reports.small_cells import Given, Hidden

# What has been reached by whoever is in this part or a later one.
_REACHED = {
    "no treatment on record": "HIV-positive at the first antenatal visit, a year ago",
    "treated, not on treatment now": "received treatment",
    "on treatment, no viral load result": "on treatment now",
    "viral load not suppressed": "viral load result within the year",
    "viral load suppressed": "viral load suppressed",
    "no test by two months": "exposed infants who reached two years",
    "tested by two months, result not given": "first test by two months",
    "result given, final outcome not known": "result given",
    "final outcome known": "final outcome known",
}
_WHO = {"CASCADE_WOMEN": "women", "CASCADE_INFANTS": "infants"}
_TITLES = {
    "CASCADE_WOMEN": "Women, a year after their first antenatal visit",
    "CASCADE_INFANTS": "Exposed infants, at two years",
}
_NOBODY = {
    "CASCADE_WOMEN": "No HIV-positive woman had her first antenatal visit a year before this time.",
    "CASCADE_INFANTS": "No exposed infant reached two years in this time. They do, two years after the first births.",
}


def title_of(figures: Figures) -> str:
    """What the cascade is of."""
    return _TITLES[figures.measure.definition.id]


def nobody(figures: Figures) -> str:
    """What is said of an empty cascade."""
    return _NOBODY[figures.measure.definition.id]


def reached(part: str) -> str:
    """The step that a part stands for."""
    return _REACHED.get(part, part)


def cascade_finding(figures: Figures, period: Period) -> str:
    """`211 of 355 women (59 %): viral load suppressed. Most are lost before: on treatment now`."""
    steps = figures.reached(period)
    who = _WHO[figures.measure.definition.id]
    whole, (last, number) = steps[0][1], steps[-1]
    if isinstance(whole, Hidden) or isinstance(number, Hidden):
        return f"{title_of(figures)}: too few to say how far they came"
    percent = share(Given(number, whole))
    said = f"{number} of {whole} {who} ({(percent or 0) * 100:.0f} %): {reached(last)}"
    drops = [
        (before - after, reached(part))
        for (_, before), (part, after) in pairwise(steps)
        if not isinstance(before, Hidden) and not isinstance(after, Hidden)
    ]
    most, where = max(drops, default=(0, ""))
    return f"{said}; the largest step down, by {most}, is to “{where}”" if most else said
