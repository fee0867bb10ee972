"""Periods as people say them; quarters by both of their names, the calendar's and that of the US fiscal year."""

from mentormothers.indicators.periods import Period, is_quarter, parse_period

_FISCAL_YEAR_BEGINS = 10  # October


def is_running(period: Period) -> bool:
    """Whether the quarter is not over."""
    return period.end < parse_period(period.name).end


def say_period(period: Period) -> str:
    """`2026 Q4`, `2026 Q4 so far`, `1 January to 31 March 2025`."""
    if is_quarter(period):
        return f"{period.name[:4]} {period.name[4:]}{' so far' if is_running(period) else ''}"
    first, last = period.start, period.end
    year = "" if first.year == last.year else f" {first.year}"
    return f"{first.day} {first:%B}{year} to {last.day} {last:%B} {last.year}"


def say_within(period: Period) -> str:
    """What happened when: `in 2026 Q3`, `in this quarter so far`, `from 1 January to 31 March 2025`."""
    if is_running(period):
        return "in this quarter so far"
    return f"{'in' if is_quarter(period) else 'from'} {say_period(period)}"


def say_end(period: Period) -> str:
    """The last day: `the end of 2026 Q3`, `31 March 2025`, `today` in a quarter that is not over."""
    if is_running(period):
        return "today"
    return f"the end of {say_period(period)}" if is_quarter(period) else f"{period.end.day} {period.end:%B %Y}"


def fiscal_name(period: Period) -> str:
    """`FY27 Q1`: the quarter's name in the US fiscal year; other stretches of days have none."""
    if not is_quarter(period):
        return ""
    start = period.start
    year = start.year + (start.month >= _FISCAL_YEAR_BEGINS)
    return f"FY{year % 100:02d} Q{(start.month - _FISCAL_YEAR_BEGINS) % 12 // 3 + 1}"


def two_lines(period: Period) -> tuple[str, str]:
    """What stands under a column of a chart."""
    if not is_quarter(period):
        return f"{period.start.day} {period.start:%b %Y}", f"to {period.end.day} {period.end:%b %Y}"
    return period.name[4:], "so far" if is_running(period) else period.name[:4]
