"""What people type, checked: no NUL, nothing endless, only what may be chosen."""

from collections.abc import Container, Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils import timezone

from mentormothers.access.models import Cadre, Role, User
from mentormothers.care.staying import LONGEST_DAYS
from mentormothers.followup.paper import read_code
from mentormothers.register.erasing import REASONS
from mentormothers.sites.cards import A_SHEET, MOST_SHEETS
from mentormothers.sites.models import DeliveryModel, Organisation, Site

# Fixed words and no free text: a purpose or a reason stands in the audit trail, where no name may be.
PURPOSES = {
    "clinic_day": "Today's clinic",
    "case_meeting": "Meeting about who did not come",
    "home_visits": "Home visits and calls of the day",
    "register_check": "Check against the paper register",
    "supervision": "Supervision of a mentor",
}
ENDED_BECAUSE = {
    "came": "She came",
    "reached": "She was reached, and decides herself",
    "asked_not_to": "She asked not to be looked for",
    "mentor_away": "The mentor cannot go",
    "mistake": "It was asked by mistake",
}
STAY_ENDED_BECAUSE = {
    "back": "She went home again",
    "other": "It was another woman",
    "asked": "She does not want to be known there",
    "mistake": "It was confirmed by mistake",
}
SET_ASIDE_BECAUSE = {
    "entered_again": "It was written down again, and that one counts",
    "double": "It repeats another record",
    "mistake": "It was made by mistake",
    "trial": "It was only a trial",
}


_FIRST_DAY = date(2001, 1, 1)  # no Mentor Mother worked anywhere before
_AHEAD = timedelta(days=366)


def _choices(words: dict[str, str]) -> list[tuple[str, str]]:
    return [("", "Please choose"), *words.items()]


class FindForm(forms.Form):
    """A name, a village, a phone number or a short code."""

    text = forms.CharField(max_length=100, required=False, strip=True)


def name_sent(sent: QueryDict) -> str:
    """The text somebody searches by; empty when there is none or it cannot be one."""
    form = FindForm(sent)
    return str(form.cleaned_data["text"]) if form.is_valid() else ""


class TakeAlongForm(forms.Form):
    """What a list is taken along for."""

    purpose = forms.ChoiceField(label="What is it for?", choices=_choices(PURPOSES))


class FileForm(forms.Form):
    """Whether a file holds names, and then what it is for."""

    names = forms.BooleanField(required=False)
    purpose = forms.ChoiceField(label="What is it for?", choices=_choices(PURPOSES), required=False)

    def clean(self) -> dict[str, Any]:
        """A file with names says what it is for."""
        cleaned = super().clean() or {}
        if cleaned.get("names") and not cleaned.get("purpose"):
            self.add_error("purpose", "Please say what the names are needed for.")
        return cleaned


