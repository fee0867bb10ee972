"""The contact note: how she may be reached and how not, said before anything else about her."""

from collections.abc import Iterable
from dataclasses import dataclass

from mentormothers.followup.steps import REFUSALS_THAT_END
from mentormothers.followup.story import Story
from mentormothers.register.names import ContactPolicy, Identity

_OWNERS = {
    "own": "her own phone", "partner": "her partner's phone", "family": "a phone of her family",
    "friend": "a friend's or neighbour's phone", "none": "she has no phone",
}  # fmt: skip
_ANSWERERS = {
    "only_her": "only she", "sister": "her sister", "mother": "her mother", "partner": "her partner",
    "anyone": "anyone",
}  # fmt: skip
_HOURS = {
    "early": "before 9", "morning": "9 to 12", "afternoon": "12 to 5", "evening": "after 5",
    "weekend": "at the weekend",
}  # fmt: skip
_LANGUAGES = {"ny": "Chichewa", "en": "English", "tum": "Chitumbuka", "yao": "Chiyao", "other": "another language"}


@dataclass(frozen=True)
class ContactNote:
    """`lines` are question and answer; `warning` comes before them and outweighs them."""

    warning: str
    lines: tuple[tuple[str, str], ...]


def contact_note(identity: Identity, story: Story) -> ContactNote:
    """The note of one client, from what she asked for and what she agreed to."""
    if identity.erased:
        return ContactNote("Her name was erased, with how she may be reached. Nobody looks for her.", ())
    may_call, may_write = "consent.phone" in story.consents, _messages(story)
    lines = [("Phone", _phone(identity, reachable=may_call or bool(may_write)))]
    if may_call or may_write:
        lines += _policy(identity.contact)
    lines += [("Calls", "she agreed" if may_call else "no, she did not agree"), ("Messages", may_write or "no")]
    lines.append(("Home visit", _visit(story)))
    if identity.language:
        lines.append(("Language", _LANGUAGES.get(identity.language, identity.language)))
    return ContactNote(_warning(story), tuple(lines))


def _warning(story: Story) -> str:
    if story.refusals >= REFUSALS_THAT_END:
        return "She said no twice. Leave her in peace; the door stays open."
    if "consent.follow_up" not in story.consents:
        return "She did not agree to be looked for when she does not come."
    return "She said no once. Do not go to her home." if story.refusals else ""


def _phone(identity: Identity, *, reachable: bool) -> str:
    owner = _OWNERS.get(identity.contact.owner, identity.contact.owner) or "not known whose"
    if not identity.phone:
        return "she has no phone" if identity.contact.owner == "none" else "no number known"
    return (
        f"{identity.phone}, {owner}" if reachable else f"{owner}; the number is not shown, as she agreed to no contact"
    )


def _policy(contact: ContactPolicy) -> list[tuple[str, str]]:
    lines = [("Who may answer", _listed(contact.answerers, _ANSWERERS)), ("When", _listed(contact.hours, _HOURS))]
    return [*lines, ("What may be said", _wording(contact))]


def _wording(contact: ContactPolicy) -> str:
    if contact.wording == "covert":
        return f"only her own words for it: “{contact.words}”" if contact.words else "nothing; she gave no words yet"
    if contact.wording == "open":
        return "that it is about her health"
    return "that you called, no more"


def _messages(story: Story) -> str:
    agreed = {"consent.sms": "SMS", "consent.whatsapp": "WhatsApp"}
    return " and ".join(word for kind, word in agreed.items() if kind in story.consents)


def _visit(story: Story) -> str:
    if "consent.home_visit" not in story.consents:
        return "not welcome"
    return "not any more: she said no" if story.refusals else "welcome"


def _listed(codes: Iterable[str], words: dict[str, str]) -> str:
    known = list(words)
    ordered = sorted(codes, key=lambda code: known.index(code) if code in words else len(known))
    return ", ".join(words.get(code, code) for code in ordered) or "not asked yet"
