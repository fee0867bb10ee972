"""Matching a list of facilities with those known already, so that a list may come again, corrected or completed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mentormothers.sites.facility_list import Identity, ListedFacility, Namesake
from mentormothers.sites.models import Facility


@dataclass(frozen=True)
class Match:
    """A facility of a list with the known one that it is; None for a new one.

    `elsewhere` says of a new one that a facility of its region, name and type is known at another point and is not
    in the list any more: the list may have moved it, or dropped one and added another. Nobody but a person can tell.
    """

    listed: ListedFacility
    known: Facility | None
    elsewhere: bool = False


def match(listed: Sequence[ListedFacility], known: Iterable[Facility]) -> list[Match]:
    """Each facility of the list with the known one, in the list's order.

    First those alike in everything including the point. Of the rest, one without a point is the namesake that has
    one, whichever side knows it; of several namesakes the first.
    """
    by_identity = {_identity(facility): facility for facility in known}
    found = {one.line: by_identity.pop(one.identity) for one in listed if one.identity in by_identity}
    left: dict[Namesake, list[Facility]] = defaultdict(list)
    for facility in by_identity.values():
        left[_identity(facility)[:4]].append(facility)
    for one in listed:
        if one.line not in found and (completed := _completed(one, left[one.namesake])):
            found[one.line] = completed
            left[one.namesake].remove(completed)
    return [Match(one, found.get(one.line), one.line not in found and bool(left[one.namesake])) for one in listed]


def _completed(one: ListedFacility, namesakes: list[Facility]) -> Facility | None:
    return next((facility for facility in namesakes if (facility.latitude is None) != (one.point is None)), None)


def _identity(facility: Facility) -> Identity:
    return (
        facility.country, facility.region, facility.name, facility.kind, facility.latitude, facility.longitude,
    )  # fmt: skip
