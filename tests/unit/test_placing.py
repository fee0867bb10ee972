"""Placing points in districts, on a map small enough to draw.

latitude -10  +--------+--------+
              |   A    |   B    |   C is an island east of B. A and B belong to West, C to East.
              |  [ ]   |        | C
         -11  +--------+--------+
    longitude 33      34       35
"""

from typing import Any

import pytest

from mentormothers.sites.district_list import ListedDistrict
from mentormothers.sites.facility_list import ListedFacility
from mentormothers.sites.placing import Boundaries, Placing


def square(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def polygon(*rings: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def district(code: str, boundary: dict[str, Any], region: str = "West", country: str = "MWI") -> ListedDistrict:
    return ListedDistrict(country, code, f"District {code}", region, boundary)


LAKE = square(33.2, -10.8, 33.8, -10.2)
A = district("A", polygon(square(33, -11, 34, -10), LAKE))
B = district(
    "B", {"type": "MultiPolygon", "coordinates": [[square(34, -11, 35, -10)], [square(33.45, -10.55, 33.55, -10.45)]]}
)
C = district("C", polygon(square(35.5, -10.6, 35.6, -10.5)), "East")
MAP = Boundaries([C, B, A])


def place(latitude: float | None, longitude: float | None, region: str = "", on: Boundaries = MAP) -> Placing:
    return on.place(ListedFacility(2, "MWI", region, "Bua", "Clinic", "", latitude, longitude))


@pytest.mark.parametrize(
    ("latitude", "longitude", "code"),
    [
        (-10.1, 33.5, "A"),
        (-10.5, 34.5, "B"),
        (-10.5, 33.5, "B"),  # B's island in A's lake
        (-10.55, 35.55, "C"),
    ],
)
def test_a_point_inside_lies_there_without_a_word(latitude: float, longitude: float, code: str) -> None:
    assert place(latitude, longitude) == Placing(code)


@pytest.mark.parametrize(
    ("latitude", "longitude", "code", "names"),
    [
        (-10.5, 34.0, "A", "District A and District B"),
        (-10.0, 34.0, "A", "District A and District B"),
        (-10.5, 35.0, "B", "District B"),
        (-10.5, 33.2, "A", "District A"),  # the shore of its lake
    ],
)
def test_a_point_on_a_border_goes_to_the_first_district_by_code(
    latitude: float, longitude: float, code: str, names: str
) -> None:
    placing = place(latitude, longitude)
    assert placing.district == code
    assert f"exactly on the border of {names}; placed in District {code}. Please" in placing.suspicion


def test_districts_drawn_one_over_the_other() -> None:
    overlapping = Boundaries([A, district("A2", polygon(square(32, -11, 33.1, -10)))])
    placing = place(-10.5, 33.05, on=overlapping)
    assert placing.district == "A"
    assert "lies in District A and District A2, whose boundaries overlap" in placing.suspicion


def test_a_point_outside_but_near_goes_to_the_nearest_and_is_named() -> None:
    placing = place(-10.5, 35.05)
    assert placing.district == "B"
    assert placing.because == ""
    assert "stands 5.47 km outside every district; placed in District B, the nearest" in placing.suspicion


@pytest.mark.parametrize(
    ("latitude", "longitude", "because"),
    [
        (0.0, 0.0, "stands over 12 km outside every district"),
        (33.9, -14.03, "stands over 12 km outside every district"),
        (-10.5, 35.12, "stands over 12 km outside every district"),
        (-89.9, 33.5, "stands over 12 km outside every district"),
    ],
)
def test_a_point_far_outside_is_not_placed(latitude: float, longitude: float, because: str) -> None:
    placing = place(latitude, longitude)
    assert (placing.district, placing.because) == (None, because)
    assert placing.suspicion == f"{because}. Please check the coordinates"


def test_between_two_districts_the_stated_region_decides_or_nobody() -> None:
    narrow = Boundaries([B, district("D", polygon(square(35.1, -11, 36, -10)), "East")])
    assert place(-10.5, 35.05, on=narrow).because == "stands 5.47 km outside every district, 2 about as near"
    assert place(-10.5, 35.05, "West", on=narrow).district == "B"
    assert place(-10.5, 35.05, "east", on=narrow).district == "D"
    assert place(-10.5, 35.01, "East", on=narrow).because == (
        "stands 1.09 km outside every district, the nearest in another region"
    )


def test_a_point_in_another_region_than_stated_is_placed_and_named() -> None:
    placing = place(-10.5, 34.5, "East")
    assert placing.district == "B"
    assert "lies in District B (West), outside the region East that the list states" in placing.suspicion


@pytest.mark.parametrize("region", ["West", "WEST ", "", "Somewhere else"])
def test_a_region_that_agrees_or_that_the_boundaries_do_not_know_says_nothing(region: str) -> None:
    assert place(-10.5, 34.5, region) == Placing("B")


def test_districts_without_regions_are_regions_themselves() -> None:
    counties = Boundaries([district("1", polygon(square(33, -11, 34, -10)), ""), district("2", C.boundary, "")])
    assert place(-10.5, 33.5, "District-1", on=counties).suspicion == ""
    assert (
        "lies in District 1, outside the region District 2 that"
        in place(-10.5, 33.5, "District 2", on=counties).suspicion
    )


def test_accents_spaces_and_signs_do_not_make_another_region() -> None:
    murang_a = Boundaries([district("1", polygon(square(33, -11, 34, -10)), "Murang'á Côte")])
    assert place(-10.5, 33.5, "muranga cote", on=murang_a).suspicion == ""


def test_a_facility_without_coordinates_is_not_guessed() -> None:
    assert place(None, None, "West") == Placing(None, "no coordinates in the list")


def test_a_country_whose_districts_nobody_knows() -> None:
    zambian = ListedFacility(2, "ZMB", "Eastern", "Chipata", "Hospital", "", -10.5, 33.1)
    assert MAP.place(zambian) == Placing(None, "no district boundaries of ZMB are known")


def test_only_districts_of_its_own_country_come_into_question() -> None:
    both = Boundaries([B, district("Z", polygon(square(35, -11, 36, -10)), country="ZMB")])
    assert place(-10.5, 35.5, on=both).district is None


def test_an_outline_that_crosses_itself_is_mended() -> None:
    bow = polygon([[33, -11], [34, -10], [34, -11], [33, -10], [33, -11]])
    assert place(-10.5, 33.9, on=Boundaries([district("A", bow)])).district == "A"
    assert place(-10.1, 33.5, on=Boundaries([district("A", bow)])).district is None
