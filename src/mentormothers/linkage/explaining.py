"""Why two records are proposed, in words. Names and numbers themselves are not repeated: the records have them."""

from mentormothers.linkage.pairs import Pair, Weight

_STEPS = ((10, "very strongly"), (6, "strongly"), (2, "clearly"), (0.5, "weakly"))  # bits: each doubles the odds


def in_words(pair: Pair) -> str:
    """What speaks for one person and what against, the weightiest first: `given name the same: strongly for (+8.1)`."""
    weighty = sorted(pair.weights, key=lambda one: -abs(one.bits))
    return "; ".join(f"{one.comparison} {one.said}: {strength(one)} ({one.bits:+.1f})" for one in weighty)


def strength(weight: Weight) -> str:
    """How strongly one comparison speaks for one person or against it: `strongly for`."""
    how = next((words for bits, words in _STEPS if abs(weight.bits) >= bits), "")
    if not how:
        return "says little"
    return f"{how} {'for' if weight.bits > 0 else 'against'}"
