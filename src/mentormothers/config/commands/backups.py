"""`mentormothers backup` and `restore`."""

from pathlib import Path
from typing import Annotated

import typer

from mentormothers.config.backup import BackupError, back_up
from mentormothers.config.backup import restore as restore_backup
from mentormothers.config.commands.speaking import refuse, tell
from mentormothers.config.database import reachable_database
from mentormothers.config.embedded import EmbeddedError
from mentormothers.config.roles import RolesError, make_roles
from mentormothers.people.erasure_list import DamagedListError


def backup(folder: Annotated[Path, typer.Argument(help="Where the two files go.")]) -> None:
    """Write a backup: one file of care, one of keys. Keep them apart; only both together can be read as persons."""
    try:
        with reachable_database() as found:
            care, keys = back_up(found, folder)
    except (BackupError, DamagedListError, EmbeddedError, ValueError, OSError) as error:
        refuse(f"no backup was made: {error}")
    print(care)
    print(keys)
    tell("Please keep the two files in different places: without the keys, nobody in the first can be read.")


def restore(
    care: Annotated[Path, typer.Argument(help="The file of care (.care).")],
    keys: Annotated[Path | None, typer.Option(help="The file of keys (.keys); without it names stay sealed.")] = None,
    erasures: Annotated[
        Path | None, typer.Option(help="Who was erased since: a later file of care (.care), or a later erasures.jsonl.")
    ] = None,
) -> None:
    """Fill this installation's empty database from a backup. Phones start their feed again and lose nothing."""
    try:
        with reachable_database() as found:
            make_roles(found)
            again = restore_backup(found, care, keys, erasures)
    except (BackupError, EmbeddedError, RolesError, OSError) as error:
        refuse(f"not restored: {error}")
    if again:
        tell(f"{again} client(s) who were erased since this backup was made are erased again.")
    tell("Restored." if keys else "Restored without keys: names, phones and addresses cannot be read.")
