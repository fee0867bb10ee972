"""What the documentation says is what the code does."""

import importlib.util
import re
import subprocess
from pathlib import Path

import pytest

from mentormothers.forms.model import IDENTITY_FIELDS
from mentormothers.protocol.terms import DEFINITIONS

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"


def generated() -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "docs" / "make_reference.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    pages: dict[str, str] = module.pages()
    return pages


@pytest.mark.parametrize("name", ["errors.md", "facts.md", "commands.md", "protocols.md", "protocol-mw-2022.md"])
def test_generated_pages_are_up_to_date(name: str) -> None:
    assert (REFERENCE / name).read_text() == generated()[name], "please run: just docs"


def test_every_setting_is_documented() -> None:
    text = (REFERENCE / "settings.md").read_text()
    files = [*ROOT.glob("src/**/*.py"), *ROOT.glob("script/*"), *ROOT.glob("tests/**/*.py")]
    used = {name for file in files for name in re.findall(r"MENTORMOTHERS_[A-Z]+(?:_[A-Z]+)*", file.read_text())}
    assert used - {"MENTORMOTHERS"} <= set(re.findall(r"MENTORMOTHERS_[A-Z_]+[A-Z]", text)), "please add to settings.md"


def test_every_identity_field_is_documented() -> None:
    text = (REFERENCE / "identity.md").read_text()
    assert [field for field in IDENTITY_FIELDS if f"`{field}`" not in text] == []


def test_every_definition_and_item_word_is_documented() -> None:
    from mentormothers.protocol import reading, reading_items

    text = (REFERENCE / "protocol-language.md").read_text()
    assert [
        name
        for name in (*DEFINITIONS, *reading_items._ITEM, *reading._HEAD)
        if f"`{name}" not in text and name not in ("notes", "sources")
    ] == []


def test_every_address_of_the_device_api_is_documented() -> None:
    text = (REFERENCE / "device-api.md").read_text()
    source = (ROOT / "src" / "mentormothers" / "sync" / "api.py").read_text()
    for path in re.findall(r'@api\.(?:get|post)\("(/[^"{]*)', source):
        assert path.rstrip("/") in text, path


def test_shipped_identity_marks_are_known_fields() -> None:
    from mentormothers import PROGRAMME
    from mentormothers.forms.xform import read_xlsform

    for path in (PROGRAMME / "forms").glob("*.xlsx"):
        marks = {q.identity for q in read_xlsform(path).form.questions if q.identity}
        assert marks <= set(IDENTITY_FIELDS), path


def test_no_registry_host_is_named_anywhere() -> None:
    # Written backwards, since this file is searched too.
    words = [word[::-1] for word in ("gro.ipyp", "detsohnohtyp", "sjmpn.yrtsiger", "moc.sjmpn", "gro.naibed.bed")]
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    for name in tracked:
        path = ROOT / name
        if name and path.is_file() and path.suffix not in (".xlsx", ".png", ".geojson"):
            text = path.read_text(errors="replace").lower()
            assert [word for word in words if word in text] == [], name
