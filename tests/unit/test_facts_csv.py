"""Reading facts: what is good is kept, what is not is reported with its line, its reason and a remedy."""

from datetime import date
from pathlib import Path

import pytest

from mentormothers.facts.csv_file import UnreadableFileError, read_facts

HEADER = "client,role,mother,kind,date,value,ref,source,site,organisation,record,recorded,amends\n"


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "facts.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("a,mother,,art.dispense,2025-02-30,30,,,,,,,", "'2025-02-30' does not exist in the calendar"),
        ("a,mother,,art.dispense,3/4/2025,30,,,,,,,", "'3/4/2025' is not of the form"),
        ("a,mother,,art.dispense,,30,,,,,,,", "date '' is not of the form"),
        ("a,mother,,art.dispense,1815-01-01,30,,,,,,,", "outside 1900 to 2199"),
        ("a,mother,,art.dispense,2025-02-03,,,,,,,,", "art.dispense needs a value"),
        ("a,mother,,art.dispense,2025-02-03,thirty,,,,,,,", "'thirty' is not a whole number"),
        ("a,mother,,art.dispense,2025-02-03,0,,,,,,,", "0 is out of range. Please give days from 1 to 366"),
        ("a,mother,,art.dispense,2025-02-03,9999,,,,,,,", "9999 is out of range"),
        (
            "a,mother,,hiv.test,2025-02-03,positive,,,,,,,",
            "'positive' is not one of its codes. Please use one of",
        ),
        ("a,mother,,vl.result,2025-02-03,1e5,,,,,,,", "'1e5' is not copies per ml"),
        ("a,wife,,visit,2025-02-03,,,,,,,,", "role 'wife' is unknown"),
        ("a,mother,,visit,2025-02-03,,,hearsay,,,,,", "source 'hearsay' is unknown"),
        (",mother,,visit,2025-02-03,,,,,,,,", "client is empty"),
        ("a,mother,,,2025-02-03,,,,,,,,", "kind is empty"),
        ("a,infant,a,visit,2025-02-03,,,,,,,,", "mother and client are the same person"),
        ("a,mother,,visit,2025-02-03,,,,,,r,yesterday,", "recorded 'yesterday' is not an ISO date"),
        ("a,mother,,visit,2025-02-03,,,,,,r,,replaces:x", "'replaces:x' is not of the form"),
        ("a,mother,,visit,2025-02-03,,,,,,r,,amends:", "is not of the form"),
        ("a,mother,,visit,2025-02-03,,,,,,r,,amends:r", "says this of itself"),
        ("a,mother,,visit,2025-02-03,,,,,,,,,more", "14 cells under 13 columns"),
        ("a,mother,,growth.weight,2025-02-03,3.1234,,,,,,,", "at most 3 decimals"),
        ("a,mother,,appointment,2025-02-03,soon,,,,,,,", "appointment: date 'soon'"),
    ],
)
def test_a_row_that_cannot_be_read_is_reported_and_the_rest_kept(tmp_path: Path, row: str, reason: str) -> None:
    good = "b,mother,,visit,2025-02-03,,,,,,,,\n"
    found = read_facts(write(tmp_path, HEADER + good + row + "\n" + good.replace("b,", "c,")))
    assert [fact.client for fact in found.history.facts] == ["b", "c"]
    (refusal,) = found.refusals
    assert (refusal.file, refusal.line) == ("facts.csv", 3)
    assert reason in refusal.reason


def test_columns_in_any_order_or_missing(tmp_path: Path) -> None:
    found = read_facts(write(tmp_path, "\ufeffdate,kind,client\r\n2024-11,visit,a\r\n\r\n2024,visit,b\r\n"))
    assert [fact.day for fact in found.history.facts] == [date(2024, 11, 15), date(2024, 7, 1)]
    assert not found.refusals


def test_unknown_kinds_are_kept_and_counted(tmp_path: Path) -> None:
    found = read_facts(
        write(tmp_path, "client,kind,date,value\na,moon.phase,2025-01-01,full\na,moon.phase,2025-01-02,new\n")
    )
    assert [fact.value for fact in found.history.facts] == ["full", "new"]
    assert found.unknown_kinds == {"moon.phase": 2}


