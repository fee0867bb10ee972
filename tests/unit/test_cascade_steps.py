"""How many reached a step, where some parts are hidden."""

from mentormothers.indicators.periods import parse_period
from mentormothers.indicators.reading import find_indicators
from mentormothers.reports.small_cells import Given, Hidden


def steps(*parts: int | Hidden) -> list[int | Hidden]:
    from mentormothers.reports.figures import Figures
    from mentormothers.reports.tables import TOGETHER, TOTAL, Key

    (definition,) = find_indicators(["CASCADE_WOMEN"])
    shown = {Key("2025Q2", TOGETHER, name): Given(n) for name, n in zip(definition.disaggregations, parts, strict=True)}
    shown[Key("2025Q2", TOGETHER, TOTAL)] = Given(100)
    period = parse_period("2025Q2")
    return [number for _, number in Figures(definition.measure({}), [period], shown).reached(period)]


def test_steps_are_sums_of_the_parts_from_there_on(db: object) -> None:
    assert steps(10, 20, 30, 15, 25) == [100, 90, 70, 40, 25]


def test_a_hidden_part_hides_only_what_does_not_follow_from_the_others(db: object) -> None:
    few, kept = Hidden.FEW, Hidden.KEPT
    assert steps(few, 20, 30, kept, 25) == [100, kept, kept, kept, 25]
    assert steps(few, kept, 30, 15, 25) == [100, kept, 70, 40, 25]
    assert steps(10, 20, 30, few, kept) == [100, 90, 70, 40, kept]
