"""Care under pseudonyms: records that are never changed, the facts that follow from them, who looks after whom.

No name stands here. What is identity lies in `people`; the two meet in `register` only.
"""
