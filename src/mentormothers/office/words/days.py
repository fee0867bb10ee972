"""Days and moments as people say them."""

from datetime import date, datetime, timedelta

from django.utils import timezone

_LONG_AGO = 6  # days: within a week the weekday says enough


def say_day(day: date) -> str:
    """`Friday 7 March`, with the year when it is another than this."""
    return f"{day:%A} {say_date(day)}"


def say_date(day: date) -> str:
    """`7 March`, with the year when it is another than this."""
    year = "" if day.year == timezone.localdate().year else f" {day.year}"
    return f"{day.day} {day:%B}{year}"


def say_fact_day(day: date, precision: int) -> str:
    """A day as exactly as it is known: `Friday 7 March`, `in March 2024`, `in 2024`."""
    return (say_day(day), f"in {day:%B} {day.year}", f"in {day.year}")[precision]


def say_moment(at: datetime) -> str:
    """`today 07:40`, `yesterday 16:02`, `Tuesday 16:02`, `3 March 16:02`."""
    local = timezone.localtime(at)
    today = timezone.localdate()
    days = (today - local.date()).days
    if days in (0, 1):
        day = ("today", "yesterday")[days]
    else:
        day = f"{local:%A}" if 0 < days <= _LONG_AGO else say_date(local.date())
    return f"{day} {local:%H:%M}"


def say_days(days: int) -> str:
    """`1 day`, `4 days`."""
    return "1 day" if days == 1 else f"{days} days"


def near_day(day: date) -> str:
    """`today`, `tomorrow`, or the date."""
    today = timezone.localdate()
    return {today: "today", today + timedelta(days=1): "tomorrow"}.get(day, say_date(day))
