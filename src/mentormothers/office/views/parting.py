"""Taking back that two pseudonyms are one person: a question first, and nothing is ever deleted."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from mentormothers.access.audit import note
from mentormothers.access.models import Role
from mentormothers.care.models import Client
from mentormothers.followup.paper import short_code
from mentormothers.office.reach import first_names, site_or_404
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.office.telling import tell
from mentormothers.office.words.days import say_day
from mentormothers.register.merging import joined_by, persons_of, take_back_same_person
from mentormothers.register.names import names_for


@screen(Role.COORDINATOR, methods=("GET", "HEAD", "POST"))
def part(request: OfficeRequest, record: UUID) -> HttpResponse:
    """What was said of two pseudonyms, and the button that takes it back: where she lives, and where it was said."""
    joined = joined_by(record)
    if joined is None:
        raise Http404
    client = Client.objects.filter(id=persons_of([joined.client])[joined.client]).first()
    site = site_or_404(request.user, client.site if client else joined.site)
    if request.method == "POST":
        take_back_same_person(record, by=request.user)
        tell(request, "They are two persons again, each with her own page. Phones hear of it when they next connect.")
        is_here = Client.objects.filter(id=joined.client).exists()  # she may live elsewhere now
        return redirect("client", joined.client) if is_here else redirect("clients")
    note("client.seen", who=request.user, clients=[joined.client], site=site.id)
    names = names_for(request.user, [client.id], screen="part") if client else {}
    words = {
        "client": client and client.id,
        "name": names[client.id].short if client and client.id in names else "somebody who lives at another site now",
        "codes": [short_code(joined.client), short_code(joined.other)],
        "day": say_day(joined.day),
        "author": first_names([joined.author]).get(joined.author, "somebody who left"),
    }
    return render(request, "office/part.html", words)
