"""How commands speak: results on stdout, everything else on stderr, exit codes that scripts can use."""

import sys
from collections.abc import Iterable, Mapping
from typing import NoReturn

import typer

from mentormothers.facts.csv_file import Refusal

SOME_ROWS_REFUSED = 1
NOTHING_DONE = 2


def tell(message: str) -> None:
    """One line to the person at the keyboard."""
    print(message, file=sys.stderr)


def refuse(message: str) -> NoReturn:
    """Say why nothing was done, and end."""
    tell(message)
    raise typer.Exit(NOTHING_DONE)


def report_rows(refusals: Iterable[Refusal], unknown_kinds: Mapping[str, int]) -> int:
    """Tell of every refused row and, once each, of kinds nobody knows. Gives the exit code."""
    code = 0
    for refusal in refusals:
        tell(f"{refusal.file}, line {refusal.line}: not taken: {refusal.reason}")
        code = SOME_ROWS_REFUSED
    for kind, count in sorted(unknown_kinds.items()):
        tell(f"kind {kind!r} is not in the vocabulary: {count} row(s) kept but not used")
    return code