class AskForm(forms.Form):
    """Whom to ask."""

    mentor = forms.ChoiceField(label="Who looks for her?")

    def __init__(self, *args: Any, mentors: Iterable[User], hers: Container[UUID] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["mentor"]
        assert isinstance(field, forms.ChoiceField)
        ordered = sorted(mentors, key=lambda mentor: mentor.id not in hers)  # who knows her comes first
        field.choices = [
            (str(mentor.id), f"{mentor.name}, who looks after her" if mentor.id in hers else mentor.name)
            for mentor in ordered
        ]


class EndForm(forms.Form):
    """Why nobody needs to look for her any more."""

    because = forms.ChoiceField(label="Why does it end?", choices=_choices(ENDED_BECAUSE))


class IsHereForm(forms.Form):
    """She whom an answer of a look-up means is here: where, why, until when, and who looks after her."""

    handle = forms.CharField(max_length=200, widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label="Why is she here?",
        choices=[
            ("visit", "She visits today"),
            ("while", "She stays for a while, for a birth for example"),
            ("moved", "She has moved here"),
        ],
    )
    until = forms.DateField(
        label="Until when, if she stays for a while?",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Please give a day."},
    )
    site = forms.ChoiceField(label="At which site?")
    mentor = forms.ChoiceField(label="Who is with her?", required=False)

    def __init__(self, *args: Any, sites: Iterable[Site], mentors: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        at, who = self.fields["site"], self.fields["mentor"]
        assert isinstance(at, forms.ChoiceField)
        assert isinstance(who, forms.ChoiceField)
        at.choices = [(str(site.id), site.name) for site in sites]
        who.choices = [("", "Nobody yet"), *((str(mentor.id), mentor.name) for mentor in mentors)]
        if len(at.choices) == 1:
            at.widget, at.initial = forms.HiddenInput(), at.choices[0][0]

    def clean(self) -> dict[str, Any]:
        """A stay for a while has a last day within half a year."""
        said: dict[str, Any] = super().clean() or {}
        today = timezone.localdate()
        if said.get("reason") == "while" and "until" not in self.errors:
            until = said.get("until")
            if until is None or not today <= until <= today + timedelta(days=LONGEST_DAYS):
                self.add_error("until", "Please give a last day within six months.")
        return said


class EndStayForm(forms.Form):
    """Why somebody is a guest no more."""

    because = forms.ChoiceField(label="Why does it end?", choices=_choices(STAY_ENDED_BECAUSE))


class SetAsideForm(forms.Form):
    """Why a record does not count."""

    because = forms.ChoiceField(label="Why does it not count?", choices=_choices(SET_ASIDE_BECAUSE))


class EraseForm(forms.Form):
    """Why a name is erased, and the code of whoever is meant, typed so that nobody else is erased by a slip."""

    reason = forms.ChoiceField(label="Why?", choices=_choices(REASONS))
    code = forms.CharField(label="The code above, to be sure who is meant", max_length=20)

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._code = code
        self.fields["code"].widget.attrs |= {
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
        }

    def clean_code(self) -> str:
        """The code of the one who is meant."""
        typed = read_code(str(self.cleaned_data["code"]))
        if typed != self._code:
            raise forms.ValidationError("This is another code. Please look again whose name is to be erased.")
        return self._code


class NewPhoneForm(forms.Form):
    """A phone to be enrolled: where, who shares it, and what to call it."""

    site = forms.ChoiceField(label="Site")
    people = forms.MultipleChoiceField(
        label="Who will use it?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Please choose at least one person."},
    )
    label = forms.CharField(
        label="What do you call it?",
        max_length=60,
        help_text="For example “Phone 3”. It says nothing of anybody's health or job.",
    )

    def __init__(self, *args: Any, sites: Iterable[Site], people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        at, who = self.fields["site"], self.fields["people"]
        assert isinstance(at, forms.ChoiceField)
        assert isinstance(who, forms.MultipleChoiceField)
        at.choices = [(str(site.id), site.name) for site in sites]
        who.choices = [(str(person.id), f"{person.name}, {person.work}") for person in people]


class PrintCardsForm(forms.Form):
    """New cards: for which site, and how many."""

    site = forms.ChoiceField(label="Site")
    amount = forms.TypedChoiceField(
        label="How many?",
        coerce=int,
        choices=[
            (A_SHEET, "A sheet of ten"),
            (5 * A_SHEET, "Five sheets: fifty cards"),
            (MOST_SHEETS * A_SHEET, "Twenty sheets: two hundred cards"),
            (1, "One card, as a page of its own size"),
        ],
    )

    def __init__(self, *args: Any, sites: Iterable[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        at = self.fields["site"]
        assert isinstance(at, forms.ChoiceField)
        at.choices = [(str(site.id), site.name) for site in sites]


class SitesForm(forms.Form):
    """Sites to choose from."""

    sites = forms.MultipleChoiceField(
        label="Sites",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Mentors and coordinators work at the sites chosen. "
        "A manager sees every site of the organisation, an administrator no client.",
    )

    def __init__(self, *args: Any, sites: Iterable[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["sites"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(site.id), site.name) for site in sites]


class AddPersonForm(SitesForm):
    """A new colleague."""

    first_name = forms.CharField(label="First name", max_length=60)
    family_name = forms.CharField(label="Family name", max_length=60, required=False)
    # The ministry belongs to no organisation; its accounts are made at the server (`mentormothers add-ministry`).
    work = forms.ChoiceField(
        label="What work is it?",
        choices=[*Cadre.choices, *((r.value, r.label) for r in Role if r not in (Role.MENTOR, Role.MINISTRY))],
    )
    username = forms.RegexField(
        r"^[a-z0-9._-]+$",
        label="Name to sign in with",
        max_length=60,
        required=False,
        help_text="Small letters, digits, dots. A mentor needs none: she works on the phone.",
        error_messages={"invalid": "Please use small letters, digits, dots, - and _ only."},
    )
    organisation = forms.ChoiceField(label="Organisation")
    field_order = ("first_name", "family_name", "work", "username", "organisation", "sites")

    def __init__(self, *args: Any, organisations: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(organisation.id), organisation.name) for organisation in organisations]


class FindFacilityForm(forms.Form):
    """A facility by its name."""

    name = forms.CharField(label="Name of the facility", max_length=120, min_length=2)


class HandOverForm(forms.Form):
    """How a site is run from a day on."""

    delivery_model = forms.ChoiceField(label="How is it run?", choices=DeliveryModel.choices)
    since = forms.DateField(
        label="From when on?",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Please write a day that exists, such as 2026-03-07."},
    )

    def clean_since(self) -> date:
        """A day of the programme, or one not far ahead."""
        day: date = self.cleaned_data["since"]
        return _near(day)


class OpenSiteForm(forms.Form):
    """A site at a facility."""

    organisation = forms.ChoiceField(label="Who runs it?")
    delivery_model = forms.ChoiceField(label="How?", choices=DeliveryModel.choices)
    opened = forms.DateField(
        label="Since when?",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Please write a day that exists, such as 2026-03-07."},
    )

    def __init__(self, *args: Any, organisations: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(organisation.id), organisation.name) for organisation in organisations]

    def clean_opened(self) -> date:
        """A day on which a site can have been opened, or is about to be."""
        day: date = self.cleaned_data["opened"]
        return _near(day)


def _near(day: date) -> date:
    if not _FIRST_DAY <= day <= timezone.localdate() + _AHEAD:
        raise forms.ValidationError(f"Please give a day from {_FIRST_DAY.year} on, and not more than a year ahead.")
    return day
