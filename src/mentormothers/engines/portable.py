"""The portable subset of SQL: what means the same on every engine, and small phrases made of it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlglot
from sqlglot import expressions as exp

from mentormothers.facts.fact import CLIENT_TOLD
from mentormothers.facts.vocabulary import Kind, Vocabulary
from mentormothers.protocol.terms import (
    DAYS_LMP_TO_EDD,
    FEEDING_MONTHS,
    HIGH_RISK_ABOVE_COPIES,
    HIGH_RISK_DAYS,
    LONGEST_PREGNANCY_DAYS,
)

# A child belongs to a delivery if born within this many days of it: twins across midnight, dates known to the month.
SAME_BIRTH_DAYS = 31
# What is said of breastfeeding may be understood of another client: the mother's youngest living child.
FEEDING_KINDS = ("bf.stopped", "bf.restarted", "feeding")
# With the first facts of a client in a role and under a mother, these say who each client is.
TELL_WHO = ("child.dob", "birth.date", "death")
_ALL, _MOST_IN_UNION = "\nUNION ALL\n", 300
EVERYTHING = "1 = 1"
NOTHING = "1 = 0"
_BIRTHDAY = "z.day + CASE WHEN a.dom > z.length THEN z.length ELSE a.dom END - 1"

_PORTABLE = (
    exp.Add, exp.Alias, exp.And, exp.Between, exp.Case, exp.Cast, exp.Coalesce, exp.Column, exp.Count, exp.CTE,
    exp.DataType, exp.EQ, exp.Exists, exp.From, exp.Group, exp.GT, exp.GTE, exp.Identifier, exp.If, exp.In,
    exp.Is, exp.Join, exp.Lead, exp.Literal, exp.LT, exp.LTE, exp.Max, exp.Min, exp.Neg, exp.NEQ, exp.Not,
    exp.Null, exp.Or, exp.Order, exp.Ordered, exp.Paren, exp.Placeholder, exp.RowNumber, exp.Select, exp.Star,
    exp.Sub, exp.Subquery, exp.Sum, exp.Table, exp.TableAlias, exp.Union, exp.Where, exp.Window, exp.WindowSpec,
    exp.With,
)  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """A query in steps. An engine runs it whole, or each step as a temporary table."""

    steps: tuple[tuple[str, str], ...]
    result: str

    def query(self, **sources: str) -> str:
        """All steps as one query. `sources` are queries for relations that are no tables of their own."""
        steps = [*sources.items(), *self.steps]
        return "WITH " + ", ".join(f"{name} AS ({sql})" for name, sql in steps) + " " + self.result

    def statements(self) -> list[str]:
        """For SQLite: each step as a temporary table indexed by client, then the result.

        Given one query, SQLite would work out a step anew for every mention of it.
        """
        made = []
        for name, sql in self.steps:
            made += [
                f"CREATE TEMP TABLE {name} AS {sql}",
                f"CREATE INDEX temp.{name}_client ON {name} (client)",
            ]
        return [*made, self.result]


def plan(sql: str, dialect: str, answers: Sequence[str] = ()) -> Plan:
    """Check a query in steps, each of which has a column `client`, and write it for one engine.

    `answers`: the names of steps that are read beside the result.

    Raises ValueError for constructs that engines read differently: division, GREATEST and LEAST, booleans as
    values, date and string functions; and for an EXISTS that Spark does not take: within another, or outside WHERE.
    Steps that neither the result nor an answer needs are left out.
    """
    tree = sqlglot.parse_one(sql, read="postgres")
    for node in tree.walk():
        if not isinstance(node, _PORTABLE):
            raise ValueError(f"not portable: {type(node).__name__} in {node.sql()[:200]}")
        if isinstance(node, exp.Exists) and not _stands_alone(node):
            raise ValueError(f"not portable: EXISTS within another or outside WHERE in {node.sql()[:200]}")
    assert isinstance(tree, exp.Select)
    steps = tuple((step.alias, step.this.sql(dialect=dialect, comments=False)) for step in tree.ctes)
    needed = _needed(tree, answers)
    tree.set("with_", None)
    return Plan(tuple((name, sql) for name, sql in steps if name in needed), tree.sql(dialect=dialect, comments=False))


def _stands_alone(exists: exp.Exists) -> bool:
    """Whether it is in a WHERE, and in no other EXISTS."""
    clause = exists.find_ancestor(exp.Where, exp.Join, exp.Select)
    return isinstance(clause, exp.Where) and exists.find_ancestor(exp.Exists) is None


def _needed(tree: exp.Select, answers: Sequence[str]) -> set[str]:
    """The steps that result and answers are made of, directly or through others; a step reads earlier ones only."""
    made_of = {step.alias: _tables(step.this) for step in tree.ctes}
    needed = set(answers) | {table for part in tree.iter_expressions() if part.key != "with" for table in _tables(part)}
    for name in reversed(made_of):
        if name in needed:
            needed |= made_of[name]
    return needed


def _tables(tree: exp.Expression) -> set[str]:
    return {table.name for table in tree.find_all(exp.Table)}


@dataclass(frozen=True)
class Until:
    """The last day on which what happened counts: one for everybody, or for each client in a relation her own."""

    day: str = ":as_of"
    relation: str = ""

    def joined(self, alias: str) -> str:
        """The join that gives the rows of `alias` their day."""
        return f"JOIN {self.relation} m ON m.client = {alias}.client" if self.relation else ""


@dataclass(frozen=True)
class Facts:
    """Which facts a plan looks at, and how they come.

    documented  without what only the client told
    used        the kinds that any step looks at; empty: all
    settled     a snapshot says already what stands and what counts of several on a day
    """

    documented: bool = False
    used: frozenset[str] = frozenset()
    settled: bool = False


def until_day_of(relation: str) -> Until:
    """Each client until the `day` that the relation has for her; who is not in it is left out."""
    return Until("m.day", relation)


def definitions(words: Vocabulary, facts: Facts | None = None) -> str:
    """The steps from observations (stated.sql, settled.sql) to definitions (definitions.sql), to begin a WITH."""
    facts = facts or Facts()
    fill = {
        "counting": f"o.source <> '{CLIENT_TOLD}'" if facts.documented else EVERYTHING,
        "chosen": "s.counts_documented" if facts.documented else "s.counts",
        "used": f"s.kind IN ({texts(sorted(facts.used))})" if facts.used else EVERYTHING,
        "feeding_kinds": texts(FEEDING_KINDS),
        "tells_who": f"(introduces OR kind IN ({texts(TELL_WHO)}))" if facts.settled else EVERYTHING,
        "days_lmp_to_edd": str(DAYS_LMP_TO_EDD),
        "longest_pregnancy": str(LONGEST_PREGNANCY_DAYS),
        "feeding_months": str(FEEDING_MONTHS),
        "same_birth_days": str(SAME_BIRTH_DAYS),
        "birthday": _BIRTHDAY,
        "place": place_of("s", words),
        "all_kinds": all_kinds(words),
    }
    begun = "settled" if facts.settled else "stated"
    return f"{filled(begun, fill)},\n{filled('definitions', fill)}"


def all_kinds(words: Vocabulary) -> str:
    """The kinds of which every fact of a day counts, for an IN list."""
    return texts(_names(words, lambda kind: kind.same_day == "all"))


def place_of(alias: str, words: Vocabulary, also: str = "") -> str:
    """The place of a fact among those of its client, kind and day, by the kind's same-day rule; the first counts.

    `also`: a column that those have in common, too.
    """
    of = ", ".join([f"{alias}.client", f"{alias}.kind", f"{alias}.day", *([also] if also else [])])
    last = texts(_names(words, lambda kind: kind.same_day == "last"))
    return f"""ROW_NUMBER() OVER (
        PARTITION BY {of}
        ORDER BY CASE WHEN {alias}.kind IN ({last}) THEN 0 ELSE COALESCE({alias}.number, -1) END DESC,
                 {alias}.position DESC, {alias}.record DESC)"""


def infant_risk() -> str:
    """The steps from definitions to an exposed infant's risk (infant_risk.sql), to stand after them."""
    fill = {
        "days_lmp_to_edd": str(DAYS_LMP_TO_EDD),
        "high_risk_days": str(HIGH_RISK_DAYS),
        "high_risk_above_copies": str(HIGH_RISK_ABOVE_COPIES),
    }
    return filled("infant_risk", fill)


