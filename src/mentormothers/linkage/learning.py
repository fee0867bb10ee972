"""What a file teaches of its own pairs: how many there are, and how often one person's records agree in what.

Expectation maximisation over all who met and may be one: what is found probable says how often it agrees, and that says
what is probable. Our own estimates count as `SEEN` pairs that were seen before. Splink's own search looks at those who
share a name or a birth day without our limits, and took brothers and sisters for the pairs there are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log2
from typing import Any

from mentormothers.engines.columns import Connection

SEEN = 30
_FEWEST_FOUND = 0.005  # for each person
_ROUNDS = 12


@dataclass(frozen=True)
class Learned:
    """What is to be added to the weights of a judgement, in bits.

    shift   to all pairs: pairs of one person are so much commoner than was assumed
    levels  for each comparison, to each of its levels by number
    """

    shift: float = 0.0
    levels: Mapping[str, Mapping[int, float]] = field(default_factory=dict)

    def of(self, comparison: str) -> str:
        """The SQL of what is added to a comparison's weight."""
        cases = " ".join(f"WHEN {number} THEN {bits}" for number, bits in self.levels.get(comparison, {}).items())
        return f"CASE gamma_{comparison} {cases} ELSE 0 END" if cases else "0"

    @property
    def weight(self) -> str:
        """The SQL of a pair's weight."""
        return " + ".join([f"match_weight + {self.shift}", *map(self.of, self.levels)])

    @property
    def probability(self) -> str:
        """The SQL of a pair's probability."""
        return f"1 / (1 + 2 ** -({self.weight}))"


def learn(database: Connection, model: Mapping[str, Any], persons: int) -> Learned:
    """What the table `judged` teaches, judged by this model over so many persons."""
    pairs, assumed = persons * (persons - 1) / 2, bits(model["probability_two_random_records_match"])
    chances = {one["output_column_name"]: _chances(one) for one in model["comparisons"]}
    counted = ", ".join(f"sum(p) FILTER (gamma_{name} = {n})" for name, levels in chances.items() for n in levels)
    found = Learned()
    for _ in range(_ROUNDS):
        asked = f"SELECT sum(p), {counted} FROM (SELECT *, {found.probability} AS p FROM judged)"
        (row,) = database.execute(asked).fetchall()
        total, *each = (value or 0.0 for value in row)
        shift = bits(min(max(total, _FEWEST_FOUND * persons) / pairs, 0.5)) - assumed
        sums = iter(each)
        found = Learned(shift, {name: _added(levels, [next(sums) for _ in levels]) for name, levels in chances.items()})
    return found


def _chances(comparison: Mapping[str, Any]) -> dict[int, float]:
    """The chance `m` of each level of a comparison, by its number, which Splink counts from the last level."""
    levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
    return {len(levels) - 1 - n: level["m_probability"] for n, level in enumerate(levels)}


def _added(chances: Mapping[int, float], sums: list[float]) -> dict[int, float]:
    """By how many bits each level says more than its chance did, having been seen so often."""
    total = sum(sums) + SEEN
    return {n: log2((seen + SEEN * m) / total / m) for (n, m), seen in zip(chances.items(), sums, strict=True)}


def bits(probability: float) -> float:
    """The logarithm of the odds."""
    return log2(probability / (1 - probability))
