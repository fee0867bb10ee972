"""The contact note: how she, whoever looks after a baby, or a partner may be reached and how not, said first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mentormothers.followup.steps import REFUSALS_THAT_END
from mentormothers.followup.story import NOT_KNOWN, Story
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
_THEIR_PHONES = {
    "own": "their own phone", "family": "a phone of their family", "friend": "a friend's or neighbour's phone",
    "none": "there is no phone",
}  # fmt: skip
_LANGUAGES = {"ny": "Chichewa", "en": "English", "tum": "Chitumbuka", "yao": "Chiyao", "other": "another language"}


_CARERS = {"father": "the father", "grandmother": "the grandmother", "aunt": "an aunt or older sister"}


@dataclass(frozen=True)
class ContactNote:
    """`lines` are question and answer; `warning` comes before them and outweighs them."""

    warning: str
    lines: tuple[tuple[str, str], ...]


def contact_note(identity: Identity, story: Story) -> ContactNote:
    """The note of one client, from what she asked for and what she agreed to."""
    if identity.erased:
        return ContactNote("Her name was erased, with how she may be reached. Nobody looks for her.", ())
    if story.died:
        return ContactNote("She has died. Nobody calls or visits.", ())
    may_call, may_write = "consent.phone" in story.consents, _messages(story)
    lines = [("Phone", _phone(identity, _OWNERS, "she", reachable=may_call or bool(may_write)))]
    if may_call or may_write:
        lines += _policy(identity.contact)
    lines += [("Calls", "she agreed" if may_call else "no, she did not agree"), ("Messages", may_write or "no")]
    lines.append(("Home visit", _visit(story, "she")))
    if identity.language:
        lines.append(("Language", _LANGUAGES.get(identity.language, identity.language)))
    return ContactNote(_warning(story), tuple(lines))


def carer_note(identity: Identity, story: Story) -> ContactNote:
    """The note of a baby whom its mother does not look after, from what whoever does asked for and agreed to."""
    if story.died:
        return ContactNote("The baby has died. Nobody calls or visits.", ())
    if story.caregiver in ("", NOT_KNOWN) and not identity.erased:
        return ContactNote("It is not known who looks after the baby. Until it is, nobody calls or visits.", ())
    return _note_of_them(identity, story)


def partner_note(identity: Identity, story: Story) -> ContactNote:
    """The note of a partner."""
    if story.died:
        return ContactNote("This person has died. Nobody calls or visits.", ())
    return _note_of_them(identity, story)


def _note_of_them(identity: Identity, story: Story) -> ContactNote:
    if identity.erased:
        return ContactNote("The name was erased, with how they may be reached. Nobody looks for them.", ())
    may_call = "consent.phone" in story.consents
    lines = [("Phone", _phone(identity, _THEIR_PHONES, "they", reachable=may_call))]
    if may_call:
        wording = _wording(identity.contact, "their", "health")
        lines += [("When", _listed(identity.contact.hours, _HOURS)), ("What may be said", wording)]
    lines += [("Calls", "agreed" if may_call else "no, not agreed"), ("Home visit", _visit(story, "they"))]
    if identity.village and "consent.home_visit" in story.consents:
        lines.append(("Where", ", ".join(part for part in (identity.village, identity.landmark) if part)))
    return ContactNote(_their_warning(story), tuple(lines))


def say_carer(identity: Identity, story: Story) -> str:
    """Who looks after a baby, for a heading."""
    return identity.caregiver or _CARERS.get(story.caregiver, "whoever looks after the baby")


def _their_warning(story: Story) -> str:
    if story.refusals >= REFUSALS_THAT_END:
        return "They said no twice. Leave them in peace; the door stays open."
    if "consent.follow_up" not in story.consents:
        return "They did not agree to be looked for."
    return "They said no once. Do not go to their home." if story.refusals else ""


def _warning(story: Story) -> str:
    if story.refusals >= REFUSALS_THAT_END:
        return "She said no twice. Leave her in peace; the door stays open."
    if "consent.follow_up" not in story.consents:
        return "She did not agree to be looked for when she does not come."
    return "She said no once. Do not go to her home." if story.refusals else ""


def _phone(identity: Identity, owners: Mapping[str, str], who: str, *, reachable: bool) -> str:
    owner = owners.get(identity.contact.owner, identity.contact.owner) or "not known whose"
    if not identity.phone:
        return owners["none"] if identity.contact.owner == "none" else "no number known"
    return (
        f"{identity.phone}, {owner}"
        if reachable
        else f"{owner}; the number is not shown, as {who} agreed to no contact"
    )


def _policy(contact: ContactPolicy) -> list[tuple[str, str]]:
    lines = [("Who may answer", _listed(contact.answerers, _ANSWERERS)), ("When", _listed(contact.hours, _HOURS))]
    return [*lines, ("What may be said", _wording(contact, "her", "her health"))]


def _wording(contact: ContactPolicy, whose: str, about: str) -> str:
    if contact.wording == "covert":
        return (
            f"only {whose} own words for it: “{contact.words}”" if contact.words else "nothing; no words were given yet"
        )
    if contact.wording == "open":
        return f"that it is about {about}"
    return "that you called, no more"


def _messages(story: Story) -> str:
    agreed = {"consent.sms": "SMS", "consent.whatsapp": "WhatsApp"}
    return " and ".join(word for kind, word in agreed.items() if kind in story.consents)


def _visit(story: Story, who: str) -> str:
    if "consent.home_visit" not in story.consents:
        return "not welcome"
    return f"not any more: {who} said no" if story.refusals else "welcome"


def _listed(codes: Iterable[str], words: dict[str, str]) -> str:
    known = list(words)
    ordered = sorted(codes, key=lambda code: known.index(code) if code in words else len(known))
    return ", ".join(words.get(code, code) for code in ordered) or "not asked yet"
