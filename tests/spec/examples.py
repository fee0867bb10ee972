"""The worked examples of every protocol: facts and what is said of them (tables.py)."""

from collections.abc import Iterator
from dataclasses import replace

from mentormothers.protocol.model import Protocol
from mentormothers.protocol.reading import find_protocol
from tests.spec import test_library, test_malawi, test_worked_examples

PROTOCOLS = ("ACC-1", "MW-2022", *sorted({name for name, _ in test_library.EXAMPLES}))


def worked(protocol: str) -> Iterator[tuple[str, str]]:
    """Those of one protocol."""
    whole = {"ACC-1": test_worked_examples.EXAMPLES, "MW-2022": test_malawi.EXAMPLES}
    yield from whole.get(protocol, {}).values()
    yield from (example for (name, _), example in test_library.EXAMPLES.items() if name == protocol)


def asked(name: str) -> Protocol:
    """The protocol that they ask: its own items, on days before it starts, too."""
    return replace(find_protocol(name), succeeds=None)
