"""The schema for editors says what the reader says: the same words, no file refused that can be used, and the same lies."""

import datetime
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from mentormothers import PROGRAMME
from mentormothers.facts.vocabulary import vocabulary
from mentormothers.protocol import reading, reading_head, reading_items, schema
from mentormothers.protocol.phrases import Phrases
from mentormothers.protocol.reading import ProtocolError, read_protocol
from mentormothers.protocol.yaml_file import read_yaml
from tests.docs.examples import examples

ROOT = Path(__file__).parents[2]
LIBRARY = sorted((PROGRAMME / "protocols").glob("*.yaml"))
VALIDATOR = Draft7Validator(schema.protocol_schema())
PAGE = (ROOT / "docs" / "reference" / "protocol-language.md").read_text(encoding="utf-8")


ITEM = {
    "id": "T.A",
    "label": "A",
    "who": "mother",
    "anchor": "delivery",
    "offset": "{days: 3}",
    "satisfied_by": "pnc.contact",
}
HEAD = {
    "id": "T",
    "version": "1",
    "title": "A test",
    "effective_from": "2026-01-01",
    "lost": "{days: 28, operator: gt}",
}
ITEMS = "items: [{" + ", ".join(f"{name}: {value}" for name, value in ITEM.items()) + "}]"


def as_json(content: Any) -> Any:
    """As an editor sees it: days are text."""
    if isinstance(content, dict):
        return {name: as_json(value) for name, value in content.items()}
    if isinstance(content, list):
        return [as_json(value) for value in content]
    return content.isoformat() if isinstance(content, datetime.date) else content


def faults(path: Path) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(as_json(read_yaml(path)))]


def test_it_is_a_schema_and_the_library_has_it() -> None:
    Draft7Validator.check_schema(schema.protocol_schema())
    kept = (PROGRAMME / "protocols" / schema.FILE_NAME).read_text(encoding="utf-8")
    assert kept == schema.schema_file(), "please run: just docs"


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_the_library_is_right_by_it_and_names_it(path: Path) -> None:
    assert faults(path) == []
    assert path.read_text().startswith(f"# yaml-language-server: $schema={schema.FILE_NAME}\n")


@pytest.mark.parametrize("example", [one for one in examples(PAGE) if not one.refused], ids=lambda one: one.name)
def test_the_examples_of_the_page_are_right_by_it(example: Any, tmp_path: Path) -> None:
    assert faults(example.write(tmp_path)) == []


