"""Cards for clients: printed ahead for a site, given to a woman when she is enrolled or has lost hers."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from mentormothers.access.audit import note
from mentormothers.access.models import Role
from mentormothers.office.forms import PrintCardsForm
from mentormothers.office.reach import first_names, site_or_404, sites_of
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.office.telling import tell
from mentormothers.printing.cards import cards_pdf
from mentormothers.sites.cards import codes_of, new_cards
from mentormothers.sites.models import CardSheet

_SHOWN = 50  # printings in the list, the latest first


@dataclass(frozen=True)
class Printed:
    """Cards that were printed together, as they are listed."""

    sheet: CardSheet
    count: int
    by: str


@screen(Role.COORDINATOR, methods=("GET", "HEAD", "POST"))
def cards(request: OfficeRequest) -> HttpResponse:
    """What was printed; posted, new cards, whose file stands first in the list then."""
    sites = sites_of(request.user)
    form = PrintCardsForm(request.POST if request.method == "POST" else None, sites=sites)
    if form.is_valid():
        chosen = form.cleaned_data
        made = new_cards(site_or_404(request.user, int(chosen["site"])), chosen["amount"], by=request.user)
        tell(request, "The cards are made. Please download the file and print it at its actual size.")
        return redirect(f"{request.path}#sheet-{made.pk}")
    words = {"form": form, "printed": _printed(), "sites": sites}
    return render(request, "office/cards.html", words, status=400 if form.is_bound else 200)


@screen(Role.COORDINATOR)
def cards_file(request: OfficeRequest, sheet: UUID) -> HttpResponse:
    """The cards that were printed together, as PDF."""
    found = CardSheet.objects.filter(id=sheet).first()
    if found is None:
        raise Http404
    note("cards.downloaded", who=request.user, site=found.site_id)
    response = HttpResponse(cards_pdf(codes_of(found), settings.CARD_WORDS), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="cards-{found.printed_at:%Y-%m-%d}.pdf"'
    return response


def _printed() -> Sequence[Printed]:
    found = CardSheet.objects.select_related("site").annotate(count=Count("cards")).order_by("-printed_at")[:_SHOWN]
    names = first_names(sheet.printed_by for sheet in found)
    return [Printed(sheet, sheet.count, names.get(sheet.printed_by, "")) for sheet in found]
