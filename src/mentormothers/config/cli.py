"""The command `mentormothers`. Each command says what it does in one line; `--help` says the rest."""

import sys

import psycopg
import typer
from django.db.utils import OperationalError

from mentormothers.config.commands import (
    backups,
    bench,
    erasing,
    forms,
    imports,
    indicators,
    link,
    people,
    propose,
    protocol,
    rebuilding,
    schedule,
    serving,
    simulate,
    snapshot,
)
from mentormothers.config.commands.speaking import NOTHING_DONE, tell
from mentormothers.config.database import AddressError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a traceback with local values could show what people said
    help="Runs a Mentor Mother programme.",
)


@app.callback()
def _mentormothers() -> None:
    """Runs a Mentor Mother programme."""


app.command()(schedule.schedule)
app.command()(indicators.indicators)
app.add_typer(protocol.app, name="protocol")
app.add_typer(imports.app, name="import")
app.add_typer(forms.app, name="forms")
app.command()(people.add_administrator)
app.command()(people.add_ministry)
app.command()(simulate.simulate)
app.command()(snapshot.snapshot)
app.command()(link.link)
app.command()(propose.propose)
app.add_typer(bench.app, name="bench")
app.command()(backups.backup)
app.command()(backups.restore)
app.command()(erasing.erase)
app.command()(rebuilding.rebuild)
app.command()(serving.demo)
app.command()(serving.serve)
app.command()(serving.set_up)


def main() -> None:
    """Run one command."""
    try:
        app(prog_name="mentormothers")
    except AddressError as error:
        tell(str(error))
        sys.exit(NOTHING_DONE)
    except (psycopg.OperationalError, OperationalError) as error:
        tell(f"the database: {str(error).strip()}\nPlease check DATABASE_URL and that the database runs")
        sys.exit(NOTHING_DONE)
