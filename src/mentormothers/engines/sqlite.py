"""Schedule and indicators on SQLite in memory, as on the phone."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date

from mentormothers.engines.indicator_sql import compile_indicator, counted, parameters
from mentormothers.engines.portable import Plan
from mentormothers.engines.rows import ScheduleRow, in_order, schedule_row
from mentormothers.engines.schedule_sql import compile_schedule
from mentormothers.engines.tables import Row, named_tables
from mentormothers.facts.days import day_number
from mentormothers.facts.fact import History
from mentormothers.indicators.delivery import SiteModel
from mentormothers.indicators.model import Question
from mentormothers.indicators.rows import Count
from mentormothers.protocol.model import Protocol


def schedule(protocol: Protocol, history: History, as_of: date) -> list[ScheduleRow]:
    """Every occurrence of every item for every client of the history on a day."""
    with _filled(history) as database:
        found = _run(database, compile_schedule(protocol, "sqlite"), {"as_of": day_number(as_of)})
    return in_order(schedule_row(*row) for row in found)


def indicators(questions: Sequence[Question], history: History, models: Iterable[SiteModel] = ()) -> list[list[Count]]:
    """What is counted for each question in the history; by delivery model by these models of sites."""
    with _filled(history, models) as database:
        return [counted(_run(database, compile_indicator(q.measure, q.by, "sqlite"), parameters(q))) for q in questions]


@contextmanager
def _filled(history: History, models: Iterable[SiteModel] = ()) -> Iterator[sqlite3.Connection]:
    """A database in memory with the history's tables."""
    with closing(sqlite3.connect(":memory:")) as database:
        for name, columns, rows in named_tables(history, models):
            database.execute(f"CREATE TABLE {name} ({', '.join(f'{c} {t}' for c, t in columns.items())})")
            database.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns))})", rows)
        database.execute("CREATE INDEX observation_client ON observation (client, kind, day)")
        database.execute("CREATE UNIQUE INDEX standing_record ON standing (record)")
        database.execute("CREATE UNIQUE INDEX calendar_day ON calendar (day)")
        database.execute("CREATE INDEX calendar_month ON calendar (month, dom)")
        yield database


def _run(database: sqlite3.Connection, plan: Plan, values: Mapping[str, int]) -> list[Row]:
    *steps, result = plan.statements()
    for step in steps:
        database.execute(step, values)
    found = database.execute(result, values).fetchall()
    for name, _ in plan.steps:
        database.execute(f"DROP TABLE temp.{name}")
    return found