def kinds_in(text: str, words: Vocabulary) -> set[str]:
    """The kinds of facts that some SQL names."""
    return {name for name in re.findall(r"'([a-z0-9_.]+)'", text) if name in words.kinds}


def filled(name: str, fill: Mapping[str, str]) -> str:
    """The named SQL file of this folder with its {…} filled in."""
    text = (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")
    for blank, value in fill.items():
        text = text.replace("{" + blank + "}", value)
    return text


def again(steps: str, suffix: str, day: str) -> str:
    """The same steps as of another day, each under its name with a suffix, to stand beside the first ones."""
    tree = sqlglot.parse_one(f"WITH {steps} SELECT 1", read="postgres")
    assert isinstance(tree, exp.Select)
    names = {step.alias for step in tree.ctes}
    for node in list(tree.walk()):
        if isinstance(node, exp.Table) and node.name in names:
            node.this.set("this", node.name + suffix)
        elif isinstance(node, exp.Placeholder) and node.name == "as_of":
            node.replace(exp.paren(sqlglot.parse_one(day)))
    return ",\n".join(f"{step.alias}{suffix} AS ({step.this.sql(comments=False)})" for step in tree.ctes)


def is_care(column: str, words: Vocabulary) -> str:
    """Whether a kind is one of care, by name or by family (`vaccine.*`)."""
    names = _names(words, lambda kind: kind.ends_stop)
    families = [name.removesuffix(".*") for name in names if name.endswith(".*")]
    # By the bytes, in which `/` follows `.`: LIKE minds upper and lower case on some engines and not on others.
    ranges = "".join(f" OR ({column} >= '{family}.' AND {column} < '{family}/')" for family in families)
    return f"({column} IN ({texts(names)}){ranges})"


def _names(words: Vocabulary, wanted: Callable[[Kind], bool]) -> list[str]:
    return [name for name, kind in words.kinds.items() if wanted(kind)]


def texts(values: Iterable[str]) -> str:
    """`'a', 'b'` for an IN list. The values are names from checked vocabularies and protocols."""
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)


def union(parts: Iterable[str]) -> str:
    """All rows of several queries; of many in groups, since SQLite takes 500 in one union."""
    queries = list(parts)
    while len(queries) > _MOST_IN_UNION:
        groups = [queries[n : n + _MOST_IN_UNION] for n in range(0, len(queries), _MOST_IN_UNION)]
        queries = [f"SELECT x.* FROM ({_ALL.join(group)}) x" for group in groups]
    return _ALL.join(queries)


def least(values: Sequence[str]) -> str:
    """The smallest of several days; a missing one does not count."""
    return _extreme(values, "<")


def greatest(values: Sequence[str]) -> str:
    """The largest of several days; a missing one does not count."""
    return _extreme(values, ">")


def _extreme(values: Sequence[str], sign: str) -> str:
    first, *rest = dict.fromkeys(values)
    if not rest:
        return first
    other = _extreme(rest, sign)
    return f"CASE WHEN {first} {sign} ({other}) OR ({other}) IS NULL THEN {first} ELSE ({other}) END"
