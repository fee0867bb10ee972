"""The places that come with the programme: all of them load, and they say what their sources say."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from mentormothers import PROGRAMME
from mentormothers.sites.district_list import read_districts
from mentormothers.sites.facility_list import read_facilities
from mentormothers.sites.placing import Boundaries
from tests.databases import shared_file

PLACES = sorted((PROGRAMME / "places").iterdir())
MALAWI = PROGRAMME / "places" / "malawi"
CREDITS = Path(__file__).parents[2] / "CREDITS.md"


@pytest.mark.parametrize("folder", PLACES, ids=lambda folder: folder.name)
def test_every_country_loads_without_a_refusal_and_fits_its_districts(folder: Path) -> None:
    listed = read_facilities(folder / "facilities.csv")
    districts = read_districts(folder / "districts.geojson").districts
    assert listed.refused == ()
    assert {one.country for one in listed.facilities} == {one.country for one in districts}
    boundaries = Boundaries(districts)
    placed = {boundaries.place(one).district for one in listed.facilities}
    assert placed >= {one.code for one in districts}, "a district without a facility"
    for path in folder.iterdir():
        assert path.stat().st_size < 600_000
        assert f"`{path.relative_to(PROGRAMME.parent)}`" in CREDITS.read_text(encoding="utf-8")


def test_malawi_has_648_facilities_of_which_nine_are_unplaced() -> None:
    listed = read_facilities(MALAWI / "facilities.csv", "MWI")
    boundaries = Boundaries(read_districts(MALAWI / "districts.geojson").districts)
    placings = {one.line: boundaries.place(one) for one in listed.facilities}
    assert len(listed.facilities) == 648
    assert {one.name for one in listed.facilities if placings[one.line].district is None} == UNPLACED
    assert Counter(bool(placing.suspicion) for placing in placings.values())[True] == 17
    assert len(listed.suspicious) == 6


UNPLACED = {
    "Centre 3 Clinic", "Kasasa Clinic", "Magamba Dispensary", "Maureen Murray Health Centre",
    "Mkomaula Health Centre", "Namisu Health Centre", "Ntholowa Health Centre", "Sable Health Centre",
    "St. Peters Health Centre (Utale I)",
}  # fmt: skip


def test_malawis_facilities_are_the_rows_of_their_source_unchanged() -> None:
    source = shared_file("facilities", "kemri_wellcome_2019_ssa_public_facilities.csv").read_bytes()
    header, *lines = source.splitlines(keepends=True)
    assert (MALAWI / "facilities.csv").read_bytes() == header + b"".join(
        line for line in lines if next(csv.reader([line.decode()]))[8] == "MWI"
    )


def test_malawis_districts_are_those_of_their_source_unchanged() -> None:
    source = read_districts(shared_file("boundaries", "malawi_naomi_demo_areas.geojson"))
    assert read_districts(MALAWI / "districts.geojson").districts == source.districts
    assert len(source.districts) == 28
