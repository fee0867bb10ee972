"""Phones that nobody has heard of for some days: work may lie on them that is not here yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from mentormothers.access.models import Device

SILENT_DAYS = 2  # the programme's own choice: one day without network is ordinary


@dataclass(frozen=True)
class SilentPhone:
    """A phone, the first names of its people, and for how many days nothing came from it."""

    label: str
    people: tuple[str, ...]
    days: int


def silent_phones(sites: Sequence[int]) -> list[SilentPhone]:
    """The phones of sites that were not heard of for two days or more, the longest silent first."""
    now = timezone.now()
    found = []
    for phone in Device.objects.filter(site__in=sites, revoked_at=None).prefetch_related("people"):
        days = (now - (phone.last_seen or phone.enrolled_at)).days
        if days >= SILENT_DAYS:
            people = tuple(sorted(person.first_name for person in phone.people.all() if person.is_active))
            found.append(SilentPhone(phone.label, people, days))
    return sorted(found, key=lambda silent: -silent.days)
