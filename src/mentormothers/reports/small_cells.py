"""Which numbers of a table may be seen outside, so that nobody can work out a small one. Pure arithmetic.

Fewer than five people at one place can be guessed at by those who live there (domain rules, section 11). So a count
of 1 to 4 is given as "<5", and as much besides it as a sum would give it away by: the classical complementary
suppression of statistical tables (Hundepool et al., Statistical Disclosure Control, 2012, chapter 4). What is small
here is a number, what it is out of, and the difference of the two: 58 of 60 tells of two women as well.

Places add up in a tree: sites to a district, districts to the country. Three rules make it safe:

- In a family (a total that is shown and the cells that add up to it) every small cell keeps at least four possible
  values by all that is shown in it: the sum, how its neighbours are marked, and that a number is not above what it is
  out of. Otherwise the next smallest neighbour is hidden too; if all of them are not enough, the family is blank: its
  zeros are hidden as well, and nothing is said of any. That is enough wherever the total tells of nobody few, for then
  the total, what it is out of and their difference are each 0 or at least five, and so far at least each cell can move.
- Below a hidden number nothing of the kind is shown. So no family hangs on another one's hidden cells, and the ranges
  of a single sum, which are simple and exact, are all that can be known.
- A family in which something small is counted out of hides both numbers of each cell it hides.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

SMALLEST = 5
POSSIBLE = SMALLEST - 1  # so many values a small cell could have for all that is shown: no less than "<5" itself says


class Hidden(StrEnum):
    """What stands instead of a number. `KEPT` says nothing of it: it may be small or large."""

    FEW = f"<{SMALLEST}"
    KEPT = "not shown"


@dataclass(frozen=True)
class Cell:
    """A number, what it is out of if anything, and the cells that add up to it."""

    name: str
    number: int
    of: int | None = None
    cells: tuple["Cell", ...] = ()


@dataclass(frozen=True)
class Given:
    """What is shown of a cell."""

    number: int | Hidden
    of: int | Hidden | None = None


@dataclass(frozen=True)
class _Family:
    """Cells that add up to a total, and which of them are hidden.

    nested  no number is above what it is out of, as everybody knows
    both    what is hidden hides both of its numbers
    blank   all are hidden, and nothing is said of any
    """

    cells: Sequence[Cell]
    nested: bool
    both: bool
    hidden: frozenset[str]
    blank: bool = False

    def is_safe(self, endangered: frozenset[str]) -> bool:
        """Whether each endangered cell keeps enough possible values."""
        away = [cell for cell in self.cells if cell.name in self.hidden]
        counts = self._with_both(away) if self.both else self._numbers(away)
        return all(counts[name] >= POSSIBLE for name in endangered)

    def given(self, cell: Cell) -> Given:
        """What is shown of one of the cells."""
        if cell.name not in self.hidden:
            return Given(cell.number, cell.of)
        if self.both:
            return Given(Hidden.KEPT, self._mark(cell.of or 0))
        return Given(self._mark(cell.number), cell.of)

    def _mark(self, number: int) -> Hidden:
        return Hidden.FEW if is_small(number) and not self.blank else Hidden.KEPT

    def _numbers(self, away: Sequence[Cell]) -> dict[str, int]:
        """How many values each number could have, where only numbers are hidden."""
        total = sum(cell.number for cell in away)
        limits = {cell.name: self._limits(cell, total) for cell in away}
        return {name: high - low + 1 for name, (low, high) in _ranges(limits, total).items()}

    def _limits(self, cell: Cell, total: int) -> tuple[int, int]:
        highest = cell.of if self.nested and cell.of is not None else total
        if self.blank:
            return 0, highest
        if is_small(cell.number):
            return 1, min(POSSIBLE, highest)
        return _at_least(cell.number), highest

    def _with_both(self, away: Sequence[Cell]) -> dict[str, int]:
        """The same where both are hidden: of what it is out of where that is small, otherwise of both."""
        total, out_of = sum(cell.number for cell in away), sum(cell.of or 0 for cell in away)
        limits = {cell.name: self._of_limits(cell.of or 0, out_of) for cell in away}
        ranges = _ranges(limits, out_of)
        counts = {}
        for cell in away:
            low, high = ranges[cell.name]
            fewest = max(0, low - (out_of - total)) if self.nested else 0
            most = min(high, total) if self.nested else total
            of_values, number_values = high - low + 1, most - fewest + 1
            counts[cell.name] = of_values if is_small(cell.of or 0) else min(of_values, number_values)
        return counts

    def _of_limits(self, of: int, total: int) -> tuple[int, int]:
        if self.blank:
            return 0, total
        return (1, POSSIBLE) if is_small(of) else (_at_least(of), total)


def given(root: Cell) -> dict[str, Given]:
    """What may be shown of every cell of a tree, by name."""
    nested = all(cell.of is None or cell.number <= cell.of for cell in walk(root))
    found: dict[str, Given] = {}
    _show(_safe_family([root], nested, alone=True), None, found)
    return found


def is_small(number: int) -> bool:
    """Whether a count is one that somebody could be guessed by."""
    return 0 < number < SMALLEST


def is_endangered(cell: Cell) -> bool:
    """Whether a cell tells of few people: by its number, by what it is out of, or by the difference."""
    if is_small(cell.number):
        return True
    return cell.of is not None and (is_small(cell.of) or is_small(cell.of - cell.number))


def walk(cell: Cell) -> Iterator[Cell]:
    """A cell and all below it."""
    yield cell
    for below in cell.cells:
        yield from walk(below)


def _show(family: _Family, above: Given | None, found: dict[str, Given]) -> None:
    """Mark the cells of a family and all below them; below what is hidden everything is."""
    for cell in family.cells:
        shown = family.given(cell)
        if above and isinstance(above.number, Hidden):
            shown = replace(shown, number=Hidden.KEPT)
        if above and isinstance(above.of, Hidden):
            shown = replace(shown, of=Hidden.KEPT)
        found[cell.name] = shown
        _show(_safe_family(cell.cells, family.nested), shown, found)


def _safe_family(cells: Sequence[Cell], nested: bool, *, alone: bool = False) -> _Family:
    """A family with as little hidden as is safe. The root of a tree is alone: it is part of no sum."""
    both = any(is_small(cell.of or 0) for cell in cells)
    endangered = frozenset(cell.name for cell in cells if is_endangered(cell))
    family = _Family(cells, nested, both, endangered)
    others = sorted(
        (cell for cell in cells if cell.name not in endangered and (cell.number or (both and cell.of))),
        key=lambda cell: ((cell.of or 0) if both else cell.number, cell.name),
    )
    for other in others:
        if alone or family.is_safe(endangered):
            return family
        family = replace(family, hidden=family.hidden | {other.name})
    if alone or family.is_safe(endangered):
        return family
    return replace(family, hidden=frozenset(cell.name for cell in cells), blank=True)


def _at_least(number: int) -> int:
    """The least that a number marked with nothing is taken for. Only small ones and their neighbours are hidden, so
    whoever knows these rules takes a large one for large."""
    return SMALLEST if number >= SMALLEST else min(1, number)


def _ranges(limits: Mapping[str, tuple[int, int]], total: int) -> dict[str, tuple[int, int]]:
    """The lowest and highest value of each of some numbers within limits that add up to a total."""
    lows, highs = sum(low for low, _ in limits.values()), sum(high for _, high in limits.values())
    return {
        name: (max(low, total - (highs - high)), min(high, total - (lows - low)))
        for name, (low, high) in limits.items()
    }
