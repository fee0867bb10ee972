"""What is proposed: two records that are probably of one person, and why."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Weight:
    """What one comparison said of a pair: its level in words, and the bits it speaks for (or against) one person."""

    comparison: str
    said: str
    bits: float


@dataclass(frozen=True)
class Pair:
    """Two records that are probably of one person, the lesser id first."""

    a: str
    b: str
    probability: float
    weights: tuple[Weight, ...]
