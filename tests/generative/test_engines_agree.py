"""Random histories: every engine gives the rows of the reference."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mentormothers.facts.fact import History
from mentormothers.protocol.reading import find_protocol
from tests.conftest import Engine
from tests.generative.histories import AS_OF, families, together

ACC_1 = find_protocol("ACC-1")
_as_of = st.integers(-500, 400).map(lambda n: AS_OF + timedelta(days=n))


@given(st.lists(families(), min_size=1, max_size=8), _as_of)
def test_engines_agree(engines: dict[str, Engine], histories: list[History], as_of: date) -> None:
    history = together(histories)
    expected = engines["reference"](ACC_1, history, as_of)
    for name in ("sqlite", "phone", "duckdb", "postgres"):
        assert engines[name](ACC_1, history, as_of) == expected, name
