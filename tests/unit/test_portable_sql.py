"""The portable subset: what engines read differently is refused, and steps can be made again as of another day."""

import ast
from pathlib import Path

import pytest

from mentormothers import PACKAGE
from mentormothers.engines.portable import again, plan

STEPS = "a AS (SELECT o.client, o.day FROM observation o WHERE o.day <= :as_of), b AS (SELECT client FROM a)"


@pytest.mark.parametrize(
    "expression", ["a.day / 2", "GREATEST(a.day, 2)", "a.client LIKE 'x%'", "a.client || 'x'", "TRUE", "CURRENT_DATE"]
)
def test_what_engines_read_differently_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match="not portable"):
        plan(f"WITH {STEPS} SELECT {expression} AS x FROM a", "sqlite")


def test_steps_that_nothing_needs_are_left_out() -> None:
    assert [name for name, _ in plan(f"WITH {STEPS} SELECT client FROM b", "sqlite").steps] == ["a", "b"]
    assert [name for name, _ in plan(f"WITH {STEPS} SELECT client FROM a", "sqlite").steps] == ["a"]


def test_steps_are_made_again_as_of_another_day() -> None:
    both = plan(f"WITH {STEPS}, {again(STEPS, '_before', ':start - 1')} SELECT b.client FROM b_before b", "duckdb")
    assert both.steps == (
        ("a_before", "SELECT o.client, o.day FROM observation AS o WHERE o.day <= ($start - 1)"),
        ("b_before", "SELECT client FROM a_before"),
    )


def test_duckdb_is_imported_in_its_module_only() -> None:
    importing = [str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*.py") if "duckdb" in imported(path)]
    assert importing == ["engines/columns.py"]


def imported(path: Path) -> set[str]:
    """The libraries that a module imports by name."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names
