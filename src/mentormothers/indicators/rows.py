"""The rows of an indicator: a total, then its parts in their order, zeros included."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from mentormothers.indicators.model import Definition, Question

COLUMNS = (
    "indicator", "period", "site", "disaggregation", "numerator", "denominator", "value", "definition", "snapshot",
)  # fmt: skip
_FOUR_DECIMALS = Decimal("0.0001")


@dataclass(frozen=True, order=True)
class Count:
    """What an engine counted at a site for one part of an indicator; a denominator belongs to no part ('')."""

    site: str
    disaggregation: str
    numerator: int
    denominator: int


@dataclass(frozen=True)
class IndicatorRow:
    """One printed number. An empty site is the whole programme, or clients of no known site when asked by site."""

    indicator: str
    period: str
    site: str
    disaggregation: str
    numerator: int
    denominator: int | None
    value: int | Decimal | None
    definition: str
    snapshot: str


def rows(question: Question, counts: Iterable[Count], snapshot: str) -> list[IndicatorRow]:
    """A total and one row a part, for the programme or for each site that was counted, by site name.

    The total is the sum of the parts. Every row of a site has the site's denominator. A value is the numerator of
    a count; of a proportion it has four decimals, halves rounded up, and is missing over a denominator of 0.
    """
    definition = question.measure.definition
    numerators, denominators = _by_site(definition, counts)
    if not question.by_site:
        numerators.setdefault("", {})
    return [
        IndicatorRow(
            indicator=definition.id,
            period=question.period.name,
            site=site,
            disaggregation=part,
            numerator=number,
            denominator=denominators[site] if definition.denominator else None,
            value=_value(number, denominators[site]) if definition.denominator else number,
            definition=question.measure.name,
            snapshot=snapshot,
        )
        for site in sorted(numerators)
        for part, number in _parts(definition, numerators[site]).items()
    ]


def left_out(question: Question, counts: Iterable[Count]) -> int:
    """How many could not be placed, at all sites together."""
    label = question.measure.definition.left_out
    return sum(count.numerator for count in counts if label and count.disaggregation == label)


def _by_site(definition: Definition, counts: Iterable[Count]) -> tuple[dict[str, dict[str, int]], Mapping[str, int]]:
    numerators: dict[str, dict[str, int]] = {}
    denominators: dict[str, int] = defaultdict(int)
    for count in counts:
        if definition.left_out and count.disaggregation == definition.left_out:
            continue
        if count.disaggregation not in ("", *definition.disaggregations):
            raise ValueError(f"{definition.id} has no part {count.disaggregation!r}")
        parts = numerators.setdefault(count.site, {})
        parts[count.disaggregation] = parts.get(count.disaggregation, 0) + count.numerator
        denominators[count.site] += count.denominator
    return numerators, denominators


def _parts(definition: Definition, counted: Mapping[str, int]) -> dict[str, int]:
    return {"": sum(counted.values())} | {part: counted.get(part, 0) for part in definition.disaggregations}


def _value(numerator: int, denominator: int) -> Decimal | None:
    if denominator == 0:
        return None
    return (Decimal(numerator) / denominator).quantize(_FOUR_DECIMALS, ROUND_HALF_UP)
