"""Taking in districts and facilities: what the database holds afterwards, and after coming again."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from mentormothers import PROGRAMME
from mentormothers.config.database import Database
from mentormothers.sites.district_list import DistrictList, ListedDistrict, read_districts
from mentormothers.sites.facility_list import LONGEST, FacilityList, ListedFacility, read_facilities
from tests.unit.test_shipped_places import UNPLACED

MALAWI = PROGRAMME / "places" / "malawi"
SQUARE = {"type": "Polygon", "coordinates": [[[33, -11], [34, -11], [34, -10], [33, -10], [33, -11]]]}
WEST = ListedDistrict("MWI", "MWI-1", "West", "Northern", SQUARE)
BUA = ListedFacility(2, "MWI", "Northern", "Bua", "Clinic", "MoH", -10.5, 33.5)


def listed(*facilities: ListedFacility) -> FacilityList:
    return FacilityList(facilities, (), (), {})


def take(*facilities: ListedFacility) -> str:
    from mentormothers.sites.actions import import_facilities

    return str(import_facilities(listed(*facilities), source="a list").taken)


def load(*districts: ListedDistrict) -> str:
    from mentormothers.sites.actions import load_districts

    return str(load_districts(DistrictList(districts, "a survey")).taken)


def rows() -> list[tuple[object, ...]]:
    from mentormothers.sites.models import Facility

    fields = ("name", "latitude", "longitude", "district__name", "unplaced_because", "ownership")
    return list(Facility.objects.order_by("id").values_list(*fields))


def audited() -> list[tuple[str, str]]:
    from mentormothers.access.models import AuditEvent

    lists = ("districts.loaded", "facilities.imported")
    return list(AuditEvent.objects.filter(what__in=lists).order_by("id").values_list("what", "detail"))


def everything() -> list[object]:
    """All rows of the tables that an import writes, with the transaction that wrote each."""
    with connection.cursor() as cursor:
        found: list[object] = []
        for table in ("district", "facility", "audit_event"):
            cursor.execute(f"SELECT xmin::text, t::text FROM {table} t ORDER BY id")
            found += cursor.fetchall()
        return found


def test_malawi_from_the_programme(db: Database) -> None:
    from mentormothers.sites.actions import import_facilities, load_districts
    from mentormothers.sites.models import Facility

    facilities, districts = read_facilities(MALAWI / "facilities.csv"), read_districts(MALAWI / "districts.geojson")
    assert load_districts(districts).taken.new == 28
    seen: list[int] = []
    done = import_facilities(facilities, source="KEMRI-Wellcome", progress=seen.append)
    assert str(done.taken) == "648 new, 0 updated, 0 known already"
    assert seen == sorted(seen) and seen[-1] == 648
    assert Facility.objects.filter(district__isnull=False).count() == sum(done.by_district.values()) == 639
    assert len(done.by_district) == 28
    assert done.by_district["MWI", "Nkhata Bay"] == 22
    assert {one.name for one in done.unplaced} == UNPLACED
    assert set(Facility.objects.filter(district__isnull=True).values_list("name", flat=True)) == UNPLACED
    assert [one.line for one in done.suspicious] == sorted(one.line for one in done.suspicious)
    assert len(done.suspicious) == 23


def test_coming_again_changes_nothing(db: Database) -> None:
    from mentormothers.sites.actions import import_facilities, load_districts

    facilities, districts = read_facilities(MALAWI / "facilities.csv"), read_districts(MALAWI / "districts.geojson")
    load_districts(districts)
    first = import_facilities(facilities, source="KEMRI-Wellcome")
    before = everything()
    assert str(load_districts(districts).taken) == "0 new, 0 updated, 28 known already"
    again = import_facilities(facilities, source="KEMRI-Wellcome")
    assert str(again.taken) == "0 new, 0 updated, 648 known already"
    assert replace(again, taken=first.taken) == first
    assert everything() == before


def test_what_was_done_is_audited_by_country_and_count(db: Database) -> None:
    load(WEST)
    take(BUA)
    assert audited() == [
        ("districts.loaded", "MWI: 1 new, 0 updated, 0 known already"),
        ("facilities.imported", "MWI: 1 new, 0 updated, 0 known already"),
    ]


def test_a_place_that_becomes_known_is_filled_in_and_never_lost_again(db: Database) -> None:
    unknown = replace(BUA, latitude=None, longitude=None)
    load(WEST)
    assert take(unknown) == "1 new, 0 updated, 0 known already"
    assert rows() == [("Bua", None, None, None, "no coordinates in the list", "MoH")]
    assert take(BUA) == "0 new, 1 updated, 0 known already"
    assert rows() == [("Bua", -10.5, 33.5, "West", "", "MoH")]
    assert take(unknown) == "0 new, 0 updated, 1 known already"
    assert rows() == [("Bua", -10.5, 33.5, "West", "", "MoH")]


def test_a_facility_is_placed_once_its_district_is_known(db: Database) -> None:
    take(BUA)
    assert rows() == [("Bua", -10.5, 33.5, None, "no district boundaries of MWI are known", "MoH")]
    load(WEST)
    assert take(BUA) == "0 new, 1 updated, 0 known already"
    assert rows() == [("Bua", -10.5, 33.5, "West", "", "MoH")]


def test_a_new_owner_is_taken_over_and_a_missing_one_is_not(db: Database) -> None:
    load(WEST)
    take(BUA)
    assert take(replace(BUA, ownership="FBO")) == "0 new, 1 updated, 0 known already"
    assert take(replace(BUA, ownership="")) == "0 new, 0 updated, 1 known already"
    assert rows() == [("Bua", -10.5, 33.5, "West", "", "FBO")]


def test_nothing_is_deleted_and_a_move_is_for_a_person_to_judge(db: Database) -> None:
    from mentormothers.sites.actions import import_facilities

    load(WEST)
    take(BUA, replace(BUA, line=3, name="Ekwendeni"))
    done = import_facilities(listed(replace(BUA, longitude=33.6)), source="a list")
    assert done.taken.new == 1
    assert [row[0] for row in rows()] == ["Bua", "Ekwendeni", "Bua"]
    assert "Please check whether it moved; both are kept" in done.suspicious[0].reason
    twice = take(BUA, replace(BUA, line=3, longitude=33.6), replace(BUA, line=4, latitude=None, longitude=None))
    assert twice == "1 new, 0 updated, 2 known already", "both namesakes are in the list, so the third is another"


def test_lists_of_different_sources_stand_side_by_side(db: Database) -> None:
    from mentormothers.sites.actions import import_facilities

    take(BUA)
    assert import_facilities(listed(BUA), source="another list").taken.new == 1


def test_districts_are_updated_by_code_and_those_not_listed_are_named(db: Database) -> None:
    from mentormothers.sites.actions import countries_with_districts, load_districts
    from mentormothers.sites.models import District

    load(WEST, replace(WEST, code="MWI-2", name="East"))
    moved = {"type": "Polygon", "coordinates": [[[34, -11], [35, -11], [35, -10], [34, -10], [34, -11]]]}
    done = load_districts(DistrictList((replace(WEST, name="Far West", boundary=moved),), "a survey"))
    assert str(done.taken) == "0 new, 1 updated, 0 known already"
    assert done.unlisted == ("East",)
    assert list(District.objects.order_by("code").values_list("name", "region")) == [
        ("Far West", "Northern"),
        ("East", "Northern"),
    ]
    assert countries_with_districts() == {"MWI"}


def test_an_import_that_fails_leaves_nothing_behind(db: Database) -> None:
    from mentormothers.sites.actions import import_facilities

    def fail(rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_facilities(listed(BUA), source="a list", progress=fail)
    assert (rows(), audited()) == ([], [])


def test_the_database_itself_keeps_a_facility_placed_or_says_why_not(db: Database) -> None:
    from mentormothers.sites.models import Facility

    with pytest.raises(IntegrityError, match="facility_placed_or_why"), transaction.atomic():
        Facility.objects.create(country="MWI", name="Bua", source="a list")
    take(BUA)
    with pytest.raises(IntegrityError, match="facility_once"), transaction.atomic():
        Facility.objects.create(
            country="MWI", region="Northern", name="Bua", kind="Clinic", latitude=-10.5, longitude=33.5,
            source="a list", unplaced_because="twice",
        )  # fmt: skip


def test_what_is_read_fits_what_is_kept(db: Database) -> None:
    from mentormothers.sites import district_list
    from mentormothers.sites.models import District, Facility

    for model, longest in ((Facility, LONGEST), (District, district_list.LONGEST)):
        for field, letters in longest.items():
            assert model._meta.get_field(field).max_length == letters
    name = "N" * LONGEST["name"]
    load(replace(WEST, name=name[:80], code=name[:40], region=name[:80]))
    take(replace(BUA, name=name, region=name[:80], kind=name[:60], ownership=name[:60]))
    assert rows()[0][0] == name


def test_a_list_longer_than_what_is_written_at_once(db: Database, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "iso3c,Admin1,Facility name,Facility type,Ownership,Lat,Long\n"
        + "".join(f"ZMB,Eastern,Post {n},Clinic,MoH,-13.{n:04},32.6\n" for n in range(2500))
    )
    from mentormothers.sites.actions import import_facilities

    done = import_facilities(read_facilities(path), source="a list")
    assert (done.taken.new, len(done.unplaced), done.by_district) == (2500, 2500, {})
