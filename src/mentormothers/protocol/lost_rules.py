"""The lines beyond which somebody counts as lost, by name: one list for protocols, indicators and documents.

They differ by a day to a month, and nobody's is right for everybody: the name of the line stands beside every number.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mentormothers.protocol.model import LostRule


@dataclass(frozen=True)
class NamedRule:
    """A line, whose it is, and how that was read."""

    rule: LostRule
    whose: str
    read: str


_RULES = (
    NamedRule(LostRule(28, "gt"), "PEPFAR MER (TX_CURR, TX_ML)", "tables of MER 2.6.1 in WHO HIV DAK 2023, Annex C"),
    NamedRule(LostRule(28, "ge"), "WHO HIV digital adaptation kit 2023", "Annex A, HIV.H.DE42"),
    NamedRule(LostRule(30, "gt"), "KenyaEMR", "its program text, not the guideline's"),
    NamedRule(LostRule(60, "gt"), "Malawi, national definition", "a secondary summary, more than two months late"),
)
LOST_RULES: Mapping[str, NamedRule] = {one.rule.name: one for one in _RULES}
