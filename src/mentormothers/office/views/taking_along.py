"""Taking the list along: on paper in short codes, as a file without names, or with names for a stated purpose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mentormothers.access.audit import note
from mentormothers.access.models import Role
from mentormothers.care.live import protocol_in_force
from mentormothers.followup.worklist import Worklist
from mentormothers.office.csv_file import csv_file
from mentormothers.office.forms import PURPOSES, FileForm, TakeAlongForm
from mentormothers.office.listing import Entry, PersonShown, Wish, listing_in_codes, named, read_wish
from mentormothers.office.reach import site_or_404
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.office.words.states import say_groups
from mentormothers.register.names import names_for
from mentormothers.reports.numbers import completeness
from mentormothers.sites.models import Site

_CODES = ("Code", "Household", "What", "State", "Due", "In time until", "Days late", "Why first", "Points", "With",
          "Next step")  # fmt: skip
_NAMES = ("Name", "Where")


@dataclass(frozen=True)
class PaperLine:
    """One household on paper: her code, what to do in neutral words, the most pressing day, how many things it is."""

    code: str
    tasks: str
    when: str
    things: int
    mentors: str


@screen(Role.COORDINATOR)
def take_along(request: OfficeRequest, site: int) -> HttpResponse:
    """What is taken along, and what for."""
    return _asking(request, site_or_404(request.user, site), TakeAlongForm(), FileForm(initial={"names": True}))


@screen(Role.COORDINATOR, methods=("POST",))
def print_list(request: OfficeRequest, site: int) -> HttpResponse:
    """The list in short codes and neutral tasks, ready for paper."""
    found, form = site_or_404(request.user, site), TakeAlongForm(request.POST)
    if not form.is_valid():
        return _asking(request, found, form, FileForm(initial={"names": True}))
    today, wish = timezone.localdate(), read_wish(request.POST)
    entries = listing_in_codes(Worklist.at([found.id], today), wish)
    purpose = str(form.cleaned_data["purpose"])
    note("list.printed", who=request.user, clients=_clients(entries), site=found.id, detail=purpose)
    words = {
        "site": found,
        "lines": [_paper_line(entry) for entry in entries],
        "purpose": PURPOSES[purpose],
        "today": today,
        "groups": _groups(wish),
    }
    return render(request, "office/printed_list.html", words | {"complete": completeness([found.id])})


@screen(Role.COORDINATOR, methods=("POST",))
def export_list(request: OfficeRequest, site: int) -> HttpResponse:
    """The list as a file: short codes; with names only for a stated purpose."""
    found, form = site_or_404(request.user, site), FileForm(request.POST)
    if not form.is_valid():
        return _asking(request, found, TakeAlongForm(), form)
    today = timezone.localdate()
    entries = listing_in_codes(Worklist.at([found.id], today), read_wish(request.POST))
    if not form.cleaned_data["names"]:
        note("list.exported", who=request.user, clients=_clients(entries), site=found.id)
        return csv_file(f"list-{today}", _CODES, (line for entry in entries for _, line in _lines(entry)))
    note(
        "list.exported_with_names",
        who=request.user,
        clients=_clients(entries),
        site=found.id,
        detail=form.cleaned_data["purpose"],
    )
    return _with_names(request, entries, today)


def _paper_line(entry: Entry) -> PaperLine:
    """A household on paper; a baby is found through its mother."""
    rows = entry.wanted
    tasks = dict.fromkeys(row.task for row in rows)
    asked = next((row.asked for row in rows if row.asked), "")
    mentors = next((person.mentors for person in entry.people if person.mentors), "")
    return PaperLine(entry.code, "; ".join(tasks), rows[0].tag.words, len(rows), asked or mentors)


def _with_names(request: OfficeRequest, entries: Sequence[Entry], today: date) -> HttpResponse:
    people = {client for entry in entries for client in (entry.id, *_clients([entry]))}
    names = names_for(request.user, people, screen="list_export")
    lines = ([who.name, who.place, *line] for entry in entries for who, line in _lines(named(entry, names)))
    return csv_file(f"list-{today}", (*_NAMES, *_CODES), lines)


def _asking(request: HttpRequest, site: Site, paper: TakeAlongForm, file: FileForm) -> HttpResponse:
    wish = read_wish(request.POST or request.GET)
    words = {"site": site, "paper": paper, "file": file, "wish": wish, "groups": _groups(wish)}
    wrong = request.method == "POST"
    return render(request, "office/take_along.html", words, status=400 if wrong else 200)


def _groups(wish: Wish) -> str:
    """Which part of the list, in words; empty for all of it."""
    return say_groups(protocol_in_force())[wish.group] if wish.group else ""


def _lines(entry: Entry) -> Iterable[tuple[PersonShown, list[object]]]:
    """Every thing to do of a household that is wanted, with whose it is."""
    for person in entry.people:
        for row in person.rows:
            item = row.item
            if item.wanted:
                yield person, [person.code, entry.code, item.label, row.tag.words, item.due, item.until, item.days_late,
                               row.why, item.rank, person.mentors, item.next_step]  # fmt: skip


def _clients(entries: Iterable[Entry]) -> list[UUID]:
    """Of whom something is taken along."""
    people = (person for entry in entries for person in entry.people)
    return [person.client for person in people if any(row.item.wanted for row in person.rows)]
