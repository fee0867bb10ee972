"""Starting: Django with the right database, roles and tables in place."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mentormothers.access.keys import make_keys
from mentormothers.config.database import Database, reachable_database, state_folder
from mentormothers.config.roles import make_roles


def keys_file() -> Path:
    """Where the installation's keys lie."""
    return Path(os.environ.get("MENTORMOTHERS_KEYS", state_folder() / "keys.json"))


def environment(found: Database) -> dict[str, str]:
    """What a process that runs Django needs in its environment."""
    return {
        "DJANGO_SETTINGS_MODULE": "mentormothers.config.settings",
        "MENTORMOTHERS_APP_URL": found.app,
        "MENTORMOTHERS_ADMIN_URL": found.admin or "",
    }


def start_django(found: Database) -> None:
    """Set Django up in this process for a database."""
    import django

    make_keys(keys_file())
    os.environ.update(environment(found))
    django.setup()


@contextmanager
def django_running() -> Iterator[Database]:
    """Django over the database of this installation, for the length of a command."""
    with reachable_database() as found:
        start_django(found)
        yield found


def migrate(found: Database) -> None:
    """Make roles and bring the tables up to date. Does nothing with the login of mm_app, which may not."""
    if found.admin is None:
        return
    from django.core.management import call_command

    make_roles(found)
    call_command("migrate", database="owner", verbosity=0, interactive=False)


def bring_up_to_date(found: Database, say: Callable[[str, float], None]) -> list[str]:
    """Tables, styles and published content as this version has them. Gives what was published."""
    say("Bringing the tables up to date", 0.0)
    migrate(found)
    collect_static()
    say("Publishing forms and protocol to phones", 0.02)
    from mentormothers.care.live import protocol_in_force
    from mentormothers.care.publishing import publish_programme

    return publish_programme(protocol_in_force())


def collect_static() -> None:
    """Gather styles and pictures where the web server hands them out from."""
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)
