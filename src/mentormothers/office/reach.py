"""What lies within somebody's reach: her sites, and the people and phones at them."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import Q
from django.http import Http404

from mentormothers.access.models import Device, Role, User
from mentormothers.care.joining import persons_of
from mentormothers.care.models import Client
from mentormothers.care.staying import is_guest
from mentormothers.sites.models import Organisation, Site


def organisations_of(user: User) -> list[Organisation]:
    """Her organisation; all of them for an administrator of the whole installation, who belongs to none."""
    everything = user.role == Role.ADMINISTRATOR and user.organisation is None
    found = Organisation.objects.order_by("name")
    return list(found if everything else found.filter(id=user.organisation or 0))


def sites_of(user: User) -> list[Site]:
    """The sites she works at, or keeps, by name."""
    found = (
        Site.objects.select_related("facility__district", "organisation")
        .prefetch_related("models")
        .order_by("name", "id")
    )
    if user.role == Role.ADMINISTRATOR:
        return list(found.filter(organisation__in=organisations_of(user)))
    return list(found.filter(id__in=user.memberships.values("site"), organisation=user.organisation or 0))


def site_or_404(user: User, number: int) -> Site:
    """One of her sites."""
    for site in sites_of(user):
        if site.id == number:
            return site
    raise Http404


def person_or_404(client: UUID) -> Client:
    """Somebody in scope, by whichever of her pseudonyms, under the one by which she is known."""
    known = Client.objects.filter(id=persons_of([client])[client]).first()
    if known is None:
        raise Http404
    return known


def guest_site(user: User, client: UUID) -> Site | None:
    """The one of her sites where a client of another site is a guest now."""
    return next((site for site in sites_of(user) if is_guest(client, [site.id])), None)


def people_at(sites: Iterable[int], *roles: Role) -> list[User]:
    """People who work at sites now, by first name; of some roles only, when any are named."""
    found = User.objects.filter(memberships__site__in=list(sites), is_active=True)
    if roles:
        found = found.filter(role__in=roles)
    return list(found.distinct().order_by("first_name", "family_name", "id"))


def first_names(people: Iterable[UUID | None]) -> Mapping[UUID, str]:
    """First names of colleagues by id; also of those who have left."""
    wanted = {person for person in people if person}
    return dict(User.objects.filter(id__in=wanted).values_list("id", "first_name"))


def phones_at(sites: Sequence[int]) -> list[Device]:
    """The phones of sites, those in use first, with their people."""
    found = Device.objects.filter(site__in=sites).prefetch_related("people").order_by("label", "enrolled_at")
    return sorted(found, key=lambda phone: phone.revoked_at is not None)


def phone_or_404(user: User, device: UUID) -> Device:
    """A phone of one of her sites."""
    found = Device.objects.filter(id=device, site__in=[site.id for site in sites_of(user)]).first()
    if found is None:
        raise Http404
    return found


def colleagues_of(user: User) -> list[User]:
    """Everybody whom an administrator keeps, those who are active first."""
    mine = Q(organisation__in=[organisation.id for organisation in organisations_of(user)])
    if user.organisation is None:
        mine |= Q(organisation=None)
    found = User.objects.filter(mine).prefetch_related("memberships")
    return list(found.order_by("-is_active", "first_name", "family_name", "id"))


def colleague_or_404(user: User, person: UUID) -> User:
    """One of those whom an administrator keeps."""
    for colleague in colleagues_of(user):
        if colleague.id == person:
            return colleague
    raise Http404
