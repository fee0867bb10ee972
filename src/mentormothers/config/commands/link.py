"""`mentormothers link`: from a file of persons to pairs that are probably one person."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from mentormothers.config.commands.progress import Step, progress
from mentormothers.config.commands.speaking import SOME_ROWS_REFUSED, refuse, tell
from mentormothers.facts.csv_file import Refusal, UnreadableFileError
from mentormothers.linkage.costs import threshold
from mentormothers.linkage.explaining import in_words
from mentormothers.linkage.pairs import Pair
from mentormothers.linkage.persons_file import PersonsFile, read_persons
from mentormothers.office.csv_file import harmless

_SHOWN = 20  # rows of each kind on the screen; the report file has all
_COLUMNS = ("id_a", "id_b", "probability")
_DEFAULT = round(threshold(), 4)


def link(
    file: Annotated[Path, typer.Argument(help="Persons (CSV): id, given_name, surname, date_of_birth, sex, phone ...")],
    out: Annotated[Path, typer.Option(help="The pairs are written here (CSV): id_a, id_b, probability.")],
    against: Annotated[
        Path | None,
        typer.Option(
            help="Hold the persons of the file against those of this one only: who came, against who is known."
        ),
    ] = None,
    at_least: Annotated[
        float, typer.Option("--threshold", help="Propose pairs from this probability on; by the costs of errors.")
    ] = _DEFAULT,
    explain: Annotated[
        Path | None, typer.Option(help="Write here what speaks for and against each pair, in words (CSV).")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write every row or cell here that was not taken (CSV).")] = None,
) -> None:
    """Propose pairs of persons in a file that are probably one. Nothing is merged: people decide."""
    _check(file, against, at_least, [path for path in (out, explain, report) if path])
    try:
        with progress() as step:
            read, pairs = _link([file, against] if against else [file], at_least, step)
        _write(out, _COLUMNS, ((pair.a, pair.b, _said(pair)) for pair in pairs))
        if explain:
            rows = ([harmless(cell) for cell in (p.a, p.b)] + [_said(p), in_words(p)] for p in pairs)
            _write(explain, (*_COLUMNS, "why"), rows)
        if report:
            _write(report, ("file", "line", "verdict", "reason"), _reported(read))
    except UnreadableFileError as error:
        refuse(str(error))
    except OSError as error:
        refuse(f"{error.filename}: could not be written to the end: {error.strerror}. Please make room or name another")
    _tell(read, pairs, out)
    raise typer.Exit(SOME_ROWS_REFUSED if any(one.refused for one in read) else 0)


def _link(files: Sequence[Path], at_least: float, step: Step) -> tuple[list[PersonsFile], list[Pair]]:
    """What was read of each file; the pairs of the first, or of it with the second."""
    from mentormothers.linkage.arrivals import register_of  # Splink: a second that other commands do not need
    from mentormothers.linkage.judging import link as link_persons

    today = date.today()  # noqa: DTZ011  # civil day here

    def read_one(path: Path) -> PersonsFile:
        return read_persons(path, today, lambda done, of: step(f"reading {path.name}", done, of))

    def judging(done: int, of: int, what: str) -> None:
        step(what, done, of)

    read = list(map(read_one, files))
    if len(read) == 1:
        return read, link_persons(read[0].persons, today, at_least, judging)
    came, known = (one.persons for one in read)
    if twice := len(set(came.ids) & set(known.ids)):
        raise UnreadableFileError(
            f"{files[0]}: {twice} of its ids stand in {files[1]} too. Please take out there who came, or rename"
        )
    with register_of(known, today, judging) as register:
        return read, register.pairs_of(came, at_least)


def _check(file: Path, against: Path | None, at_least: float, written: Sequence[Path]) -> None:
    if not 0 < at_least <= 1:
        refuse(f"--threshold: {at_least} cannot be. Please give a probability above 0 and up to 1, such as {_DEFAULT}")
    named = [path for path in (file, against, *written) if path]
    if len({path.resolve() for path in named}) < len(named):
        refuse(f"{file}: this file would be written over, or two results into one. Please name different files")
    for path in written:
        if not path.parent.is_dir():
            refuse(f"{path.parent}: no such folder. Please make it, or name another")


def _write(path: Path, head: Sequence[str], rows: Iterator[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


def _said(pair: Pair) -> str:
    return f"{pair.probability:.6f}"


def _reported(read: Sequence[PersonsFile]) -> Iterator[Sequence[object]]:
    for verdict, refusals in _refusals(read):
        yield from ((harmless(refusal.file), refusal.line, verdict, refusal.reason) for refusal in refusals)


def _refusals(read: Sequence[PersonsFile]) -> Iterator[tuple[str, Sequence[Refusal]]]:
    for found in read:
        yield "not taken", found.refused
        yield "linked without this cell", found.left_out


def _tell(read: Sequence[PersonsFile], pairs: Sequence[Pair], out: Path) -> None:
    for verdict, refusals in _refusals(read):
        _tell_some(verdict, refusals)
    persons = " against ".join(str(len(found.persons)) for found in read)
    tell(f"{persons} persons, {len(pairs)} pairs that are probably one person in {out}")


def _tell_some(verdict: str, refusals: Sequence[Refusal]) -> None:
    for refusal in refusals[:_SHOWN]:
        tell(f"{refusal.file}, line {refusal.line}: {verdict}: {refusal.reason}")
    if (more := len(refusals) - _SHOWN) > 0:
        tell(f"... and {more} more {verdict}; --report FILE writes all of them")
