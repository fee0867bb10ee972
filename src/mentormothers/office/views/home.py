"""Where somebody begins: her site, a choice of sites, the programme, or the people she keeps."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from mentormothers.access.models import Role
from mentormothers.office.reach import sites_of
from mentormothers.office.rights import OfficeRequest, no_right, screen


@screen(*Role)
def home(request: OfficeRequest) -> HttpResponse:
    """The first page of each role; a mentor is told where her work is."""
    if request.user.role in (Role.MANAGER, Role.MINISTRY):
        return redirect("overview")
    if request.user.role == Role.ADMINISTRATOR:
        return redirect("people")
    if request.user.role == Role.MENTOR:
        return no_right(request, [Role.COORDINATOR])
    sites = sites_of(request.user)
    if len(sites) == 1:
        return redirect("my-site", sites[0].id)
    return render(request, "office/choose_site.html", {"sites": sites})
