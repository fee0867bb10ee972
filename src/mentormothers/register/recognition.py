"""Knowing a woman again who comes to another site: looked up in the whole programme by somebody with a right to names,
written down, limited in number, and showing no more than is needed to recognise her while she sits there. Each answer
carries a handle, by which it is confirmed that it is she (register.visiting).

Who has no right gets the answer for nobody, after the same work: the database lets nothing through, and that is all.
"""

from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from mentormothers.access.audit import note
from mentormothers.access.models import Device, User
from mentormothers.access.scope import NOWHERE, scope_of, scoped
from mentormothers.access.throttle import throttle
from mentormothers.care.staying import Evidence
from mentormothers.facts.card_code import is_code
from mentormothers.facts.days import Precision
from mentormothers.people.looking_up import Match, look_up
from mentormothers.people.tokens import says_enough
from mentormothers.register.handles import Handled, make_handle
from mentormothers.register.names import may_see_names
from mentormothers.sites.models import Site

MOST_SHOWN = 5
# A mentor enrols a few women a day; who asks more often than this is looking for something else.
_MOST, _MINUTES = 20, 30
_MOST_A_DAY, _DAY = 60, 24 * 60


class SaysTooLittleError(Exception):
    """What was typed fits too many: a single word and no number."""


@dataclass(frozen=True)
class Recognised:
    """All that is shown of somebody to know her again.

    age     in years, where it is known
    handle  what it is confirmed by that it is she; empty where she lives at one's own site, or is not to be confirmed
    """

    first_name: str
    village: str
    site: str
    age: int | None
    handle: str = ""

    def of_mother(self, first_name: str, village: str) -> "Recognised":
        """A child as it is known by its mother."""
        name = f"{self.first_name or 'Baby'} of {first_name or 'somebody without a name'}"
        return replace(self, first_name=name, village=self.village or village)


def recognise(user: User, text: str, *, today: date, device: Device | None = None) -> list[Recognised]:
    """A few women of the programme whom a text may mean, the closest first. The look is audited, what was typed is not.

    Raises SaysTooLittleError, and TooManyError when somebody or a phone looks people up too often.
    """
    if not says_enough(text):
        raise SaysTooLittleError
    for who in (f"user:{user.id}", *([f"device:{device.id}"] if device else [])):
        throttle(f"look-up:{who}", most=_MOST, minutes=_MINUTES)
        throttle(f"look-up a day:{who}", most=_MOST_A_DAY, minutes=_DAY)
    with scoped(scope_of(user) if may_see_names(user) else NOWHERE):
        found = look_up(text, MOST_SHOWN)
    note(
        "identity.looked_up", who=user, device=device, clients=[one.client for one in found],
        site=device.site if device else None, detail=f"{len(found)} shown",
    )  # fmt: skip
    sites = dict(Site.objects.filter(id__in={one.site for one in found}).values_list("id", "name"))
    mine = {device.site} if device else set(scope_of(user).sites)
    evidence: Evidence = "card" if is_code(text) else "look_up"
    return [
        replace(
            recognised_as(one, sites[one.site], today),
            handle="" if one.site in mine else _handle(Handled(one.client, evidence), user, device),
        )
        for one in found
    ]


def recognised_as(match: Match, site: str, today: date) -> Recognised:
    """As much of somebody as it takes to know her again."""
    known = match.identity
    return Recognised(known.given, known.village, site, _age(match, today))


def _handle(handled: Handled, user: User, device: Device | None) -> str:
    return make_handle(handled, user=user, device=device, now=timezone.now())


def _age(match: Match, today: date) -> int | None:
    born = match.born
    if born is None:
        return None
    had_no_birthday = match.precision is Precision.DAY and (today.month, today.day) < (born.month, born.day)
    return today.year - born.year - had_no_birthday
