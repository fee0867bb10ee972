"""Guests of a site with what is due for them; clients of the site who are guests elsewhere, or say that they go."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mentormothers.access.models import User
from mentormothers.care.joining import persons_of
from mentormothers.care.models import Client, Stay
from mentormothers.care.staying import stays_at, stays_of_site
from mentormothers.followup.moving import moving_at
from mentormothers.followup.worklist import Worklist
from mentormothers.office.listing import Row, entries_of
from mentormothers.office.words.days import say_date
from mentormothers.office.words.moving import say_moving
from mentormothers.office.words.stays import say_guest
from mentormothers.register.names import NOBODY, Identity, names_for
from mentormothers.sites.models import Site


@dataclass(frozen=True)
class GuestShown:
    """Somebody who is not at home: where, and what is due for her and her children, the most urgent first."""

    client: UUID
    name: str
    where: str
    rows: Sequence[Row] = ()


def guests_of(site: Site, today: date, *, user: User) -> list[GuestShown]:
    """Who is a guest at a site."""
    stays = _by_person(stays_at([site.id]))
    if not stays:
        return []
    family = Client.objects.filter(id__in=stays) | Client.objects.filter(mother__in=stays)
    homes = {one.id: one.site for one in family}
    whose = {one.id: one.id if one.id in stays else one.mother for one in family}
    rows = defaultdict[UUID | None, list[Row]](list)
    for entry in entries_of(Worklist.of(list(homes), today).page().households, {}):
        for person in entry.people:
            rows[whose.get(person.client)] += person.rows
    names, sites = names_for(user, stays, screen="guests"), _names_of(homes.values())
    return [
        _shown(client, names, say_guest(stay, sites, homes[client]), rows[client])
        for client, stay in stays.items()
        if client in homes
    ]


def away_from(site: Site, *, user: User) -> list[GuestShown]:
    """Which clients of a site are guests elsewhere."""
    stays = _by_person(stays_of_site(site.id))
    names, sites = names_for(user, stays, screen="away"), _names_of(stay.site for stay in stays.values())
    return [
        _shown(client, names, f"at {sites.get(stay.site, 'another site')} until {say_date(stay.until)}")
        for client, stay in stays.items()
    ]


def moving_from(site: Site, *, user: User) -> list[GuestShown]:
    """Which clients of a site say that they go to another clinic."""
    moving = moving_at([site.id])
    names = names_for(user, moving, screen="moving")
    return [_shown(client, names, say_moving(one)) for client, one in moving.items()]


def _by_person(stays: Iterable[Stay]) -> Mapping[UUID, Stay]:
    """Stays, given the latest first, by the pseudonym by which each woman is known."""
    latest_last = list(stays)[::-1]
    persons = persons_of([stay.client for stay in latest_last])
    return {persons[stay.client]: stay for stay in latest_last}


def _shown(client: UUID, names: Mapping[UUID, Identity], where: str, rows: Sequence[Row] = ()) -> GuestShown:
    return GuestShown(client, names.get(client, NOBODY).short, where, rows)


def _names_of(sites: Iterable[int]) -> Mapping[int, str]:
    return dict(Site.objects.filter(id__in=set(sites)).values_list("id", "name"))
