"""Reading districts with their boundaries from GeoJSON.

Each district needs a code, a name and an outline in degrees (WGS 84, longitude first, as GeoJSON wants it). The
country may stand in the file or be said beside it. Malawi's boundaries come from a file that holds every level of
its geography; of those the districts are taken.
"""

import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapely.errors import ShapelyError
from shapely.geometry import shape

from mentormothers.facts.csv_file import UnreadableFileError

_CODE, _NAME, _COUNTRY = ("code", "area_id"), ("name", "area_name"), ("country", "iso3c")
_LEVEL, _PARENT = "area_level_label", "parent_area_id"
# "District" and not the finer "District + Metro": that one cuts four cities (Mzuzu, Lilongwe, Zomba, Blantyre) out
# of their districts as areas of their own, but a health office stands at the district, the national facility
# registry numbers its facilities by the 28 districts, and a metro's numbers still add up to its district's.
DISTRICT_LEVEL, REGION_LEVEL = "District", "Region"
_DEGREES = ("CRS84", "4326")  # how GeoJSON files name longitude and latitude on WGS 84

LONGEST = {"country": 3, "code": 40, "name": 80, "region": 80}  # what the database takes

Feature = Mapping[str, Any]


@dataclass(frozen=True)
class ListedDistrict:
    """A district as a file gives it. `boundary` is its GeoJSON geometry, untouched; `region` may be unknown."""

    country: str  # ISO 3166 alpha-3
    code: str
    name: str
    region: str
    boundary: dict[str, Any]


@dataclass(frozen=True)
class DistrictList:
    """The districts of a file, and where the file says they come from."""

    districts: tuple[ListedDistrict, ...]
    source: str


def read_districts(path: Path, country: str | None = None) -> DistrictList:
    """Read districts. `country` is for files that do not say it themselves; a code that lacks the country gets it.

    Raises UnreadableFileError naming the district and what to do: half a country's districts are of no use.
    """
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise UnreadableFileError(f"{path}: {error.strerror}. Please check the name and the right to read it") from None
    except ValueError as error:
        raise UnreadableFileError(f"{path.name}: is not JSON ({error}). Please give a GeoJSON file") from None
    try:
        return DistrictList(_districts(content, country), str(content.get("source") or path.name)[:120])
    except ValueError as error:
        raise UnreadableFileError(f"{path.name}: {error}") from None


def _districts(content: Any, country: str | None) -> tuple[ListedDistrict, ...]:
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not features:
        raise ValueError("holds no features. Please give a GeoJSON FeatureCollection of districts")
    if not all(isinstance(feature, dict) and isinstance(feature.get("properties"), dict) for feature in features):
        raise ValueError("has features without properties. Please give each district a code and a name")
    _check_degrees(content)
    areas = {str(_first(feature, _CODE)): feature for feature in features}
    found = tuple(_district(feature, areas, country) for feature in _of_district_level(features))
    twice = [code for code, times in Counter(district.code for district in found).items() if times > 1]
    if twice:
        raise ValueError(f"code {twice[0]} stands for several districts. Please give each its own")
    return found


def _check_degrees(content: Feature) -> None:
    system = content.get("crs")
    name = str(system.get("properties", {}).get("name", "")) if isinstance(system, dict) else ""
    if name and not name.endswith(_DEGREES):
        raise ValueError(f"is drawn in {name}. Please export it in longitude and latitude (EPSG:4326)")


def _of_district_level(features: list[Feature]) -> list[Feature]:
    levels = {feature["properties"].get(_LEVEL) for feature in features}
    if levels == {None}:
        return features
    if DISTRICT_LEVEL not in levels:
        raise ValueError(f"has no areas of level {DISTRICT_LEVEL!r}. Please give a file with districts")
    return [feature for feature in features if feature["properties"].get(_LEVEL) == DISTRICT_LEVEL]


def _district(feature: Feature, areas: Mapping[str, Feature], country: str | None) -> ListedDistrict:
    code, name = _first(feature, _CODE), _first(feature, _NAME)
    if not code or not name:
        raise ValueError(f"district {code or name or '?'} lacks its code or its name. Please fill in both")
    land = _country(feature, country, code)
    # County 7 of one country is not county 7 of another.
    full = code if code.upper().startswith(land) else f"{land}-{code}"
    texts = {"country": land, "code": full, "name": name, "region": _region(feature, areas)}
    for field, text in texts.items():
        if len(text) > LONGEST[field]:
            raise ValueError(
                f"{name[:80]}: {field} {text[:80]!r} is too long. Please use at most {LONGEST[field]} letters"
            )
    return ListedDistrict(**texts, boundary=_boundary(name, feature))


def _country(feature: Feature, given: str | None, code: str) -> str:
    found = (_first(feature, _COUNTRY) or given or _country_of_code(code)).upper()
    if len(found) != 3 or not found.isalpha():
        raise ValueError(
            f"{_first(feature, _NAME)}: the file does not say its country. Please give it with --country, such as MWI"
        )
    return found


def _country_of_code(code: str) -> str:
    """`MWI` of `MWI_3_1_demo`; empty for a code that does not start like that."""
    start = code.partition("_")[0]
    return start if len(start) == 3 and start.isalpha() and start.isupper() else ""


def _region(feature: Feature, areas: Mapping[str, Feature]) -> str:
    """The region a district names or, where the file holds regions as areas, lies in."""
    if named := _first(feature, ("region",)):
        return named
    for _ in range(len(areas)):  # a file whose areas are each other's parents must not hold us
        above = areas.get(str(feature["properties"].get(_PARENT)))
        if above is None:
            break
        if above["properties"].get(_LEVEL) == REGION_LEVEL:
            return _first(above, _NAME)
        feature = above
    return ""


def _boundary(name: str, feature: Feature) -> dict[str, Any]:
    geometry = feature.get("geometry") or {}
    if geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"{name}: its geometry is no polygon. Please give the outline of the district")
    try:
        west, south, east, north = shape(geometry).bounds
    except (ShapelyError, ValueError, TypeError, IndexError, KeyError):
        raise ValueError(f"{name}: its outline cannot be read. Please check its coordinates") from None
    if math.isnan(west) or west < -180 or east > 180 or south < -90 or north > 90:
        raise ValueError(f"{name}: its outline is not in degrees. Please export it in longitude and latitude")
    return dict(geometry)


def _first(feature: Feature, names: tuple[str, ...]) -> str:
    properties = feature["properties"]
    return next((str(properties[name]).strip() for name in names if properties.get(name) is not None), "")
