"""Placing: in which district of its country a facility lies, by the boundaries alone.

A point inside one boundary lies there. On a border it goes to the first district by code. Outside every boundary
it goes to the nearest district of its region, if that one is near and no other about as near; every such case is
named for a person to look at. A facility without a point is never placed.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from math import cos, radians

import shapely
from shapely import MultiPolygon, Point, Polygon, STRtree
from shapely.affinity import scale
from shapely.geometry import shape

from mentormothers.sites.district_list import ListedDistrict
from mentormothers.sites.facility_list import ListedFacility

NO_COORDINATES = "no coordinates in the list"
KM_PER_DEGREE = 111.2  # of latitude; of longitude times the cosine of the latitude
# Boundaries are drawn coarsely along shores: of Malawi's 639 facilities with coordinates, 17 stand outside every
# district, most on the lake shore, the farthest 10.4 km out (Nkhata Bay, whose own district hospital is 7.3 km out).
# For the 14 of them whose name is found in the national registry, its district code is that of the nearest district.
NEAR_KM = 12.0
# A district that is less than so many times farther away than the nearest comes into question too; then the region
# that the list states decides, or nobody does.
CLEARLY = 2.0

Outline = Polygon | MultiPolygon


@dataclass(frozen=True)
class Placing:
    """Where a facility lies: the code of a district, or why in none; and what a person should look at."""

    district: str | None
    because: str = ""
    suspicion: str = ""


@dataclass(frozen=True)
class _District:
    code: str
    name: str
    region: str
    outline: Outline


class Boundaries:
    """The districts of some countries, ready to be asked for many points."""

    def __init__(self, districts: Iterable[ListedDistrict]) -> None:
        listed = sorted(districts, key=lambda district: (district.country, district.code))
        self._countries = {
            country: _Country([_district(one) for one in group])
            for country, group in groupby(listed, key=lambda district: district.country)
        }

    def place(self, facility: ListedFacility) -> Placing:
        """In which district a facility lies."""
        if facility.point is None:
            return Placing(None, NO_COORDINATES)
        country = self._countries.get(facility.country)
        if country is None:
            return Placing(None, f"no district boundaries of {facility.country} are known")
        latitude, longitude = facility.point
        return country.place(Point(longitude, latitude), facility.region)


class _Country:
    """The districts of one country, in the order of their codes."""

    def __init__(self, districts: list[_District]) -> None:
        self._districts = districts
        self._tree = STRtree([district.outline for district in districts])
        self._regions = {_plain(district.region) for district in districts}

    def place(self, point: Point, region: str) -> Placing:
        around = [self._districts[at] for at in sorted(self._tree.query(point, predicate="intersects"))]
        if not around:
            return self._outside(point, region)
        first = around[0]
        suspicions = (_on_a_border(point, around), self._out_of_region(first, region))
        return Placing(first.code, suspicion="; ".join(filter(None, suspicions)))

    def _outside(self, point: Point, region: str) -> Placing:
        away = self._nearest(point)
        if not away or away[0][0] > NEAR_KM:
            return _nowhere(f"stands over {NEAR_KM:.0f} km outside every district")
        alike = [(km, one) for km, one in away if km <= CLEARLY * away[0][0]]
        fitting = [(km, one) for km, one in alike if not self._out_of_region(one, region)]
        if not fitting or fitting[0][0] > NEAR_KM:
            return _nowhere(f"stands {away[0][0]:.2f} km outside every district, the nearest in another region")
        if len(fitting) > 1:
            return _nowhere(f"stands {away[0][0]:.2f} km outside every district, {len(fitting)} about as near")
        km, nearest = fitting[0]
        where = f"stands {km:.2f} km outside every district; placed in {nearest.name}, the nearest"
        return Placing(nearest.code, suspicion=f"{where}. Please check the coordinates")

    def _nearest(self, point: Point) -> list[tuple[float, _District]]:
        """The districts that may matter to a point outside them all, with kilometres, nearest first."""
        reach = CLEARLY * NEAR_KM / KM_PER_DEGREE / max(cos(radians(point.y)), 0.01)
        near = [self._districts[at] for at in self._tree.query(point.buffer(reach, quad_segs=16))]
        return sorted(((_kilometres(point, district.outline), district) for district in near), key=_by_distance)

    def _out_of_region(self, district: _District, region: str) -> str:
        """Whether the list says another region than the boundaries, in words. Empty as well where nobody can tell:
        lists and boundaries spell regions differently, or speak of different levels."""
        stated = _plain(region)
        if stated not in self._regions or stated == _plain(district.region):
            return ""
        there = district.name if district.name == district.region else f"{district.name} ({district.region})"
        return f"lies in {there}, outside the region {region} that the list states. Please check both"


def _district(listed: ListedDistrict) -> _District:
    # Where the boundaries name no regions above the districts, a list's region may be the district itself (Kenya).
    return _District(listed.code, listed.name, listed.region or listed.name, _outline(listed))


def _outline(listed: ListedDistrict) -> Outline:
    outline = shape(listed.boundary)
    if not outline.is_valid:  # a line that crosses itself, common where outlines were simplified
        outline = shapely.make_valid(outline, method="structure", keep_collapsed=False)
    assert isinstance(outline, Polygon | MultiPolygon)
    return outline


def _nowhere(because: str) -> Placing:
    return Placing(None, because, f"{because}. Please check the coordinates")


def _on_a_border(point: Point, around: list[_District]) -> str:
    inside = [district for district in around if district.outline.contains(point)]
    if inside == around[:1] == around:
        return ""
    names = " and ".join(district.name for district in around)
    where = f"lies in {names}, whose boundaries overlap" if inside else f"stands exactly on the border of {names}"
    return f"{where}; placed in {around[0].name}. Please check the coordinates"


def _kilometres(point: Point, outline: Outline) -> float:
    """Distance over ground, good to a percent over the tens of kilometres that matter here."""
    shrink = cos(radians(point.y))
    flat = scale(outline, xfact=shrink, yfact=1.0, origin=(0.0, 0.0))
    return KM_PER_DEGREE * flat.distance(Point(point.x * shrink, point.y))


def _by_distance(away: tuple[float, _District]) -> tuple[float, str]:
    return away[0], away[1].code


def _plain(name: str) -> str:
    """A name by its letters and digits alone: `Murang'a` and `muranga`, `Homa Bay` and `homabay` are one region."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", name.casefold()) if letter.isalnum())
