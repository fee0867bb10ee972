"""`mentormothers protocol`: what it says of a protocol, of two, and of an imagined client's days."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mentormothers import PROGRAMME
from mentormothers.config.commands.protocol import app
from mentormothers.engines.imagined import calendar
from mentormothers.protocol.difference import difference
from mentormothers.protocol.reading import find_protocol, read_protocol

MALAWI = PROGRAMME / "protocols" / "mw-2022.yaml"
# Worked by hand: six weeks, twelve weeks and ninety days from the anchor; a year; weeks of pregnancy and after birth.
OF_A_MOTHER = {
    "WHO.ANC1": ["2026-03-30"],
    "WHO.ANC2": ["2026-05-25"],
    "WHO.VLPREG-34W": ["2026-08-31"],
    "WHO.PNC6W": ["2026-11-23"],
    "WHO.VLBF": ["2027-01-12", "2027-07-12", "2028-01-12", "2028-07-12"],
}
OF_A_BABY = {
    "MW.ARVLOW": ["2026-01-05"],
    "MW.PCR6W": ["2026-02-16"],
    "WHO.EIDTAT": ["2026-03-16"],
    "MW.RAPID12M": ["2027-01-05"],
    "MW.RAPID24M": ["2028-01-05"],
}


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, result.output


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """Malawi's protocol with another day for a baby's first test, without one item, and with a new one."""
    text = MALAWI.read_text(encoding="utf-8")
    before = "latest_of: [child.dob + 6 weeks, start of exposed_infant]"
    head, rest = text.split("- id: MW.PCR6W\n")
    assert before in rest.split("- id:")[0] and "- id: MW.CTX\n" in rest
    rest = rest.replace(before, before.replace("6 weeks", "4 weeks"), 1).replace("- id: MW.CTX\n", "- id: MW.COTRIM\n")
    path = tmp_path / "changed.yaml"
    path.write_text(head + "- id: MW.PCR6W\n" + rest)
    return path


@pytest.mark.parametrize(("role", "worked"), [("mother", OF_A_MOTHER), ("infant", OF_A_BABY)])
def test_the_calendar_has_the_days_worked_by_hand(role: str, worked: dict[str, list[str]]) -> None:
    made = calendar(find_protocol("MW-2022"), role, date(2026, 1, 5))  # type: ignore[arg-type]  # one of two words
    days = {item: [str(line.due) for line in made.planned if line.item.id == item] for item in worked}
    assert days == worked
    assert [line.due for line in made.planned] == sorted(line.due for line in made.planned)


def test_supplies_follow_one_another() -> None:
    made = calendar(find_protocol("MW-2022"), "mother", date(2026, 1, 5))
    refills = [line.due for line in made.planned if line.item.id == "MW.REFILL"]
    assert refills[:2] == [date(2026, 4, 5), date(2026, 7, 4)]
    assert {(later - earlier).days for earlier, later in pairwise(refills)} == {90}


def test_a_negative_mother_is_tested_again_and_gets_no_tablets() -> None:
    made = calendar(find_protocol("MW-2022"), "mother", date(2026, 1, 5), positive=False)
    items = {line.item.id for line in made.planned}
    assert {"WHO.HTS-ANC1", "WHO.HTS-3T", "MW.HTSBF"} <= items and "MW.REFILL" not in items
    assert "MW.REFILL" in {item.id for item in made.others}


def test_what_hangs_on_another_result_stands_beside_it() -> None:
    made = calendar(find_protocol("MW-2022"), "infant", date(2026, 1, 5))
    assert {"WHO.INFANTART", "PROG.EIDCONFIRM", "PROG.EIDAGAIN"} <= {item.id for item in made.others}
    assert "WHO.ANC1" not in {item.id for item in made.others}, "a mother's"


def test_the_calendar_says_that_nobody_signed_it() -> None:
    code, said = run("calendar", "MW-2022", "--role", "infant", "--anchor", "2026-01-05")
    assert code == 0 and "NOT SIGNED OFF BY A MINISTRY" in said and "supplies are for 90 days" in said
    assert "2026-02-02  2026-02-16  2026-03-02  Baby's first test (MW.PCR6W) *" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("calendar", "MW-2022", "--role", "infant", "--anchor", "2026-02-30"), "--anchor: date '2026-02-30' does not"),
        (("calendar", "MW-2022", "--role", "infant", "--anchor", "2026-02"), "is not a whole date"),
        (("calendar", "XX", "--role", "infant", "--anchor", "2026-01-05"), "no protocol 'XX'"),
        (("explain", "MW-2022", "NOPE"), "MW-2022 has no item 'NOPE'. Please name one of: WHO.ANC1"),
        (("diff", "MW-2022", "XX"), "no protocol 'XX'"),
    ],
)
def test_what_cannot_be_done_is_said(words: tuple[str, ...], said: str) -> None:
    code, answer = run(*words)
    assert code == 2 and said in answer


def test_explain_says_one_item() -> None:
    code, said = run("explain", "MW-2022", "MW.PCR6W")
    assert code == 0 and said.startswith("MW.PCR6W: Baby's first test") and "[to be verified]" in said
    assert "MW.CTX" not in said


def test_no_change_between_a_protocol_and_itself() -> None:
    same = find_protocol("MW-2022")
    assert difference(same, same) == []


def test_changes_are_said_with_for_whom(changed: Path) -> None:
    code, said = run("diff", "MW-2022", str(changed))
    assert code == 0 and "3 change(s)" in said
    assert "CHANGED MW.PCR6W: Baby's first test, for HIV-exposed baby" in said
    assert "the later of 6 weeks after birth" in said and "-> on the day of the later of 4 weeks after birth" in said
    assert "NEW MW.COTRIM" in said and "GONE MW.CTX" in said


def test_a_setting_that_was_verified_is_a_change(tmp_path: Path) -> None:
    text = MALAWI.read_text(encoding="utf-8")
    before = "  rule: gt60\n  source: MW-LTFU\n  verify: true\n"
    assert before in text
    path = tmp_path / "verified.yaml"
    path.write_text(text.replace(before, before.replace("  verify: true\n", "")))
    (change,) = difference(find_protocol("MW-2022"), read_protocol(path))
    assert (change.id, change.sort) == ("lost", "changed")
    assert [(part.what, part.before, part.after) for part in change.parts] == [("verified", "no", "yes")]


def test_check_counts_what_nobody_verified_and_refuses_the_rest(changed: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text((MALAWI.parent / "who-2023.yaml").read_text().replace("who: pregnant", "who: queen"))
    code, said = run("check", str(changed), str(wrong))
    assert code == 2
    assert f"{changed}: MW-2022, version 1: 44 item(s), 40 value(s) not verified, content " in said
    assert "wrong.yaml: line 60, item WHO.ANC1: 'queen'" in said and "'queen' is not a definition" in said
    assert said.count("'queen' is not a definition") > 8, "every item that is wrong is told of"