def test_reader_and_schema_know_the_same_words() -> None:
    assert set(schema.HEAD) == reading._HEAD
    assert set(schema.ITEM) == reading_items._ITEM
    assert set(schema.STEP) == reading_head._STEP
    assert set(schema.ORIGIN) == reading_head.ORIGIN


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("lost: {rule: gt28, QQ: 1}", schema.LOST),
        ("tracing: {QQ: 1}", schema.TRACING),
        ("settings: {a: {value: b, QQ: 1}}", schema.SETTING),
        ("sources: {a: {title: b, where: c, read: d, QQ: 1}}", schema.SOURCE),
        ("left_out: [{id: a, what: b, why: c, QQ: 1}]", schema.LEFT_OUT),
        ("without: [{id: a, why: b, QQ: 1}]", schema.OMITTED),
        ("signed_off_by: {name: a, QQ: 1}", schema.SIGNATURE),
        ("tracing: {steps: [{day: 1, mode: sms, QQ: 1}]}", schema.STEP),
        ("items: [{id: a, QQ: 1}]", schema.ITEM),
        (ITEMS.replace("}]", ", ages: {unknown: in, QQ: 1}}]"), schema.AGES),
        (ITEMS.replace("}]", ", repeat: {QQ: 1}}]"), schema.REPEAT),
        ("succeeds: ACC-1\ncarry_over: {QQ: 1}", schema.CARRY_OVER),
        ("QQ: 1", schema.HEAD),
    ],
)
def test_what_the_reader_knows_of_an_unknown_word_is_what_the_schema_knows(
    where: str, words: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(ProtocolError) as error:
        read_protocol(changed(tmp_path, where))
    known = re.search(r"unknown words: QQ\. Known are: (.*)", str(error.value))
    assert known and set(known[1].split(", ")) == set(words)


def changed(folder: Path, head: str = "", item: str = "") -> Path:
    """A right file but for some words of its head, or of its one item; `name:` alone takes a word away."""
    own, ours = dict(HEAD), dict(ITEM)
    for words, change in ((own, head), (ours, item)):
        name, _, value = change.partition(": ")
        words.update({name: value} if name else {})
        words.pop(name.rstrip(":") if not value else "", None)
        words.pop(name if not value else "", None)
    own.setdefault("items", "[{" + ", ".join(f"{name}: {value}" for name, value in ours.items()) + "}]")
    path = folder / "t.yaml"
    path.write_text("".join(f"{name}: {value}\n" for name, value in own.items()))
    return path


def test_the_file_that_is_changed_below_is_right(tmp_path: Path) -> None:
    assert faults(changed(tmp_path)) == [] and read_protocol(changed(tmp_path))


# Of each word, values of every kind that are wrong for it.
ANYTHING = ["5", "-1", "1.5", "true", "null", "2026-01-01", '""', "[]", "{}", "[[]]", "{a: 1}", '"\\0"', '"a\\nb"']
TEXT = [one for one in ANYTHING if one != '"a\\nb"']
MARK = [one for one in (*ANYTHING, "yes", "on", '"true"') if one != "true"]
DAYS = [one for one in (*ANYTHING, "3661", "'5'") if one != "5"]
DISTANCE = [*ANYTHING, "{days: 1, weeks: 1}", "{days: many}", "{days: 7306}", "{days: true}", "{eons: 1}", "1 week"]
PHRASE = [*ANYTHING, "birthday.party", "delivery = gone", "delivery >= 3", "x; DROP TABLE facts"]
LIST = [one for one in (*ANYTHING, "word") if one != "[]"]
NAMED = [one for one in (*ANYTHING, "word") if one != "{}"]
WRONG_OF_ITEM = {
    "id": TEXT,
    "label": TEXT,
    "note": TEXT,
    "series": TEXT,
    "source": TEXT,
    "basis": TEXT,
    "who": [*PHRASE, "mother and", "mother or happy"],
    "anchor": [
        *PHRASE,
        "{latest_of: []}",
        "{latest_of: [delivery], first_of: [delivery]}",
        "{anew_at: start of mother}",
    ],
    "offset": [*DISTANCE, "days_given"],
    "last_day": [*DISTANCE, "days_supplied"],
    "satisfied_by": [*PHRASE, "[5]", "pnc.contact on a whim", "pnc.contact#100"],
    "stop": [*(one for one in PHRASE if one != "[]"), "[5]", "pnc.contact until", "bad luck"],
    "unless": [*(one for one in PHRASE if one != "[]"), "[5]"],
    "ages": [
        *ANYTHING,
        "{unknown: maybe}",
        "{from: {years: 25}}",
        "{from: 25, unknown: in}",
        "{from: days_supplied, unknown: in}",
    ],
    "where": [one for one in ANYTHING if one not in ("[]", "2026-01-01")],
    "shares": [one for one in TEXT if one != "[]"],
    "early_days": DAYS,
    "grace_days": DAYS,
    "defaulter_days": DAYS,
    "lost": MARK,
    "verify": MARK,
    "repeat": [
        *(one for one in ANYTHING if one != "{}"),
        "first",
        "{every: last}",
        "{every: {days: 5}, never: 1}",
        "{from: never}",
        "{most: 0}",
        "{most: 61}",
        "{most: many}",
    ],
    "replaces": [one for one in TEXT if one != "[]"],
}
WRONG_OF_HEAD = {
    "id": TEXT,
    "title": TEXT,
    "version": [one for one in (*ANYTHING, "'1'", "010", "1:30") if one not in ("5", "-1")],
    "effective_from": [one for one in (*ANYTHING, "2026-02-30", "2026-01-01 10:00:00") if one != "2026-01-01"],
    "extends": [one for one in TEXT if one != "[]"],
    "without": [*LIST, "[{id: a}]"],
    "lost": [*ANYTHING, "{rule: gt1}", "{rule: gt28, days: 28}", "{days: 28}", "{days: 28, operator: about}"],
    "signed_off_by": [*(one for one in ANYTHING if one not in ('""', "null")), "A ministry", "{name: a}"],
    "verify": MARK,
    "settings": [*NAMED, "{a: b}", "{a: {value: 5}}", "{a: {value: true, except_at: [5]}}"],
    "succeeds": TEXT,
    "carry_over": ANYTHING,
    "sources": [*NAMED, "{a: b}", "{a: {title: b, where: c}}"],
    "tracing": [
        *(one for one in NAMED if one != "{}"),
        "{open_when: T.A}",
        "{open_when: [5]}",
        "{steps: {day: 1}}",
        "{steps: 5}",
        "{steps: [{day: 1, mode: pigeon, consent: consent.sms}]}",
        "{steps: [{day: 367, mode: sms, consent: consent.sms}]}",
        "{steps: [{day: 1, mode: sms, consent: birthday.party}]}",
        "{steps: [{day: 1, mode: sms, consent: consent.sms, attempts: 0}]}",
    ],
    "items": [*LIST, "[]", "[5]", "[{}]"],
    "left_out": [*LIST, "[{id: a, what: b}]"],
}


def wrong(words: dict[str, list[str]]) -> list[Any]:
    return [pytest.param(f"{name}: {value}", id=f"{name} {value}") for name, all_ in words.items() for value in all_]


@pytest.mark.parametrize("change", wrong(WRONG_OF_ITEM))
def test_a_wrong_word_of_an_item_is_refused_by_both(change: str, tmp_path: Path) -> None:
    check_both_refuse(changed(tmp_path, item=change), change)


@pytest.mark.parametrize("change", wrong(WRONG_OF_HEAD))
def test_a_wrong_word_of_the_head_is_refused_by_both(change: str, tmp_path: Path) -> None:
    check_both_refuse(changed(tmp_path, head=change), change)


@pytest.mark.parametrize("name", ITEM)
def test_an_item_without_what_it_needs_is_refused_by_both(name: str, tmp_path: Path) -> None:
    check_both_refuse(changed(tmp_path, item=name), name)


@pytest.mark.parametrize("name", HEAD)
def test_a_head_without_what_it_needs_is_refused_by_both(name: str, tmp_path: Path) -> None:
    check_both_refuse(changed(tmp_path, head=name), name)


def check_both_refuse(path: Path, change: str) -> None:
    with pytest.raises(ProtocolError) as error:
        read_protocol(path)
    assert str(path) in str(error.value) and len(str(error.value)) < 2_000
    if "not readable YAML" not in str(error.value) and not change.endswith(": 2026-01-01"):  # text to an editor
        assert faults(path), f"the schema takes {change}"


SORTS = {"day": "term"} | {one: one for one in ("anchor", "satisfier", "stop", "unless", "match", "who")}


@pytest.mark.parametrize("sort", SORTS)
def test_examples_of_a_phrase_are_read(sort: str) -> None:
    read = getattr(Phrases(vocabulary()), SORTS[sort])
    definition = schema.protocol_schema()["definitions"][sort]
    for example in definition["examples"]:
        assert read(example) and re.search(definition["pattern"], example)
