"""The first and last days that a fact may have: every engine counts from them, also beyond the last."""

from datetime import date
from pathlib import Path

import pytest

from mentormothers.facts.csv_file import read_facts
from mentormothers.protocol.reading import find_protocol
from tests.conftest import Engine

FACTS = """client,role,mother,kind,date,value
m,mother,,pregnancy.edd,1900-01-01,
m,mother,,hiv.test,1900-01-31,pos
b,infant,m,child.dob,1900-01-31,
n,mother,,hiv.test,2199-01-01,pos
n,mother,,delivery,2199-03-31,live
n,mother,,art.start,2199-12-31,TLD
n,mother,,vl.sample,2199-12-31,
n,mother,,art.dispense,2199-12-31,366
c,infant,n,child.dob,2199-03-31,
"""


@pytest.mark.parametrize("protocol", ["ACC-1", "MW-2022"])
@pytest.mark.parametrize("engine", ["sqlite", "postgres", "duckdb"])
@pytest.mark.parametrize("as_of", [date(1900, 1, 31), date(1901, 8, 1), date(2199, 4, 1), date(2199, 12, 31)])
def test_engines_agree_at_the_ends(
    engine: str, as_of: date, protocol: str, engines: dict[str, Engine], tmp_path: Path
) -> None:
    path = tmp_path / "facts.csv"
    path.write_text(FACTS)
    chosen, history = find_protocol(protocol), read_facts(path).history
    expected = engines["reference"](chosen, history, as_of)
    assert expected
    assert engines[engine](chosen, history, as_of) == expected
