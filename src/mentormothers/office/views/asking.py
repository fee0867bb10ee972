"""Asking somebody to look for a woman, and ending that: a small form in the place of the button, no window."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mentormothers.access.models import Role, User
from mentormothers.care.models import Client
from mentormothers.followup.actions import LEASE_DAYS, NotAllowedError, ask_to_look_for, end_assignment
from mentormothers.followup.models import Assignment
from mentormothers.followup.worklist import who_looks_after
from mentormothers.office.forms import ENDED_BECAUSE, AskForm, EndForm
from mentormothers.office.reach import first_names, people_at, site_or_404
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.office.telling import tell
from mentormothers.register.erasing import erasure_of

_BOTH = ("GET", "HEAD", "POST")
_NOT_NOW = "not-now"  # closes the form that htmx put in the place of the button


@screen(Role.COORDINATOR, methods=_BOTH)
def ask(request: OfficeRequest, client: UUID, item: str) -> HttpResponse:
    """Whom to ask; posted, she is asked."""
    known = _client_or_404(request, client)
    if _NOT_NOW in request.GET:
        return _piece(request, client, item, None)
    mentors = people_at([known.site], Role.MENTOR)
    form = AskForm(request.POST or None, mentors=mentors, hers=who_looks_after(client))
    refused = "Nobody can be asked: her name was erased." if erasure_of(client) else ""
    if form.is_valid() and not refused:
        chosen = next(mentor for mentor in mentors if str(mentor.id) == form.cleaned_data["mentor"])
        try:
            return _done(request, client, item, _asked(request, client, item, chosen))
        except NotAllowedError as error:
            refused = f"Nobody can be asked: {error}."
    words = {"form": form, "client": client, "item": item, "days": LEASE_DAYS, "refused": refused, "site": known.site}
    return _form(request, "ask", words, wrong=form.is_bound)


@screen(Role.COORDINATOR, methods=_BOTH)
def end(request: OfficeRequest, assignment: UUID) -> HttpResponse:
    """Why it ends; posted, it ends and the mentor's phone forgets what it need not know."""
    known = Assignment.objects.filter(id=assignment, ended_at=None).first()
    if known is None:
        raise Http404
    if _NOT_NOW in request.GET:
        return _piece(request, known.client, known.item, known)
    form = EndForm(request.POST or None)
    if form.is_valid():
        end_assignment(known, because=ENDED_BECAUSE[form.cleaned_data["because"]], by=request.user)
        return _done(request, known.client, known.item, None)
    words = {"form": form, "assignment": known, "site": known.site, "who": _name(known)}
    return _form(request, "end", words, wrong=form.is_bound)


def _asked(request: OfficeRequest, client: UUID, item: str, mentor: User) -> Assignment:
    return ask_to_look_for(client, mentor=mentor, item=item, by=request.user)


def _done(request: OfficeRequest, client: UUID, item: str, asked: Assignment | None) -> HttpResponse:
    if request.htmx:
        return _piece(request, client, item, asked)
    tell(request, "It is asked. Her phone hears of it when it next sends." if asked else "Nobody looks for her now.")
    return redirect("client", client)


def _piece(request: OfficeRequest, client: UUID, item: str, asked: Assignment | None) -> HttpResponse:
    """What stands in the list when no form is open."""
    words = {"asked": asked, "who": _name(asked), "client": client, "item": item, "may_ask": True}
    return render(request, "office/_asked.html", words)


def _form(request: OfficeRequest, which: str, words: dict[str, object], *, wrong: bool) -> HttpResponse:
    words |= {"piece": f"office/_{which}_form.html", "today": timezone.localdate()}
    # htmx replaces only on success, and a form with its errors is to be shown.
    status = 400 if wrong and not request.htmx else 200
    return render(request, str(words["piece"]) if request.htmx else "office/asking.html", words, status=status)


def _client_or_404(request: OfficeRequest, client: UUID) -> Client:
    """Somebody who lives at one of her sites: guests are looked for from their homes."""
    known = Client.objects.filter(id=client).first()
    if known is None:
        raise Http404
    site_or_404(request.user, known.site)
    return known


def _name(asked: Assignment | None) -> str:
    return first_names([asked.mentor]).get(asked.mentor, "somebody") if asked else ""
