"""Facts: what was observed about a person on a day, in words that never change their meaning.

A fact is one observation (`art.dispense` of 30 days on 3 February); `vocabulary.yaml` names every kind.
Facts are never edited: a later record amends, withdraws or repeats an earlier one (`standing`).
"""
