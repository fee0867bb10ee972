"""The plan: which fault follows which, and with what dice, all from one seed.

What the machine adds (which instruction a kill falls on, which of two pushes comes first) is not in the seed: a seed
plays the same plan again, and a race may need it played more than once.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.faults.faults import FAULTS
from tests.faults.programme import Programme
from tests.faults.stories import tell


@dataclass(frozen=True)
class Step:
    """One fault, after some new work on the phones."""

    seed: int
    number: int
    fault: str

    def play(self, programme: Programme) -> int:
        """Work, then the fault. Gives how many times it happened."""
        dice = random.Random(f"{self.seed}/{self.number}")
        for phone in programme.working:
            for _ in range(dice.randint(0, 5)):
                tell(phone, dice)
        return FAULTS[self.fault][0](programme, dice)


def plan(seed: int) -> Iterator[Step]:
    """The steps of a seed, without end. The first of them are one of each kind."""
    dice = random.Random(seed)
    weights = {name: weight for name, (_, weight) in FAULTS.items()}
    names = list(weights)
    dice.shuffle(names)
    number = 0
    while True:
        for name in names:
            yield Step(seed, number, name)
            number += 1
        names = dice.choices(list(weights), list(weights.values()), k=len(weights))
