"""How much two records agree, in words and as bars."""

from dataclasses import dataclass
from math import log2

from mentormothers.linkage.deciding import Measured
from mentormothers.linkage.explaining import strength
from mentormothers.linkage.pairs import Pair, Weight

_WIDEST = 16.0  # bits that fill half of the picture; more says no more
_MIDDLE = 50.0
_FEWEST = 50  # decided pairs that say something of the next ones; our own choice


@dataclass(frozen=True)
class Bar:
    """One thing that was compared: what it says, how strongly, and its bar in a picture 100 wide, from the middle on.

    tone  `for` or `against`
    """

    compared: str
    said: str
    strength: str
    tone: str
    left: float
    width: float


def bars(pair: Pair) -> list[Bar]:
    """What is known before anything is compared, and each comparison, the weightiest first."""
    compared = sorted(pair.weights, key=lambda one: -abs(one.bits))
    return [_bar(Weight("any two people", "hardly ever one", _beforehand(pair))), *map(_bar, compared)]


def say_chance(probability: float) -> str:
    """`About 97 of 100 such pairs`; certainty is never said."""
    whole = int(probability * 100)
    return "More than 99 of 100 such pairs" if whole >= 99 else f"About {whole} of 100 such pairs"


def say_measured(found: Measured) -> str:
    """`Of 41 pairs of which we reckoned 99 of 100 and more, 40 are one person`, and whether that is enough to go by."""
    reckoned = "99 of 100 and more" if found.sure else "less than 99 of 100"
    pairs = "1 pair" if found.pairs == 1 else f"{found.pairs} pairs"
    said = (
        f"Of {pairs} of which we reckoned {reckoned}, {found.one_person} {'is' if found.one_person == 1 else 'are'} one"
    )
    return f"{said} person" + (": too few to go by" if found.pairs < _FEWEST else "")


def say_age(years: int | None) -> str:
    """An age in years, which is often a guess."""
    if years is None:
        return "not known"
    return f"about {years}" if years > 0 else "under 1"


def _beforehand(pair: Pair) -> float:
    """The bits against two records taken at random: what is left when all comparisons are taken away."""
    sure = min(pair.probability, 1 - 2**-50)
    return log2(sure / (1 - sure)) - sum(one.bits for one in pair.weights)


def _bar(weight: Weight) -> Bar:
    width = min(abs(weight.bits), _WIDEST) / _WIDEST * _MIDDLE
    is_for = weight.bits > 0
    left = _MIDDLE if is_for else _MIDDLE - width
    said = strength(weight)
    return Bar(weight.comparison, weight.said, said, "for" if is_for else "against", round(left, 1), round(width, 1))
