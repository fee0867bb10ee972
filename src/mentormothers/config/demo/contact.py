"""How an invented woman may be reached: what her site wrote of her name and phone, and what she wants to be said."""

from collections.abc import Mapping
from typing import Any

from mentormothers.simulation.chances import Chances

_LANDMARKS = ("behind the mosque", "near the borehole", "by the maize mill", "next to the church", "after the bridge")
_OWN_WORDS = ("the savings group", "the choir", "the sewing class", "the seed meeting")
_CARERS = ("Esnart", "Agogo Nasibeko", "Falesi", "Modesta", "Estele")
_FATHERS = ("Yohane", "Lameck", "Wyson", "Precious", "Fanuel")
_SURNAMES = ("Tembo", "Kachale", "Nyasulu", "Makwinja", "Zimba")
_OWNERS = {"her_own": "own", "husband": "partner", "relative": "family", "neighbour": "friend"}


def contact_of(known: Mapping[str, str], chances: Chances) -> dict[str, Any]:
    """Her identity answers. `known` is her row as the simulation's clerk writes it."""
    said: dict[str, Any] = {
        "name.given": known["given_name"], "name.family": known["surname"],
        "address.village": known["village"] or "not known", "address.landmark": chances.one_of(_LANDMARKS),
        "language": chances.one_of(("ny", "ny", "ny", "tum", "yao")), "reads": chances.one_of(("yes", "yes", "no")),
        "phone.owner": _OWNERS.get(known["phone_owner"], "none"),
        "contact.wording": chances.one_of(("covert", "neutral", "neutral", "open")),
    }  # fmt: skip
    if said["phone.owner"] != "none":
        said |= {
            "phone.number": known["phone"],
            "phone.answerers": ["only_her"] if said["phone.owner"] == "own" else ["only_her", "sister"],
            "contact.hours": chances.one_of((["early", "evening"], ["morning", "afternoon"], ["weekend"])),
        }
    if said["contact.wording"] == "covert":
        said["contact.words"] = chances.one_of(_OWN_WORDS)
    return said


def carer_of(carer: str, village: str, chances: Chances, *, may_call: bool) -> dict[str, Any]:
    """The identity answers of whoever looks after a baby."""
    said: dict[str, Any] = {
        "caregiver.name": chances.one_of(_FATHERS if carer == "father" else _CARERS),
        "address.village": village or "not known", "address.landmark": chances.one_of(_LANDMARKS),
    }  # fmt: skip
    if may_call:
        said |= {
            "phone.owner": "own", "phone.number": f"+9994{chances.between(0, 9_999_999):07d}",
            "contact.hours": ["morning", "afternoon"], "contact.wording": chances.one_of(("neutral", "open")),
        }  # fmt: skip
    return said


def partner_of(chances: Chances) -> dict[str, Any]:
    """The identity answers of a partner who was enrolled."""
    return {
        "name.given": chances.one_of(_FATHERS), "name.family": chances.one_of(_SURNAMES), "phone.owner": "own",
        "phone.number": f"+9995{chances.between(0, 9_999_999):07d}", "contact.hours": ["morning", "evening"],
        "contact.wording": "neutral",
    }  # fmt: skip
