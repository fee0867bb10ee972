"""The limits of a funnel against binomial probabilities worked out by hand."""

from math import comb

import pytest

from mentormothers.reports.funnel import INNER, OUTER, limits


def at_most(count: int, of: int, target: float) -> float:
    return sum(comb(of, n) * target**n * (1 - target) ** (of - n) for n in range(count + 1))


@pytest.mark.parametrize("of", [1, 7, 40, 300])
@pytest.mark.parametrize("target", [0.02, 0.5, 0.94])
@pytest.mark.parametrize("tails", [INNER, OUTER])
def test_a_limit_is_the_count_at_which_the_tail_is_reached(of: int, target: float, tails: tuple[float, float]) -> None:
    edge = limits(target, of, tails)
    for share, tail in ((edge.low, tails[0]), (edge.high, tails[1])):
        reached = next(count for count in range(of + 1) if at_most(count, of, target) >= tail)
        assert share == reached / of


def test_limits_narrow_as_sites_grow_and_close_around_the_target() -> None:
    widths = [(edge := limits(0.8, of, OUTER)).high - edge.low for of in (10, 100, 1000, 10_000)]
    assert widths == sorted(widths, reverse=True) and widths[-1] < 0.03
    assert limits(0.8, 10_000, INNER).low < 0.8 < limits(0.8, 10_000, INNER).high


@pytest.mark.parametrize("target", [0.0, 1.0])
def test_where_all_are_alike_there_is_no_room_for_chance(target: float) -> None:
    edge = limits(target, 50, OUTER)
    assert edge.low == edge.high == target
    assert limits(0.5, 0, OUTER).low == 0.5


def test_all_of_a_few_are_not_beyond_chance() -> None:
    assert limits(0.81, 6, OUTER).high == limits(0.81, 6, INNER).high == 1.0, "6 of 6 happens to one in four"
    assert limits(0.81, 60, OUTER).high < 1.0, "60 of 60 does not"
