"""Small cells by hand: what is hidden, what beside it, and what can stay."""

import pytest

from mentormothers.reports.small_cells import Cell, Given, Hidden, given

FEW, KEPT = Hidden.FEW, Hidden.KEPT


def country(*numbers: int | tuple[int, int]) -> Cell:
    """A total over sites a, b, c ...; a pair is a number and what it is out of."""
    pairs = [number if isinstance(number, tuple) else (number, None) for number in numbers]
    cells = tuple(Cell(chr(97 + n), number, of) for n, (number, of) in enumerate(pairs))
    of = None if pairs[0][1] is None else sum(of or 0 for _, of in pairs)
    return Cell("all", sum(number for number, _ in pairs), of, cells)


def numbers(cell: Cell) -> list[int | Hidden]:
    return [one.number for one in given(cell).values()]


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ((9, 12, 30), [51, 9, 12, 30]),  # nothing small, nothing hidden
        ((0, 12, 30), [42, 0, 12, 30]),  # nobody is nobody's secret
        ((3, 9, 18), [30, FEW, KEPT, 18]),  # else 30 - 9 - 18 tells the 3
        ((3, 4, 30), [37, FEW, FEW, KEPT]),  # else 37 - 30 = 7 of two small ones are 3 and 4
        ((2, 4, 0), [6, KEPT, KEPT, KEPT]),  # a family that only a blank protects: its zero too
        ((1, 1, 1), [FEW, KEPT, KEPT, KEPT]),  # three "<5" below a "<5" would each be one or two
        ((4,), [FEW, KEPT]),
        ((0, 0), [0, 0, 0]),
    ],
)
def test_counts(cells: tuple[int, ...], shown: list[int | Hidden]) -> None:
    assert numbers(country(*cells)) == shown


def test_a_small_difference_is_hidden_as_a_small_number_is() -> None:
    shown = given(country((58, 60), (40, 50), (30, 60)))
    assert shown["a"] == Given(KEPT, 60), "60 - 58 tells of two"
    assert KEPT in (shown["b"].number, shown["c"].number), "else the total less the others tells it"


def test_what_it_is_out_of_is_hidden_too_when_it_is_small() -> None:
    shown = given(country((1, 3), (20, 40), (30, 60)))
    assert shown["a"] == Given(KEPT, FEW)
    assert shown["b"] == Given(KEPT, KEPT) and shown["c"] == Given(30, 60)


def test_few_of_many_keep_what_they_are_out_of() -> None:
    shown = given(country((2, 60), (0, 50), (9, 70)))
    assert shown["a"] == Given(FEW, 60) and shown["b"] == Given(0, 50) and shown["c"] == Given(KEPT, 70)


def test_below_a_hidden_district_nothing_is_shown_and_another_district_protects_it() -> None:
    small = Cell("north", 4, None, (Cell("n1", 2), Cell("n2", 2)))
    large = Cell("south", 29, None, (Cell("s1", 9), Cell("s2", 20)))
    other = Cell("west", 90, None, (Cell("w1", 90),))
    shown = given(Cell("all", 123, None, (small, large, other)))
    assert [shown[name].number for name in ("all", "north", "n1", "n2")] == [123, FEW, KEPT, KEPT]
    assert [shown[name].number for name in ("south", "s1", "s2")] == [KEPT, KEPT, KEPT]
    assert [shown[name].number for name in ("west", "w1")] == [90, 90]
