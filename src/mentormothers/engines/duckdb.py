"""Schedule and indicators on DuckDB, the engine of numbers over many clients: of a history, or of a snapshot."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from types import MappingProxyType
from typing import get_args

from mentormothers.engines.columns import Connection, connect, insert
from mentormothers.engines.indicator_sql import compile_indicator, counted, parameters
from mentormothers.engines.portable import Plan, texts
from mentormothers.engines.rows import ScheduleRow, in_order, schedule_row
from mentormothers.engines.schedule_sql import compile_schedule
from mentormothers.engines.schedule_terms import Shared
from mentormothers.engines.snapshot import Snapshot, opened
from mentormothers.engines.tables import Named, Row, named_tables
from mentormothers.facts.days import day_number
from mentormothers.facts.fact import History
from mentormothers.facts.vocabulary import vocabulary
from mentormothers.indicators.delivery import SiteModel
from mentormothers.indicators.model import Question
from mentormothers.indicators.rows import Count
from mentormothers.protocol.model import Protocol
from mentormothers.protocol.terms import Match, Relative

# Steps that others look through: kept as tables they would copy every fact with all its columns. Facts as of one day
# are a table where all is asked of that day; then those of all days need not be one too, where they were settled.
_LOOKED_THROUGH = ("stated", "told", "told_in_order", "in_order", "fact")
_OF_ONE_DAY = ("stated", "told", "told_in_order", "in_order")
_OF_ONE_DAY_SETTLED = (*_OF_ONE_DAY, "chosen")
Words = Mapping[str, tuple[str, Sequence[str]]]


def schedule(protocol: Protocol, history: History, as_of: date) -> list[ScheduleRow]:
    """Every occurrence of every item for every client of the history on a day."""
    with _filled(named_tables(history)) as database:
        return _schedule(database, protocol, as_of)


def indicators(questions: Sequence[Question], history: History, models: Iterable[SiteModel] = ()) -> list[list[Count]]:
    """What is counted for each question in the history; by delivery model by these models of sites."""
    with _filled(named_tables(history, models)) as database:
        return _indicators(database, questions)


def indicators_over(questions: Sequence[Question], found: Sequence[Named]) -> list[list[Count]]:
    """What is counted for each question in tables that a database gave (`gathered_tables`)."""
    with _filled(found) as database:
        return _indicators(database, questions)


def indicators_of(
    questions: Sequence[Question], snapshot: Snapshot, known_on: date | None = None, models: Iterable[SiteModel] = ()
) -> list[list[Count]]:
    """What is counted for each question in a snapshot, as known on a day or with all that it holds."""
    with opened(snapshot, known_on, models) as database:
        return _indicators(database, questions, settled=known_on is None)


def schedule_of_clients(
    database: Connection, protocol: Protocol, as_of: date, clients: Sequence[str]
) -> list[ScheduleRow]:
    """The rows of some clients, of everybody's schedule."""
    steps, plan = schedule_steps(database, protocol), compile_schedule(protocol, "duckdb")
    found = steps.rows(plan, {"as_of": day_number(as_of)}, f" WHERE s.client IN ({texts(clients)})")
    return in_order(schedule_row(*row) for row in found)


def count_indicators(database: Connection, questions: Sequence[Question]) -> int:
    """How many counts the questions have over an opened snapshot as it stands, for measuring the engine alone."""
    return sum(map(len, _indicators(database, questions, settled=True)))


def schedule_steps(database: Connection, protocol: Protocol, *, settled: bool = False) -> "Steps":
    """For plans of a schedule, which look at the facts of one day again and again, for every item."""
    kinds = list(vocabulary().kinds)
    words = {
        "fact": ("kind", kinds),
        "known": ("kind", [Match(kind, of=of).name for of in get_args(Relative) for kind in kinds]),
        "occurrence": ("item", [one.key for one in Shared(protocol.versions).listed]),
    }
    return Steps(database, _OF_ONE_DAY_SETTLED if settled else _OF_ONE_DAY, words)


def _schedule(database: Connection, protocol: Protocol, as_of: date) -> list[ScheduleRow]:
    steps, plan = schedule_steps(database, protocol), compile_schedule(protocol, "duckdb")
    found = steps.rows(plan, {"as_of": day_number(as_of)})
    return in_order(schedule_row(*row) for row in found)


def _indicators(database: Connection, questions: Sequence[Question], *, settled: bool = False) -> list[list[Count]]:
    """Those that begin with the same facts, and then as of the same day, come after one another: they share steps."""
    steps, found = Steps(database), {}
    for question in sorted(dict.fromkeys(questions), key=lambda q: (q.measure.choice("sources"), q.as_of)):
        plan = compile_indicator(question.measure, question.by, "duckdb", settled=settled)
        found[question] = counted(steps.rows(plan, parameters(question)))
    return [found[question] for question in questions]


class Steps:
    """Steps of plans that were taken already. Plans that begin with the same steps take them once.

    Given one query, DuckDB would work out the definitions anew for every indicator.

    looked_through  steps that are not kept as tables
    words           a column of a step with all the words that stand in it: kept as numbers, they are compared faster
    """

    def __init__(
        self, database: Connection, looked_through: Sequence[str] = _LOOKED_THROUGH, words: Words = MappingProxyType({})
    ) -> None:
        self._database, self._looked_through, self._words = database, looked_through, words
        self._taken: dict[str, int] = {}

    def rows(self, plan: Plan, values: Mapping[str, int], which: str = "") -> list[Row]:
        """What a plan yields; `which` of its rows, as a clause of SQL."""
        result = self.result(plan, values)
        return self._database.execute(f"SELECT s.* FROM ({result}) s{which}" if which else result).fetchall()

    def result(self, plan: Plan, values: Mapping[str, int]) -> str:
        """Take the steps of a plan; gives the query of what it yields."""
        before: list[str] = []
        for name, step in plan.steps:
            text = _with_values(step, values)
            # A step is the same when its text is, and the earlier ones that it reads.
            read = [self._taken[one] for one in before if re.search(rf"\b{one}\b", text)]
            mark = hash((text, *read))
            if self._taken.get(name) != mark:
                self._take(name, text)
                self._taken[name] = mark
            before.append(name)
        return _with_values(plan.result, values)

    def _take(self, name: str, text: str) -> None:
        kind = "VIEW" if name in self._looked_through else "TABLE"
        if name in self._words:
            column, words = self._words[name]
            self._database.execute(f"CREATE OR REPLACE TYPE {name}_{column} AS ENUM ({texts(words)})")
            text = f"SELECT * REPLACE (CAST({column} AS {name}_{column}) AS {column}) FROM ({text})"
        self._database.execute(f"CREATE OR REPLACE TEMP {kind} {name} AS {text}")


def _with_values(text: str, values: Mapping[str, int]) -> str:
    """A view takes no parameters; these are whole numbers."""
    return re.sub(r"\$(\w+)", lambda name: f"({values[name[1]]:d})", text)


@contextmanager
def _filled(found: Iterable[Named]) -> Iterator[Connection]:
    """A database in memory with these tables."""
    with connect() as database:
        for name, columns, rows in found:
            database.execute(f"CREATE TABLE {name} ({', '.join(f'{c} {t}' for c, t in columns.items())})")
            insert(database, name, rows)
        yield database
