"""The random histories are worth something only if every item of every protocol comes up in them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentormothers.engines import reference
from mentormothers.facts.fact import History
from mentormothers.protocol.reading import find_protocol
from tests.generative.histories import AS_OF, families, together


@pytest.mark.parametrize("name", ["ACC-1", "MW-2022"])
def test_random_histories_meet_every_item(name: str) -> None:
    protocol, met = find_protocol(name), set()

    @given(st.lists(families(), min_size=4, max_size=8), st.integers(-300, 100))
    def meet(histories: list[History], days: int) -> None:
        rows = reference.schedule(protocol, together(histories), AS_OF + timedelta(days=days))
        met.update(row.item for row in rows)

    meet()
    assert met == {item.id for item in protocol.items}
