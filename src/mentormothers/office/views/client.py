"""One woman and her babies: how she may be reached, what is next, what happened. Every look is audited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mentormothers.access.audit import note
from mentormothers.access.models import Role
from mentormothers.care.joining import pseudonyms_of
from mentormothers.care.live import facts_of, protocol_in_force
from mentormothers.care.models import Client
from mentormothers.care.staying import stays_of
from mentormothers.facts.persons import SAME_PERSON_AS
from mentormothers.followup.family import Family, Planned, UnknownClientError, family_of, is_open, planned_for_family
from mentormothers.followup.moving import moving_of
from mentormothers.followup.paper import short_code
from mentormothers.followup.roofs import is_apart
from mentormothers.followup.story import Story
from mentormothers.followup.working_out import stories_of
from mentormothers.followup.worklist import Worklist
from mentormothers.office.listing import Row, entries_of
from mentormothers.office.reach import first_names, guest_site, person_or_404, site_or_404, sites_of
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.office.words.contact import ContactNote, carer_note, contact_note, partner_note, say_carer
from mentormothers.office.words.days import say_fact_day
from mentormothers.office.words.facts import say_source, say_together
from mentormothers.office.words.moving import say_moving
from mentormothers.office.words.states import Tag, say_rule, tag_of
from mentormothers.office.words.stays import say_looks, say_stays
from mentormothers.register.names import NOBODY, Identity, names_for
from mentormothers.register.visiting import looks_from_elsewhere
from mentormothers.sites.models import Site

_STAYS_SHOWN, _LOOKS_SHOWN = 3, 5
Names = Mapping[UUID, Identity]
PARTNER = "partner"  # the role


@dataclass(frozen=True)
class Person:
    """One of the pair, with what is next and all that is planned."""

    id: UUID
    name: str
    about: str
    code: str
    erased: date | None
    now: Sequence[Row]
    ahead: Planned | None
    plan: Sequence[tuple[Planned, Tag]]


@dataclass(frozen=True)
class Happened:
    """What one record says of somebody: the day, the facts, where they stand, who wrote them down."""

    day: str
    who: str
    facts: Sequence[str]
    source: str
    author: str
    client: UUID
    record: UUID | None


@dataclass(frozen=True)
class Joined:
    """That pseudonyms are one person: her codes, the one by which she is known first; who said it, and when."""

    name: str
    codes: Sequence[str]
    day: str
    author: str
    record: UUID


@screen(Role.COORDINATOR)
def client(request: OfficeRequest, client: UUID) -> HttpResponse:
    """The page of a family. Whether somebody out of reach exists is not told."""
    if (known := person_or_404(client)).id != client:
        return redirect("client", known.id)
    family, today = _family_or_404(client), timezone.localdate()
    host = guest_site(request.user, client)
    site = host or site_or_404(request.user, known.site)
    names = names_for(request.user, family.members, screen="client")
    note("client.seen", who=request.user, clients=family.members, site=site.id)
    stories, plan = stories_of(family.members, today), planned_for_family(family, today)
    entries = entries_of(Worklist.of(family.members, today).page().households, {})
    rows = [row for entry in entries for row in entry.rows]
    people = [_person(member, family, names, stories[member], plan, rows) for member in family.members]
    words = {
        "site": site,
        "people": people,
        "contacts": _contacts(known, family, names, stories),
        "partner": _partner(family, names),
        "asked": next((row.item.asked for row in rows if row.item.asked), None),
        "rules": _rules(plan),
        "joined": _joined(family, {person.id: person.name for person in people}),
        "guest": host is not None,
        "moving": [say_moving(one) for one in moving_of([family.mother or client]).values()],
        **_elsewhere(request, family.mother or client, known.site),
        **_timeline(request, family, {person.id: person.name for person in people}),
    }
    return render(request, "office/client.html", words)


def _contacts(
    client: Client, family: Family, names: Names, stories: Mapping[UUID, Story]
) -> list[tuple[str, ContactNote]]:
    """Who is reached and how: the mother, and whoever looks after a baby instead of her."""
    mother = stories[family.mother] if family.mother else None
    notes = []
    for member in family.members:
        who, story = names.get(member, NOBODY), stories[member]
        if member in family.children and is_apart(story, mother):
            notes.append((f"{say_carer(who, story)}, with {_baby(who)}", carer_note(who, story)))
        elif member == (family.mother or client.id):
            is_partner = client.role == PARTNER
            heading = ("them" if is_partner else "her") if who.erased else who.short
            notes.append((heading, (partner_note if is_partner else contact_note)(who, story)))
    return notes


def _partner(family: Family, names: Names) -> tuple[str, list[UUID]] | None:
    """Whom she named, and whose page is within reach. Nobody's name is opened here: that would be written down beside
    hers, and who belongs to whom stands in no trail."""
    known = names.get(family.mother, NOBODY) if family.mother else NOBODY
    here = Client.objects.filter(id__in=known.partners).order_by("since").values_list("id", flat=True)
    return (known.partner, list(here)) if known.partner or here else None


def _baby(known: Identity) -> str:
    return known.short if known.given or known.erased else "Baby"


def _elsewhere(request: OfficeRequest, woman: UUID, home: int) -> dict[str, Any]:
    """Where she is or was beside her home; at home also who looked her up elsewhere."""
    mine = {site.id for site in sites_of(request.user)}
    stays = list(stays_of(pseudonyms_of([woman])[woman])[:_STAYS_SHOWN])
    looks = looks_from_elsewhere(woman) if home in mine else []
    looks = [look for look in looks if look.who != request.user.id and look.site not in mine][:_LOOKS_SHOWN]
    sites = dict(Site.objects.filter(organisation=request.user.organisation).values_list("id", "name"))
    people = first_names([*(stay.confirmed_by for stay in stays), *(look.who for look in looks)])
    return {"stays": say_stays(stays, sites, people, home, mine), "looks": say_looks(looks, sites, people)}


def _family_or_404(client: UUID) -> Family:
    try:
        return family_of(client)
    except UnknownClientError:
        raise Http404 from None


def _joined(family: Family, names: Mapping[UUID, str]) -> list[Joined]:
    """Who of the family has several pseudonyms, and by what was said."""
    said = facts_of(family.members, [SAME_PERSON_AS])
    pseudonyms, authors = pseudonyms_of(family.members), first_names(fact["author"] for fact in said)
    return [
        Joined(
            name=names[fact["client"]],
            codes=[short_code(one) for one in pseudonyms[fact["client"]]],
            day=say_fact_day(fact["day"], fact["precision"]),
            author=authors.get(fact["author"], "somebody who left"),
            record=fact["record"],
        )
        for fact in said
    ]


def _person(
    member: UUID, family: Family, names: Names, story: Story, plan: Sequence[Planned], rows: Sequence[Row]
) -> Person:
    known = names.get(member, NOBODY)
    mine = [p for p in plan if p.client == member]
    ahead = sorted((p for p in mine if p.state == "upcoming"), key=lambda p: (p.opens, p.due))
    return Person(
        id=member,
        name=_baby(known) if member in family.children else known.short,
        about=_about(story, known),
        code=short_code(member),
        erased=known.erased,
        now=[row for row in rows if row.item.client == member],
        ahead=next(iter(ahead), None),
        plan=[(p, tag_of(p)) for p in sorted(mine, key=_plan_order)],
    )


def _rules(plan: Sequence[Planned]) -> list[str]:
    """By which versions of the protocol what is planned was worked out, in words."""
    protocol = protocol_in_force()
    rules = sorted({thing.rule for thing in plan}) or [protocol.rule]
    return [say_rule(rule, protocol.of_rule(rule).lost) for rule in rules]


def _plan_order(thing: Planned) -> tuple[int, date]:
    return (0 if is_open(thing) else 1 if thing.state == "upcoming" else 2), thing.due


def _about(story: Story, known: Identity) -> str:
    weeks = story.weeks_pregnant
    parts = [known.village, f"{weeks} weeks pregnant" if weeks is not None else "", _age(story.weeks_old)]
    return ", ".join(part for part in parts if part)


def _age(weeks: int | None) -> str:
    if weeks is None:
        return ""
    return f"{weeks} weeks old" if weeks < 24 else f"{weeks * 7 // 30} months old"


def _timeline(request: HttpRequest, family: Family, names: Mapping[UUID, str]) -> dict[str, Any]:
    """What happened, the latest first, of everybody or of the one asked for."""
    who = next((member for member in family.members if str(member) == request.GET.get("who")), None)
    facts = [f for f in facts_of([who] if who else family.members) if f["kind"] != SAME_PERSON_AS]
    authors = first_names(fact["author"] for fact in facts)
    together = groupby(facts, key=lambda f: (f["day"], f["precision"], f["record"], f["client"]))
    told = [_happened(list(some), names, authors) for _, some in together]
    return {"told_of": who, "happened": [one for one in told if one.facts]}


def _happened(facts: Sequence[Mapping[str, Any]], names: Mapping[UUID, str], authors: Mapping[UUID, str]) -> Happened:
    first = facts[0]
    return Happened(
        day=say_fact_day(first["day"], first["precision"]),
        who=names[first["client"]],
        facts=say_together(facts),
        source=say_source(first["source"]),
        author=authors.get(first["author"], "somebody who left"),
        client=first["client"],
        record=None if any(fact["kind"] == "enrolled" for fact in facts) else first["record"],
    )
