"""`mentormothers propose`: who of the programme's clients are probably one, for coordinators to decide."""

import resource
from datetime import date
from typing import TYPE_CHECKING

from mentormothers.config.commands.progress import progress
from mentormothers.config.commands.speaking import NOTHING_DONE, refuse, tell
from mentormothers.config.embedded import EmbeddedError
from mentormothers.config.roles import RolesError
from mentormothers.config.starting import django_running

if TYPE_CHECKING:
    from mentormothers.sites.models import Organisation


def propose() -> None:
    """Compare the clients of each organisation; pairs that are probably one wait for coordinators. Runs each night.

    Names are opened in the memory of this process only, which ends with it.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash writes no memory to the disk
    try:
        with django_running():
            _propose_all()
    except (EmbeddedError, RolesError) as error:
        refuse(f"nothing was compared: {error}")


def _propose_all() -> None:
    from django.utils import timezone

    from mentormothers.sites.models import Organisation

    failed = [one for one in Organisation.objects.order_by("id") if not _propose(one, timezone.localdate())]
    if failed:
        raise SystemExit(NOTHING_DONE)


def _propose(organisation: "Organisation", today: date) -> bool:
    """Compare the clients of one organisation; says whether that could be done."""
    from mentormothers.access.sealing import UnreadableSealError
    from mentormothers.engines.columns import OutOfMemoryError
    from mentormothers.linkage.proposing import AlreadyRunningError, propose

    name = organisation.name
    try:
        with progress() as step:
            found = propose(organisation.id, today, lambda done, of, what: step(what, done, of or None))
    except AlreadyRunningError:
        tell(f"{name}: its clients are being compared just now. Nothing was done")
    except UnreadableSealError:
        tell(f"{name}: something sealed does not open. Please restore the keys that belong to this database")
    except OutOfMemoryError:
        tell(f"{name}: the memory of this machine is too small to compare its clients, and names are laid on no disk")
    else:
        tell(f"{name}: {found.persons} persons compared, {found.proposals} pairs wait, {found.new} of them new")
        return True
    return False
