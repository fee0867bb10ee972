"""Perhaps one person: pairs of clients that were proposed, and what a coordinator decides of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mentormothers.access.models import Role
from mentormothers.followup.paper import short_code
from mentormothers.linkage.deciding import latest_run, measured
from mentormothers.linkage.models import LINK, NOT_SAME, UNSURE
from mentormothers.office.reach import first_names, sites_of
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.office.telling import tell
from mentormothers.office.words.days import say_day
from mentormothers.office.words.likeness import Bar, bars, say_age, say_chance, say_measured
from mentormothers.register.merging import CannotBeOneError, joined_since
from mentormothers.register.names import NOBODY
from mentormothers.register.reviewing import Side, ToDecide, count_waiting, decide, is_waiting, to_decide

_NUMBERS = {"anc": "ANC number", "art": "ART number", "hei": "HEI number", "card": "Card", "sample": "Sample"}
_SHOWN = 3  # pairs on a page: each is names of two people
_LATELY_DAYS = 30
_TOLD = {
    LINK: "They are one person from now on, at the site of the latest supply. It can be taken back here.",
    NOT_SAME: "They are two. They are not proposed again unless something new is written of one of them.",
    UNSURE: "It is kept for later, at the end of the queue.",
}


@dataclass(frozen=True)
class ShownJoining:
    """Who said of which two codes that they are one person, and when."""

    record: UUID
    codes: list[str]
    author: str
    day: str


@dataclass(frozen=True)
class ShownSide:
    """One of a pair as the page shows it; known: at one of her sites, so that she may see all of her.

    name   first name, of a child with its mother's; whole_name: as it stands on her own page
    facts  what else is known, each with its word
    """

    client: UUID
    code: str
    known: bool
    name: str
    whole_name: str
    site: str
    facts: Sequence[tuple[str, str]]
    looked_for: bool


@dataclass(frozen=True)
class Shown:
    """A pair as the page shows it: both sides, what speaks for and against, and how likely it is."""

    a: UUID
    b: UUID
    sides: Sequence[ShownSide]
    bars: Sequence[Bar]
    chance: str
    unsure_since: datetime | None


@screen(Role.COORDINATOR)
def same_person(request: OfficeRequest) -> HttpResponse:
    """The first few of the pairs that wait, the dearest first; asked again by itself, only how far a comparing is."""
    run = latest_run()
    if request.htmx:
        return render(request, "office/_compared.html", {"run": run, "polled": True})
    pairs = to_decide(request.user, timezone.localdate(), _SHOWN)
    words = {"pairs": [_shown(pair) for pair in pairs], "waiting": count_waiting(), "run": run}
    words |= {"measured": [say_measured(found) for found in measured()], "joined": _joined_lately(request)}
    return render(request, "office/same_person.html", words)


@screen(Role.COORDINATOR, methods=("POST",))
def decide_same_person(request: OfficeRequest, a: UUID, b: UUID) -> HttpResponse:
    """What she decides of a pair; what is none to her does not exist."""
    decision = request.POST.get("decision", "")
    if not is_waiting(a, b):
        raise Http404
    if decision not in _TOLD:
        tell(request, "Nothing was decided. Please choose one of the three.", "trouble")
        return redirect("same-person")
    try:
        decide(request.user, a, b, decision)
    except CannotBeOneError as error:
        tell(request, f"They were not linked. {error}", "trouble")
    else:
        tell(request, _TOLD[decision])
    return redirect("same-person")


def _joined_lately(request: OfficeRequest) -> list[ShownJoining]:
    """What was said at her sites of late, whose taking back is asked for here where she lives elsewhere now."""
    sites = [site.id for site in sites_of(request.user)]
    lately = joined_since(timezone.localdate() - timedelta(days=_LATELY_DAYS), sites)
    authors = first_names([joined.author for joined in lately])
    return [
        ShownJoining(
            joined.record,
            [short_code(joined.client), short_code(joined.other)],
            authors.get(joined.author, "somebody who left"),
            say_day(joined.day),
        )
        for joined in lately
    ]


def _shown(pair: ToDecide) -> Shown:
    found = pair.waiting
    sides = [_side(side) for side in pair.sides]
    return Shown(found.a, found.b, sides, bars(found.pair), say_chance(found.probability), found.unsure_since)


def _side(side: Side) -> ShownSide:
    known, shown = side.known, side.shown
    name = shown.first_name or "no name yet"
    return ShownSide(
        client=side.client,
        code=short_code(side.client),
        known=known is not None,
        name=name,
        whole_name=known.name if known and known.family else name,
        site=shown.site,
        facts=_facts(side),
        looked_for=side.looked_for,
    )


def _facts(side: Side) -> list[tuple[str, str]]:
    """What may be seen of somebody, each with its word."""
    shown, known = side.shown, side.known or NOBODY
    where = ", ".join(part for part in (shown.village, known.landmark) if part)
    facts = [("Village", where or "not known"), ("Age", say_age(shown.age))]
    facts += [("Called", known.called), ("Phone", known.phone)]
    facts += [(_NUMBERS.get(kind, kind), number) for kind, number in known.numbers.items()]
    return [(words, value) for words, value in facts if value]
