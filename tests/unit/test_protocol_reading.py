"""Protocol files: a wrong one is refused with item, reason and remedy; a right one cannot be misread."""

from datetime import date
from pathlib import Path

import pytest

from mentormothers import PROGRAMME
from mentormothers.engines import sqlite
from mentormothers.facts.fact import Fact, History
from mentormothers.facts.vocabulary import vocabulary
from mentormothers.protocol.phrases import Phrases
from mentormothers.protocol.reading import ProtocolError, find_protocol, read_protocol
from mentormothers.protocol.terms import Match, Offset

HEAD = "id: T\nversion: 1\ntitle: A test\neffective_from: 2026-01-01\nlost: {days: 28, operator: gt}\nitems:\n"
ITEM = "- {id: T.A, label: A, who: mother, anchor: delivery, offset: {days: 3}, satisfied_by: pnc.contact"


def refused(tmp_path: Path, text: str) -> str:
    path = tmp_path / "t.yaml"
    path.write_text(text)
    with pytest.raises(ProtocolError) as error:
        read_protocol(path)
    assert str(path) in str(error.value)
    return str(error.value)


def test_every_shipped_protocol_reads_and_says_nobody_signed_it() -> None:
    for path in sorted((PROGRAMME / "protocols").glob("*.yaml")):
        assert read_protocol(path).signed_off_by is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("who: mother", "who: mother and happy"), "item T.A: 'happy' is not a definition"),
        (("who: mother", "who: mother and (pregnant"), "parenthesis is not closed"),
        (("who: mother", "who: mother; DROP TABLE care"), "joins definitions"),
        (("anchor: delivery", "anchor: birthday.party"), "'birthday.party' is not a kind"),
        (("anchor: delivery", "anchor: delivery = gone"), "'gone' is not one of its codes"),
        (("anchor: delivery", "anchor: first hiv.test = pos'); --"), "is not a day this language knows"),
        (
            ("anchor: delivery", "anchor: {latest_of: [delivery], first_of: [delivery]}"),
            "either latest_of or first_of",
        ),
        (("offset: {days: 3}", "offset: {fortnights: 3}"), "a whole number as one of {days: n}, {weeks: n}"),
        (("offset: {days: 3}", "offset: {days: 3.5}"), "whole number"),
        (("offset: {days: 3}", "offset: {days: -3}"), "between 0 and 20 years"),
        (("offset: {days: 3}", "offset: days_supplied"), "pnc.contact says no number of days"),
        (
            ("offset: {days: 3}, satisfied_by: pnc.contact", "offset: days_supplied, satisfied_by: art.dispense"),
            "needs `repeat: last`",
        ),
        (
            ("satisfied_by: pnc.contact", "satisfied_by: pnc.contact on a whim"),
            "does not say which fact does it",
        ),
        (
            ("satisfied_by: pnc.contact", "satisfied_by: [pnc.contact, eid.result_given of the anchor"),
            "not readable YAML",
        ),
        (("label: A", "label: A, colour: blue"), "unknown words: colour"),
        (("label: A", "label: A, grace_days: many"), "grace_days should be a whole number"),
        (("label: A", "label: A, unless: delivery >= 3"), "only kinds with a whole number"),
        (("label: A", "label: A, stop: [bad luck]"), "is not a kind of fact"),
        (("label: A", "label: A, lost: true, grace_days: 40"), "would be lost before it is overdue"),
        (("- {id: T.A", "- {id: T.B, label: B"), "label stands twice"),
    ],
)
def test_a_wrong_item_is_refused(tmp_path: Path, change: tuple[str, str], reason: str) -> None:
    text = HEAD + ITEM.replace(*change) + "}\n"
    assert reason in refused(tmp_path, text)


