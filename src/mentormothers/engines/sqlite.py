"""The schedule on SQLite in memory, as on the phone."""

import sqlite3
from datetime import date

from mentormothers.engines.rows import ScheduleRow, in_order, schedule_row
from mentormothers.engines.schedule_sql import compile_schedule
from mentormothers.engines.tables import CALENDAR, OBSERVATION, STANDING, tables
from mentormothers.facts.days import day_number
from mentormothers.facts.fact import History
from mentormothers.protocol.model import Protocol


def schedule(protocol: Protocol, history: History, as_of: date) -> list[ScheduleRow]:
    """Every occurrence of every item for every client of the history on a day."""
    content = tables(history)
    with sqlite3.connect(":memory:") as database:
        for name, columns, rows in (
            ("observation", OBSERVATION, content.observation),
            ("standing", STANDING, content.standing),
            ("calendar", CALENDAR, content.calendar),
        ):
            database.execute(f"CREATE TABLE {name} ({', '.join(f'{c} {t}' for c, t in columns.items())})")
            database.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns))})", rows)
        database.execute("CREATE INDEX observation_client ON observation (client, kind, day)")
        database.execute("CREATE UNIQUE INDEX standing_record ON standing (record)")
        database.execute("CREATE UNIQUE INDEX calendar_day ON calendar (day)")
        database.execute("CREATE INDEX calendar_month ON calendar (month, dom)")
        *steps, result = compile_schedule(protocol, "sqlite").statements()
        for step in steps:
            database.execute(step, {"as_of": day_number(as_of)} if ":as_of" in step else {})
        found = database.execute(result, {"as_of": day_number(as_of)}).fetchall()
    database.close()
    return in_order(schedule_row(protocol.rule, *row) for row in found)
