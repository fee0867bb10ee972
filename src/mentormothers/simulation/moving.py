"""Where a woman goes for care: to her mother's village for a birth, to another site with a letter, or without one.

A silent transfer is a woman who simply goes elsewhere: the old site loses her, the new one enrols her anew under a
name spelt its own way. A temporary move for the birth is known to the other site when she shows her card.
"""

from collections import defaultdict
from collections.abc import Sequence

from mentormothers.simulation.arrivals import Arrival
from mentormothers.simulation.bodies import WEEK, Body
from mentormothers.simulation.chances import Chances
from mentormothers.simulation.parameters import Moving
from mentormothers.simulation.people import NEVER, Stay
from mentormothers.simulation.sites import Site, mentor_of


class Map:
    """All sites, and which are near each other."""

    def __init__(self, sites: Sequence[Site]) -> None:
        self.sites = tuple(sites)
        near: dict[str, list[Site]] = defaultdict(list)
        for site in sites:
            near[site.place.district].append(site)
        self._near = {district: tuple(found) for district, found in near.items()}

    def another(self, site: Site, chances: Chances, same_district: float) -> Site | None:
        """Another site, more often a near one; None where there is no other."""
        near = tuple(one for one in self._near[site.place.district] if one is not site)
        everywhere = self.sites if len(self.sites) > 1 else ()
        choice = near if near and chances.happens(same_district) else everywhere
        found = chances.one_of(choice) if choice else None
        while found is site:
            found = chances.one_of(choice)
        return found


def stays(arrival: Arrival, body: Body, places: Map, chances: Chances, moving: Moving, *, seed: int) -> list[Stay]:
    """Where she goes from her first visit on, by day."""
    silently = arrival.day + 1 + chances.days_until(moving.silently_yearly)
    formally = arrival.day + 1 + chances.days_until(moving.formally_yearly)
    for_good = min(silently, formally)
    found = [Stay(arrival.day, arrival.site, mentor_of(arrival.site, seed, arrival.number), 0, "first")]
    leaves, returns, known = _for_birth(body, chances, moving)
    if arrival.day < leaves and returns < for_good:
        there = places.another(arrival.site, chances, moving.same_district)
        if there:
            alias = 0 if known else 1
            found.append(Stay(leaves, there, mentor_of(there, seed, arrival.number), alias, "birth"))
            found.append(Stay(returns, arrival.site, found[0].mentor, 0, "home"))
    if for_good < NEVER and (there := places.another(arrival.site, chances, moving.same_district)):
        silent = silently < formally
        alias = max(stay.alias for stay in found) + 1 if silent else 0
        found.append(
            Stay(for_good, there, mentor_of(there, seed, arrival.number), alias, "silent" if silent else "formal")
        )
    return found


def _for_birth(body: Body, chances: Chances, moving: Moving) -> tuple[int, int, bool]:
    """When she goes to her mother's village and comes home, and whether the site there sees her card."""
    goes, known = chances.happens(moving.for_birth), chances.happens(moving.known_away)
    week, after = chances.within(moving.for_birth_weeks), chances.within(moving.home_after_days)
    first = body.pregnancies[0]
    leaves = first.lmp + week * WEEK
    if not goes or first.outcome == "miscarriage" or leaves >= first.ends:
        return NEVER, NEVER, known
    return leaves, first.ends + after, known
