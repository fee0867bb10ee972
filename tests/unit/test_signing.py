"""A signature names the content it was given for: whatever changes later is not signed."""

from pathlib import Path

import pytest

from mentormothers.protocol.model import Protocol
from mentormothers.protocol.reading import ProtocolError, find_protocol, read_protocol

BASE = """id: BASE
version: 1
title: A base
effective_from: 2026-01-01
lost: {rule: gt28}
items:
- {id: B.A, label: A, who: mother, anchor: delivery, offset: {days: 3}, satisfied_by: pnc.contact}
- {id: B.B, label: B, who: mother, anchor: delivery, offset: {days: 9}, satisfied_by: pnc.contact}
"""
OWN = """id: OWN
version: 1
title: Laid on it
effective_from: 2026-01-01
extends: BASE
items:
- {id: O.B, replaces: B.B, label: B, who: mother, anchor: delivery, offset: {days: 8}, satisfied_by: pnc.contact}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base.yaml").write_text(BASE)
    return tmp_path


def read(folder: Path, text: str) -> Protocol:
    (folder / "own.yaml").write_text(text)
    return read_protocol(folder / "own.yaml")


def signed(content: str) -> str:
    return f"signed_off_by: {{name: A ministry of tests, on: 2026-02-01, content: {content}}}\n"


def test_a_signature_holds_for_the_content_it_names(folder: Path) -> None:
    content = read(folder, OWN).fingerprint
    found = read(folder, OWN + signed(content))
    assert found.signed_off_by and found.signed_off_by.name == "A ministry of tests"
    assert found.fingerprint == content, "a signature is no part of what is signed"


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("own", ("days: 8", "days: 7")),
        ("own", ("Laid on it", "Laid upon it")),
        ("base", ("label: A", "label: AA")),
        ("base", ("id: BASE", "sources: {X: {title: T, where: W, read: R}}\nid: BASE")),
    ],
    ids=["its own item", "its title", "an item of the base", "a source of the base"],
)
def test_a_changed_content_is_not_signed(folder: Path, file: str, change: tuple[str, str]) -> None:
    texts = {"base": BASE, "own": OWN + signed(read(folder, OWN).fingerprint)}
    texts[file] = texts[file].replace(*change)
    (folder / "base.yaml").write_text(texts["base"])
    with pytest.raises(ProtocolError, match=r"was signed, and this is [0-9a-f-]{19}\. Please have it signed anew"):
        read(folder, texts["own"])


def test_what_is_not_in_force_may_change(folder: Path) -> None:
    text = OWN + signed(read(folder, OWN).fingerprint)
    (folder / "base.yaml").write_text(BASE.replace("A base", "Another base").replace("days: 9", "days: 10"))
    assert read(folder, text).signed_off_by


def test_what_stands_beside_the_content_changes_nothing(folder: Path) -> None:
    content = read(folder, OWN).fingerprint
    assert (
        read(folder, f"# a word\n{OWN.replace('id: O.B, replaces: B.B', 'replaces: [B.B], id: O.B')}").fingerprint
        == content
    )
    (folder / "other.yaml").write_text(OWN)
    assert read_protocol(folder / "other.yaml").fingerprint == content, "whatever the file is called"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("signed_off_by: A ministry\n", "signed_off_by should be written as `name: value` lines"),
        ("signed_off_by: {name: M, on: soon, content: x}\n", "on is a date"),
        ("signed_off_by: {name: M, on: 2026-01-01}\n", "content is missing"),
        ("signed_off_by: {name: M, on: 2026-01-01, content: x, by: y}\n", "unknown words: by"),
        ("signed_off_by: no\n", "signed_off_by should be written"),
        ("signed_off_by: 0\n", "signed_off_by should be written"),
    ],
)
def test_a_signature_that_names_no_content_is_refused(folder: Path, said: str, reason: str) -> None:
    with pytest.raises(ProtocolError, match=reason):
        read(folder, OWN + said)


def test_fingerprints_stay_from_release_to_release() -> None:
    """If this fails, every signature there is has to be given anew: think twice, and say so in the release."""
    assert find_protocol("ACC-1").fingerprint == "53b9-1de4-5fef-f59c"
