"""The library of protocols: what is laid on what, that nothing drafted is dropped without a word, no telling label."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mentormothers import PROGRAMME
from mentormothers.config.cli import app
from mentormothers.engines.imagined import calendar
from mentormothers.protocol.difference import difference
from mentormothers.protocol.lost_rules import LOST_RULES
from mentormothers.protocol.model import Protocol
from mentormothers.protocol.reading import find_protocol, read_protocol

FLAT = Path(__file__).parents[1] / "vectors" / "mw-2022-flat.yaml"
FILES = sorted((PROGRAMME / "protocols").glob("*.yaml"))
LIBRARY = {path.stem.upper(): read_protocol(path) for path in FILES if path.stem != "acc-1"}
COUNTRIES = sorted(set(LIBRARY) - {"WHO-2023", "PROG"})

# Every item that was drafted, as it was called there; one that names several days is an item for each (ZM.NAT-6W).
# WHO's, the programme's and Malawi's stand in test_malawi.py.
_DRAFTED = {
    "KE-2022": """KE.VLPREG KE.VLNEW KE.VLUNSUP KE.VL6M KE.VL12M KE.PCR6W KE.PCR6M KE.PCR12M KE.AB18M KE.ABBF KE.CONFPCR
        KE.ARVPROPH KE.CTX KE.HTSANC""",
    "KE-2026": """KE26.HTS28 KE26.HTS36 KE26.HTSDEL KE26.HTS6W KE26.HTSBF KE26.VL0 KE26.VL3 KE26.VL6 KE26.PCR0 KE26.PCR6W
        KE26.PCR6M KE26.PCR12M KE26.AB18M KE26.ABBF KE26.ARVLOW KE26.ARVHIGH KE26.RISK""",
    "ZA-2023": """ZA.HTSANC ZA.HTSBF ZA.VLANC1 ZA.VLNEW ZA.VLDEL ZA.VLPP ZA.PCRBIRTH ZA.PCR10W ZA.PCR6M ZA.AB18M ZA.ABBF
        ZA.ARVLOW ZA.ARVHIGH""",
    "UG-2022": "UG.PCR1 UG.PCR2 UG.PCR3 UG.AB18",
    "ZM-2022": "ZM.NAT ZM.AB",
    "TZ-2019": "TZ.EID TZ.BF",
    "MZ-2022": "MZ.PCR MZ.AB18",
    "LS-2022": "LS.EID",
    "SZ-2018": "SZ.EID",
    "GH-2022": "GH.EID",
}
# How many days a draft names for an item; the others one.
_DAYS = {"ZM.NAT": 4, "ZM.AB": 3, "TZ.EID": 2, "MZ.PCR": 2, "LS.EID": 6, "SZ.EID": 5, "GH.EID": 3}
# Items that no draft has; each says in its basis where it comes from.
_OURS = {"ZA.ARVPROPH"}
_UNREAD = ("unverified", "secondary-read", "implementation-read", "title-read", "foreword-read")


@pytest.fixture(params=sorted(LIBRARY))
def protocol(request: pytest.FixtureRequest) -> Protocol:
    return LIBRARY[request.param]


def test_malawis_protocol_asks_for_what_it_asked_for_in_one_file() -> None:
    before, now = read_protocol(FLAT), LIBRARY["MW-2022"]
    assert {item.id: replace(item, basis="", note="") for item in now.items} == {item.id: item for item in before.items}
    assert now.lost == before.lost
    series = [item.id for item in now.items if item.series]
    assert series == [item.id for item in before.items if item.series]


def test_each_item_says_in_which_file_it_stands() -> None:
    now = LIBRARY["MW-2022"]
    assert now.extends == ("WHO-2023", "PROG")
    files = {"MW": "mw-2022.yaml", "WHO": "who-2023.yaml", "PROG": "prog.yaml"}
    assert [item.file for item in now.items] == [files[item.id.split(".")[0]] for item in now.items]
    shown = CliRunner().invoke(app, ["protocol", "show", "MW-2022"]).output
    assert "extends WHO-2023, PROG" in shown
    assert [shown.count(f"    stands in: {file}\n") for file in files.values()] == [9, 30, 5]


def test_the_file_of_an_id_is_its_name(protocol: Protocol) -> None:
    assert LIBRARY[protocol.id] is protocol and find_protocol(protocol.id) == protocol


@pytest.mark.parametrize("name", _DRAFTED)
def test_what_was_drafted_is_an_item_or_left_out_with_its_reason(name: str) -> None:
    found, drafted = LIBRARY[name], _DRAFTED[name].split()
    own = [item.id for item in found.items if item.file == f"{name.lower()}.yaml"]
    left_out = {one.id for one in found.left_out}
    for draft in drafted:
        items = [item for item in own if item == draft or item.startswith(f"{draft}-")]
        assert len(items) >= _DAYS.get(draft, 1) or draft in left_out, draft
    untold = {item for item in own if not any(item == d or item.startswith(f"{d}-") for d in drafted)}
    assert untold <= _OURS and all(found.item(item).basis for item in untold)


def test_every_value_has_a_source_and_what_was_not_read_is_marked(protocol: Protocol) -> None:
    assert not protocol.signed_off_by
    assert all(value.source for value in (*protocol.items, *protocol.settings))
    unread = {source.id for source in protocol.sources if source.read in _UNREAD}
    assert [item.id for item in protocol.items if item.source in unread and not item.verify] == []
    assert all(one.what and one.why for one in protocol.left_out)


@pytest.mark.parametrize("name", COUNTRIES)
def test_countries_own_values_are_all_to_be_verified(name: str) -> None:
    found = LIBRARY[name]
    own = [item for item in found.items if item.file == f"{name.lower()}.yaml"]
    assert found.verify and own and all(item.verify for item in own)
    assert "PROG.MMFIRST" in {item.id for item in found.items}, "the programme's own items are added to every country"
    assert found.tracing.open_when, "nobody is looked for otherwise"


def test_under_eighteen_months_no_rapid_test_says_that_a_baby_is_negative(protocol: Protocol) -> None:
    """The two at twelve months do their item only, and a positive one leaves it open."""
    for item in protocol.items:
        rapid = [s for s in item.satisfied_by if s.match.kind == "antibody.test"]
        old = item.offset.months >= 18 or all(s.not_before for s in rapid) or item.id == "KE26.AB18M-AGAIN"
        assert not rapid or old or item.id in ("MW.RAPID12M", "ZM.AB-12M"), item.id


@pytest.mark.parametrize("role", ["mother", "infant"])
def test_an_imagined_client_has_a_calendar(protocol: Protocol, role: str) -> None:
    made = calendar(protocol, role, date(2026, 1, 5))  # type: ignore[arg-type]  # one of two words
    # All that the programme asks for itself hangs on an enrolment, or on a result that nobody hopes for.
    assert made.planned or protocol.id == "PROG"


def test_a_difference_says_what_and_for_whom() -> None:
    answer = CliRunner().invoke(app, ["protocol", "diff", "WHO-2023", "UG-2022"])
    assert answer.exit_code == 0
    assert "NEW UG.PCR1: Baby's first test, for HIV-exposed baby" in answer.output
    assert "GONE WHO.EID6W: Baby's first test, for HIV-exposed baby" in answer.output
    assert "NEW PROG.MMFIRST" in answer.output and "WHO.ANC1" not in answer.output
    changes = {change.id: change.sort for change in difference(LIBRARY["KE-2022"], LIBRARY["KE-2026"])}
    assert changes["KE26.VL0"] == "new" and changes["KE.VL6M"] == "gone" and "KE.CTX" not in changes


def test_lost_lines_have_one_list() -> None:
    assert {name: rule.rule.name for name, rule in LOST_RULES.items()} == {name: name for name in LOST_RULES}
    lines = {found.lost.name for found in LIBRARY.values()}
    assert lines - set(LOST_RULES) == {"gt90"}, "South Africa's habit is nobody's rule"
    for path in sorted((PROGRAMME / "indicators").glob("*.yaml")):
        for allowed in re.findall(r"allowed: \[(g[te]28.*?)\]", path.read_text()):
            assert allowed.split(", ") == list(LOST_RULES), path.name
