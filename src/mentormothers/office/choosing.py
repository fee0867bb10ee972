"""Over which days numbers are shown, as somebody chose it: in the address of a page, where only days stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils import timezone

from mentormothers.indicators.periods import Period, is_quarter, parse_period
from mentormothers.office.words.days import say_date
from mentormothers.office.words.periods import fiscal_name, say_period
from mentormothers.reports.numbers import quarters

QUARTERS = 6  # shown beside each other
_OFFERED = 12  # quarters that the list offers; an address may name an older one
_LONGEST = timedelta(days=3 * 366)
_FIRST_DAY = date(2001, 1, 1)  # no Mentor Mother worked anywhere before
_BAD_DAY = "Please write a day that exists, such as 2026-03-07."


class PeriodForm(forms.Form):
    """A quarter to which the numbers reach, by either of its names, or a first and a last day."""

    period = forms.CharField(label="Up to the quarter", required=False, max_length=40, widget=forms.Select)
    first = forms.DateField(
        label="or from",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _BAD_DAY},
    )
    last = forms.DateField(
        label="to",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _BAD_DAY},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(p.name, f"{say_period(p)} · US {fiscal_name(p)}") for p in _newest_first()]
        widget = self.fields["period"].widget
        assert isinstance(widget, forms.Select)
        widget.choices = [("", "now"), *offered]

    def clean_period(self) -> Period | None:
        """The period that was named, by the calendar's name if it is a quarter. None: no name was given."""
        name = str(self.cleaned_data["period"]).strip()
        return _named(name) if name else None

    def clean(self) -> dict[str, Any]:
        """Both days or none, in their order."""
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if self.errors or (first is None and last is None):
            return given
        if first is None or last is None:
            raise forms.ValidationError("Please give both days, the first and the last.")
        if last < first:
            raise forms.ValidationError("The last day lies before the first. Please give the first day first.")
        return given | {"period": _named(f"{first}..{last}")}


@dataclass(frozen=True)
class Chosen:
    """The periods to show, and what the links of the page carry on.

    asked  a quarter to which they reach or a stretch of days, as it was named; empty: up to now
    """

    periods: Sequence[Period]
    form: PeriodForm
    asked: str = ""

    @property
    def address(self) -> str:
        """What follows the path of a page that shows the same days."""
        return f"?{urlencode({'period': self.asked})}" if self.asked else ""

    @property
    def status(self) -> int:
        """Of the answer: what cannot be chosen is a bad request, which still shows what there is."""
        return 400 if self.form.errors else 200


def chosen(sent: QueryDict) -> Chosen:
    """What was chosen; six quarters up to now where nothing was, or nothing that can be."""
    form = PeriodForm(sent)
    period: Period | None = form.cleaned_data["period"] if form.is_valid() else None
    today = timezone.localdate()
    if period is None:
        return Chosen(quarters(today, QUARTERS), form)
    if not is_quarter(period):
        return Chosen([period], _shown(period), period.name)
    return Chosen(quarters(min(period.end, today), QUARTERS), _shown(period), period.name)


def period_named(name: str) -> Period | None:
    """The period of an address, its end not after today. None: there is no such period to show."""
    form = PeriodForm({"period": name})
    period: Period | None = form.cleaned_data["period"] if form.is_valid() else None
    if period is None or not is_quarter(period):
        return period
    return quarters(min(period.end, timezone.localdate()), 1)[0]


def _shown(period: Period) -> PeriodForm:
    """The form as it stands filled in on the page."""
    if is_quarter(period):
        form = PeriodForm(initial={"period": period.name})
        widget = form.fields["period"].widget
        assert isinstance(widget, forms.Select)
        if period.name not in dict(widget.choices):
            widget.choices = [*widget.choices, (period.name, f"{say_period(period)} · US {fiscal_name(period)}")]
        return form
    return PeriodForm(initial={"first": period.start, "last": period.end})


def _newest_first() -> list[Period]:
    return quarters(timezone.localdate(), _OFFERED)[::-1]


def _named(name: str) -> Period:
    """A period that there can be numbers for; a quarter of the fiscal year by its name in the calendar."""
    try:
        period = parse_period(name)
    except ValueError as error:
        raise forms.ValidationError(f"{error}.") from None
    if period.name.startswith("FY"):
        period = parse_period(f"{period.start.year}Q{(period.start.month - 1) // 3 + 1}")
    _check(period)
    return period


def _check(period: Period) -> None:
    """Refuse what nothing can be known of, and what is too long to mean anything."""
    today = timezone.localdate()
    if period.start < _FIRST_DAY:
        raise forms.ValidationError(f"Please begin in {_FIRST_DAY.year} or later.")
    if is_quarter(period) and period.start > today:
        raise forms.ValidationError(f"{say_period(period)} has not begun yet. Please choose an earlier quarter.")
    if not is_quarter(period) and period.end > today:
        raise forms.ValidationError(f"Nothing is known of days to come. Please end on {say_date(today)} or earlier.")
    if period.end - period.start > _LONGEST:
        raise forms.ValidationError("That is more than three years. Please choose fewer days at a time.")
