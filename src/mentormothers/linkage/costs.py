"""What a wrong proposal costs beside a missed one: our own rule, to be verified by those who live with the errors.

To miss a pair leaves what is there today: a woman counted twice, and looked for at home although she is in care
elsewhere, which costs a visit and can tell her neighbours. A wrong proposal costs a coordinator's look, and more where
she takes two women for one: their histories are mixed until somebody takes that back. While a coordinator looks at
every proposal before anything is merged, a wrong one is weighed as two missed ones; whoever links without looking needs
another threshold.
"""

WRONG_PAIR, MISSED_PAIR = 2.0, 1.0
# A pair that waits costs more where somebody is sent to look for one of the two meanwhile, who may be in care at the
# other site: a walk for nothing, and neighbours who see it.
LOOKED_FOR = 4.0


def threshold() -> float:
    """The probability from which proposing a pair costs less than leaving it: 2 / 3."""
    return WRONG_PAIR / (WRONG_PAIR + MISSED_PAIR)


def cost_of_waiting(probability: float, looked_for: int) -> float:
    """What it costs to leave a pair undecided of whom so many (0 to 2) are looked for; the dearest comes first."""
    return probability * (MISSED_PAIR + LOOKED_FOR * looked_for)
