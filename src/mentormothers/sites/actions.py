"""Opening sites."""

from datetime import date

from django.db import transaction

from mentormothers.access.audit import note
from mentormothers.access.models import Membership, Role, User
from mentormothers.sites.models import Facility, Organisation, Site


@transaction.atomic
def open_site(
    *, facility: Facility, organisation: Organisation, delivery_model: str, opened: date, by: User | None = None
) -> Site:
    """Open a site at a facility; the managers of its organisation get to see it."""
    site = Site.objects.create(
        name=facility.name,
        facility=facility,
        organisation=organisation,
        delivery_model=delivery_model,
        opened=opened,
    )
    managers = User.objects.filter(organisation=organisation.id, role=Role.MANAGER)
    Membership.objects.bulk_create([Membership(user=manager, site=site.id) for manager in managers])
    note("site.opened", who=by, site=site.id)
    return site
