"""Random histories: every engine gives the rows of the reference."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentormothers.facts.fact import History
from mentormothers.protocol.model import Protocol
from mentormothers.protocol.reading import find_protocol
from tests.conftest import Engine
from tests.generative.histories import AS_OF, families, together

PROTOCOLS = [find_protocol(name) for name in ("ACC-1", "MW-2022", "KE-2026")]
_as_of = st.integers(-500, 400).map(lambda n: AS_OF + timedelta(days=n))


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.id)
@given(histories=st.lists(families(), min_size=1, max_size=8), as_of=_as_of)
def test_engines_agree(protocol: Protocol, engines: dict[str, Engine], histories: list[History], as_of: date) -> None:
    history = together(histories)
    expected = engines["reference"](protocol, history, as_of)
    for name in ("sqlite", "phone", "duckdb", "postgres"):
        assert engines[name](protocol, history, as_of) == expected, name
