"""`mentormothers add-administrator`, `add-ministry`: the accounts that nobody in the office can make."""

import re
from typing import Annotated

import typer

from mentormothers.config.commands.speaking import refuse, tell
from mentormothers.config.embedded import EmbeddedError
from mentormothers.config.roles import RolesError
from mentormothers.config.starting import django_running, migrate

_SIGN_IN_NAME = re.compile(r"[a-z0-9._-]{2,60}")
_SIGN_IN_LETTERS = "small letters, digits, '.', '-', '_'"


def add_administrator(
    name: Annotated[str, typer.Argument(help=f"The name she signs in with: {_SIGN_IN_LETTERS}.")],
    organisation: Annotated[str, typer.Option(help="Her organisation; it is made when there is none of this name.")],
    first_name: Annotated[str, typer.Option(help="How colleagues see her.")] = "Administrator",
) -> None:
    """Add an administrator and print her temporary password. She adds everybody else in the office."""
    if not 2 <= len(organisation.strip()) <= 120:
        refuse("nobody was added: an organisation's name has 2 to 120 letters")
    _add(name, first_name, organisation.strip())


def add_ministry(
    name: Annotated[str, typer.Argument(help=f"The name she signs in with: {_SIGN_IN_LETTERS}.")],
    first_name: Annotated[str, typer.Option(help="How she is greeted.")] = "Ministry",
) -> None:
    """Add somebody of the ministry of health and print her temporary password.

    She sees the country's published numbers down to the totals of sites, of all organisations, and nobody in them.
    """
    _add(name, first_name, "")


def _add(name: str, first_name: str, organisation: str) -> None:
    """Add an administrator of an organisation, or without one somebody of the ministry."""
    if not _SIGN_IN_NAME.fullmatch(name):
        refuse(f"nobody was added: {name!r} is no name to sign in with. Please use {_SIGN_IN_LETTERS}")
    try:
        with django_running() as found:
            migrate(found)
            password = _added(name, organisation, first_name.strip()[:60])
    except (EmbeddedError, RolesError) as error:
        refuse(f"nobody was added: {error}")
    print(password)
    tell("This password is shown once. Please change it after the first sign-in.")


def _added(name: str, organisation: str, first_name: str) -> str:
    from django.db import transaction

    from mentormothers.access.actions import NotAllowedError, add_user
    from mentormothers.access.models import Role
    from mentormothers.config.guard import NotAllowedToStartError, check_may_start
    from mentormothers.sites.models import Organisation

    try:
        check_may_start()  # from its first account on, a database is a programme's and no demo's
        with transaction.atomic():
            hers = Organisation.objects.get_or_create(name=organisation)[0] if organisation else None
            _, password = add_user(
                first_name=first_name,
                family_name="",
                role=Role.ADMINISTRATOR if hers else Role.MINISTRY,
                organisation=hers.id if hers else None,
                sites=[],
                by=None,
                username=name,
            )
    except (NotAllowedError, NotAllowedToStartError) as error:
        refuse(f"nobody was added: {error}")
    return password
