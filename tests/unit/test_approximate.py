"""Due dates that hang on a date known to the month or year only are marked."""

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mentormothers.config.cli import app
from mentormothers.engines import reference
from mentormothers.engines.approximate import marked
from mentormothers.facts.csv_file import read_facts
from mentormothers.protocol.reading import find_protocol

FACTS = """client,role,mother,kind,date,value,record,amends
anna,mother,,pregnancy.lmp,2025-01,,,
anna,mother,,art.start,2024-03-04,,,
bess,mother,,pregnancy.lmp,2025-01-15,,,
bess,mother,,art.dispense,2025-03,30,,
cora,mother,,pregnancy.edd,2025-11,,,
mum,mother,,art.start,2024-03-04,,,
mum,mother,,delivery,2025-03,live,,
kid,infant,mum,child.dob,2025-03-15,,,
dora,mother,,pregnancy.lmp,2025-02,,r1,
dora,mother,,pregnancy.lmp,2025-01-15,,r2,amends:r1
"""


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "facts.csv"
    path.write_text(FACTS)
    return path


def test_what_hangs_on_a_partial_date_is_marked_and_nothing_else(facts: Path) -> None:
    protocol, history = find_protocol("ACC-1"), read_facts(facts).history
    rows = marked(protocol, history, reference.schedule(protocol, history, date(2025, 4, 1)))
    found = {(row.client, row.item): row.approximate for row in rows}
    assert found["anna", "ACC.ANC1"] and found["anna", "ACC.ANC8"]
    assert not found["anna", "ACC.VL1"]
    assert not found["bess", "ACC.ANC1"]
    assert found["bess", "ACC.REFILL"], "the supply was written with its month only"
    assert found["cora", "ACC.ANC1"], "a due date of a pregnancy is told as its last period"
    assert found["mum", "ACC.PNC6W"]
    assert not found["dora", "ACC.ANC1"], "the partial date was amended"


def test_the_command_marks_them_in_a_column_of_its_own(facts: Path) -> None:
    asked = ["schedule", "--protocol", "ACC-1", "--facts", str(facts), "--as-of", "2025-04-01"]
    plain, more = (CliRunner().invoke(app, [*asked, *option]) for option in ([], ["--approximate"]))
    assert plain.stdout.startswith("client,item,occurrence,due,opens,state,days_late,done_on,rule\n")
    head, *lines = more.stdout.splitlines()
    assert head == "client,item,occurrence,due,opens,state,days_late,done_on,rule,approximate"
    assert [line.rsplit(",", 1)[0] for line in [head, *lines]] == plain.stdout.splitlines()
    assert {line.rsplit(",", 1)[1] for line in lines} == {"True", "False"}
