"""Women of other sites who are here: confirmed with her present, after a look-up; and how that ends."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from mentormothers.access.models import Role
from mentormothers.access.throttle import TooManyError
from mentormothers.care.joining import pseudonyms_of
from mentormothers.care.models import Client
from mentormothers.care.staying import ImpossibleStayError, end_stay, stays_going_on
from mentormothers.office.forms import STAY_ENDED_BECAUSE, EndStayForm, IsHereForm
from mentormothers.office.reach import guest_site, people_at, sites_of
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.office.telling import tell
from mentormothers.register.handles import HandleRefusedError
from mentormothers.register.names import NOBODY, names_for
from mentormothers.register.visiting import Presence, confirm

_BOTH = ("GET", "HEAD", "POST")


@screen(Role.COORDINATOR, methods=_BOTH)
def is_here(request: OfficeRequest) -> HttpResponse:
    """Posted from an answer of a look-up: she is here. What is meant by it stands in no address."""
    if request.method != "POST":
        return redirect("look-up")
    form, problem, status = is_here_form(request), "", 400
    if form.is_valid():
        try:
            stay = confirm(form.cleaned_data["handle"], _presence(request, form), user=request.user)
        except HandleRefusedError:
            problem = "too old"
        except ImpossibleStayError:
            problem = "not so"
        except TooManyError:
            problem, status = "too many", 429
        else:
            tell(request, "She is a guest here now. Her home site sees where she is, and what is written down here.")
            return redirect("client", stay.client)
    elif "handle" in form.errors:
        problem = "too old"
    return render(request, "office/is_here.html", {"form": form, "problem": problem}, status=status)


@screen(Role.COORDINATOR, methods=_BOTH)
def end(request: OfficeRequest, client: UUID) -> HttpResponse:
    """Why her stay ends; posted, it ends and the phones where she stayed forget her."""
    known = Client.objects.filter(id=client).first()
    mine = {site.id for site in sites_of(request.user)}
    at_home = known is not None and known.site in mine
    if known is None or not (at_home or guest_site(request.user, client)):
        raise Http404
    hers = pseudonyms_of([known.mother or client])
    stays = [stay for stay in stays_going_on(hers[known.mother or client]) if at_home or stay.site in mine]
    if not stays:
        tell(request, "She is at no other site now.")
        return redirect("client", client)
    form = EndStayForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        for stay in stays:
            end_stay(stay, because=STAY_ENDED_BECAUSE[form.cleaned_data["because"]], by=request.user)
        tell(request, "Her stay is over. Phones there forget her when they next connect; what was written down stays.")
        return redirect("client", client) if at_home else redirect("my-site", stays[0].site)
    name = names_for(request.user, [client], screen="end-stay").get(client, NOBODY).short
    words = {"form": form, "client": client, "name": name}
    return render(request, "office/end_stay.html", words, status=400 if form.is_bound else 200)


def is_here_form(request: OfficeRequest, place: int = 0) -> IsHereForm:
    """The form beside an answer of a look-up; `place` tells those of one page apart."""
    sites = sites_of(request.user)
    mentors = people_at([site.id for site in sites], Role.MENTOR)
    sent = request.POST if "handle" in request.POST else None
    return IsHereForm(sent, sites=sites, mentors=mentors, auto_id=f"id_{place}_%s")


def _presence(request: OfficeRequest, form: IsHereForm) -> Presence:
    """Where, why and with whom; a mentor of another of her sites is nobody."""
    said = form.cleaned_data
    site = next(site for site in sites_of(request.user) if str(site.id) == said["site"])
    there = {str(mentor.id): mentor.id for mentor in people_at([site.id], Role.MENTOR)}
    return Presence(site, said["reason"], said["until"], there.get(said["mentor"]))
