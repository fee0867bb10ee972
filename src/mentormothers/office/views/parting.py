"""Taking back that two pseudonyms are one person: a question first, and nothing is ever deleted."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from mentormothers.access.audit import note
from mentormothers.access.models import Role
from mentormothers.care.live import facts_of
from mentormothers.care.models import Client, Record
from mentormothers.care.stating import SAME_PERSON
from mentormothers.facts.persons import SAME_PERSON_AS
from mentormothers.followup.paper import short_code
from mentormothers.office.reach import first_names, person_or_404, site_or_404
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.office.telling import tell
from mentormothers.office.words.days import say_fact_day
from mentormothers.register.merging import take_back_same_person
from mentormothers.register.names import NOBODY, names_for


@screen(Role.COORDINATOR, methods=("GET", "HEAD", "POST"))
def part(request: OfficeRequest, record: UUID) -> HttpResponse:
    """What was said of two pseudonyms, and the button that takes it back."""
    said = Record.objects.filter(id=record, form=SAME_PERSON.id).first()
    if said is None or said.client is None:
        raise Http404
    client = person_or_404(said.client)
    site = site_or_404(request.user, client.site)
    fact = next((one for one in facts_of([client.id], [SAME_PERSON_AS]) if one["record"] == record), None)
    if fact is None:
        raise Http404
    if request.method == "POST":
        take_back_same_person(record, by=request.user)
        tell(request, "They are two persons again, each with her own page. Phones hear of it when they next connect.")
        is_here = Client.objects.filter(id=said.client).exists()  # she may live elsewhere now
        return redirect("client", said.client) if is_here else redirect("clients")
    note("client.seen", who=request.user, clients=[client.id], site=site.id)
    words = {
        "client": client.id,
        "name": names_for(request.user, [client.id], screen="part").get(client.id, NOBODY).short,
        "codes": [short_code(said.client), short_code(UUID(fact["value"]))],
        "day": say_fact_day(fact["day"], fact["precision"]),
        "author": first_names([said.author]).get(said.author, "somebody who left"),
    }
    return render(request, "office/part.html", words)
