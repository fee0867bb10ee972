"""The protocol in force, in words: its items and settings with source and mark, and what it leaves out."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from mentormothers.access.models import Role
from mentormothers.care.live import protocol_in_force
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.protocol.model import Item, Protocol
from mentormothers.protocol.words import Group, ItemWords, say_item, say_tracing

SEEN_BY = tuple(role for role in Role if role != Role.MENTOR)
_GROUPS: dict[Group, str] = {"pregnant": "Before birth", "mother": "Women and mothers", "infant": "Babies"}


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


def _groups(protocol: Protocol, *, only: bool) -> list[tuple[str, Sequence[Shown]]]:
    """The items by whom they are for, in the order of the file; groups without any are left out."""
    shown = [Shown(item, say_item(item, protocol)) for item in protocol.items if item.unverified or not only]
    grouped = [(title, [one for one in shown if one.words.group == group]) for group, title in _GROUPS.items()]
    return [(title, some) for title, some in grouped if some]
