"""What templates say of days and states, and our drawings."""

from datetime import date, datetime

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mentormothers.indicators.periods import Period
from mentormothers.office.words import days

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of our drawings; words beside it say the same."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("office/icons.svg"), name
    )


@register.filter
def say_day(day: date) -> str:
    """`Friday 7 March`"""
    return days.say_day(day)


@register.filter
def say_date(day: date) -> str:
    """`7 March`"""
    return days.say_date(day)


@register.filter
def say_moment(at: datetime | None) -> str:
    """`today 07:40`"""
    return days.say_moment(at) if at else "never"


@register.filter
def say_span(period: Period) -> str:
    """`1 October 2025 to 30 September`"""
    return f"{days.say_date(period.start)} to {days.say_date(period.end)}"
