"""Slowing down those who try too often."""

from datetime import timedelta
from hashlib import sha256

from django.db.models import F
from django.utils import timezone

from mentormothers.access.models import Tries


class TooManyError(Exception):
    """Too many tries within some minutes."""


def throttle(what: str, *, most: int, minutes: int) -> None:
    """Count a try. Raises TooManyError beyond the most allowed in the last minutes."""
    name, now = sha256(what.encode()).hexdigest(), timezone.now()
    Tries.objects.filter(name=name, until__lt=now).delete()
    tries, made = Tries.objects.get_or_create(
        name=name, defaults={"count": 1, "until": now + timedelta(minutes=minutes)}
    )
    if not made:
        Tries.objects.filter(name=name).update(count=F("count") + 1)
    if tries.count >= most:
        raise TooManyError
