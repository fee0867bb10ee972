"""Where the programme works: sites at real facilities, in the districts women come from, and their mentors' habits.

A mentor's habits make her data: how often her phone reaches the network, whether she dates things to round days,
whether she writes a visit down twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from mentormothers.simulation.chances import Chances, key_of
from mentormothers.simulation.parameters import Writing


class TooManySitesError(Exception):
    """More sites are asked for than there are facilities; the message says how many there are."""


@dataclass(frozen=True)
class Place:
    """A real facility that a site may be at."""

    name: str
    kind: str
    district: str
    region: str
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Mentor:
    """A mentor's habits.

    sync_every   days between two times that her phone sends
    sync_on      the first of those days, counted from any
    heaps        the share of talks and contacts that she dates to a round day
    copies       the share of visits that she writes down twice
    """

    code: str
    sync_every: int
    sync_on: int
    heaps: float
    copies: float


@dataclass(frozen=True, slots=True)
class Site:
    """A site of the synthetic programme.

    number      counts from 0
    share       its part of the district's women
    households  how many phones are shared by women of different families
    """

    number: int
    code: str
    place: Place
    model: str
    share: float
    households: int
    mentors: tuple[Mentor, ...]


def usual_sites(clients: int, months: int, available: int, habits: Writing) -> int:
    """How many sites a programme of this size has."""
    return max(1, min(available, round(clients / (habits.clients_per_site_yearly * max(1.0, months / 12)))))


def plan_sites(
    places: Sequence[Place], women: Mapping[str, float], *, sites: int, clients: int, seed: int, habits: Writing
) -> list[Site]:
    """Sites in proportion to the women of each district, at facilities chosen by size and the seed.

    Raises TooManySitesError when there are not as many facilities in the districts women come from.
    """
    usable = [place for place in places if women.get(place.district)]
    if sites > len(usable):
        raise TooManySitesError(f"{sites} sites are more than the {len(usable)} facilities that can be placed")
    numbers = _spread(sites, women, {d: sum(place.district == d for place in usable) for d in women})
    chosen = [
        place
        for district in sorted(numbers)
        for place in _chosen([one for one in usable if one.district == district], numbers[district], seed, habits)
    ]
    sizes = {district: sum(_size(one, habits) for one in chosen if one.district == district) for district in numbers}
    served = sum(women[district] for district in numbers if numbers[district])
    return [
        _site(number, place, _size(place, habits) / sizes[place.district],
              clients * women[place.district] / served, seed, habits)
        for number, place in enumerate(chosen)
    ]  # fmt: skip


def _size(place: Place, habits: Writing) -> float:
    """How many women come to a facility, beside others."""
    return habits.facility_size.get(place.kind, habits.facility_size["other"])


def _spread(sites: int, women: Mapping[str, float], room: Mapping[str, int]) -> dict[str, int]:
    """One site after another to the district with the most women for each site it has (highest averages)."""
    numbers = dict.fromkeys(sorted(women), 0)
    for _ in range(sites):
        open_ = [district for district in numbers if numbers[district] < room[district]]
        numbers[max(open_, key=lambda district: (women[district] / (2 * numbers[district] + 1), district))] += 1
    return numbers


def _chosen(places: Iterable[Place], number: int, seed: int, habits: Writing) -> list[Place]:
    """The facilities that the seed prefers, larger ones more often; of namesakes the first stands for all."""

    def preference(numbered: tuple[int, Place]) -> float:
        position, place = numbered
        draw = Chances(seed, "facility", place.district, place.name, position).draw()
        return float(draw ** (1 / _size(place, habits)))

    ranked = sorted(enumerate(places), key=preference, reverse=True)[:number]
    return [place for _, place in sorted(ranked, key=lambda numbered: numbered[0])]


def _site(number: int, place: Place, share: float, district_clients: float, seed: int, habits: Writing) -> Site:
    chances = Chances(seed, "site", number)
    model = chances.pick(habits.delivery_model)
    code = f"SYN-{number + 1:04d}"
    clients = district_clients * share
    mentors = max(1, ceil(clients / habits.caseload))
    return Site(
        number, code, place, model, share, max(1, round(clients * habits.households_per_client)),
        tuple(_mentor(f"{code}-M{n + 1}", seed, habits) for n in range(mentors)),
    )  # fmt: skip


def _mentor(code: str, seed: int, habits: Writing) -> Mentor:
    chances = Chances(seed, "mentor", code)
    every = chances.pick_within(habits.sync_every_days)
    return Mentor(
        code, every, chances.between(0, every - 1), chances.pick(habits.heaps_dates), chances.pick(habits.copies_forms)
    )


def mentor_of(site: Site, seed: int, woman: int) -> Mentor:
    """Who looks after a woman at a site."""
    return site.mentors[key_of(seed, "caseload", site.number, woman) % len(site.mentors)]
