"""Quarters by both of their names, the calendar's and that of the US fiscal year."""

from mentormothers.indicators.periods import Period, parse_period

_FISCAL_YEAR_BEGINS = 10  # October


def is_running(period: Period) -> bool:
    """Whether the quarter is not over."""
    return period.end < parse_period(period.name).end


def say_quarter(period: Period) -> str:
    """`2026 Q4`, or `2026 Q4 so far`."""
    return f"{period.name[:4]} {period.name[4:]}{' so far' if is_running(period) else ''}"


def fiscal_name(period: Period) -> str:
    """`FY27 Q1`: the quarter's name in the US fiscal year."""
    start = period.start
    year = start.year + (start.month >= _FISCAL_YEAR_BEGINS)
    return f"FY{year % 100:02d} Q{(start.month - _FISCAL_YEAR_BEGINS) % 12 // 3 + 1}"


def two_lines(period: Period) -> tuple[str, str]:
    """The quarter under a column of a chart."""
    return period.name[4:], "so far" if is_running(period) else period.name[:4]
