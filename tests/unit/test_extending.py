"""Protocols laid on others: what is taken over, replaced and left away is said, or it is an error with its place."""

import re
from pathlib import Path

import pytest

from mentormothers.protocol.model import Item, Protocol
from mentormothers.protocol.reading import ProtocolError, find_protocol, read_protocol

HEAD = "version: 1\ntitle: A test\neffective_from: 2026-01-01\n"
LOST = "lost: {days: 28, operator: gt}\n"


def item(name: str, days: int = 3, more: str = "") -> str:
    """An item that is done by a fact of its own: two whose windows meet would have to say so."""
    words = f"id: {name}, label: {name}, who: mother, anchor: delivery, offset: {{days: {days}}}"
    return f"- {{{words}, satisfied_by: topic = {name.replace('.', '').replace('-', '').lower()}{more}}}\n"


BASE = (
    f"id: BASE\n{HEAD}{LOST}"
    "sources: {S: {title: A text, where: there, read: primary-read}}\n"
    "settings: {burden: {value: high, source: S}}\n"
    "tracing: {open_when: [B.A, B.B]}\n"
    "items:\n" + item("B.A") + item("B.B") + item("B.C") + "left_out: [{id: B.X, what: that, why: no word}]\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base.yaml").write_text(BASE)
    return tmp_path


def laid(folder: Path, text: str, name: str = "t") -> Protocol:
    path = folder / f"{name}.yaml"
    path.write_text(text)
    return read_protocol(path)


def own(text: str, extends: str = "BASE") -> str:
    return f"id: T\n{HEAD}extends: {extends}\nitems:\n{text}"


def refused(folder: Path, text: str) -> str:
    with pytest.raises(ProtocolError) as error:
        laid(folder, text)
    return str(error.value)


def ids(items: tuple[Item, ...]) -> list[str]:
    return [one.id for one in items]


def test_an_own_item_stands_where_the_one_it_replaces_stood(folder: Path) -> None:
    text = own(item("T.A", 5, ", replaces: B.B") + item("T.B") + item("T.C", 9, ", replaces: [B.C, B.X]"))
    found = laid(folder, text)
    assert ids(found.items) == ["B.A", "T.A", "T.B", "T.C"]
    assert [one.file for one in found.items] == ["base.yaml", "t.yaml", "t.yaml", "t.yaml"]
    assert [(one.id, one.why) for one in found.left_out] == [
        ("B.X", "T.C stands in for it."),
        ("B.B", "T.A stands in for it."),
        ("B.C", "T.C stands in for it."),
    ]


def test_own_items_before_any_that_replaces_stand_at_the_end(folder: Path) -> None:
    found = laid(folder, own(item("T.A") + item("T.B", 5, ", replaces: B.A") + item("T.C")))
    assert ids(found.items) == ["T.B", "T.C", "B.B", "B.C", "T.A"]


def test_a_large_file_on_another_is_read_quickly_or_refused(folder: Path) -> None:
    names = ", ".join(f"B.Q{n}" for n in range(20_000))
    said = refused(folder, own(item("T.A", 3, f", replaces: [{names}]")))
    assert said.count("\n") == 20 and "and 19980 more items are wrong" in said
    assert len(laid(folder, own(item("T.A"), f"[{', '.join(['BASE'] * 20_000)}]")).items) == 4
    text = "".join(item(f"T.{n}") for n in range(2_000))
    assert "2003 items and times are too many (at most 500" in refused(folder, own(text))


def test_settings_sources_tracing_and_the_lost_rule_are_taken_over(folder: Path) -> None:
    signed = f"signed_off_by: {{name: M, on: 2026-01-01, content: {laid(folder, BASE, 'base').fingerprint}}}\n"
    assert laid(folder, signed + BASE, "base").signed_off_by
    found = laid(folder, own(item("T.A", 5, ", replaces: B.B, source: S")))
    assert [one.id for one in found.settings] == ["lost", "tracing", "burden"]
    assert found.lost.name == "gt28" and found.sources[0].id == "S" and found.extends == ("BASE",)
    assert found.tracing.open_when == ("B.A", "T.A"), "she is looked for because of what stands in for it"
    assert found.signed_off_by is None, "whoever signed the other has not signed this"
    assert [one.id for one in found.left_out] == ["B.B", "B.X"]


