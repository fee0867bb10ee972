"""The rows of an indicator: a total, then its parts in their order, zeros included."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from mentormothers.indicators.model import Definition, Question

COLUMNS = (
    "indicator", "period", "site", "disaggregation", "numerator", "denominator", "value", "definition", "snapshot",
)  # fmt: skip
_FOUR_DECIMALS = Decimal("0.0001")


@dataclass(frozen=True, order=True)
class Count:
    """What an engine counted at a site for one part of an indicator.

    A denominator belongs to no part (''), unless the definition says that parts have their own.
    """

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

    The total is the sum of the parts. A part has the site's denominator, or its own where the definition says so.
    A value is the numerator of a count; of a proportion it has four decimals, halves rounded up, and is missing over
    a denominator of 0.
    """
    definition = question.measure.definition
    sites = _by_site(definition, counts)
    if not question.by_site:
        sites.setdefault("", _Counted())
    return [
        IndicatorRow(
            indicator=definition.id,
            period=question.period.name,
            site=site,
            disaggregation=part,
            numerator=number,
            denominator=of if definition.denominator else None,
            value=_value(number, of) if definition.denominator else number,
            definition=question.measure.name,
            snapshot=snapshot,
        )
        for site in sorted(sites)
        for part in ("", *definition.disaggregations)
        for number, of in (sites[site].row(part, definition),)
    ]


def left_out(question: Question, counts: Iterable[Count]) -> int:
    """How many could not be placed, at all sites together."""
    label = question.measure.definition.left_out
    return sum(count.numerator for count in counts if label and count.disaggregation == label)


@dataclass
class _Counted:
    """The counts of one site by part."""

    numerators: Counter[str] = field(default_factory=Counter)
    denominators: Counter[str] = field(default_factory=Counter)

    def row(self, part: str, definition: Definition) -> tuple[int, int]:
        """Numerator and denominator of a part, or of the total ('')."""
        number = self.numerators[part] if part else self.numerators.total()
        own = part and definition.denominator_of_parts == "own"
        return number, self.denominators[part] if own else self.denominators.total()


def _by_site(definition: Definition, counts: Iterable[Count]) -> dict[str, _Counted]:
    sites: dict[str, _Counted] = {}
    for count in counts:
        if definition.left_out and count.disaggregation == definition.left_out:
            continue
        if count.disaggregation not in ("", *definition.disaggregations):
            raise ValueError(f"{definition.id} has no part {count.disaggregation!r}")
        counted = sites.setdefault(count.site, _Counted())
        counted.numerators[count.disaggregation] += count.numerator
        counted.denominators[count.disaggregation] += count.denominator
    return sites


def _value(numerator: int, denominator: int) -> Decimal | None:
    if denominator == 0:
        return None
    return (Decimal(numerator) / denominator).quantize(_FOUR_DECIMALS, ROUND_HALF_UP)
