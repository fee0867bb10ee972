"""Everybody at one's sites, found by name, village, phone number or short code; what is typed is in no address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mentormothers.access.models import Role, User
from mentormothers.care.joining import persons_of
from mentormothers.care.models import Client
from mentormothers.followup.family import INFANT, Planned, clients_at, guests_at, next_for_each, planned
from mentormothers.followup.paper import read_code, short_code
from mentormothers.office.forms import name_sent
from mentormothers.office.listing import PAGE, read_wish
from mentormothers.office.reach import sites_of
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.office.words.states import Tag, tag_of
from mentormothers.register.names import NOBODY, Identity, find_clients, names_for
from mentormothers.register.reviewing import count_waiting


@dataclass(frozen=True)
class ClientRow:
    """A line of the list: a person, and what is next for her."""

    client: Client
    name: str
    place: str
    code: str
    site: str
    following: Planned | None

    @property
    def tag(self) -> Tag | None:
        """How it stands with what is next."""
        return tag_of(self.following) if self.following else None


_SORTS: dict[str, Callable[[ClientRow], Any]] = {
    "name": lambda row: (row.name.casefold(), row.code),
    "where": lambda row: (row.place.casefold(), row.name.casefold()),
    "next": lambda row: (row.following is None, row.following.label if row.following else "", row.name.casefold()),
    "state": lambda row: (-row.following.days_late, row.following.until) if row.following else (1, date.max),
}


@screen(Role.COORDINATOR, methods=("GET", "HEAD", "POST"))
def clients(request: OfficeRequest) -> HttpResponse:
    """The list; posted, those whom a text finds."""
    text, show, sort = name_sent(request.POST), read_wish(request.POST).show, request.POST.get("sort", "")
    chosen_sort = sort if sort in _SORTS else ""
    sites = {site.id: site.name for site in sites_of(request.user)}
    everybody = clients_at(list(sites)) | guests_at(list(sites))
    chosen = _found(request.user, text, everybody) if text else list(everybody)
    rows = _rows(request.user, chosen, sites)
    if sorted_by := chosen_sort or ("" if text else "name"):  # what a text finds comes closest first
        rows.sort(key=_SORTS[sorted_by])
    words = {
        "sort": sorted_by,
        "chosen_sort": chosen_sort,
        "rows": rows[:show],
        "found": len(rows),
        "all": everybody.count(),
        "text": text,
        "several": len(sites) > 1,
        "same": count_waiting(),
    }
    words |= {"more": show + PAGE if len(rows) > show else 0}
    return render(request, _template(request), words)


def _template(request: HttpRequest) -> str:
    # The box in the head of the page asks for the whole page, the one above the list for the list.
    return "office/_clients.html" if getattr(request, "htmx", False) else "office/clients.html"


def _found(user: User, text: str, everybody: "QuerySet[Client]") -> list[Client]:
    """Those whom a text finds with their babies, the closest first."""
    found = list(find_clients(user, text))
    if code := read_code(text):
        coded = [client for client in Client.objects.values_list("id", flat=True) if short_code(client) == code]
        found += persons_of(coded).values()  # also by the code of a pseudonym that she had before
    order: dict[UUID | None, int] = {client: place for place, client in enumerate(found)}
    chosen = everybody.filter(Q(id__in=found) | Q(mother__in=found))
    return sorted(chosen, key=lambda c: (min(order.get(one, len(order)) for one in (c.mother, c.id)), bool(c.mother)))


def _rows(user: User, chosen: Sequence[Client], sites: Mapping[int, str]) -> list[ClientRow]:
    people = {person for client in chosen for person in (client.id, client.mother) if person}
    names = names_for(user, people, screen="clients")
    following = next_for_each(planned([client.id for client in chosen], timezone.localdate()))
    return [_row(client, names, sites, following.get(client.id)) for client in chosen]


def _row(
    client: Client, names: Mapping[UUID, Identity], sites: Mapping[int, str], following: Planned | None
) -> ClientRow:
    known = names.get(client.id, NOBODY)
    place, mother = known.village, names.get(client.mother, NOBODY) if client.mother else NOBODY
    if client.mother or known.caregiver:
        place = f"with {known.caregiver}" if known.caregiver else f"baby of {mother.short}"
    name = "Baby" if client.role == INFANT and not (known.given or known.erased) else known.short
    return ClientRow(client, name, place, short_code(client.id), sites.get(client.site, "a guest"), following)
