"""`mentormothers demo`, `serve`, `set-up`: starting the whole on one machine, or the parts on a server."""

import os
from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Console
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from mentormothers.config.backup import BackupError
from mentormothers.config.commands.speaking import refuse, tell
from mentormothers.config.database import Database, reachable_database, state_folder
from mentormothers.config.demo.build import keep_build, take_build
from mentormothers.config.embedded import EmbeddedError
from mentormothers.config.roles import RolesError, forget_everything
from mentormothers.config.running import Server, StartError, Stopped, check_port, stop_on_signals
from mentormothers.config.starting import bring_up_to_date, keys_file, start_django
from mentormothers.people.erasure_list import list_beside

HOST = "127.0.0.1"
PORT = 8000
Say = Callable[[str, float], None]


def demo(
    port: Annotated[int, typer.Option(help="The port of the address. Phones are bound to it.")] = PORT,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget the demo's data and begin anew.")] = False,
) -> None:
    """Run everything on this machine with synthetic people, until Ctrl-C."""
    os.environ["MENTORMOTHERS_DEMO"] = "1"
    stop_on_signals()
    try:
        check_port(HOST, port)
        with reachable_database() as found:
            _run_demo(found, port, fresh)
    except Stopped:
        tell("Stopped. The demo's data are kept; `script/demo` goes on with them.")
    except (StartError, EmbeddedError, RolesError, BackupError) as error:
        refuse(str(error))


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on; TLS is the work of a proxy before it.")] = HOST,
    port: Annotated[int, typer.Option(help="The port.")] = PORT,
) -> None:
    """Run web server and worker for a programme, until stopped. `set-up` comes first."""
    stop_on_signals()
    try:
        check_port(host, port)
        with reachable_database() as found:
            start_django(found)
            _check_may_serve()
            _run(Server(found, host, port, state_folder() / "logs"))
    except Stopped:
        tell("Stopped.")
    except (StartError, EmbeddedError, RolesError) as error:
        refuse(str(error))


def set_up() -> None:
    """Make roles and tables, or bring them up to date, and publish the programme's content to phones."""
    try:
        with reachable_database() as found, _progress() as say:
            start_django(found)
            for line in bring_up_to_date(found, say):
                tell(f"published {line}")
    except (EmbeddedError, RolesError) as error:
        refuse(str(error))


def _run_demo(found: Database, port: int, fresh: bool) -> None:
    with _progress() as say:
        if fresh:
            say("Forgetting the earlier demo", 0.0)
            forget_everything(found)
            list_beside(keys_file()).unlink(missing_ok=True)  # of the women of another demo
        say("Looking for today's build of the demo country", 0.0)
        take_build(found)
        start_django(found)
        bring_up_to_date(found, say)
        _people(found, say)
        say("Starting web server and worker", 0.98)
        server = Server(found, HOST, port, state_folder() / "logs", MENTORMOTHERS_DEMO="1")
        try:
            server.start()
        except BaseException:
            server.stop()
            raise
    try:
        Console(stderr=True).print(_welcome(server.address))
        server.watch()
    finally:
        server.stop()


def _check_may_serve() -> None:
    from django.db import DatabaseError

    from mentormothers.config.guard import NotAllowedToStartError, check_may_start
    from mentormothers.people.erasure_list import DamagedListError

    try:
        check_may_start()
        _erase_again()
    except (NotAllowedToStartError, DamagedListError) as error:
        refuse(str(error))
    except DatabaseError:
        refuse("this database is not set up yet, or not for this version. Please run `mentormothers set-up` first")


def _erase_again() -> None:
    """Whatever brought an older state of the database back, those who were erased since stay erased."""
    from mentormothers.access.scope import NOWHERE, scoped
    from mentormothers.sync.erasing import erase_again

    with scoped(NOWHERE):
        if again := erase_again():
            tell(f"{again} client(s) of the list of erasures were in this database and are erased again")


def _run(server: Server) -> None:
    try:
        server.start()
        tell(f"Serving at {server.address}; logs in {state_folder() / 'logs'}")
        server.watch()
    finally:
        server.stop()


def _first_site() -> str:
    from mentormothers.sites.models import Site

    first = Site.objects.order_by("id").first()
    return first.name if first else ""


def _people(found: Database, say: Say) -> None:
    from mentormothers.config.demo.programme import UnfinishedDemoError, already_there, make_programme
    from mentormothers.config.guard import NotAllowedToStartError, check_may_start

    try:
        check_may_start()
        if already_there():
            return
    except NotAllowedToStartError as error:
        raise StartError(str(error)) from None
    except UnfinishedDemoError:
        raise StartError("the demo was stopped while it was made. Please start it with --fresh") from None
    make_programme(say)
    say("Counting for managers and the ministry", 0.94)
    _publish()
    say("Keeping this build for the next fresh demo", 0.97)
    keep_build(found)


def _publish() -> None:
    """What the worker makes by itself later: the numbers of the managers' pages and the country's first edition."""
    from mentormothers.config.jobs import keep_counts, publish_country

    keep_counts()
    publish_country()


def _welcome(address: str) -> Panel:
    from mentormothers.config.demo.country import CLIENTS
    from mentormothers.config.demo.staff import PASSWORD

    text = f"""[bold]{address}[/bold]   sign in with the password [bold]{PASSWORD}[/bold]

  agness      Site Coordinator at {_first_site()}
  chikondi    Programme manager
  dalitso     Ministry of health: the whole country, and nobody in it
  watson      Administrator

Try first
  1. Sign in as [bold]agness[/bold]: who needs us first at her site, and why.
  2. Open [bold]Phones[/bold], make a code, and open its address in another window made as small as a phone:
     choose a picture and a number, then go offline, enrol a woman, record a visit, go online, send.
  3. Find her in the office; look under [bold]Clients[/bold] at who is perhaps one person.
  4. Sign in as [bold]chikondi[/bold] for the numbers.

{CLIENTS} women, their babies and all colleagues are invented. No protocol here is signed off by a ministry.
Ctrl-C stops everything and keeps the data; [bold]--fresh[/bold] begins anew."""
    return Panel(text, title="Mentor Mothers demo", expand=False, padding=(1, 2))


class _progress:  # noqa: N801  # used like a function
    """A progress bar on stderr; plain lines where there is no terminal."""

    def __enter__(self) -> Say:
        self._console = Console(stderr=True)
        self._bar = Progress(
            BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn(),
            console=self._console, transient=True, disable=not self._console.is_terminal,
        )  # fmt: skip
        self._bar.start()
        self._task = self._bar.add_task("Starting", total=1.0)
        return self._say

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _say(self, what: str, share: float) -> None:
        if not self._console.is_terminal:
            tell(f"{what} ...")
        self._bar.update(self._task, description=what, completed=share)
