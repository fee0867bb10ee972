"""Before anything is served: may this server run here at all?

No protocol in the library is signed off by a ministry, and the safety work that the README names is not finished.
So the server runs as a demo with synthetic people, or only after somebody has written down in its settings that
this is known.
"""

from django.conf import settings

from mentormothers.access.models import Installation

ACKNOWLEDGEMENT = "no protocol is signed off by a ministry: synthetic people only"


class NotAllowedToStartError(Exception):
    """The server must not start; the message says why and what to set."""


def check_may_start() -> None:
    """Raise NotAllowedToStartError unless this is a demo, or the setting repeats what must be known."""
    kind = "demo" if settings.DEMO else "programme"
    if not settings.DEMO and settings.UNSIGNED_PROTOCOLS != ACKNOWLEDGEMENT:
        raise NotAllowedToStartError(
            "outside the demo the server starts only with the setting\n"
            f'    MENTORMOTHERS_UNSIGNED_PROTOCOLS="{ACKNOWLEDGEMENT}"\n'
            "which says that this is known. Please read the README first."
        )
    known, _ = Installation.objects.get_or_create(only_one=True, defaults={"kind": kind})
    if known.kind != kind:
        raise NotAllowedToStartError(
            f"this database was begun as a {known.kind} and is not served as a {kind}. Please use another database."
        )
