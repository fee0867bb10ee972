"""The scope of housekeeping that nobody asked for in person."""

from mentormothers.access.scope import Scope
from mentormothers.sites.models import Organisation, Site


def everywhere() -> Scope:
    """All sites of all organisations."""
    return Scope(
        tuple(Site.objects.values_list("id", flat=True)), tuple(Organisation.objects.values_list("id", flat=True))
    )
