"""The library of protocols: what is laid on what, and that nothing of a draft is dropped without a word."""

from dataclasses import replace
from pathlib import Path

from mentormothers.protocol.reading import find_protocol, read_protocol

FLAT = Path(__file__).parents[1] / "vectors" / "mw-2022-flat.yaml"


def test_malawis_protocol_asks_for_what_it_asked_for_in_one_file() -> None:
    before, now = read_protocol(FLAT), find_protocol("MW-2022")
    assert {item.id: replace(item, basis="", note="") for item in now.items} == {item.id: item for item in before.items}
    assert now.lost == before.lost
    placed = [item.id for item in now.items if not item.id.startswith("PROG.")]
    series = [name for name in placed if ".ANC" in name or ".PNC" in name]
    assert series == [item.id for item in before.items if ".ANC" in item.id or ".PNC" in item.id]


def test_each_item_says_in_which_file_it_stands() -> None:
    now = find_protocol("MW-2022")
    assert now.extends == ("WHO-2023", "PROG")
    files = {"MW": "mw-2022.yaml", "WHO": "who-2023.yaml", "PROG": "prog.yaml"}
    assert [item.file for item in now.items] == [files[item.id.split(".")[0]] for item in now.items]
