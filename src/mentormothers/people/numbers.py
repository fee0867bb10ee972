"""Phone and clinic numbers as they are compared: whatever stands between the digits or before them, or is left out."""

import re

from mentormothers.facts.card_code import CardCodeError, read_code

# Lesotho, Botswana and Eswatini have numbers of eight digits, their neighbours of nine (national plans, ITU E.164).
_OF_EIGHT = ("266", "267", "268")
_RUNS = re.compile(r"[^\W\d_]+|\d+")


def phone_form(number: str) -> str:
    """The digits of a phone number without the country's code and leading noughts; empty where there are none."""
    digits = "".join(str(int(c)) for c in number if c.isdecimal()).lstrip("0")
    return digits[3:] if len(digits) == 11 and digits.startswith(_OF_EIGHT) else digits[-9:]


def number_form(number: str, kind: str) -> str:
    """A clinic number as runs of letters and digits, without leading noughts and the word for its kind.

    `ANC 0045/2025` of the kind `anc` is `45-2025`. Empty for what holds no digit, and for the code of no card.
    """
    if kind == "card":
        return card_form(number)
    runs = [run.lstrip("0") or "0" if run.isdecimal() else run for run in _RUNS.findall(number.casefold())]
    if runs[:1] == [kind]:
        del runs[0]
    return "-".join(runs) if any(run.isdecimal() for run in runs) else ""


def card_form(text: str) -> str:
    """The code of a card; empty for what is none."""
    try:
        return read_code(text)
    except CardCodeError:
        return ""
