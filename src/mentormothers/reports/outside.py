"""Numbers that leave the programme, or that the ministry sees: one mechanism for both (see `small_cells`).

Outside, an indicator is given for places: all together, districts, sites. Its parts are given for all together only:
by site they would be small nearly everywhere, and hiding them would hide the sites.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mentormothers.indicators.periods import Period
from mentormothers.reports.small_cells import Cell, Given, Hidden, given, walk
from mentormothers.reports.tables import NOWHERE, TOGETHER, TOTAL, Key, Table

UNTOLD = "left out"  # the part under which those stand whom a definition leaves out and tells of
_DISTRICT = "district:"
_Make = Callable[..., Cell]


@dataclass(frozen=True)
class Places:
    """The sites of a table under their districts, by number; a site without a district stands for itself."""

    districts: Mapping[int, Sequence[int]] = field(default_factory=dict)
    sites: Sequence[int] = ()


def district_place(district: int) -> str:
    """The place of a district in a table."""
    return f"{_DISTRICT}{district}"


def inside(table: Table, places: Places) -> dict[Key, Given]:
    """Every number of a table, of what each is out of, and of those left out, as whoever has the right sees them."""
    found: dict[Key, Given] = {}
    for period in table.periods:
        for part in table.measure.definition.disaggregations:
            of, _ = table.share(period, TOGETHER, part)
            found[Key(period.name, TOGETHER, part)] = Given(table.number(period, TOGETHER, part), of)
        for tree, part in ((_tree, TOTAL), (_left_out, UNTOLD)):
            for cell in walk(tree(table, period, places)):
                found[Key(period.name, cell.name, part)] = Given(cell.number, cell.of)
    return found


def outside(table: Table, places: Places) -> dict[Key, Given]:
    """What may be shown of them outside."""
    found: dict[Key, Given] = {}
    for period in table.periods:
        shown = given(_tree(table, period, places))
        found |= {Key(period.name, place, TOTAL): one for place, one in shown.items()}
        found |= _given_parts(table, period, shown[TOGETHER])
        if table.measure.definition.left_out:
            left = given(_left_out(table, period, places))
            found |= {Key(period.name, place, UNTOLD): one for place, one in left.items()}
    return found


def all_together(sites: Iterable[int]) -> Places:
    """Sites without their districts, as in a file about some of them."""
    return Places(sites=tuple(sites))


def _tree(table: Table, period: Period, places: Places) -> Cell:
    def cell(place: str, cells: tuple[Cell, ...] = ()) -> Cell:
        of = (table.share(period, place)[0] or 0) if table.measure.definition.denominator else None
        return Cell(place, table.number(period, place), of, cells)

    return _whole(places, cell, table)


def _left_out(table: Table, period: Period, places: Places) -> Cell:
    def cell(place: str, cells: tuple[Cell, ...] = ()) -> Cell:
        return Cell(place, table.untold.get(Key(period.name, place, TOTAL), 0), None, cells)

    return _whole(places, cell, table)


def _whole(places: Places, cell: _Make, table: Table) -> Cell:
    districts = [
        _sum(district_place(district), tuple(cell(str(site)) for site in sites))
        for district, sites in places.districts.items()
    ]
    nowhere = [cell(NOWHERE)] if NOWHERE in table.places else []
    return cell(TOGETHER, (*districts, *(cell(str(site)) for site in places.sites), *nowhere))


def _sum(place: str, cells: tuple[Cell, ...]) -> Cell:
    of = None if any(cell.of is None for cell in cells) else sum(cell.of or 0 for cell in cells)
    return Cell(place, sum(cell.number for cell in cells), of, cells)


def _parts(table: Table, period: Period) -> Cell:
    """The parts of all together; with what each is out of where parts have their own."""
    own = table.measure.definition.denominator_of_parts == "own"

    def cell(part: str, cells: tuple[Cell, ...] = ()) -> Cell:
        of = (table.share(period, TOGETHER, part)[0] or 0) if own else None
        return Cell(part, table.number(period, TOGETHER, part), of, cells)

    return cell(TOTAL, tuple(cell(part) for part in table.measure.definition.disaggregations))


def _given_parts(table: Table, period: Period, whole: Given) -> dict[Key, Given]:
    """What may be shown of the parts: nothing where the whole is hidden."""
    if isinstance(whole.number, Hidden) or isinstance(whole.of, Hidden):
        return {}
    parts = {part: one for part, one in given(_parts(table, period)).items() if part != TOTAL}
    return {
        Key(period.name, TOGETHER, part): one if one.of is not None else Given(one.number, whole.of)
        for part, one in parts.items()
    }
