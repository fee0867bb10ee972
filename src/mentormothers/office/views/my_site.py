"""My site: who needs us first, how much waits, and what waits for a decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from mentormothers.access.models import Role
from mentormothers.care.live import protocol_in_force
from mentormothers.care.quarantine import waiting as to_mend
from mentormothers.followup.counting import Group, Waiting
from mentormothers.followup.family import clients_at
from mentormothers.followup.phones import silent_phones
from mentormothers.followup.worklist import Worklist, in_all
from mentormothers.indicators.model import Question
from mentormothers.indicators.rows import IndicatorRow
from mentormothers.office.forms import name_sent
from mentormothers.office.guests import away_from, guests_of, moving_from
from mentormothers.office.listing import listing, read_wish
from mentormothers.office.reach import people_at, site_or_404
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.office.words.states import TONES, say_groups
from mentormothers.register.reviewing import count_waiting
from mentormothers.reports.numbers import completeness, measures, numbers, quarters
from mentormothers.sites.models import Site

TILES: tuple[Group, ...] = ("week", "overdue", "defaulted", "lost")


@dataclass(frozen=True)
class Tile:
    """A number at the top of the page; it opens its part of the list."""

    group: Group
    tone: str
    words: str
    things: int
    people: int


@screen(Role.COORDINATOR, methods=("GET", "HEAD", "POST"))
def my_site(request: OfficeRequest, site: int) -> HttpResponse:
    """The page; posted, the list as somebody wants to see it, since a name stays out of every address."""
    found, today = site_or_404(request.user, site), timezone.localdate()
    worklist = Worklist.at([found.id], today)
    text = name_sent(request.POST)
    wish = read_wish(request.POST or request.GET, text=text)
    shown = listing(worklist, wish, user=request.user, screen="my_site")
    words = {
        "site": found,
        "address": reverse("my-site", args=[found.id]),
        "listing": shown,
        "where": "at this site",
        "groups": say_groups(protocol_in_force()),
        "mentors": people_at([found.id], Role.MENTOR),
    }
    if request.htmx:
        return render(request, "office/_list.html", words)
    words |= {
        "guests": guests_of(found, today, user=request.user),
        "away": away_from(found, user=request.user),
        "moving": moving_from(found, user=request.user),
    }
    return render(request, "office/my_site.html", words | _around(found, worklist, today))


def _around(site: Site, worklist: Worklist, today: date) -> dict[str, Any]:
    return {
        "tiles": tiles(in_all(worklist.waiting())),
        "counts_treated": True,
        "treated": _on_treatment(site, today),
        "complete": completeness([site.id]),
        "clients": clients_at([site.id]).count(),
        "to_mend": to_mend().filter(site=site.id).count(),
        "same": count_waiting(),
        "silent": silent_phones([site.id]),
    }


def tiles(waiting: Mapping[Group, Waiting]) -> list[Tile]:
    """How much waits, group by group."""
    words = say_groups(protocol_in_force())
    return [_tile(group, words[group], waiting[group]) for group in TILES]


def _tile(group: Group, words: str, found: Waiting) -> Tile:
    return Tile(group, "due" if group == "week" else TONES[group], words, found.things, found.people)


def _on_treatment(site: Site, today: date) -> IndicatorRow | None:
    """The site's row of TX_CURR today, with its receipt."""
    question = Question(measures()["TX_CURR"], quarters(today, 1)[0], by_site=True)
    return next((row for row in numbers(question) if row.site == str(site.id)), None)
