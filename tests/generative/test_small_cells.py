"""Nobody can solve for a hidden cell: whatever the table, every small number could be at least four things.

The solver below knows nothing of how cells are chosen. It holds, for every cell, all pairs (number, out of) that fit
everything that is shown, and finds them exactly: by convolution up the tree and down again.
"""

from dataclasses import dataclass

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mentormothers.reports import small_cells
from mentormothers.reports.small_cells import POSSIBLE, SMALLEST, Cell, Given, Hidden, is_endangered, is_small, walk

Pairs = NDArray[np.bool_]  # [number, out of]


@dataclass
class Attacker:
    """Everything that somebody can know who sees the table and knows the rules.

    knows_rules  takes a number that is not shown for at least five where the rules would have marked it otherwise
    """

    root: Cell
    shown: dict[str, Given]
    nested: bool
    knows_rules: bool

    def __post_init__(self) -> None:
        self.size = max(self.root.number, self.root.of or 0) + 3 * SMALLEST
        self.up: dict[str, Pairs] = {}
        self.possible: dict[str, Pairs] = {}
        self._climb(self.root, told=False)
        self._descend(self.root, self.up[self.root.name])

    def values(self, cell: Cell, of: bool) -> int:
        """How many values a cell's number, or what it is out of, could have."""
        return int(self.possible[cell.name].any(axis=0 if of else 1).sum())

    def _fits(self, cell: Cell, told: bool) -> Pairs:
        def line(shown: int | Hidden | None, truth: int) -> NDArray[np.bool_]:
            values = np.arange(self.size)
            if shown is None:
                return values == 0
            if isinstance(shown, int) and not isinstance(shown, Hidden):
                return values == shown
            if shown == Hidden.FEW:
                return (values >= 1) & (values < SMALLEST)
            return values >= (SMALLEST if told and truth >= SMALLEST else 0)

        seen = self.shown[cell.name]
        # Beside a hidden "out of" every number is marked alike, so the mark says nothing of it.
        number = 0 if isinstance(seen.of, Hidden) else cell.number
        found = line(seen.number, number)[:, None] & line(seen.of, cell.of or 0)[None, :]
        if self.nested and cell.of is not None:
            found &= np.arange(self.size)[:, None] <= np.arange(self.size)[None, :]
        return found

    def _climb(self, cell: Cell, told: bool) -> None:
        """All pairs of a cell that fit what is shown of it and below it."""
        found = self._fits(cell, told)
        if cell.cells:
            seen = [self.shown[below.name] for below in cell.cells]
            some_shown = any(not isinstance(one.number, Hidden) for one in seen)
            for below in cell.cells:
                self._climb(below, told=self.knows_rules and some_shown)
            found &= self._sum(cell.cells)
        self.up[cell.name] = found

    def _descend(self, cell: Cell, possible: Pairs) -> None:
        """Of those, the ones that fit everything else too."""
        self.possible[cell.name] = possible
        for below in cell.cells:
            others = self._sum([other for other in cell.cells if other.name != below.name])
            # number = total - others: the others turned round
            reached = self._added(possible, others[::-1, ::-1])[self.size - 1 :, self.size - 1 :]
            self._descend(below, self.up[below.name] & reached[: self.size, : self.size])

    def _sum(self, cells: "list[Cell] | tuple[Cell, ...]") -> Pairs:
        found = np.zeros((self.size, self.size), dtype=bool)
        found[0, 0] = True
        for cell in cells:
            found = self._added(found, self.up[cell.name])[: self.size, : self.size]
        return found

    @staticmethod
    def _added(one: Pairs, other: Pairs) -> Pairs:
        shape = [a + b - 1 for a, b in zip(one.shape, other.shape, strict=True)]
        return np.fft.irfft2(np.fft.rfft2(one, shape) * np.fft.rfft2(other, shape), shape) > 0.5


def added_up(name: str, cells: list[Cell]) -> Cell:
    of = None if cells[0].of is None else sum(cell.of or 0 for cell in cells)
    return Cell(name, sum(cell.number for cell in cells), of, tuple(cells))


_small = st.sampled_from([0, 0, 1, 1, 2, 3, 4, 5, 6, 9])


@st.composite
def tables(draw: st.DrawFn) -> Cell:
    """A country of districts of sites; counts, proportions, and babies out of women who are not the same people."""
    kind = draw(st.sampled_from(["count", "nested", "apart"]))
    large = draw(st.sampled_from([0, 8, 20]))
    districts = []
    for d in range(draw(st.integers(1, 4))):
        sites = []
        for s in range(draw(st.integers(1, 4))):
            number = draw(_small) + (large if draw(st.booleans()) else 0)
            rest = draw(_small) + (large if draw(st.booleans()) else 0)
            of = None if kind == "count" else number + rest if kind == "nested" else rest
            sites.append(Cell(f"{d}.{s}", number, of))
        districts.append(added_up(str(d), sites))
    return added_up("all", districts)


@settings(max_examples=settings().max_examples * 2)
@given(tables(), st.booleans())
def test_nobody_can_solve_for_a_hidden_cell(table: Cell, knows_rules: bool) -> None:
    shown = small_cells.given(table)
    nested = all(cell.of is None or cell.number <= cell.of for cell in walk(table))
    attacker = Attacker(table, shown, nested, knows_rules)
    for cell in walk(table):
        assert attacker.possible[cell.name][cell.number, cell.of or 0], "the truth fits what is shown"
        if not is_endangered(cell):
            continue
        hidden = shown[cell.name]
        assert isinstance(hidden.number, Hidden), cell
        if is_small(cell.of or 0):
            assert isinstance(hidden.of, Hidden), cell
            assert attacker.values(cell, of=True) >= POSSIBLE, (cell, shown)
        else:
            assert attacker.values(cell, of=False) >= POSSIBLE, (cell, shown)


@given(tables())
def test_a_mark_says_the_truth_and_nothing_is_shown_below_what_is_hidden(table: Cell) -> None:
    shown = small_cells.given(table)
    for cell in walk(table):
        for mark, truth in ((shown[cell.name].number, cell.number), (shown[cell.name].of, cell.of)):
            if isinstance(mark, Hidden):
                assert mark == Hidden.KEPT or is_small(truth or 0)
            else:
                assert mark == truth
        for below in cell.cells:
            if isinstance(shown[cell.name].number, Hidden):
                assert shown[below.name].number == Hidden.KEPT


def test_the_tables_hold_every_kind_of_hiding() -> None:
    met: set[object] = set()

    @settings(max_examples=300, derandomize=True)
    @given(tables())
    def look(table: Cell) -> None:
        shown = small_cells.given(table)
        for cell in walk(table):
            met.add((shown[cell.name].number if isinstance(shown[cell.name].number, Hidden) else "number", "number"))
            if cell.of is not None:
                met.add((shown[cell.name].of if isinstance(shown[cell.name].of, Hidden) else "number", "of"))
            if cell.cells and not isinstance(shown[cell.name].number, Hidden):
                hidden = [isinstance(shown[below.name].number, Hidden) for below in cell.cells]
                met.add(("family", all(hidden), any(hidden)))

    look()
    marks = {(mark, what) for mark in (Hidden.FEW, Hidden.KEPT, "number") for what in ("number", "of")}
    assert marks | {("family", True, True), ("family", False, True), ("family", False, False)} <= met
