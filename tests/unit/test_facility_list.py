"""Reading facility lists: every row is taken, refused with its line and a remedy, or taken and called suspicious."""

from collections import Counter
from pathlib import Path

import pytest

from mentormothers.facts.csv_file import UnreadableFileError
from mentormothers.sites.facility_list import FacilityList, read_facilities
from tests.databases import shared_file

HEADER = "Country,Admin1,Facility name,Facility type,Ownership,Lat,Long,LL source,iso3c\n"
LIKUNI = "Malawi,Central,Likuni Hospital,Hospital,FBO,-14.03,33.71,GPS,MWI\n"


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "list.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(folder: Path, rows: str, country: str | None = None) -> FacilityList:
    return read_facilities(write(folder, HEADER + rows), country)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Malawi,Central, ,Hospital,FBO,-14.03,33.71,GPS,MWI", "has no name. Please"),
        ("Malawi,Central,Bua,Clinic,MoH,-14.03,,GPS,MWI", "has Lat but no Long. Please give both or none"),
        ("Malawi,Central,Bua,Clinic,MoH,,33.71,GPS,MWI", "has Long but no Lat. Please give both or none"),
        ("Malawi,Central,Bua,Clinic,MoH,-90.01,33.71,GPS,MWI", "Lat -90.01 is out of range"),
        ("Malawi,Central,Bua,Clinic,MoH,-14.03,180.5,GPS,MWI", "Long 180.5 is out of range"),
        ("Malawi,Central,Bua,Clinic,MoH,\"-14,03\",33.71,GPS,MWI", "Lat '-14,03' is not a number. Please write degrees"),
        ("Malawi,Central,Bua,Clinic,MoH,NA,NA,GPS,MWI", "Lat 'NA' is not a number"),
        ("Malawi,Central,Bua,Clinic,MoH,nan,33.71,GPS,MWI", "Lat 'nan' is not a number"),
        ("Malawi,Central,Bua,Clinic,MoH,-1_4,33.71,GPS,MWI", "Lat '-1_4' is not a number"),
        ("Malawi,Central,Bua,Clinic,MoH,1e999,33.71,GPS,MWI", "out of range"),
        ("Malawi,Central,Bua,Clinic,MoH,-14.03,33.71,GPS,", "country '' is not a code of three letters"),
        ("Malawi,Central,Bua,Clinic,MoH,-14.03,33.71,GPS,MW", "country 'MW' is not a code of three letters"),
        (f"Malawi,Central,{'B' * 121},Clinic,MoH,-14.03,33.71,GPS,MWI", "Facility name has 121 characters. Please"),
        ("Malawi,Central,Bua,Clinic", "has 4 cells under 9 columns. Please"),
        ("Malawi,Central,Bua,Clinic,MoH,-14.03,33.71,GPS,MWI,more", "has 10 cells under 9 columns"),
        ("Malawi,Central,B\0ua,Clinic,MoH,-14.03,33.71,GPS,MWI", "NUL"),
        ("Malawi,Central,\"Bua\" Clinic,Clinic,MoH,,,GPS,MWI", "is not CSV"),
        ("Malawi,Central,\"Bua,Clinic,MoH,,,GPS,MWI", "is not CSV"),
        (LIKUNI.strip(), "repeats line 2. Please delete one of the two"),
        ("Malawi,Central,Likuni Hospital,Hospital,MoH,-14.030,33.71,Map,MWI", "name, type and place of line 2"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_read_is_refused_and_the_rest_taken(tmp_path: Path, row: str, reason: str) -> None:
    found = read(tmp_path, LIKUNI + row + "\n" + LIKUNI.replace("Likuni", "Mlale").replace("33.71", "33.5"))
    assert [(one.line, one.name) for one in found.facilities] == [(2, "Likuni Hospital"), (4, "Mlale Hospital")]
    (refused,) = found.refused
    assert refused.line == 3
    assert reason in refused.reason


@pytest.mark.parametrize(
    ("row", "reasons"),
    [
        ("Malawi,Central,Likuni Hospital,Hospital,FBO,-14.5,33.5,GPS,MWI", ["region, name and type of line 2"]),
        ("Malawi,Central,Likuni  Hospital ,Hospital,FBO,,,,MWI", ["region, name and type of line 2"]),
        ("Malawi,Central,Bua,Clinic,MoH,-14.03,33.71,GPS,MWI", ["exactly the point of line 2 (Likuni Hospital)"]),
        ("Malawi,Central,Bua,Clinic,MoH,0,0.0,GPS,MWI", ["stands at 0, 0"]),
        (
            "Malawi,Central,Likuni Hospital,Hospital,FBO,-0,0,GPS,MWI",
            ["region, name and type of line 2", "stands at 0, 0"],
        ),
        ("Uganda,Western,Kyempara Health Centre,Health Centre II,MoH,0.0,29.747,GPS,UGA", []),
        ("Malawi,Northern,Likuni Hospital,Hospital,FBO,-11.5,33.9,GPS,MWI", []),
        ("Malawi,Central,Likuni Hospital,Clinic,FBO,-14.5,33.5,GPS,MWI", []),
        ("Malawi,Central,Bua,Clinic,MoH,,,,MWI", []),
    ],
)
def test_a_row_that_looks_wrong_is_taken_and_named(tmp_path: Path, row: str, reasons: list[str]) -> None:
    found = read(tmp_path, LIKUNI + row + "\n")
    assert len(found.facilities) == 2
    assert found.refused == ()
    assert [remark.line for remark in found.suspicious] == [3] * len(reasons)
    for remark, reason in zip(found.suspicious, reasons, strict=True):
        assert reason in remark.reason


def test_columns_in_any_order_with_a_mark_in_front_and_windows_line_ends(tmp_path: Path) -> None:
    text = "\ufeffiso3c,long,LAT, Ownership ,Facility type,Facility name,Admin1,,\r\n\r\nmwi,33.71,-14.03,FBO,Hospital,Likuni,Central,,\r\n"
    (facility,) = read_facilities(write(tmp_path, text)).facilities
    assert facility.line == 3
    assert facility.identity == ("MWI", "Central", "Likuni", "Hospital", -14.03, 33.71)
    assert facility.ownership == "FBO"


def test_a_place_that_is_not_known_stays_unknown(tmp_path: Path) -> None:
    (facility,) = read(tmp_path, "Malawi,Central,Kasasa Clinic,Clinic,MoH,,,,MWI\n").facilities
    assert facility.point is None


def test_lines_count_as_an_editor_counts_them(tmp_path: Path) -> None:
    rows = 'Malawi,Central,"Bua\nDispensary",Clinic,MoH,,,,MWI\n\nMalawi,Central,,Clinic,MoH,,,,MWI\n' + LIKUNI
    found = read(tmp_path, rows)
    assert [(one.line, one.name) for one in found.facilities] == [(2, "Bua Dispensary"), (6, "Likuni Hospital")]
    assert [remark.line for remark in found.refused] == [5]


def test_a_stray_quotation_mark_costs_one_row_and_not_the_rest_of_the_file(tmp_path: Path) -> None:
    rows = [LIKUNI.replace("Likuni", f"Number {n}").replace("33.71", f"33.{n}") for n in range(400)]
    rows[3] = rows[3].replace("Number", '"Number')
    rows[200] = rows[200].replace("Number", '"Number')
    found = read(tmp_path, "".join(rows))
    assert [remark.line for remark in found.refused] == [5, 202]
    assert len(found.facilities) == 398


def test_other_countries_are_skipped_and_counted(tmp_path: Path) -> None:
    zambia = "Zambia,Eastern,Chipata,Hospital,MoH,-13.6,32.6,GPS,ZMB\n"
    nowhere = "Malawi,Central,Bua,Clinic,MoH,,,,\n"
    for asked in ("MWI", "mwi ", "Malawi"):
        found = read(tmp_path, zambia + LIKUNI + zambia + nowhere, asked)
        assert [one.line for one in found.facilities] == [3]
        assert found.skipped == {"ZMB": 2}
        assert [remark.line for remark in found.refused] == [5], (
            "a row that does not say its country is not passed over"
        )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "column iso3c, Admin1, Facility name"),
        (HEADER.encode(), "no rows below its header. Please"),
        (HEADER.replace("Lat,", "").encode(), "column Lat is missing. Please name the columns in the first row"),
        (HEADER.replace(",", ";").encode(), "Please save it with commas between the cells, not ';'"),
        (HEADER.replace("LL source", "Lat").encode(), "column Lat stands there twice. Please delete one"),
        (b'"Country\n', "the header is not CSV"),
        (
            (HEADER + LIKUNI + LIKUNI.replace("Likuni", "Hôpital")).encode("cp1252"),
            "list.csv, line 3: byte 0xF4 (number 159 of the file) is not UTF-8",
        ),
        (b"\xef\xbb\xbf" + "é".encode("cp1252"), "byte 0xE9 (number 3 of the file)"),
        ((HEADER + LIKUNI).encode("utf-16"), "line 1: byte 0xFF"),
    ],
)
def test_a_file_that_is_no_list_is_refused_as_a_whole(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError) as refusal:
        read_facilities(write(tmp_path, content))
    assert reason in str(refusal.value)
    assert "Please" in str(refusal.value)


def test_a_country_that_is_not_in_the_list_is_answered_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"no row is of the country asked for. Please choose one of: MWI"):
        read(tmp_path, LIKUNI, "ZMB")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"No such file or directory. Please check"):
        read_facilities(tmp_path / "list.csv")


def test_the_whole_list_of_sub_saharan_africa() -> None:
    found = read_facilities(shared_file("facilities", "kemri_wellcome_2019_ssa_public_facilities.csv"))
    assert len(found.facilities) + len(found.refused) == 98_745
    assert len({one.country for one in found.facilities}) == 49
    # Three exact duplicates, all of them without coordinates.
    assert [(one.line, one.country) for one in found.refused] == [(973, "AGO"), (76656, "SEN"), (84342, "SSD")]
    assert all("repeats line" in one.reason for one in found.refused)
    assert sum(one.point is None for one in found.facilities) == 2_350 - 3
    # 2,554 rows share country, region, name and type with an earlier one: the three duplicates, and 2,551 more. A
    # further 14 do once double spaces count as one.
    assert len(found.suspicious) == 2_554 - 3 + 14
    kinds = Counter("name and type" in one.reason for one in found.suspicious)
    assert kinds == {True: 2_565}, "no two facilities at one point, none at 0, 0"
