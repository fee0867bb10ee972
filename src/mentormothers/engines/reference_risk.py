"""The reference's reading of an exposed infant's risk, from what is known of the mother.

WHO 2025 (infant postnatal prophylaxis) calls the risk high when the mother was first found positive after the birth,
was infected while she carried or breastfed the child, was on treatment for less than four weeks at the birth, or had
more than 1,000 copies in the four weeks before it.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from mentormothers.protocol.terms import DAYS_LMP_TO_EDD, HIGH_RISK_ABOVE_COPIES, HIGH_RISK_DAYS, Match

if TYPE_CHECKING:
    from mentormothers.engines.reference_people import Person


def signs_of_high_risk(child: "Person", mother: "Person") -> Iterator[date]:
    """The days from which something known of the mother says that the child's risk is high."""
    born, positive = child.born, mother.hiv_positive
    if not born or not positive or positive.since > child.fed_until:
        return
    if positive.since > born:
        yield positive.since
        return
    if _infected_while_carrying(mother, born, positive.since) or not _long_on_treatment(mother, born):
        yield born
    for told in mother.matching(Match("vl.result", at_least=HIGH_RISK_ABOVE_COPIES + 1)):
        sample = mother.sample_of(told)
        if sample and born - timedelta(days=HIGH_RISK_DAYS) <= sample.day <= born:
            yield max(born, told.day)


def _infected_while_carrying(mother: "Person", born: date, positive: date) -> bool:
    """A negative test within the 280 days before the birth, then positive."""
    carried_since = born - timedelta(days=DAYS_LMP_TO_EDD)
    return any(carried_since <= day < positive for day in mother.days("hiv.test", "neg"))


def _long_on_treatment(mother: "Person", born: date) -> bool:
    """Treatment four weeks before the birth or earlier; where its start is unknown it was long enough."""
    begun = mother.days("art.start") + mother.days("art.dispense")
    four_weeks_before = born - timedelta(days=HIGH_RISK_DAYS)
    return any(day <= four_weeks_before for day in begun) or any(day <= born for day in mother.days("art.on"))
