"""Sites and people: where the programme works, who works there, and who may sign in. No client is seen here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from mentormothers.access.actions import (
    NotAllowedError,
    activate,
    add_user,
    deactivate,
    new_password,
    set_sites,
)
from mentormothers.access.models import Cadre, Role, User
from mentormothers.office.forms import AddPersonForm, FindFacilityForm, HandOverForm, OpenSiteForm, SitesForm, name_sent
from mentormothers.office.listing import PAGE, read_wish
from mentormothers.office.reach import colleague_or_404, colleagues_of, organisations_of, site_or_404, sites_of
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.office.telling import tell
from mentormothers.sites.actions import NotAllowedError as SiteNotAllowedError
from mentormothers.sites.actions import facilities_named, hand_over, open_site
from mentormothers.sites.models import Facility, Organisation, Site

_KEEPER = screen(Role.ADMINISTRATOR)
_BOTH = ("GET", "HEAD", "POST")


@dataclass(frozen=True)
class Colleague:
    """Somebody who works with the system, as she is listed."""

    user: User
    sites: str


@screen(Role.ADMINISTRATOR, methods=_BOTH)
def people(request: OfficeRequest) -> HttpResponse:
    """Organisations with their sites, and everybody who works with the system; posted, those of a name."""
    text, show = name_sent(request.POST), read_wish(request.POST).show
    sites = sites_of(request.user)
    names = {site.id: site.name for site in sites}
    shown = [site for site in sites if _fits(text, site.name)]
    colleagues = [_colleague(user, names) for user in colleagues_of(request.user) if _fits(text, _whole_name(user))]
    words = {
        "organisations": {o: [s for s in shown if s.organisation_id == o.id][:show] for o in _mine(request)},
        "colleagues": colleagues[:show],
        "text": text,
        "more": show + PAGE if max(len(colleagues), len(shown)) > show else 0,
    }
    return render(request, "office/_people.html" if request.htmx else "office/people.html", words)


@screen(Role.ADMINISTRATOR, methods=_BOTH)
def add_person(request: OfficeRequest) -> HttpResponse:
    """A new colleague; her temporary password is shown this once."""
    sites, organisations = sites_of(request.user), _mine(request)
    form = AddPersonForm(request.POST or None, sites=sites, organisations=organisations)
    if form.is_valid():
        try:
            user, password = _added(request, form, sites)
            return _shown_once(request, user, password)
        except NotAllowedError as error:
            form.add_error("username", str(error))
    return render(request, "office/add_person.html", {"form": form}, status=400 if form.is_bound else 200)


@_KEEPER
def person(request: OfficeRequest, person: UUID) -> HttpResponse:
    """One colleague: her sites, her account."""
    known = colleague_or_404(request.user, person)
    return _person_page(request, known)


@screen(Role.ADMINISTRATOR, methods=("POST",))
def person_sites(request: OfficeRequest, person: UUID) -> HttpResponse:
    """Set the sites at which she works."""
    known = colleague_or_404(request.user, person)
    form = SitesForm(request.POST, sites=_her_sites(request, known))
    if not form.is_valid():
        return _person_page(request, known, form)
    set_sites(known, [int(site) for site in form.cleaned_data["sites"]], by=request.user)
    tell(request, "Her sites are kept. She sees them at her next click.")
    return redirect("person", known.id)


@screen(Role.ADMINISTRATOR, methods=("POST",))
def person_account(request: OfficeRequest, person: UUID, deed: str) -> HttpResponse:
    """Close her account, open it again, or give her a new password, which is shown this once."""
    known = colleague_or_404(request.user, person)
    if deed not in ("password", "close", "open"):
        raise Http404
    try:
        if deed == "password":
            return _shown_once(request, known, new_password(known, by=request.user))
        if deed == "close":
            deactivate(known, by=request.user)
            tell(request, "Her account is closed. She is out from her next click on.")
        else:
            activate(known, by=request.user)
            tell(request, "Her account is open again.")
    except NotAllowedError as error:
        tell(request, str(error), "trouble")
    return redirect("person", known.id)


@screen(Role.ADMINISTRATOR)
def find_facility(request: OfficeRequest) -> HttpResponse:
    """Facilities of the imported lists by name, to open a site at one."""
    form = FindFacilityForm(request.GET or None)
    found = facilities_named(form.cleaned_data["name"]) if form.is_valid() else []
    return render(request, "office/find_facility.html", {"form": form, "found": found, "asked": form.is_bound})


@screen(Role.ADMINISTRATOR, methods=_BOTH)
def open_site_at(request: OfficeRequest, facility: int) -> HttpResponse:
    """Open a site at a facility."""
    at = Facility.objects.select_related("district").filter(id=facility).first() if facility < 2**63 else None
    if at is None:
        return redirect("find-facility")
    organisations = _mine(request)
    form = OpenSiteForm(request.POST or None, organisations=organisations)
    if form.is_valid():
        try:
            _opened(request, form, at, organisations)
            return redirect("people")
        except SiteNotAllowedError as error:
            form.add_error(None, str(error))
    return render(
        request, "office/open_site.html", {"form": form, "facility": at}, status=400 if form.is_bound else 200
    )


@screen(Role.ADMINISTRATOR, methods=_BOTH)
def hand_over_site(request: OfficeRequest, number: int) -> HttpResponse:
    """Say how a site is run from a day on."""
    site = site_or_404(request.user, number)
    form = HandOverForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            hand_over(site, given["delivery_model"], since=given["since"], by=request.user)
            tell(request, f"{site.name}: written down.")
            return redirect("people")
        except SiteNotAllowedError as error:
            form.add_error(None, str(error))
    words = {"form": form, "site": site, "said": site.models.order_by("since", "id")}
    return render(request, "office/hand_over.html", words, status=400 if form.is_bound else 200)


def _mine(request: OfficeRequest) -> list[Organisation]:
    return organisations_of(request.user)


def _whole_name(user: User) -> str:
    return f"{user.first_name} {user.family_name}"


def _fits(text: str, name: str) -> bool:
    return all(word in name.casefold() for word in text.casefold().split())


def _colleague(user: User, names: Mapping[int, str]) -> Colleague:
    at = sorted(names[m.site] for m in user.memberships.all() if m.site in names)
    return Colleague(user, ", ".join(at))


def _added(request: OfficeRequest, form: AddPersonForm, sites: Sequence[Site]) -> tuple[User, str]:
    given = form.cleaned_data
    cadre = given["work"] if given["work"] in Cadre else ""
    role, organisation = Role.MENTOR if cadre else Role(given["work"]), int(given["organisation"])
    hers = [site.id for site in sites if site.organisation_id == organisation]
    chosen = {int(site) for site in given["sites"]}
    return add_user(
        first_name=given["first_name"],
        family_name=given["family_name"],
        username=given["username"],
        role=role,
        cadre=cadre,
        organisation=organisation,
        sites=_sites_for(role, hers, chosen),
        by=request.user,
    )


def _sites_for(role: Role, hers: Sequence[int], chosen: set[int]) -> list[int]:
    if role == Role.MANAGER:
        return list(hers)
    return [] if role == Role.ADMINISTRATOR else [site for site in hers if site in chosen]


def _her_sites(request: OfficeRequest, person: User) -> list[Site]:
    return [site for site in sites_of(request.user) if site.organisation_id == person.organisation]


def _person_page(request: OfficeRequest, person: User, form: SitesForm | None = None) -> HttpResponse:
    at = [str(site) for site in person.memberships.values_list("site", flat=True)]
    words = {
        "person": person,
        "form": form or SitesForm(initial={"sites": at}, sites=_her_sites(request, person)),
        "has_sites": person.role != Role.ADMINISTRATOR,
        "signs_in": person.role != Role.MENTOR,
        "oneself": person.id == request.user.id,
    }
    return render(request, "office/person.html", words, status=400 if form else 200)


def _shown_once(request: OfficeRequest, person: User, password: str) -> HttpResponse:
    return render(request, "office/shown_once.html", {"person": person, "password": password})


def _opened(request: OfficeRequest, form: OpenSiteForm, at: Facility, organisations: Sequence[Organisation]) -> None:
    given = form.cleaned_data
    by = {str(organisation.id): organisation for organisation in organisations}
    open_site(
        facility=at,
        organisation=by[given["organisation"]],
        delivery_model=given["delivery_model"],
        opened=given["opened"],
        by=request.user,
    )
    tell(request, f"{at.name} is a site now. Next, say who works there.")
