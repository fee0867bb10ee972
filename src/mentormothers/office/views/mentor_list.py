"""One mentor's list, as her coordinator looks at it: whom she looks after and whom she is asked to look for."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from mentormothers.access.models import Role, User
from mentormothers.care.joining import known_by
from mentormothers.care.live import protocol_in_force
from mentormothers.care.models import Caseload
from mentormothers.followup.worklist import Worklist, in_all
from mentormothers.office.forms import name_sent
from mentormothers.office.listing import listing, read_wish
from mentormothers.office.reach import people_at, sites_of
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.office.views.my_site import tiles
from mentormothers.office.words.states import say_groups
from mentormothers.reports.numbers import completeness


@screen(Role.COORDINATOR, methods=("GET", "HEAD", "POST"))
def mentor_list(request: OfficeRequest, mentor: UUID) -> HttpResponse:
    """The page; posted, the list as somebody wants to see it."""
    sites = sites_of(request.user)
    hers = _mentor_or_404([site.id for site in sites], mentor)
    worklist = Worklist.of_mentor(hers.id, timezone.localdate())
    wish = read_wish(request.POST or request.GET, text=name_sent(request.POST))
    words = {
        "mentor": hers,
        "address": reverse("mentor-list", args=[hers.id]),
        "listing": listing(worklist, wish, user=request.user, screen="mentor_list"),
        "where": f"for {hers.first_name}",
        "groups": say_groups(protocol_in_force()),
    }
    if request.htmx:
        return render(request, "office/_list.html", words)
    at = [site for site in sites if hers.memberships.filter(site=site.id).exists()]
    around = {
        "at": at,
        "tiles": tiles(in_all(worklist.waiting())),
        "clients": Caseload.objects.filter(known_by("client"), mentor=hers.id).count(),
        "complete": completeness([site.id for site in at]),
    }
    return render(request, "office/mentor_list.html", words | around)


def _mentor_or_404(sites: list[int], mentor: UUID) -> User:
    """A mentor of one of these sites. Whether there is another elsewhere is not told."""
    for one in people_at(sites, Role.MENTOR):
        if one.id == mentor:
            return one
    raise Http404
