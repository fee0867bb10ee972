"""How probably two persons are one: the model taught by the file itself, and its judgement. The one module with Splink.

Fellegi and Sunter's model, without labels. Splink 5 finds who meets, how often two persons agree by chance, and weighs;
`learning` finds how often one person's records agree. What a file says is weighed against our own estimates as if these
had been seen so many times, so that a file of two rows and one of millions go the same way.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow
from splink import DuckDBAPI, Linker

from mentormothers.engines.columns import Connection, connect
from mentormothers.linkage.families import CHILDREN
from mentormothers.linkage.learning import Learned, learn
from mentormothers.linkage.meeting import keyed, keys_of
from mentormothers.linkage.model import CHILD_YEARS, COMPARISONS, NEVER, Comparison, comparisons_of
from mentormothers.linkage.pairs import Pair, Weight
from mentormothers.linkage.persons import Persons

logging.getLogger("splink").setLevel(logging.CRITICAL)  # it warns of levels that a file does not show; we weigh those

Progress = Callable[[int, int, str], None]  # steps done, of, and what is being done
Settings = dict[str, Any]
_SEEN_PAIRS, _SEEN_VALUES = 10_000, 500  # as if so many pairs by chance, and values of a column, had been seen before
_FEWEST_TO_TEACH = 100  # persons
_MOST_PAIRS, _SEED = 1e6, 1
# Pairs that are nearly certainly one person: where the search for how many there are begins.
_CERTAIN = (("given_sound", "surname_sound", "born"), ("given_sound", "phone"))
_FEWEST_PAIRED = 0.02  # for each person, where fewer are certain
_LEAST_BITS = -10.0  # what is less probable than that is not looked at again


@dataclass(frozen=True)
class Judged:
    """Everybody who met, judged: in `database` the tables `person`, `judged` and, of each column whose values are told
    apart, `often_COLUMN`.

    model    the chances that pairs by chance taught
    learned  what the pairs themselves taught
    keys     the SQL of each key by which persons meet
    """

    database: Connection
    model: Settings
    learned: Learned
    keys: Mapping[str, str]
    ids: list[str]


def link(persons: Persons, today: date, at_least: float, progress: Progress) -> list[Pair]:
    """The pairs of persons who are one with at least this probability, in the order of their ids.

    today  the day of which children are told from others
    """
    with judged(persons, today, progress) as all_met:
        return sorted_pairs("judged", all_met, all_met.ids, at_least) if all_met else []


@contextmanager
def judged(persons: Persons, today: date, progress: Progress) -> Iterator[Judged | None]:
    """All who meet, judged by the model that they teach; nothing where nobody can meet."""
    known = known_columns(persons)
    if not persons or not (keys := keys_of(known)):
        yield None
        return
    progress(0, 4, "finding who meets whom")
    with connect(memory_only=True) as database:  # names are laid on no disk
        table_of(database, persons, today, "met_alone")
        database.execute(f"CREATE TABLE person AS {keyed('met_alone', keys)}")
        database.execute("DROP TABLE met_alone")
        model = _taught(database, _untaught(known, len(persons)), len(persons), progress)
        progress(3, 4, "comparing those who meet")
        _judge(database, model)
        learned = learn(database, model, len(persons)) if len(persons) >= _FEWEST_TO_TEACH else Learned()
        yield Judged(database, model, learned, keys, persons.ids)


def known_columns(persons: Persons) -> set[str]:
    """The columns of which something is known of somebody."""
    columns = persons.texts | persons.whole
    known = {name for name, column in columns.items() if any(column)}
    if known & {"mother", "mother_id"}:
        known.add("children")
    return known | ({"birth", "child"} if known & {"year", "born"} else set())


def table_of(database: Connection, persons: Persons, today: date, name: str) -> None:
    """Make a table of persons, with their children among them; `unique_id` is the place in the list."""
    columns = {"unique_id": pyarrow.array(range(len(persons)), pyarrow.int32()), "id": pyarrow.array(persons.ids)}
    columns |= {name: pyarrow.array(values, pyarrow.string()) for name, values in persons.texts.items()}
    columns |= {name: pyarrow.array(values, pyarrow.int32()) for name, values in persons.whole.items()}
    columns |= {name: pyarrow.array(words, pyarrow.list_(pyarrow.string())) for name, words in persons.parts.items()}
    database.register("given", pyarrow.table(columns))
    database.execute(f"CREATE TEMP TABLE seen AS {_seen(today)}")
    database.execute(f"CREATE TEMP TABLE family AS {CHILDREN}")
    database.execute(f"CREATE TEMP TABLE {name} AS FROM seen LEFT JOIN family USING (unique_id)")
    for used in ("seen", "family"):
        database.execute(f"DROP TABLE {used}")
    database.unregister("given")


def _seen(today: date) -> str:
    """The persons with what follows from the birth day and the role."""
    return f"""SELECT *, CASE WHEN year IS NOT NULL OR born IS NOT NULL THEN 1 END AS birth,
        coalesce(role = 'infant' OR mother IS NOT NULL OR year > {today.year - CHILD_YEARS}, false) AS child
        FROM given"""


def _taught(database: Connection, model: Settings, persons: int, progress: Progress) -> Settings:
    """The model with what pairs by chance teach: how often two persons agree."""
    if persons < _FEWEST_TO_TEACH:
        return model
    progress(1, 4, "learning how often two persons agree")
    certain, pairs = sum(_sharing(database, columns) for columns in _CERTAIN), persons * (persons - 1) / 2
    paired = min(max(certain, _FEWEST_PAIRED * persons) / pairs, 0.5)
    linker = _linker(database, model)
    linker.training.estimate_u_using_random_sampling(max_pairs=_MOST_PAIRS, seed=_SEED)
    seen = min(pairs, _MOST_PAIRS)
    for own, taught in zip(model["comparisons"], linker.misc.save_model_to_json()["comparisons"], strict=True):
        for level, by_chance in zip(own["comparison_levels"], taught["comparison_levels"], strict=True):
            if isinstance(u := by_chance.get("u_probability"), float) and not level.get("is_null_level"):
                u = max(u - paired * level["m_probability"], 0.0)  # by chance there are some of one person among them
                level["u_probability"] = (u * seen + level["u_probability"] * _SEEN_PAIRS) / (seen + _SEEN_PAIRS)
    return model | {"probability_two_random_records_match": paired}


def _sharing(database: Connection, columns: tuple[str, ...]) -> int:
    """How many pairs agree in these columns."""
    known = " AND ".join(f"{name} IS NOT NULL" for name in columns)
    grouped = f"SELECT count(*) AS n FROM person WHERE {known} GROUP BY {', '.join(columns)}"
    (row,) = database.execute(f"SELECT coalesce(sum(n * (n - 1) // 2), 0) FROM ({grouped})").fetchall()
    return int(row[0])


def _untaught(known: set[str], persons: int) -> Settings:
    """The model as Splink takes it, with our own estimates."""
    return {
        "link_type": "dedupe_only",
        "probability_two_random_records_match": min(0.2 / max(persons - 1, 1), 0.1),
        "comparisons": list(map(_splink, comparisons_of(known))),
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": f"l.key_{key} = r.key_{key}"} for key in keys_of(known)
        ],
        "retain_intermediate_calculation_columns": True,
        "retain_matching_columns": True,
        "linker_uid": "linkage",
    }


def _column(name: str) -> str:
    return name.replace(" ", "_").replace("'", "").replace("-", "")


def _said(column: str) -> str:
    return next(one.name for one in COMPARISONS if _column(one.name) == column)


def _splink(comparison: Comparison) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": comparison.unknown, "label_for_charts": "not known", "is_null_level": True}
    ]
    for level in comparison.levels:
        levels.append(
            {"sql_condition": level.when, "label_for_charts": level.said, "m_probability": level.m,
             "u_probability": level.u}
            | ({"tf_adjustment_column": level.frequencies} if level.frequencies else {})
        )  # fmt: skip
    return {"output_column_name": _column(comparison.name), "comparison_levels": levels}


def _linker(database: Connection, settings: Settings) -> Linker:
    api = DuckDBAPI(database)
    linker = Linker(api.register("person"), settings, log_level=None, validate_settings=False)
    for comparison in settings["comparisons"]:
        for level in comparison["comparison_levels"]:
            if column := level.get("tf_adjustment_column"):
                _register_frequencies(api, linker, column, level["u_probability"])
    return linker


def _register_frequencies(api: DuckDBAPI, linker: Linker, column: str, usual: float) -> None:
    api.duckdb_con.execute(
        f"CREATE OR REPLACE TABLE often_{column} AS SELECT {column}, {share_of(usual, 'count(*) - 1')} AS tf_{column} "
        f"FROM person WHERE {column} IS NOT NULL GROUP BY {column}"
    )
    linker.table_management.register_term_frequency_lookup(api.register(f"often_{column}"), column)


def share_of(usual: float, others: str) -> str:
    """The SQL of how often a value stands in a column, in a query by its values: in others, and as is usual."""
    return f"({others} + {usual * _SEEN_VALUES}) / (sum(count(*)) OVER () + {_SEEN_VALUES})"


def _judge(database: Connection, model: Settings) -> None:
    """Weigh all who meet, but those who cannot be one."""
    found = _linker(database, model).inference.predict(threshold_match_weight=_LEAST_BITS, warning_mode="never")
    database.execute(
        f"CREATE TABLE judged AS SELECT p.* FROM {found.physical_name} p "
        "JOIN person l ON l.unique_id = unique_id_l JOIN person r ON r.unique_id = unique_id_r "
        f"WHERE NOT ({NEVER})"
    )


def sorted_pairs(table: str, met: Judged, ids: list[str], at_least: float) -> list[Pair]:
    """The pairs of a table of judgements, such as `judged`, that are one person with at least this probability.

    ids  of those on the right side, by their `unique_id`; on the left stand those of the file
    """
    return sorted(_pairs(table, met, ids, at_least), key=lambda pair: (pair.a, pair.b))


def _pairs(table: str, met: Judged, ids: list[str], at_least: float) -> Iterator[Pair]:
    said = {
        one["output_column_name"]: [level["label_for_charts"] for level in reversed(one["comparison_levels"])]
        for one in met.model["comparisons"]
    }
    probability = met.learned.probability
    seen = ", ".join(
        f"gamma_{one['output_column_name']}, {_bits_of(one, met.learned)}" for one in met.model["comparisons"]
    )
    rows = met.database.execute(
        f"SELECT unique_id_l, unique_id_r, {probability}, {seen} FROM {table} WHERE {probability} >= {at_least}"
    )
    while some := rows.fetchmany(10_000):
        for left, right, probable, *values in some:
            a, b = sorted((met.ids[left], ids[right]))
            weights = zip(said.items(), values[::2], values[1::2], strict=True)
            yield Pair(
                a, b, probable, tuple(Weight(_said(n), w[level], m) for (n, w), level, m in weights if level >= 0)
            )


def _bits_of(comparison: Settings, learned: Learned) -> str:
    """The SQL of what a comparison weighs, with what a rare value adds."""
    name = comparison["output_column_name"]
    rare = any("tf_adjustment_column" in level for level in comparison["comparison_levels"])
    return f"mw_{name} + {learned.of(name)}" + (f" + mw_tf_adj_{name}" if rare else "")
