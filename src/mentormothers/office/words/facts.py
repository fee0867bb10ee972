"""What was written down about somebody, in words for a person who works in the field."""

from collections.abc import Iterable, Mapping
from typing import Any

from mentormothers.facts.vocabulary import Kind, vocabulary

_CODES = {
    "neg": "negative", "pos": "positive", "mother_hiv_pos": "mother, HIV-positive",
    "mother_hiv_neg": "mother, HIV-negative", "mother_status_unknown": "mother, status not known", "infant": "baby",
    "partner": "partner",
    "6w": "first test, 6 weeks", "10w": "10 weeks", "6m": "6 months", "9m": "9 months", "12m": "12 months",
    "confirm": "second sample, to be sure", "symptomatic": "baby unwell", "after_bf": "after breastfeeding ended",
    "birth": "at birth", "f": "female", "m": "male", "call": "by phone", "sms": "by message",
    "home": "at home", "supporter": "through the person she named", "clinic": "at the clinic",
    "community": "in the community", "returning": "she will come", "not_located": "not reached",
    "self_transferred": "she goes to another clinic", "hospitalised": "in hospital", "moved": "moved away",
    "died_reported": "somebody said that she died", "refused": "she said no", "live": "a living baby",
    "stillbirth": "baby born dead", "one_to_one": "the two of them", "exclusive": "breast milk only",
    "replacement": "no breast milk", "mixed": "breast milk and other food", "stopped": "ended",
    "tld": "TLD", "tle": "TLE", "not_written": "not written there", "not_said": "not said",
    "same_district": "in this district", "other_district": "in another district",
    "other_country": "in another country", "side_effects": "tablets made her unwell",
    "transport": "money for transport", "far": "too far", "stigma": "afraid of being seen",
    "service": "how she was treated", "stock_out": "the clinic had none", "too_ill": "too ill",
    "first": "the first since treatment began", "routine": "regular", "repeat": "to repeat the last one",
    "pregnant": "pregnant or breastfeeding", "rejected": "refused by the lab",
    "counselling": "somebody to talk with", "miscarriage": "ended early", "abortion": "was ended",
    "phone": "by phone", "due_date": "from the expected date", "weeks": "from the weeks told",
}  # fmt: skip
_CONSENTS = {"given": "Agreed to", "refused": "Did not agree to", "withdrawn": "Agrees no more to"}
_SOURCES = {
    "observed": "seen", "register": "from the register", "lab": "from a lab slip", "emr": "from the clinic's records",
    "health_passport": "from the health passport", "client_told": "she told it",
}  # fmt: skip
_MEANS_NOTHING = ("yes", "", "last_period")


def say_fact(kind: str, value: str) -> str:
    """One fact, such as `ART supplied: 30 days`. An unknown kind is named as it came."""
    known = vocabulary().kind(kind)
    label = known.label if known else kind.replace("_", " ").replace(".", " ")
    said = _value(value, known)
    return f"{label}: {said}" if said else label


def say_source(source: str) -> str:
    """Where it stands, or who said it."""
    return _SOURCES.get(source, source.replace("_", " "))


def is_shown(kind: str) -> bool:
    """Sealed answers (violence, distress) are never shown in lists."""
    known = vocabulary().kind(kind)
    return known is None or known.sensitivity != "sealed"


def say_together(facts: Iterable[Mapping[str, Any]]) -> list[str]:
    """Facts of one record; topics of a talk in one line, and what she agreed to in one."""
    shown = [f for f in facts if is_shown(f["kind"])]
    topics = [_plain(f["value"]) for f in shown if f["kind"] == "topic"]
    said = [say_fact(f["kind"], f["value"]) for f in shown if f["kind"] != "topic" and not _is_consent(f)]
    said += [f"Topics: {', '.join(topics)}"] if topics else []
    return said + [f"{answer}: {', '.join(what)}" for answer, what in _agreed(shown).items() if what]


def _agreed(facts: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """What she said yes to, no to, and took back."""
    found: dict[str, list[str]] = {answer: [] for answer in _CONSENTS.values()}
    for fact in facts:
        if _is_consent(fact) and fact["value"] in _CONSENTS:
            known = vocabulary().kind(fact["kind"])
            found[_CONSENTS[fact["value"]]].append(known.label.removeprefix("Consent to ") if known else fact["kind"])
    return found


def _is_consent(fact: Mapping[str, Any]) -> bool:
    return str(fact["kind"]).startswith("consent.")


def _value(value: str, known: Kind | None) -> str:
    if value in _MEANS_NOTHING:
        return ""
    unit = f" {known.unit}" if known and known.unit and value[:1].isdigit() else ""
    return _plain(value) + unit


def _plain(value: str) -> str:
    return _CODES.get(value, value.replace("_", " "))
