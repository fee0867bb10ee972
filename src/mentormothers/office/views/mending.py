"""Records to mend: what phones sent and could not be taken, with what may be done about each."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from mentormothers.access.audit import note
from mentormothers.access.models import Device, Role
from mentormothers.care.models import Quarantined
from mentormothers.care.quarantine import SET_ASIDE, content_of, decide, waiting
from mentormothers.office.forms import SET_ASIDE_BECAUSE, SetAsideForm
from mentormothers.office.reach import first_names, sites_of
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.office.telling import tell
from mentormothers.sync.errors import PROBLEMS, Problem
from mentormothers.sync.mending import VOUCHABLE, StillUnfitError, take_again
from mentormothers.sync.parcels import UnfitError, unpack

_UNFORESEEN = PROBLEMS["SYNC-029"]
_MEMBERS = {"happened": "Day it happened", "source": "Where it stands", "form_version": "Version of the form"}
_LONGEST = 200  # characters of an answer that are shown


@dataclass(frozen=True)
class ToMend:
    """A record that waits for a decision."""

    row: Quarantined
    problem: Problem
    author: str
    phone: str
    site: str

    @property
    def form(self) -> str:
        """The form's name in words."""
        return self.row.form.replace("_", " ") or "not known"

    @property
    def vouchable(self) -> bool:
        """Whether somebody may vouch for its sender."""
        return self.row.code in VOUCHABLE


@screen(Role.COORDINATOR)
def mend(request: OfficeRequest) -> HttpResponse:
    """Everything that waits, the oldest first."""
    return render(request, "office/mend.html", {"waiting": _told(request, waiting())})


@screen(Role.COORDINATOR)
def mend_one(request: OfficeRequest, number: int) -> HttpResponse:
    """One record with its content; the identities in it stay sealed. The look is audited."""
    row = _row_or_404(number)
    note("quarantine.looked", who=request.user, site=row.site, detail=f"{row.code} {row.record}")
    return _page(request, row, SetAsideForm())


@screen(Role.COORDINATOR, methods=("POST",))
def mend_again(request: OfficeRequest, number: int) -> HttpResponse:
    """Try it again as it is."""
    return _taken(request, _row_or_404(number), vouched=False)


@screen(Role.COORDINATOR, methods=("POST",))
def mend_vouch(request: OfficeRequest, number: int) -> HttpResponse:
    """Take it because somebody vouches for who sent it."""
    return _taken(request, _row_or_404(number), vouched=True)


@screen(Role.COORDINATOR, methods=("POST",))
def mend_set_aside(request: OfficeRequest, number: int) -> HttpResponse:
    """Let it count no more, for a reason; it is kept."""
    row, form = _row_or_404(number), SetAsideForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=400)
    decide(row, SET_ASIDE, by=request.user, reason=SET_ASIDE_BECAUSE[form.cleaned_data["because"]])
    tell(request, "It is set aside. It is kept, and it does not count.")
    return redirect("mend")


def _taken(request: OfficeRequest, row: Quarantined, *, vouched: bool) -> HttpResponse:
    try:
        take_again(row, by=request.user, vouched=vouched)
    except StillUnfitError as error:
        tell(request, f"It could not be taken: {error}. Nothing was changed.".replace("..", "."), "trouble")
        return redirect("mend-one", row.id)
    tell(request, "It is taken, and counts from now on.")
    return redirect("mend")


def _row_or_404(number: int) -> Quarantined:
    row = waiting().filter(id=number).first() if number < 2**63 else None
    if row is None:
        raise Http404
    return row


def _page(request: OfficeRequest, row: Quarantined, form: SetAsideForm, status: int = 200) -> HttpResponse:
    words = {"one": _told(request, [row])[0], "form": form, **_content(row)}
    return render(request, "office/mend_one.html", words, status=status)


def _told(request: OfficeRequest, rows: Iterable[Quarantined]) -> list[ToMend]:
    found, sites = list(rows), {site.id: site.name for site in sites_of(request.user)}
    authors = first_names(row.author for row in found)
    phones = dict(Device.objects.filter(id__in=[r.device for r in found if r.device]).values_list("id", "label"))
    return [
        ToMend(
            row=row,
            problem=PROBLEMS.get(row.code, _UNFORESEEN),
            author=authors.get(row.author, "not known") if row.author else "not known",
            phone=(phones.get(row.device) or "unnamed phone") if row.device else "not known",
            site=sites.get(row.site, ""),
        )
        for row in found
    ]


def _content(row: Quarantined) -> dict[str, Any]:
    """What it says, question by question, and how many sealed parts it has; nothing where it cannot be read."""
    try:
        content = json.loads(content_of(row))
        parcel = unpack(content["parcel"])
        record = dict(parcel["record"])
    except (ValueError, TypeError, KeyError, UnfitError):
        return {"readable": False}
    answers = record.pop("answers", {})
    shown = answers if isinstance(answers, dict) else {"answers": answers}
    return {
        "readable": True,
        "answers": [(_question(name), _short(value)) for name, value in shown.items()],
        "members": [(words, _short(record[name])) for name, words in _MEMBERS.items() if name in record],
        "sealed": len(parcel["identities"]) if isinstance(parcel.get("identities"), list) else 0,
    }


def _question(name: str) -> str:
    return name.rpartition("/")[2].replace("_", " ")[:_LONGEST]


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text[:_LONGEST]