def test_its_own_come_first(folder: Path) -> None:
    said = "lost: {rule: gt60}\ntracing: {open_when: [B.C]}\nsettings: {burden: {value: low}}\n"
    text = own("[]", "BASE").replace("items:\n", f"{said}left_out: [{{id: B.X, what: it, why: ours}}]\nitems: ")
    found = laid(folder, text)
    assert found.lost.name == "gt60" and found.tracing.open_when == ("B.C",)
    assert [(one.id, one.value) for one in found.settings if one.id == "burden"] == [("burden", "low")]
    assert [one.why for one in found.left_out] == ["ours"]


def test_what_it_does_without_is_gone_and_told(folder: Path) -> None:
    found = laid(folder, own(item("T.A")) + "without: [{id: B.A, why: not here}]\n")
    assert ids(found.items) == ["B.B", "B.C", "T.A"]
    assert found.tracing.open_when == ("B.B",)
    assert next((one.id, one.what, one.why) for one in found.left_out) == ("B.A", "B.A", "not here")


def test_one_item_may_replace_itself_and_one_may_be_replaced_by_several(folder: Path) -> None:
    text = own(
        item("B.A", 7, ", replaces: B.A") + item("T.A", 1, ", replaces: B.B") + item("T.B", 2, ", replaces: B.B")
    )
    found = laid(folder, text)
    assert ids(found.items) == ["B.A", "T.A", "T.B", "B.C"] and found.item("B.A").offset.days == 7
    assert next((one.id, one.why) for one in found.left_out) == ("B.B", "T.A and T.B stand in for it.")


def test_what_two_share_is_taken_over_once(folder: Path) -> None:
    laid(folder, own(item("M.A")).replace("id: T", "id: M"), "m")
    found = laid(folder, own(item("T.A"), "[M, BASE]"))
    assert ids(found.items) == ["B.A", "B.B", "B.C", "M.A", "T.A"]


def test_the_lost_rule_and_its_words_are_of_the_first(folder: Path) -> None:
    laid(folder, own(item("M.A")).replace("id: T", "id: M").replace("items", "lost: {rule: gt60}\nitems"), "m")
    for extends, days in (("[M, BASE]", 60), ("[BASE, M]", 28)):
        found = laid(folder, own(item("T.A"), extends))
        said = [one.value for one in found.settings if one.id == "lost"]
        assert found.lost.days == days and said == [f"more than {days} days late"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (own(item("B.A")), "t.yaml: line 7, item B.A: an extended protocol has this item too. Please say `replaces: B.A`"),
        (own(item("T.A", 3, ", replaces: B.Q")), "line 7, item T.A: replaces B.Q, which no extended protocol has"),
        (own(item("T.A")) + "without:\n- {id: B.Q, why: gone}\n", "line 9, without B.Q: no extended protocol has this"),
        (own(item("T.A")) + "without:\n- {id: B.X, why: gone}\n", "line 9, without B.X: no extended protocol has this"),
        (own(item("T.A")) + "without:\n- {id: B.A}\n", "why is missing"),
        (
            own(item("T.A", 3, ", replaces: B.A")) + "without:\n- {id: B.A, why: gone}\n",
            "line 9, without B.A: an item here replaces it. Please leave it out of `without`",
        ),
        (own(item("T.A"), "NOWHERE"), "line 5, extends: no protocol 'NOWHERE'. Please name one of: ACC-1"),
        (own(item("T.A"), "../base"), "line 5, extends: no protocol '../base'"),
        (own(item("T.A"), "base"), "line 5, extends: base is a file of protocol BASE"),
        (own(item("T.A"), "T"), "line 5, extends: T leads back to itself, or to too many others: t.yaml -> t.yaml"),
        (own(item("T.A"), "[3]"), "3 should be a phrase"),
        (own(item("T.A")).replace("extends: BASE\n", LOST) + "without: [{id: B.A, why: x}]", "without B.A: no extended"),
        (own(item("T.A")).replace("items", "sources: {S: {title: Another, where: a, read: b}}\nitems"), "source S is said"),
        (own(item("T.A")).replace("items", "lost: {rule: gt29}\nitems"), "rule is one of gt28, ge28, gt30, gt60"),
        (own(item("T.A")).replace("items", "lost: {rule: [gt28]}\nitems"), "rule is missing or is not text"),
        (own(item("T.A")).replace("items", "lost: {rule: gt28, days: 3}\nitems"), "without one, give days and operator"),
        (own(item("T.A")).replace("items", "extends_: X\nitems"), "unknown words: extends_"),
        (own(item("T.A")) + "without: all\n", "without is a list"),
        (own(item("T.A"), "{BASE: 1}"), "should be a phrase"),
        (own(item("T.A")).replace("items", "tracing: {open_when: [B.Q]}\nitems"), "tracing: B.Q is no item"),
    ],
)  # fmt: skip
def test_what_is_not_said_or_not_there_is_refused(folder: Path, text: str, said: str) -> None:
    assert said in refused(folder, text)