def test_an_item_that_stands_twice_is_refused(tmp_path: Path) -> None:
    assert "T.A stands twice" in refused(tmp_path, HEAD + (ITEM + "}\n") * 2)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[]", "should be written as"),
        ("id: 3", "items is a list"),
        ("id: 3\nitems: []", "effective_from is a date"),
        (HEAD.replace("lost: {days: 28, operator: gt}\n", "") + ITEM + "}", "lost should be written"),
        (HEAD.replace("gt", "about") + ITEM + "}", "operator is gt"),
        (HEAD.replace("2026-01-01", "soon") + ITEM + "}", "effective_from is a date"),
        (HEAD.rstrip() + " []", "at least one item"),
        ("a: &a [x]\nb: *a", "aliases"),
        ("!!python/object/apply:os.system ['true']", "not readable YAML"),
        ("\x00", "not readable YAML"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    assert reason in refused(tmp_path, text)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    assert "larger than" in refused(tmp_path, "#" * 1_000_001)


def test_an_unknown_protocol_names_those_there_are() -> None:
    with pytest.raises(ProtocolError, match="ACC-1"):
        find_protocol("KE-1999")


def test_phrases_say_what_they_mean() -> None:
    phrases = Phrases(vocabulary())
    assert phrases.anchor("vl.sample of each vl.result >= 1000").shift_to == "vl.sample"
    assert phrases.anchor("first eid.result = pos").chained
    final = phrases.satisfier("antibody.test = pos from child.dob + 18 months on any day")
    assert final.any_day and final.not_before and final.not_before.plus == Offset(months=18)
    assert phrases.satisfier("eac.session#3").number == 3
    assert phrases.satisfier("another eid.sample").another
    stop = phrases.stop("eid.result = pos until eid.result = neg")
    assert stop.until == Match("eid.result", ("neg",))
    who = phrases.who("hiv_positive and (pregnant or breastfeeding)")
    assert who.alternatives == (("hiv_positive", "pregnant"), ("hiv_positive", "breastfeeding"))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("anchor: delivery", "anchor: each anc.contact since delivery"), "not with each"),
        (
            ("anchor: delivery", "anchor: first anc.contact since delivery, repeat: last"),
            "`since` does not go with `repeat`",
        ),
        (("label: A", "label: A, repeat: sometimes"), "repeat is `last`, or"),
        (("label: A", "label: A, repeat: {every: {months: many}}"), "whole number"),
        (
            ("anchor: delivery", "anchor: pnc.contact, repeat: {every: {months: 6}}"),
            "`every` needs an anchor of another",
        ),
        (("label: A", "label: A, verify: maybe"), "verify is true or false"),
        (("label: A", "label: A, source: NOWHERE"), "source NOWHERE does not stand among the sources"),
    ],
)
def test_newer_words_are_checked_too(tmp_path: Path, change: tuple[str, str], reason: str) -> None:
    assert reason in refused(tmp_path, HEAD + ITEM.replace(*change) + "}\n")


def test_settings_sources_and_what_is_left_out_are_read_and_checked(tmp_path: Path) -> None:
    said = (
        "sources: {S: {title: A text, where: there, read: primary-read}}\n"
        "settings: {burden: {value: high, source: S, verify: true}}\n"
        "left_out: [{id: T.B, what: that, why: no word}]\n"
    )
    path = tmp_path / "t.yaml"
    path.write_text(said + HEAD.replace("gt}", "gt, source: S}") + ITEM + ", source: S, verify: true, basis: so}\n")
    found = read_protocol(path)
    assert [setting.id for setting in found.settings] == ["lost", "burden"]
    assert (found.settings[0].value, found.settings[0].unverified) == ("more than 28 days late", False)
    assert found.unverified == 2 and found.left_out[0].why == "no word" and found.item("T.A").basis == "so"
    path.write_text(said.replace("why: no word", "because: x") + HEAD + ITEM + "}\n")
    with pytest.raises(ProtocolError, match="left_out has unknown words: because"):
        read_protocol(path)


def test_a_value_without_source_counts_as_unverified() -> None:
    acc_1 = find_protocol("ACC-1")
    assert acc_1.unverified == len(acc_1.items) + len(acc_1.settings)