def test_the_same_row_twice_counts_once_from_when_it_first_came(tmp_path: Path) -> None:
    rows = "a,anc.contact,2025-01-01,r1,2025-01-09\na,anc.contact,2025-01-01,r1,2025-01-03\n"
    found = read_facts(write(tmp_path, "client,kind,date,record,recorded\n" + rows))
    (fact,) = found.history.facts
    assert fact.received.date() == date(2025, 1, 3)


def test_rows_without_record_ids_are_each_their_own(tmp_path: Path) -> None:
    found = read_facts(write(tmp_path, "client,kind,date\na,anc.contact,2025-01-01\na,anc.contact,2025-01-01\n"))
    assert len(found.history.facts) == 2


def test_a_withdrawal_states_nothing_itself(tmp_path: Path) -> None:
    text = "client,kind,date,value,record,recorded,amends\na,art.dispense,2025-01-01,30,r1,,\na,,,,r2,2025-01-05,withdraws:r1\n"
    found = read_facts(write(tmp_path, text))
    assert len(found.history.facts) == 1 and len(found.history.relations) == 1
    assert not found.refusals
    assert not found.history.known_on(date(2025, 1, 4)).relations


def test_one_record_cannot_say_two_things_of_others(tmp_path: Path) -> None:
    text = "client,kind,date,record,amends\na,visit,2025-01-01,r1,amends:x\na,visit,2025-01-01,r1,withdraws:y\n"
    (refusal,) = read_facts(write(tmp_path, text)).refusals
    assert "already amends x" in refusal.reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "column client, kind, date is missing"),
        (b"client,kind\na,visit\n", "column date is missing"),
        (b'"client,kind,date\na,visit,2025-01-01\n', "the header cannot be read: a quotation mark is not closed"),
        (b"client,client,kind,date\na,b,visit,2025-01-01\n", "column client stands there twice"),
        (b"client,kind,date\n\xff\xfe,visit,2025-01-01\n", "byte 17 is not UTF-8"),
    ],
)
def test_a_file_that_is_no_facts_table_is_refused_whole(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason):
        read_facts(write(tmp_path, content))


def test_missing_file_and_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="No such file"):
        read_facts(tmp_path / "none.csv")
    with pytest.raises(UnreadableFileError, match="no CSV file"):
        read_facts(tmp_path)


def test_hostile_cells_cost_their_row_only(tmp_path: Path) -> None:
    text = (
        b'client,kind,date,value\na,visit,2025-01-01,"'
        + b"x" * 20_000
        + b'"\nb,visit,2025-01-01,\nc,visit,2025-01-01,a\x00b\n'
    )
    found = read_facts(write(tmp_path, text))
    assert "b" in [fact.client for fact in found.history.facts]
    assert len(found.refusals) == 2


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", ""])
def test_a_quotation_mark_that_is_not_closed_costs_its_own_line_only(tmp_path: Path, end: str) -> None:
    lines = ["client,kind,date,site", 'a,visit,2025-01-01,"S', "b,visit,2025-01-01,S", 'c,visit,2025-01-01,"S, T"',
             'd,visit,2025-01-01,"S']  # fmt: skip
    found = read_facts(write(tmp_path, (end or "\n").join(lines) + end))
    assert [(fact.client, fact.site) for fact in found.history.facts] == [("b", "S"), ("c", "S, T")]
    assert [refusal.line for refusal in found.refusals] == [2, 5]
    assert "a quotation mark is not closed" in found.refusals[0].reason


@pytest.mark.parametrize("row", ["a\x00,visit,2025-01-01,S", "a,visit,2025-01-01,S\x00", "a,moon,2025-01-01,S\x00"])
def test_nul_is_refused_wherever_it_stands(tmp_path: Path, row: str) -> None:
    (refusal,) = read_facts(write(tmp_path, f"client,kind,date,site\n{row}\n")).refusals
    assert "NUL" in refusal.reason


def test_codes_that_yaml_takes_for_something_else_are_codes(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_text("client,kind,date,value\na,ipv.screen,2026-01-05,yes\nb,ipv.screen,2026-01-05,no\n")
    found = read_facts(path)
    assert (found.refusals, [fact.value for fact in found.history.facts]) == ((), ["yes", "no"])