def test_every_fault_is_told_at_once(folder: Path) -> None:
    said = refused(folder, own(item("B.A") + item("T.A", 3, ", replaces: B.Q") + item("T.A")))
    assert [line.partition(": line ")[2][:15] for line in said.split("\n")] == [
        "7, item B.A: an",
        "8, item T.A: re",
        "9, item T.A: T.",
    ]


def test_a_fault_of_the_other_file_is_told_with_its_name(folder: Path) -> None:
    (folder / "base.yaml").write_text(BASE.replace("who: mother", "who: queen", 1))
    assert "base.yaml: line 10, item B.A: 'queen' is not a definition" in refused(folder, own(item("T.A")))


def test_protocols_that_extend_each_other_are_refused(folder: Path) -> None:
    (folder / "m.yaml").write_text(own(item("M.A"), "T").replace("id: T", "id: M"))
    assert (
        "m.yaml: line 5, extends: T leads back to itself, or to too many others: t.yaml -> m.yaml -> t.yaml"
        in refused(folder, own(item("T.A"), "M"))
    )


def test_two_that_differ_over_one_item_or_setting_need_a_word(folder: Path) -> None:
    other = BASE.replace("id: BASE", "id: OTHER").replace("days: 3", "days: 4", 1).replace("high", "low")
    (folder / "other.yaml").write_text(other)
    said = refused(folder, own(item("T.A"), "[BASE, OTHER]"))
    assert "line 5, extends: item B.A is said in two ways. Please replace it here, or name it in `without`" in said
    said = refused(folder, own(item("T.A", 3, ", replaces: B.A"), "[BASE, OTHER]"))
    assert "line 5, extends: setting burden is said in two ways. Please set it in this file" in said


def test_a_long_chain_and_many_crossing_ways_end_quickly(folder: Path) -> None:
    for n in range(1, 12):
        before = "[BASE]" if n == 1 else f"[P{n - 1}, BASE]"
        (folder / f"p{n}.yaml").write_text(own(item(f"P{n}.A"), before).replace("id: T", f"id: P{n}"))
    assert len(laid(folder, own(item("T.A"), "[P8, P7, P6]")).items) == 12
    assert "too many others" in refused(folder, own(item("T.A"), "P11"))


def test_the_example_of_the_page_reads(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "protocol-language.md").read_text()
    (example,) = (text for text in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) if "[WHO-2023, PROG]" in text)
    found, base = laid(tmp_path, example, "xx-2026"), find_protocol("WHO-2023")
    names = ["XX.EID4W" if name == "WHO.EID6W" else name for name in ids(base.items) if name != "WHO.CXCA-RE"]
    assert ids(found.items) == names + ids(find_protocol("PROG").items)
    assert (found.lost.name, found.tracing.open_when) == ("ge28", ("WHO.REFILL", "WHO.ART", "XX.EID4W"))
