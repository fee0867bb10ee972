"""Persons files: what can be read is taken, the rest is told of without repeating what it says."""

from datetime import date
from pathlib import Path

import pytest

from mentormothers.facts.csv_file import UnreadableFileError
from mentormothers.linkage.persons_file import PersonsFile, read_persons

TODAY = date(2026, 6, 1)


def read(folder: Path, text: str | bytes) -> PersonsFile:
    path = folder / "persons.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_persons(path, TODAY, lambda done, of: None)


def test_columns_under_other_names_in_any_case_and_order(tmp_path: Path) -> None:
    found = read(tmp_path, "DOB,Last Name,firstName,rec_id,Gender\n19900517, Banda ,GRACE, 7 ,Female\n")
    assert found.persons.ids == ["7"]
    texts = found.persons.texts
    assert (texts["given"], texts["surname"], texts["born"], texts["sex"]) == (
        ["grace"],
        ["banda"],
        ["19900517"],
        ["f"],
    )


def test_a_whole_name_or_a_birth_day_in_parts(tmp_path: Path) -> None:
    found = read(tmp_path, "id,full_name,by,bm,bd\n1,Grace Chisomo Banda,1990,5,7\n2,Grace,1990,,\n").persons
    assert (found.texts["given"], found.texts["surname"]) == (["gracechisomo", None], ["banda", "grace"])
    assert (found.whole["year"], found.whole["day"]) == ([1990, 1990], [7, None])


BAD = {
    ",Grace,1990": "id is empty", "1,Grace,1990": "line 2 already", "x" * 201 + ",Grace,1990": "more than 200",
    "2," + "x" * 1001 + ",1990": "more than 1000", "3,Grace,1990,,,more": "6 cells under 3", "4,Gr\x00ace,1990": "NUL",
    '5,"Grace,1990': "quotation mark", "\x1b[2J,Grace,1990": "cannot be printed",
}  # fmt: skip


@pytest.mark.parametrize("row", BAD)
def test_a_row_that_cannot_be_taken_costs_nothing_else(tmp_path: Path, row: str) -> None:
    found = read(tmp_path, f"id,given_name,date_of_birth\n1,Mercy,1990\n{row}\n99,Ruth,1991\n")
    assert found.persons.ids == ["1", "99"]
    (refusal,) = found.refused
    assert refusal.line == 3
    assert BAD[row] in refusal.reason and "Please" in refusal.reason
    assert "Grace" not in refusal.reason


def test_bytes_that_are_not_utf_8_cost_their_row(tmp_path: Path) -> None:
    found = read(tmp_path, b"id,given_name\n1,Mercy\n2,Jos\xe9\n3,Ruth\n")
    assert found.persons.ids == ["1", "3"]
    assert [(one.line, "UTF-8" in one.reason) for one in found.refused] == [(3, True)]


@pytest.mark.parametrize("born", ["2026-02-30", "31/31/1990", "soon", "2030-01-01", "1700", "1880-01-01"])
def test_a_birth_day_that_cannot_be_is_told_and_the_person_kept(tmp_path: Path, born: str) -> None:
    found = read(tmp_path, f"id,given_name,date_of_birth\n1,Mercy,{born}\n")
    assert found.persons.ids == ["1"] and not found.refused
    (left_out,) = found.left_out
    assert left_out.line == 2 and "Please" in left_out.reason and born not in left_out.reason


@pytest.mark.parametrize(
    "text", ["", "\n", "name,sex\nGrace,f\n", "id\n1\n", b"PK\x03\x04", "i\x00d".encode("utf-16"), "id;surname\n1;B\n"]
)
def test_what_is_no_persons_file_is_refused_as_a_whole(tmp_path: Path, text: str | bytes) -> None:
    with pytest.raises(UnreadableFileError, match="Please"):
        read(tmp_path, text)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="Please check"):
        read_persons(tmp_path / "none.csv", TODAY, lambda done, of: None)


def test_a_file_of_nobody(tmp_path: Path) -> None:
    assert len(read(tmp_path, "id,surname\n").persons) == 0
