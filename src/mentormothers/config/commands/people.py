"""`mentormothers add-administrator`: the first account of an installation. All others are made in the office."""

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
    if not _SIGN_IN_NAME.fullmatch(name):
        refuse(f"nobody was added: {name!r} is no name to sign in with. Please use {_SIGN_IN_LETTERS}")
    if not 2 <= len(organisation.strip()) <= 120:
        refuse("nobody was added: an organisation's name has 2 to 120 letters")
    try:
        with django_running() as found:
            migrate(found)
            password = _add(name, organisation.strip(), first_name.strip()[:60])
    except (EmbeddedError, RolesError) as error:
        refuse(f"nobody was added: {error}")
    print(password)
    tell("This password is shown once. Please change it after the first sign-in.")


def _add(name: str, organisation: str, first_name: str) -> str:
    from django.db import transaction

    from mentormothers.access.actions import NotAllowedError, add_user
    from mentormothers.access.models import Role
    from mentormothers.config.guard import NotAllowedToStartError, check_may_start
    from mentormothers.sites.models import Organisation

    try:
        check_may_start()  # from its first account on, a database is a programme's and no demo's
        with transaction.atomic():
            hers, _ = Organisation.objects.get_or_create(name=organisation)
            _, password = add_user(
                first_name=first_name, family_name="", role=Role.ADMINISTRATOR, organisation=hers.id, sites=[], by=None,
                username=name,
            )  # fmt: skip
    except (NotAllowedError, NotAllowedToStartError) as error:
        refuse(f"nobody was added: {error}")
    return password
