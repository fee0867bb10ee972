"""What a wrong proposal costs beside a missed one: our own rule, to be verified by those who live with the errors.

To take two women for one mixes two histories: one may be given the other's dates, and a result told to the wrong one.
To miss a pair leaves what is there today: she is counted twice and looked for although she is in care elsewhere. A
coordinator looks at every proposal before anything is merged, so a wrong one is weighed as five of the missed ones, not
as hundred; whoever links without looking needs another threshold.
"""

WRONG_PAIR, MISSED_PAIR = 5.0, 1.0


def threshold() -> float:
    """The probability from which proposing a pair costs less than leaving it: 0.8333."""
    return WRONG_PAIR / (WRONG_PAIR + MISSED_PAIR)
