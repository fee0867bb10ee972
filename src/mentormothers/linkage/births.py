"""Reading birth days as people write them, and how much of one is known."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_FORMS = (
    re.compile(r"(?P<y>\d{4})(?:[-/.](?P<m>\d{1,2})(?:[-/.](?P<d>\d{1,2}))?)?"),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"),
)
_TURNED = re.compile(r"(?P<a>\d{1,2})[-/. ](?P<b>\d{1,2})[-/. ](?P<y>\d{4})")
_NAMED = re.compile(r"(?P<d>\d{1,2})[-/ ](?P<m>[a-z]{3})[a-z]*[-/, ]+(?P<y>\d{4})", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = re.compile(r"[T ]\d{2}:\d{2}.*")
_SLIPS = str.maketrans("oOlIi", "00111")
FIRST_YEAR, LAST_YEAR = 1850, 2199


@dataclass(frozen=True)
class Birth:
    """A birth day as far as it is known.

    year, month, day   0 for what is not known
    written            its eight digits as written, by which slips of the pen are found, even of a day that cannot be
    """

    year: int = 0
    month: int = 0
    day: int = 0
    written: str = ""


@lru_cache(maxsize=200_000)
def read_birth(text: str) -> tuple[Birth, str]:
    """A birth day and what is wrong with it, if anything.

    ISO, with or without dashes, a year or a month alone, and day before month as Africa and Europe write it; month
    before day only where it cannot be otherwise.
    """
    plain = _TIME.sub("", text.strip())
    if not plain:
        return Birth(), ""
    year, month, day = _parts(plain)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        # A day that cannot be read may still be a slip of one that can: 7 l9770220, 19350231.
        digits = re.sub(r"\D", "", plain.translate(_SLIPS))
        return Birth(written=digits if len(digits) == 8 else ""), _UNREADABLE
    written = f"{year:04d}{month:02d}{day:02d}"
    if not _exists(year, month, day):
        return Birth(year, written=written if day else ""), _IMPOSSIBLE
    return Birth(year, month, day, written if day else ""), ""


_UNREADABLE = "is no date that can be read. Please write it like 1990-05-17, 1990-05 or 1990"
_IMPOSSIBLE = "does not exist in the calendar. Please correct it, or write the year alone"


def _parts(plain: str) -> tuple[int, int, int]:
    for form in _FORMS:
        if match := form.fullmatch(plain):
            return int(match["y"]), int(match["m"] or 0), int(match["d"] or 0)
    if match := _TURNED.fullmatch(plain):
        a, b = int(match["a"]), int(match["b"])
        day, month = (b, a) if b > 12 >= a else (a, b)
        return int(match["y"]), month, day
    if (match := _NAMED.fullmatch(plain)) and match["m"].lower() in _MONTHS:
        return int(match["y"]), _MONTHS.index(match["m"].lower()) + 1, int(match["d"])
    return 0, 0, 0


def _exists(year: int, month: int, day: int) -> bool:
    if month > 12 or (day and not month):
        return False
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return False
    return True
