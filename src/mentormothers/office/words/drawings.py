"""How an indicator is drawn: what its columns count, and what their darker and lighter parts mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mentormothers.indicators.model import Measure
from mentormothers.indicators.periods import Period
from mentormothers.reports.tables import Table


@dataclass(frozen=True)
class Drawing:
    """The unit of the axis, and what is dark and light in a column; without words for them it is all dark.

    of_parts  the lighter part is the indicator's second part; otherwise what the number is out of, less the number
    loss      drawn in the colour of losses
    """

    unit: str
    dark: str = ""
    light: str = ""
    of_parts: bool = False
    loss: bool = False


_DRAWINGS: Mapping[str, Drawing] = MappingProxyType(
    {
        "TX_CURR": Drawing("people"),
        "TX_ML": Drawing("people", loss=True),
        "PMTCT_EID": Drawing(
            "babies", "first test by two months of age", "between two and twelve months", of_parts=True
        ),
        "TX_PVLS": Drawing("people", "viral load suppressed", "not suppressed"),
        "PMTCT_ART": Drawing("women", "on treatment in pregnancy", "no treatment on record"),
        "M2M_MTCT_FINAL": Drawing("children", "HIV-positive", "HIV-negative"),
        "RET12": Drawing("people", "on treatment after a year", "not on treatment"),
    }
)
ORDER = tuple(_DRAWINGS)  # the best known first


def drawing(measure: Measure) -> Drawing:
    """How a measure is drawn; one we have no words for, as people in one colour."""
    return _DRAWINGS.get(measure.definition.id, Drawing("people"))


def dark_and_light(table: Table, period: Period, place: str) -> tuple[int, int]:
    """How many the darker and the lighter part of a column count."""
    drawn, number = drawing(table.measure), table.number(period, place)
    if not drawn.dark:
        return number, 0
    if drawn.of_parts:
        first, second = (table.number(period, place, part) for part in table.measure.definition.disaggregations)
        return first, second
    of, _ = table.share(period, place)
    return number, (of or 0) - number
