"""Values of facts: what may be written, and the number an engine compares."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from mentormothers.facts.days import day_number, parse_day
from mentormothers.facts.vocabulary import Kind

_INTEGER = re.compile(r"[+-]?\d{1,9}", re.ASCII)
_VIRAL_LOAD = re.compile(r"([<>]?)\s*(\d{1,11})(?:\.0*)?", re.ASCII)
_LONGEST_TEXT = 200
BELOW_DETECTION = "LDL"


def parse_value(kind: Kind, text: str) -> tuple[str, int | None]:
    """The value in its normal form and the whole number it is compared by, if it has one.

    Codes count by their place in the vocabulary's list (0 is the first), decimals in units of their last
    place, viral loads in copies per ml (`<50` as 49, `>1000` as 1001, below detection as 0), dates as day numbers.
    Raises ValueError saying what is wrong and what is allowed.
    """
    value = text.strip()
    if "\x00" in value:
        raise ValueError(f"{kind.name}: a value may not contain the NUL character")
    if not value:
        value = kind.empty_means
        if kind.required:
            raise ValueError(f"{kind.name} needs a value{_allowed(kind)}")
    if len(value) > _LONGEST_TEXT:
        raise ValueError(f"{kind.name}: a value of {len(value)} characters is too long (at most {_LONGEST_TEXT})")
    if not value:
        return "", None
    match kind.value:
        case "code":
            return _code(kind, value)
        case "integer":
            return _integer(kind, value)
        case "decimal":
            return _decimal(kind, value)
        case "viral_load":
            return _viral_load(kind, value)
        case "date":
            return _date(kind, value)
        case "none" | "text":
            return value, None


def _code(kind: Kind, value: str) -> tuple[str, int | None]:
    if value in kind.codes:
        return value, kind.codes.index(value)
    if kind.open:
        return value, None
    raise ValueError(f"{kind.name}: {value!r} is not one of its codes{_allowed(kind)}")


def _integer(kind: Kind, value: str) -> tuple[str, int]:
    if not _INTEGER.fullmatch(value):
        raise ValueError(f"{kind.name}: {value!r} is not a whole number{_allowed(kind)}")
    number = int(value)
    _check_range(kind, number, value)
    return str(number), number


def _decimal(kind: Kind, value: str) -> tuple[str, int]:
    try:
        number = Decimal(value)
        scaled = number.scaleb(kind.decimals)
        if not number.is_finite() or scaled != scaled.to_integral_value():
            raise InvalidOperation
    except InvalidOperation:
        raise ValueError(
            f"{kind.name}: {value!r} is not a number with at most {kind.decimals} decimals{_allowed(kind)}"
        ) from None
    _check_range(kind, float(number), value)
    return str(number), int(scaled)


def _viral_load(kind: Kind, value: str) -> tuple[str, int]:
    if value.upper() == BELOW_DETECTION:
        return BELOW_DETECTION, 0
    match = _VIRAL_LOAD.fullmatch(value)
    if not match:
        raise ValueError(f"{kind.name}: {value!r} is not copies per ml. Please write 1200, <50, >10000000 or LDL")
    sign, digits = match.groups()
    number = int(digits)
    return f"{sign}{number}", max(0, number + {"<": -1, "": 0, ">": 1}[sign])


def _date(kind: Kind, value: str) -> tuple[str, int]:
    try:
        day: date = parse_day(value)[0]
    except ValueError as error:
        raise ValueError(f"{kind.name}: {error}") from None
    return day.isoformat(), day_number(day)


def _check_range(kind: Kind, number: float, value: str) -> None:
    too_small = kind.minimum is not None and number < kind.minimum
    too_large = kind.maximum is not None and number > kind.maximum
    if too_small or too_large:
        raise ValueError(f"{kind.name}: {value} is out of range{_allowed(kind)}")


def _allowed(kind: Kind) -> str:
    if kind.codes:
        return f". Please use one of: {', '.join(kind.codes)}"
    if kind.minimum is not None and kind.maximum is not None:
        return f". Please give {kind.unit or 'a number'} from {kind.minimum:g} to {kind.maximum:g}"
    return ""
