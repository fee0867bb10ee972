"""What waits at several sites, a district's or all of somebody's: by site, and who needs us first.

A manager sees it in short codes: to help sites she needs no name. A coordinator of several sites sees names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from mentormothers.access.models import Role
from mentormothers.care.live import protocol_in_force
from mentormothers.followup.counting import GROUPS, Group, Waiting
from mentormothers.followup.family import clients_at
from mentormothers.followup.keeping import AT_ONCE
from mentormothers.followup.worklist import Worklist, in_all
from mentormothers.office.forms import name_sent
from mentormothers.office.listing import listing, read_wish
from mentormothers.office.reach import sites_of
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.office.views.my_site import TILES, tiles
from mentormothers.office.words.states import say_groups
from mentormothers.reports.numbers import completeness
from mentormothers.sites.models import District, Site

_NOTHING = dict.fromkeys(GROUPS, Waiting(0, 0))


@dataclass(frozen=True)
class SiteLine:
    """A site with how much waits there: in words above each column, and numbers."""

    site: Site
    cells: Sequence[tuple[str, Waiting]]


@screen(Role.MANAGER, Role.COORDINATOR, methods=("GET", "HEAD", "POST"))
def follow_up(request: OfficeRequest) -> HttpResponseBase:
    """The page of all her sites, or of one district; posted, the list as somebody wants to see it."""
    mine, sent = sites_of(request.user), request.POST or request.GET
    district = _district(mine, sent.get("district", ""))
    sites = [site for site in mine if district is None or _of(site) == district]
    if not sites:
        return render(request, "office/follow_up_empty.html")
    worklist = Worklist.at([site.id for site in sites], timezone.localdate(), most=AT_ONCE)
    address = reverse("follow-up") + (f"?district={district.id}" if district else "")
    for_list = request.htmx and request.htmx.target == "list"
    if worklist.behind:
        if for_list:  # a piece of the page must not be replaced by a whole one
            return HttpResponseClientRedirect(address)
        return render(request, "office/working_out.html", {"address": address, "behind": worklist.behind})
    wish = read_wish(sent, text=name_sent(request.POST))
    words = {
        "address": address,
        "listing": listing(worklist, wish, user=request.user, screen="follow_up", sites=sites),
        "where": f"in {district.name}" if district else "at these sites",
        "groups": say_groups(protocol_in_force()),
    }
    if for_list:
        return render(request, "office/_list.html", words)
    return render(request, "office/follow_up.html", words | _around(worklist, sites, mine, district))


def _around(
    worklist: Worklist, sites: Sequence[Site], mine: Sequence[Site], district: District | None
) -> dict[str, object]:
    waiting, groups = worklist.waiting(), say_groups(protocol_in_force())
    return {
        "district": district,
        "districts": sorted({_of(site) for site in mine} - {None}, key=str),
        "sites": sites,
        "tiles": tiles(in_all(waiting)),
        "columns": [groups[group] for group in TILES],
        "lines": [_line(site, waiting.get(site.id, _NOTHING), groups) for site in sites],
        "clients": clients_at([site.id for site in sites]).count(),
        "complete": completeness([site.id for site in sites]),
    }


def _line(site: Site, waiting: Mapping[Group, Waiting], groups: Mapping[Group, str]) -> SiteLine:
    return SiteLine(site, [(groups[group], waiting[group]) for group in TILES])


def _district(sites: Sequence[Site], wish: str) -> District | None:
    """The district that was asked for, if a site of hers lies in it."""
    return next((d for d in map(_of, sites) if d is not None and str(d.id) == wish), None)


def _of(site: Site) -> District | None:
    return site.facility.district if site.facility else None
