"""The protocol in force, in words: its items and settings with source and mark; and as the page to be signed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import slugify

from mentormothers.access.models import Role
from mentormothers.care.live import protocol_in_force
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.printing.html import html, style_source
from mentormothers.printing.pdf import pdf
from mentormothers.printing.protocol_page import protocol_page
from mentormothers.protocol.model import Item, Protocol
from mentormothers.protocol.words import GROUPS, ItemWords, say_item, say_tracing

SEEN_BY = tuple(role for role in Role if role != Role.MENTOR)


@dataclass(frozen=True)
class Shown:
    """An item with its words."""

    item: Item
    words: ItemWords


@screen(*SEEN_BY)
def protocol(request: OfficeRequest) -> HttpResponse:
    """Every item in words; on request only what nobody has verified."""
    found, only = protocol_in_force(), request.GET.get("show") == "unverified"
    words = {
        "only": only,
        "groups": _groups(found, only=only),
        "settings": [setting for setting in found.settings if setting.unverified or not only],
        "tracing": say_tracing(found),
    }
    return render(request, "office/protocol.html", words)


@screen(*SEEN_BY)
def printed(request: OfficeRequest) -> HttpResponse:
    """The page that a ministry reads and signs, by itself."""
    page = protocol_page(protocol_in_force())
    response = HttpResponse(html(page))
    response["Content-Security-Policy"] = f"default-src 'none'; style-src {style_source(page)}; frame-ancestors 'none'"
    return response


@screen(*SEEN_BY)
def as_pdf(request: OfficeRequest) -> HttpResponse:
    """The same page, to be sent and signed."""
    found = protocol_in_force()
    response = HttpResponse(pdf(protocol_page(found)), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="protocol-{slugify(found.id)}-{found.version}.pdf"'
    return response


def _groups(protocol: Protocol, *, only: bool) -> list[tuple[str, Sequence[Shown]]]:
    """The items by whom they are for, in the order of the file; groups without any are left out."""
    shown = [Shown(item, say_item(item, protocol)) for item in protocol.items if item.unverified or not only]
    grouped = [(title, [one for one in shown if one.words.group == group]) for group, title in GROUPS.items()]
    return [(title, some) for title, some in grouped if some]
