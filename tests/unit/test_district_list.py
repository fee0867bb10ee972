"""Reading districts from GeoJSON: what each file says in its own way, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from mentormothers.facts.csv_file import UnreadableFileError
from mentormothers.sites.district_list import DistrictList, read_districts
from tests.databases import shared_file

SQUARE = {"type": "Polygon", "coordinates": [[[33, -14], [34, -14], [34, -13], [33, -13], [33, -14]]]}


def feature(geometry: Any = SQUARE, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def read(folder: Path, *features: Any, country: str | None = None, **more: Any) -> DistrictList:
    path = folder / "districts.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features} | more))
    return read_districts(path, country)


def test_a_file_that_says_everything_itself(tmp_path: Path) -> None:
    found = read(tmp_path, feature(country="MWI", code="MWI_1", name="Dowa", region="Central"), source="a survey")
    (district,) = found.districts
    assert (district.country, district.code, district.name, district.region) == ("MWI", "MWI_1", "Dowa", "Central")
    assert district.boundary == SQUARE
    assert found.source == "a survey"


def test_a_code_gets_its_country_where_it_lacks_one(tmp_path: Path) -> None:
    found = read(tmp_path, feature(code=7, name="garissa"), country="ken")
    (district,) = found.districts
    assert (district.country, district.code, district.region) == ("KEN", "KEN-7", "")
    assert found.source == "districts.geojson"


def test_of_a_file_with_all_levels_the_districts_are_taken_with_their_regions(tmp_path: Path) -> None:
    def area(code: str, name: str, level: str, parent: str | None) -> dict[str, Any]:
        return feature(area_id=code, area_name=name, area_level_label=level, parent_area_id=parent)

    found = read(
        tmp_path,
        area("MWI", "Malawi", "Country", None),
        area("MWI_1_2", "Central", "Region", "MWI"),
        area("MWI_2_3", "Central-West", "Zone", "MWI_1_2"),
        area("MWI_3_13", "Lilongwe", "District", "MWI_2_3"),
        area("MWI_3_14", "Strange", "District", "MWI_3_14"),
        area("MWI_4_14", "Lilongwe City", "District + Metro", "MWI_3_13"),
    )
    assert [(one.code, one.name, one.region) for one in found.districts] == [
        ("MWI_3_13", "Lilongwe", "Central"),
        ("MWI_3_14", "Strange", ""),
    ]


@pytest.mark.parametrize(
    ("features", "more", "reason"),
    [
        ([], {}, "holds no features"),
        ([{"type": "Feature", "geometry": SQUARE}], {}, "features without properties"),
        ([feature(name="Dowa", country="MWI")], {}, "district Dowa lacks its code or its name"),
        ([feature(code="MWI_1", country="MWI")], {}, "district MWI_1 lacks its code or its name"),
        ([feature(code="7", name="Dowa")], {}, "Dowa: the file does not say its country. Please give it with --country"),
        ([feature(code="7", name="Dowa", country="Malawi")], {}, "does not say its country"),
        ([feature(code="M" * 41, name="Dowa", country="MWI")], {}, "is too long. Please use at most 40 letters"),
        ([feature(code="1", name="A", country="MWI"), feature(code=1, name="B", country="MWI")], {}, "code MWI-1 stands"),
        ([feature({"type": "Point", "coordinates": [1, 2]}, code="MWI_1", name="Dowa")], {}, "Dowa: its geometry is no"),
        ([feature(None, code="MWI_1", name="Dowa")], {}, "Dowa: its geometry is no polygon"),
        ([feature({"type": "Polygon", "coordinates": [[[1, 2]]]}, code="MWI_1", name="Dowa")], {}, "cannot be read"),
        ([feature({"type": "Polygon", "coordinates": "?"}, code="MWI_1", name="Dowa")], {}, "cannot be read"),
        ([feature({"type": "Polygon", "coordinates": []}, code="MWI_1", name="Dowa")], {}, "is not in degrees"),
        (
            [feature({"type": "Polygon", "coordinates": [[[6e5, 8e6], [7e5, 8e6], [7e5, 9e6], [6e5, 8e6]]]}, code="MWI_1", name="Dowa")],
            {},
            "Dowa: its outline is not in degrees. Please export",
        ),
        (
            [feature(code="MWI_1", name="Dowa")],
            {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32736"}}},
            "is drawn in urn:ogc:def:crs:EPSG::32736. Please export",
        ),
        ([feature(code="MWI_1", name="Dowa", area_level_label="Zone")], {}, "has no areas of level 'District'"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, features: Any, more: Any, reason: str) -> None:
    with pytest.raises(UnreadableFileError) as refusal:
        read(tmp_path, *features, **more)
    assert reason in str(refusal.value)
    assert str(refusal.value).startswith("districts.geojson: ")
    assert "Please" in str(refusal.value)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"not json", b'"text"', b"[]"])
def test_a_file_that_is_no_geojson(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "districts.geojson"
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match="Please give a GeoJSON"):
        read_districts(path)
    with pytest.raises(UnreadableFileError, match="No such file"):
        read_districts(tmp_path / "other.geojson")


def test_kenyas_counties() -> None:
    found = read_districts(shared_file("boundaries", "kenya_47_counties_simplified.geojson"), "KEN")
    assert len(found.districts) == 47
    assert {"KEN-1", "KEN-47"} < {one.code for one in found.districts}
