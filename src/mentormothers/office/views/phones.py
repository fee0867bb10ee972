"""Phones: who has which, when it was last heard of; enrolling one by a code, and putting one out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from mentormothers.access.devices import CODE_MINUTES, make_code, revoke
from mentormothers.access.models import Device, Role, User
from mentormothers.followup.phones import SILENT_DAYS
from mentormothers.office.forms import NewPhoneForm
from mentormothers.office.reach import people_at, phone_or_404, phones_at, sites_of
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.office.telling import tell
from mentormothers.sites.models import Site

_WHO = (Role.COORDINATOR, Role.ADMINISTRATOR)
_BOTH = ("GET", "HEAD", "POST")


@dataclass(frozen=True)
class Phone:
    """A phone as it is listed."""

    device: Device
    site: str
    people: str
    silent_days: int

    @property
    def silent(self) -> bool:
        """Whether somebody should ask after it."""
        return self.device.revoked_at is None and self.silent_days >= SILENT_DAYS


@screen(*_WHO)
def phones(request: OfficeRequest) -> HttpResponse:
    """The phones of one's sites."""
    sites = {site.id: site.name for site in sites_of(request.user)}
    found = [_phone(device, sites) for device in phones_at(list(sites))]
    return render(request, "office/phones.html", {"phones": found, "several": len(sites) > 1})


@screen(*_WHO, methods=_BOTH)
def new_phone(request: OfficeRequest) -> HttpResponse:
    """Whose phone it will be; posted, the code, which is shown this once."""
    sites = sites_of(request.user)
    chosen = _chosen(sites, request.POST.get("site") or request.GET.get("site", ""))
    people = people_at([chosen.id], Role.MENTOR, Role.COORDINATOR) if chosen else []
    form = NewPhoneForm(request.POST if request.method == "POST" else None, sites=sites, people=people)
    if chosen and form.is_valid():
        users = [person for person in people if str(person.id) in form.cleaned_data["people"]]
        return _code(request, chosen, users, form.cleaned_data["label"])
    words = {"form": form, "chosen": chosen, "sites": sites, "people": people}
    return render(request, "office/new_phone.html", words, status=400 if form.is_bound else 200)


@screen(*_WHO, methods=_BOTH)
def revoke_phone(request: OfficeRequest, device: UUID) -> HttpResponse:
    """What putting it out means; posted, it is put out."""
    known = phone_or_404(request.user, device)
    if request.method == "POST":
        revoke(known, by=request.user)
        tell(
            request,
            "The phone is out of service. It learns so when it next connects; unsent work can still be carried in.",
        )
        return redirect("phones")
    sites = {site.id: site.name for site in sites_of(request.user)}
    return render(request, "office/revoke_phone.html", {"phone": _phone(known, sites)})


def _chosen(sites: Sequence[Site], number: str) -> Site | None:
    if len(sites) == 1 and not number:
        return sites[0]
    return next((site for site in sites if str(site.id) == number), None)


def _code(request: OfficeRequest, site: Site, people: Sequence[User], label: str) -> HttpResponse:
    code = make_code(by=request.user, site=site.id, organisation=site.organisation_id, people=people, label=label)
    words = {
        "code": code,
        "qr": _drawn(_address(request, code)),
        "until": _until(),
        "minutes": CODE_MINUTES,
        "people": ", ".join(person.first_name for person in people),
        "site": site,
        "label": label,
    }
    return render(request, "office/code.html", words)


def _address(request: HttpRequest, code: str) -> str:
    # The code stands after the #: a browser sends that part to no server, so it is in no log.
    return request.build_absolute_uri(f"/phone/#/enrol/{code}")


def _drawn(address: str) -> SafeString:
    drawing = segno.make(address, error="m").svg_inline(scale=6, border=4, light="#fff", svgclass="qr", omitsize=True)
    return mark_safe(drawing)  # noqa: S308  # drawn here from squares, no text of anybody's


def _until() -> datetime:
    return timezone.now() + timedelta(minutes=CODE_MINUTES)


def _phone(device: Device, sites: dict[int, str]) -> Phone:
    heard = device.last_seen or device.enrolled_at
    people = ", ".join(person.first_name for person in device.people.all())
    return Phone(device, sites.get(device.site, ""), people, (timezone.now() - heard).days)
