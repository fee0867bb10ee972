"""Group talks in words: who came, and what about."""

_AUDIENCES = {
    "women_hiv": "Women living with HIV", "women_neg": "Women who tested negative", "new_mothers": "New mothers",
    "men": "Men", "adolescents": "Young people", "mixed": "Everyone together",
}  # fmt: skip
_TOPICS = {
    "hiv_basics": "HIV and how it is treated", "adherence": "taking tablets", "pmtct": "keeping the baby well",
    "ecd": "how small children learn", "tb": "cough and TB", "disclosure": "telling someone",
    "infant_testing": "the baby's tests", "infant_feeding": "feeding the baby", "mental_health": "how one feels",
    "money": "money skills",
}  # fmt: skip


def say_audience(code: str) -> str:
    """Who came; a code that a country added as it is, without underscores."""
    return _AUDIENCES.get(code, code.replace("_", " ").capitalize())


def say_topics(codes: tuple[str, ...] | list[str]) -> str:
    """What was talked about."""
    return ", ".join(_TOPICS.get(code, code.replace("_", " ")) for code in codes)
