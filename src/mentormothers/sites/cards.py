"""Printing cards for a site: codes that no other card has, kept so that a sheet can be printed again."""

from collections.abc import Sequence

from django.db import transaction

from mentormothers.access.audit import note
from mentormothers.access.models import User
from mentormothers.facts.card_code import new_code
from mentormothers.sites.models import Card, CardSheet, Site

A_SHEET, MOST_SHEETS = 10, 20


@transaction.atomic
def new_cards(site: Site, count: int, *, by: User) -> CardSheet:
    """New cards for a site, `count` from 1 to MOST_SHEETS * A_SHEET. Raises ValueError for other counts."""
    if not 1 <= count <= MOST_SHEETS * A_SHEET:
        raise ValueError(f"please print from 1 to {MOST_SHEETS * A_SHEET} cards at once")
    sheet = CardSheet.objects.create(site=site, printed_by=by.id)
    missing = count
    while missing:  # another card may have the same code already: one in hundreds has, where millions are given out
        codes = {new_code() for _ in range(missing)}
        Card.objects.bulk_create([Card(code=code, sheet=sheet) for code in codes], ignore_conflicts=True)
        missing = count - sheet.cards.count()
    note("cards.printed", who=by, site=site.id, detail=str(count))
    return sheet


def codes_of(sheet: CardSheet) -> Sequence[str]:
    """The codes of cards that were printed together, in one order."""
    return list(sheet.cards.order_by("code").values_list("code", flat=True))
