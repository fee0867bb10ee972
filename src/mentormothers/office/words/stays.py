"""Where somebody is who is not at home, who said so, and who looked her up, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from mentormothers.care.models import Stay
from mentormothers.office.words.days import say_date, say_day
from mentormothers.register.visiting import Look


@dataclass(frozen=True)
class StayShown:
    """One stay: where, until when; who confirmed it, and by what."""

    client: UUID
    words: str
    confirmed: str
    may_end: bool


def say_stays(
    stays: Iterable[Stay], sites: Mapping[int, str], people: Mapping[UUID, str], home: int, mine: Iterable[int]
) -> list[StayShown]:
    """Stays as somebody sees them who works at some sites; `home` is the woman's."""
    here = set(mine)
    return [
        StayShown(
            stay.client,
            _where(stay, sites, home, here),
            _confirmed(stay, sites, people),
            stay.ended_at is None and (home in here or stay.site in here),
        )
        for stay in stays
    ]


def say_looks(looks: Sequence[Look], sites: Mapping[int, str], people: Mapping[UUID, str]) -> list[str]:
    """`Looked up by Eluby, Bangwe, on 7 March.` Of a look in the office the site is not known."""
    said = []
    for look in looks:
        who = people.get(look.who, "somebody who left") if look.who else "somebody"
        where = f", {sites[look.site]}," if look.site and look.site in sites else ""
        said.append(f"Looked up by {who}{where} on {say_date(look.day)}.")
    return list(dict.fromkeys(said))


def say_guest(stay: Stay, sites: Mapping[int, str], home: int) -> str:
    """For a line of a list: `visiting from Ndirande until 7 March`."""
    how = "visiting" if stay.reason == "visit" else "staying here"
    return f"{how} from {sites.get(home, 'another site')} until {say_date(stay.until)}"


def _where(stay: Stay, sites: Mapping[int, str], home: int, here: set[int]) -> str:
    site, last = sites.get(stay.site, "another site"), say_day(stay.until)
    if stay.ended_at is not None:
        return f"Was at {site} from {say_date(stay.since)} to {say_date(stay.until)}: {stay.ended_because}."
    if stay.site in here and home not in here:
        how = {"visit": "Visiting", "while": "Staying here", "moved": "Has moved here, which is not written down yet;"}
        return f"{how[stay.reason]} from {sites.get(home, 'another site')} until {last}."
    return f"At {site} until {last}" + (", where she says she has moved to." if stay.reason == "moved" else ".")


def _confirmed(stay: Stay, sites: Mapping[int, str], people: Mapping[UUID, str]) -> str:
    by = "by her card" if stay.evidence == "card" else "after a look-up"
    who = people.get(stay.confirmed_by, "somebody who left")
    day = say_date(timezone.localdate(stay.made_at))
    return f"Confirmed with her present by {who}, {sites.get(stay.site, 'another site')}, on {day}, {by}."
