"""Sites compared as they should be: a value against how many it is out of, between the limits of chance.

A league table puts small sites at both of its ends, since few people vary most. Between the limits a site says nothing
of itself.
"""

from dataclasses import dataclass
from math import exp, lgamma, log

# Two-sided 95 % and 99.8 %, as usual in funnel plots of institutions.
INNER, OUTER = (0.025, 0.975), (0.001, 0.999)


@dataclass(frozen=True)
class Limits:
    """Between which shares a site of a size is to be expected, when all sites are alike."""

    low: float
    high: float


def limits(target: float, of: int, tails: tuple[float, float]) -> Limits:
    """The limits of a proportion at a size, from the exact binomial distribution.

    After D. J. Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine 24 (2005),
    1185-1202, appendix A.1.1: r / n, where r is the smallest count with P(R <= r) >= p. The appendix goes on to smooth
    the lines between two counts; that is left out, since it puts a site beyond chance of which all of a few were
    counted: 6 of 6 where 81 % are to be expected, which happens to more than one such site in four.
    """
    if of <= 0 or not 0 < target < 1:
        return Limits(min(max(target, 0.0), 1.0), min(max(target, 0.0), 1.0))
    low, high = (_quantile(target, of, tail) for tail in tails)
    return Limits(low, high)


def _quantile(target: float, of: int, tail: float) -> float:
    reached = 0.0
    for count in range(of + 1):
        here = exp(_log_binomial(target, of, count))
        reached += here
        if reached >= tail:
            return count / of
    return 1.0


def _log_binomial(target: float, of: int, count: int) -> float:
    ways = lgamma(of + 1) - lgamma(count + 1) - lgamma(of - count + 1)
    return ways + count * log(target) + (of - count) * log(1 - target)