def test_every_item_that_is_wrong_is_told_of_with_its_line(tmp_path: Path) -> None:
    wrong = ITEM.replace("who: mother", "who: queen")
    path = tmp_path / "t.yaml"
    said = refused(
        tmp_path, f"{HEAD}{wrong}}}\n{ITEM.replace('T.A', 'T.B')}}}\n- text\n{wrong.replace('T.A', 'T.C')}}}\n"
    )
    assert [line.partition("'queen'")[0] for line in said.splitlines()] == [
        f"{path}: line 7, item T.A: ",
        f"{path}: item 3: the item should be written as `name: value` lines",
        f"{path}: line 10, item T.C: ",
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: " + "[" * 100_000, "line 1: more than 20 entries within one another"),
        ("{a: " * 50_000, "line 1: more than 20 entries within one another"),
        ("".join(f"k{n}: 1\n" for n in range(20_000)), "and 19990 more. Known are"),
        ("".join(f"k{n}: 1\n" for n in (*range(20_000), 7)), "k7 stands twice in one entry"),
        (HEAD + "- x\n" * 60_000, "and 59980 more items are wrong"),
        (f"{HEAD}- {{id: A, label: A, who: '{'(' * 100_000}'}}\n", "a phrase has at most 200 characters"),
        ("x" * 300_001, "larger than 300,000 bytes"),
        ("!!python/object/apply:os.system ['true']", "could not determine a constructor"),
        ("a: &a [1]\nb: *a", "aliases (*) are not allowed"),
        ("".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60)), "aliases (*) are not allowed"),
        ("a: &a {b: c}\nd: {<<: *a}", "aliases (*) are not allowed"),
        (HEAD + "- {}\n" * 50_000, "and 49980 more items are wrong"),
        (HEAD.replace("version: 1", f"version: {'9' * 100_000}"), "not readable YAML"),
        ("? [a, b]\n: c\n", "not readable YAML"),
        ("? {a: b}\n: c\n", "not readable YAML"),
        ("---\na: 1\n---\nb: 2\n", "not readable YAML"),
        (HEAD + "- {id: 'A\x00'}\n", "not readable YAML"),
        (HEAD + '- {id: "A\\0", label: A}\n', "id holds a character that cannot be shown"),
        (HEAD + '- {id: "\\ud800", label: A}\n', "id holds a character that cannot be shown"),
        (HEAD + ITEM.replace("who: mother", f"who: {'(mother or mother) and ' * 8}mother") + "}\n", "its alternatives"),
        (HEAD + ITEM.replace("delivery", "first anc.contact since " + " " * 150 + "x") + "}\n", "'x' is not a kind"),
        (HEAD + ITEM + ', unless: "vl.result >= 1000\'; DROP TABLE facts; --"}\n', "is not a kind of fact"),
        (HEAD + ITEM + ", stop: [refused = art' OR '1'='1]}\n", "is not a kind of fact"),
        (HEAD + ITEM + ", lost: yes}\n", "lost is true or false"),
    ],
    ids=[
        "deep-lists",
        "deep-entries",
        "many-words",
        "one-twice",
        "many-items",
        "long",
        "large",
        "tag",
        "alias",
        "bomb",
        "merge",
        "empty-items",
        "huge-number",
        "list-as-name",
        "entry-as-name",
        "two-documents",
        "nul",
        "escaped-nul",
        "half-a-character",
        "alternatives",
        "spaces",
        "sql",
        "more-sql",
        "yes",
    ],
)
def test_hostile_files_are_refused(tmp_path: Path, text: str, reason: str) -> None:
    said = refused(tmp_path, text)
    assert reason in said and len(said) < 10_000


def test_too_many_items_are_refused_and_as_many_as_are_allowed_work(tmp_path: Path) -> None:
    entries = [
        ITEM.replace("T.A", f"T.{n}").replace("pnc.contact", f"topic = t{n}") + f", stop: [topic = s{n}]}}"
        for n in range(501)
    ]
    assert "501 items and times are too many (at most 500" in refused(tmp_path, HEAD + "\n".join(entries) + "\n")
    path = tmp_path / "many.yaml"
    path.write_text(HEAD + "\n".join(entries[:500]) + "\n")
    facts = (Fact("anna", "mother", "delivery", date(2026, 1, 5), "live", record="r"),)
    rows = sqlite.schedule(read_protocol(path), History(facts), date(2026, 1, 8))
    assert len(rows) == 500 and {row.state for row in rows} == {"due"}
