"""The records behind a number: with names for her coordinator, in short codes for a manager. Every look is audited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render

from mentormothers.access.audit import note
from mentormothers.care.models import Client
from mentormothers.followup.paper import short_code
from mentormothers.indicators.delivery import UNKNOWN
from mentormothers.indicators.model import Question
from mentormothers.indicators.periods import Period
from mentormothers.office.choosing import period_named
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.office.views.results import SEEN_BY, measure_or_404, place_names
from mentormothers.office.words.findings import say_part, short_title
from mentormothers.office.words.periods import fiscal_name, say_period
from mentormothers.register.names import NOBODY, Identity, may_see_names, names_for
from mentormothers.reports.numbers import Behind, behind
from mentormothers.reports.tables import NOWHERE, TOGETHER
from mentormothers.sites.models import DeliveryModel


@dataclass(frozen=True)
class Counted:
    """One client behind a number, as somebody may see her."""

    client: UUID
    code: str
    name: str
    site: str
    reason: str


@screen(*SEEN_BY)
def behind_number(request: OfficeRequest, indicator: str, period: str, place: str) -> HttpResponse:
    """Who was counted at a site, or at all of them, in a period."""
    measure, days = measure_or_404(indicator), _period_or_404(period)
    places = place_names(request.user)
    if place not in places:
        raise Http404
    by_model = place in (*DeliveryModel.values, UNKNOWN)
    question = Question(measure, days, by_site=place != TOGETHER and not by_model, by_model=by_model)
    found = behind(question)
    counted = [one for one in found if place == TOGETHER or (one.site or NOWHERE) == place]
    clients = [one.client for one in counted]
    site = int(place) if place.isdigit() else None
    note("number.looked_behind", who=request.user, clients=clients, site=site, detail=f"{indicator} {period}")
    rows = _rows(counted, names_for(request.user, clients, screen="behind"), places)
    words = {
        "title": short_title(measure),
        "indicator": indicator,
        "rows": rows,
        "place": places[place],
        "name": days.name,
        "period": say_period(days),
        "fiscal": fiscal_name(days),
        "with_names": may_see_names(request.user),
    }
    return render(request, "office/behind.html", words)


def _period_or_404(name: str) -> Period:
    period = period_named(name)
    if period is None:
        raise Http404
    return period


def _rows(counted: Sequence[Behind], names: Mapping[UUID, Identity], places: Mapping[str, str]) -> list[Counted]:
    homes = Client.objects.in_bulk([one.client for one in counted])
    rows = [
        Counted(
            client=one.client,
            code=short_code(one.client),
            name=names.get(one.client, NOBODY).short if names else "",
            site=places.get(str(homes[one.client].site), "") if one.client in homes else "",
            reason=say_part(one.part) or "counted",
        )
        for one in counted
    ]
    return sorted(rows, key=lambda row: (row.reason, row.name.casefold(), row.code))
