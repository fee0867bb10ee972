"""The random histories are worth something only if every item of every protocol comes up in them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentormothers.engines import reference
from mentormothers.facts.fact import History
from mentormothers.protocol.reading import find_protocol
from tests.generative.histories import AS_OF, families

EXAMPLES = 400  # one family each: about as many as the engines are tried on in the usual sixty examples


@pytest.mark.parametrize("name", ["ACC-1", "MW-2022", "KE-2026"])
def test_random_histories_meet_every_item(name: str) -> None:
    # Its own items, on days before it starts too.
    protocol, met = replace(find_protocol(name), succeeds=None), set()

    @settings(max_examples=EXAMPLES)
    @given(families(), st.integers(-300, 100))
    def meet(history: History, days: int) -> None:
        met.update(row.item for row in reference.schedule(protocol, history, AS_OF + timedelta(days=days)))

    meet()
    # What no place has switched on is nobody's; ages that must be known are met by test_random_protocols.
    on = {setting.id: setting.on for setting in protocol.settings}
    items = [i for i in protocol.items if i.who.ages is None or i.who.ages.unknown]
    assert met == {i.id for i in items if all(place.on == on[place.setting] for place in i.who.places)}
