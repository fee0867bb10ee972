"""The schedule on PostgreSQL, over a history given here or over facts already in a database."""

from collections.abc import Mapping
from datetime import date

from psycopg import Connection, sql

from mentormothers.engines.rows import ScheduleRow, in_order, schedule_row
from mentormothers.engines.schedule_sql import compile_schedule
from mentormothers.engines.tables import CALENDAR, OBSERVATION, STANDING, tables
from mentormothers.facts.days import day_number
from mentormothers.facts.fact import History
from mentormothers.protocol.model import Protocol


def schedule(
    connection: Connection[tuple[object, ...]], protocol: Protocol, history: History, as_of: date
) -> list[ScheduleRow]:
    """Every occurrence of every item for every client of the history, by temporary tables of this connection."""
    content = tables(history)
    with connection.transaction(), connection.cursor() as cursor:
        for name, columns, rows in (
            ("observation", OBSERVATION, content.observation),
            ("standing", STANDING, content.standing),
            ("calendar", CALENDAR, content.calendar),
        ):
            cursor.execute(_temporary(name, columns))
            with cursor.copy(sql.SQL("COPY pg_temp.{} FROM STDIN").format(sql.Identifier(name))) as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(sql.SQL("ANALYZE pg_temp.{}").format(sql.Identifier(name)))
        cursor.execute(compile_schedule(protocol, "postgres").query().encode(), {"as_of": day_number(as_of)})
        return in_order(schedule_row(protocol.rule, *row) for row in cursor.fetchall())


def _temporary(name: str, columns: Mapping[str, str]) -> sql.Composed:
    # Texts compare by bytes here as in Python and SQLite, whatever the database's collation.
    kinds = {"text": sql.SQL('text COLLATE "C"'), "bigint": sql.SQL("bigint")}
    described = [sql.SQL("{} {}").format(sql.Identifier(c), kinds[t]) for c, t in columns.items()]
    return sql.SQL("CREATE TEMP TABLE {} ({}) ON COMMIT DROP").format(
        sql.Identifier(name), sql.SQL(", ").join(described)
    )
