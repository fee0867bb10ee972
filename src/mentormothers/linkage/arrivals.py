"""Who just came, held against everybody who is known: the same judgement as of a whole file, of a few pairs only.

`register_of` judges everybody once, which teaches the model, and lays their keys in order. Who comes is then compared
with those who share a key with her. What a file's pairs teach changes little by one person, so nothing is learned anew
until the next whole run; and of a child that comes the mother is looked for among those who come with it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from math import log2

from mentormothers.engines.columns import Connection
from mentormothers.linkage.judging import Judged, Progress, Settings, judged, share_of, sorted_pairs, table_of
from mentormothers.linkage.learning import bits
from mentormothers.linkage.meeting import MOST
from mentormothers.linkage.model import NEVER
from mentormothers.linkage.pairs import Pair
from mentormothers.linkage.persons import Persons


@contextmanager
def register_of(persons: Persons, today: date, progress: Progress) -> Iterator["Register"]:
    """Everybody who is known, ready for who comes. In memory only."""
    with judged(persons, today, progress) as met:
        if met:
            _lay_in_order(met)
        yield Register(met, today)


@dataclass(frozen=True)
class Register:
    """Everybody who is known; nothing, where nobody can meet anybody."""

    met: Judged | None
    today: date

    def pairs_of(self, arrived: Persons, at_least: float) -> list[Pair]:
        """The pairs of who came with who is known that are one person with at least this probability."""
        if not self.met or not arrived:
            return []
        database = self.met.database
        table_of(database, arrived, self.today, "arrived")
        _meet(database, self.met.keys)
        _know_frequencies(self.met)
        _judge(self.met)
        found = sorted_pairs("judged_now", self.met, arrived.ids, at_least)
        for used in ("arrived", "meeting", "judged_now"):
            database.execute(f"DROP TABLE {used}")
        return found


def _lay_in_order(met: Judged) -> None:
    """Keys and shares of values as numbers in their order, where a few are found without reading all of them."""
    database = met.database
    keys = _keys(met.keys, "person")
    database.execute(f"CREATE TABLE keyed AS SELECT key, unique_id FROM ({keys}) ORDER BY key")
    shares = " UNION ALL ".join(
        f"SELECT {_value(column)} AS value, {share_of(usual, 'count(*)')} AS share "
        f"FROM person WHERE {column} IS NOT NULL GROUP BY {column}"
        for column, usual in _told_apart(met.model).items()
    )
    database.execute(f"CREATE TABLE often AS SELECT value, share FROM ({shares}) ORDER BY value")
    database.execute("CREATE UNIQUE INDEX person_by_id ON person (unique_id)")


def _keys(keys: Mapping[str, str], table: str) -> str:
    return " UNION ALL ".join(
        f"SELECT hash('{name}', {sql}) AS key, unique_id FROM {table} WHERE {sql} IS NOT NULL"
        for name, sql in keys.items()
    )


def _meet(database: Connection, keys: Mapping[str, str]) -> None:
    """Make the table of who came beside who shares a key with them that not too many share."""
    database.execute(f"CREATE TEMP TABLE theirs AS {_keys(keys, 'arrived')}")
    asked = _listed(database, "SELECT DISTINCT key FROM theirs")
    database.execute(
        "CREATE TEMP TABLE meeting AS SELECT DISTINCT k.unique_id AS known, t.unique_id AS came "
        "FROM (SELECT *, count(*) OVER (PARTITION BY key) AS sharing FROM keyed "
        f"WHERE key IN ({asked})) k JOIN theirs t USING (key) WHERE sharing < {MOST}"
    )
    database.execute("DROP TABLE theirs")


def _know_frequencies(met: Judged) -> None:
    """How common the names of who came are: the columns `often_COLUMN`; NULL where nobody has that name."""
    database, columns = met.database, _told_apart(met.model)
    values = " UNION ALL ".join(
        f"SELECT {_value(column)} FROM arrived WHERE {column} IS NOT NULL" for column in columns
    )
    shares = ", ".join(f"shares[{_value(column)}] AS often_{column}" for column in columns)
    database.execute(
        "CREATE OR REPLACE TEMP TABLE arrived AS WITH common AS (SELECT map(list(value), list(share)) AS shares "
        f"FROM often WHERE value IN ({_listed(database, values)})) SELECT arrived.*, {shares} FROM arrived, common"
    )


def _value(column: str) -> str:
    return f"hash('{column}', {column})"


def _listed(database: Connection, numbers: str) -> str:
    """What a query gives, written out, so that the database looks up these few instead of reading all."""
    return ", ".join(str(number) for (number,) in database.execute(numbers).fetchall()) or "NULL"


def _told_apart(model: Settings) -> dict[str, float]:
    """The columns of which common values prove less than rare ones, and how common a value usually is."""
    levels = [level for comparison in model["comparisons"] for level in comparison["comparison_levels"]]
    return {one["tf_adjustment_column"]: one["u_probability"] for one in levels if "tf_adjustment_column" in one}


def _judge(met: Judged) -> None:
    """Make the table `judged_now` of those who meet and may be one: what `judged` is of a whole file, without Splink,
    which takes a second for any question."""
    comparisons = met.model["comparisons"]
    columns = [row[0] for row in met.database.execute("DESCRIBE person").fetchall() if not row[0].startswith("key_")]
    both = ", ".join(f"l.{column} AS {column}_l, r.{column} AS {column}_r" for column in columns)
    often = ", ".join(f"r.often_{column}" for column in _told_apart(met.model))
    levels, weights = ", ".join(map(_level, comparisons)), ", ".join(map(_weights, comparisons))
    total = " + ".join(f"mw_{one['output_column_name']}" + _rare(one) for one in comparisons)
    known = _listed(met.database, "SELECT DISTINCT known FROM meeting")
    met.database.execute(
        f"CREATE TEMP TABLE judged_now AS WITH pair AS MATERIALIZED (SELECT {both}, {often} "
        f"FROM meeting JOIN (FROM person WHERE unique_id IN ({known})) l ON l.unique_id = known "
        f"JOIN arrived r ON r.unique_id = came WHERE NOT ({NEVER})), "
        f"seen AS (SELECT *, {levels} FROM pair), weighed AS (SELECT *, {weights} FROM seen) "
        f"SELECT *, {bits(met.model['probability_two_random_records_match'])} + {total} AS match_weight FROM weighed"
    )


def _levels(comparison: Settings) -> list[tuple[int, Settings]]:
    """The levels of a comparison with their numbers, as Splink counts them: "otherwise" is 0, "not known" -1."""
    unknown, *levels = comparison["comparison_levels"]
    return [(-1, unknown), *((len(levels) - 1 - place, level) for place, level in enumerate(levels))]


def _level(comparison: Settings) -> str:
    cases = " ".join(f"WHEN {level['sql_condition']} THEN {number}" for number, level in _levels(comparison) if number)
    return f"CASE {cases} ELSE 0 END AS gamma_{comparison['output_column_name']}"


def _weights(comparison: Settings) -> str:
    """What a comparison weighs, and what a rare value adds where one is the same."""
    name, levels = comparison["output_column_name"], _levels(comparison)[1:]
    weights = " ".join(f"WHEN {n} THEN {log2(one['m_probability'] / one['u_probability'])}" for n, one in levels)
    weighed = f"CASE gamma_{name} {weights} ELSE 0 END AS mw_{name}"
    rare = " ".join(
        f"WHEN {n} THEN coalesce({log2(one['u_probability'])} - log2(often_{one['tf_adjustment_column']}), 0)"
        for n, one in levels
        if "tf_adjustment_column" in one
    )
    return f"{weighed}, CASE gamma_{name} {rare} ELSE 0 END AS mw_tf_adj_{name}" if rare else weighed


def _rare(comparison: Settings) -> str:
    rare = any("tf_adjustment_column" in level for _, level in _levels(comparison))
    return f" + mw_tf_adj_{comparison['output_column_name']}" if rare else ""
