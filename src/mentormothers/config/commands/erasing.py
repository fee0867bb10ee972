"""`mentormothers erase`: a client's identity, for ever."""

from typing import Annotated
from uuid import UUID

import typer

from mentormothers.config.commands.speaking import refuse, tell
from mentormothers.config.embedded import EmbeddedError
from mentormothers.config.roles import RolesError
from mentormothers.config.starting import django_running

_WARNING = """Her name, phones, addresses, clinic numbers and how she may be reached are erased for ever:
here, on phones when they next connect, and again after every restore. Nothing can bring them back.
What is known of her care stays under her pseudonym, and counts as before. It still is personal data of hers.
Backups on other disks, paper and pictures of screens are not reached: see docs/how-to/erase-a-client.md."""


def erase(
    client: Annotated[UUID, typer.Argument(help="Her pseudonym: the id in the address of her page.")],
    reason: Annotated[str, typer.Option(help="asked, consent_withdrawn, wrong_person or other.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether it is meant.")] = False,
) -> None:
    """Erase a client's name and everything that tells who she is; facts and numbers stay. It cannot be undone."""
    try:
        with django_running():
            _erase(client, reason, yes)
    except (EmbeddedError, RolesError) as error:
        refuse(f"nothing was erased: {error}")


def _erase(client: UUID, reason: str, yes: bool) -> None:
    from mentormothers.access.scope import scoped
    from mentormothers.care.models import Client
    from mentormothers.register.erasing import REASONS, AlreadyErasedError, erasure_of
    from mentormothers.sites.scopes import everywhere
    from mentormothers.sync import erasing

    if reason not in REASONS:
        refuse(f"nothing was erased: {reason!r} is no reason. Please give one of {', '.join(REASONS)}")
    with scoped(everywhere()):
        if not Client.objects.filter(id=client).exists():
            refuse("nothing was erased: nobody here has this pseudonym. It stands in the address of her page")
        if before := erasure_of(client):
            refuse(f"nothing is left to erase: her name was erased on {before.at:%Y-%m-%d}")
    tell(_WARNING)
    if not yes and not typer.confirm("Erase her?", err=True):
        refuse("nothing was erased")
    try:
        with scoped(everywhere()):
            erasing.erase(client, reason, by=None)
    except AlreadyErasedError:
        refuse("nothing was erased: somebody else erased her just now")
    tell("Erased. Please make a new backup now, and destroy older files of keys (.keys): they still hold her key.")
