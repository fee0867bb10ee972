"""`mentormothers forms`: checking and reading the forms a country writes."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from mentormothers import PROGRAMME
from mentormothers.config.commands.speaking import NOTHING_DONE, SOME_ROWS_REFUSED, refuse, tell
from mentormothers.forms.checking import check_form
from mentormothers.forms.model import Question
from mentormothers.forms.xform import UnusableFormError, read_xlsform

app = typer.Typer(no_args_is_help=True, help="Check and read XLSForms.")
_FOLDER = PROGRAMME / "forms"


@app.callback()
def _forms() -> None:
    """Check and read XLSForms."""


@app.command()
def check(
    files: Annotated[list[Path] | None, typer.Argument(help="XLSForms; otherwise all of the programme.")] = None,
    production: Annotated[
        bool, typer.Option("--production", help="Refuse also translations that no speaker has checked.")
    ] = False,
) -> None:
    """Refuse what cannot work on a phone and what is not translated, with sheet, row and remedy."""
    chosen = files or sorted(_FOLDER.glob("*.xlsx"))
    missing = [file for file in chosen if not file.is_file()]
    if missing:
        refuse(f"{missing[0]}: no such file. Please check the name")
    faults = {file: check_form(file, production=production) for file in chosen}
    for file, found in faults.items():
        for fault in found:
            tell(f"{file}: {fault}")
    wrong = sum(1 for found in faults.values() if found)
    print(f"{len(chosen)} form(s) checked, {wrong} cannot be used." if wrong else f"{len(chosen)} form(s) checked.")
    raise typer.Exit(SOME_ROWS_REFUSED if wrong else 0)


@app.command()
def show(file: Annotated[Path, typer.Argument(help="An XLSForm, or the name of one of the programme's.")]) -> None:
    """Print what a form asks and which facts follow from the answers."""
    path = file if file.suffix else _FOLDER / f"{file}.xlsx"
    try:
        form = read_xlsform(path).form
    except UnusableFormError as error:
        tell(f"{path}: {error}")
        raise typer.Exit(NOTHING_DONE) from None
    table = Table(title=f"{form.title} ({form.id} {form.version}, about the {form.role})", title_justify="left")
    for heading in ("question", "type", "states", "sealed as"):
        table.add_column(heading, overflow="fold")
    for question in form.questions:
        table.add_row(
            f"{question.repeat}/{question.path}".lstrip("/"), question.type, _states(question), question.identity
        )
    Console().print(table)


def _states(question: Question) -> str:
    if question.record or question.context:
        return f"record: {question.record}" if question.record else f"from the client: {question.context}"
    details = [f"{name} {value}" for name, value in (("on", question.day), ("about", question.about)) if value]
    when = f" if {'/'.join(question.when)}" if question.when else ""
    return " ".join([question.fact + when, *details]) if question.fact else ""
