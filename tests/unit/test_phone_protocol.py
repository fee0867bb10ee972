"""What phones run of a protocol answers for everything that was said, and not only for what the protocol asks."""

import sqlite3
from datetime import date
from pathlib import Path

from mentormothers.engines.phone import ANSWERS, for_phones
from mentormothers.engines.tables import named_tables
from mentormothers.facts.csv_file import read_facts
from mentormothers.facts.days import day_number
from mentormothers.protocol.reading import read_protocol

PROTOCOL = """
id: ONE-1
version: 1
title: One item
effective_from: 2020-01-01
lost: {days: 30, operator: ge}
items:
- {id: ONE.BIRTH, label: Record the birth, who: mother, anchor: first enrolled, offset: {days: 3}, grace_days: 0, satisfied_by: delivery}
"""

FACTS = """client,role,mother,kind,date,value,record,amends
anna,mother,,enrolled,2025-01-15,,,
anna,mother,,vl.sample,2025-02-01,,,
anna,mother,,vl.result,2025-02-20,23456,,
anna,mother,,vl.result_given,2025-02-21,,,
anna,mother,,appointment.missed,2025-02-22,far,,
"""


def test_a_phone_knows_facts_of_kinds_that_the_protocol_does_not_look_at(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(PROTOCOL)
    (tmp_path / "facts.csv").write_text(FACTS)
    history = read_facts(tmp_path / "facts.csv").history
    made = for_phones(read_protocol(tmp_path / "one.yaml"))
    database = sqlite3.connect(":memory:")
    for name, columns, rows in named_tables(history):
        database.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
        database.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns))})", rows)
    for statement in made["statements"]:
        found = database.execute(statement, {"as_of": day_number(date(2025, 3, 1))}).fetchall()
    assert [row[1] for row in found] == ["ONE.BIRTH"]
    kinds = database.execute("SELECT kind FROM fact ORDER BY day, position").fetchall()
    assert [kind for (kind,) in kinds] == [fact.kind for fact in history.facts]
    for answer in ANSWERS:
        assert database.execute(f"SELECT client FROM {answer}").fetchone() == ("anna",)
    database.close()
