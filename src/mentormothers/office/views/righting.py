"""Putting right what was written of somebody: a coordinator takes a record back; nothing is ever deleted."""

from typing import NoReturn
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from mentormothers.access.audit import note
from mentormothers.access.models import Role
from mentormothers.care.actions import take_back
from mentormothers.care.joining import pseudonyms_of
from mentormothers.care.live import facts_of
from mentormothers.care.models import Client, Record
from mentormothers.care.publishing import published_form
from mentormothers.office.reach import first_names, person_or_404, site_or_404
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.office.telling import tell
from mentormothers.office.words.days import say_fact_day
from mentormothers.office.words.facts import say_source, say_together
from mentormothers.register.names import NOBODY, names_for


@screen(Role.COORDINATOR, methods=("GET", "HEAD", "POST"))
def put_right(request: OfficeRequest, client: UUID, record: UUID) -> HttpResponse:
    """What a record says of her, and the button that takes it back."""
    known = person_or_404(client)
    site, written = site_or_404(request.user, known.site), _record_or_404(known, record)
    facts = [fact for fact in facts_of([client]) if fact["record"] == record] or _not_here()
    if request.method == "POST":
        with transaction.atomic():
            take_back(record, by=request.user)
            note("record.taken_back", who=request.user, clients=[client], site=site.id, detail=str(record))
        tell(request, "It is taken back, and does not count any more. That it was written can still be seen.")
        return redirect("client", client)
    note("client.seen", who=request.user, clients=[client], site=site.id)
    words = {
        "client": client,
        "name": names_for(request.user, [client], screen="put-right").get(client, NOBODY).short,
        "day": say_fact_day(facts[0]["day"], facts[0]["precision"]),
        "facts": say_together(facts),
        "source": say_source(written.source),
        "author": first_names([written.author]).get(written.author, "somebody who left"),
    }
    return render(request, "office/put_right.html", words)


def _record_or_404(client: Client, record: UUID) -> Record:
    """A record of hers, or of a baby's mother, to be taken back: no enrolment, with which she herself would go."""
    theirs = pseudonyms_of([client.id, client.mother or client.id])
    whose = [one for several in theirs.values() for one in several]
    found = Record.objects.filter(id=record, client__in=whose).first() or _not_here()
    form = published_form(found.form, found.form_version)
    return found if form and not form.enrols else _not_here()


def _not_here() -> NoReturn:
    raise Http404
