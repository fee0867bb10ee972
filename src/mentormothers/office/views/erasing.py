"""Erasing a name: a page that says what goes and what stays, and then it is gone for good."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from mentormothers.access.audit import note
from mentormothers.access.models import Role
from mentormothers.followup.paper import short_code
from mentormothers.office.forms import EraseForm
from mentormothers.office.reach import person_or_404, site_or_404
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.office.telling import tell
from mentormothers.register.erasing import AlreadyErasedError
from mentormothers.register.names import NOBODY, names_for
from mentormothers.sync import erasing


@screen(Role.COORDINATOR, methods=("GET", "HEAD", "POST"))
def erase(request: OfficeRequest, client: UUID) -> HttpResponse:
    """What erasing her name means; posted with a reason and her code, it is erased."""
    known = person_or_404(client)
    client, site = known.id, site_or_404(request.user, known.site)
    code = short_code(client)
    form = EraseForm(request.POST if request.method == "POST" else None, code=code)
    if form.is_valid():
        return _erased(request, client, form.cleaned_data["reason"])
    identity = names_for(request.user, [client], screen="erase").get(client, NOBODY)
    if identity.erased:
        return redirect("client", client)
    note("client.seen", who=request.user, clients=[client], site=site.id)
    words = {"client": client, "name": identity.short, "code": code, "form": form, "site": site}
    words |= {"is_child": known.mother is not None}
    return render(request, "office/erase.html", words, status=400 if form.is_bound else 200)


def _erased(request: OfficeRequest, client: UUID, reason: str) -> HttpResponse:
    try:
        erasing.erase(client, reason, by=request.user)
    except AlreadyErasedError:
        tell(request, "It was erased already.")
    else:
        tell(request, "The name is erased for good. Phones drop it when they next connect.")
    return redirect("client", client)
