"""What is published: outside the demo nothing in words that nobody has checked."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import override_settings

from mentormothers import PROGRAMME
from tests.programme import Programme
from tests.unit.test_forms import cell


def published(folder: Path, version: str) -> dict[str, Any]:
    """Publish the visit in a new version; gives what phones get of it."""
    from mentormothers.care.models import Publication
    from mentormothers.care.publishing import publish_programme
    from mentormothers.protocol.reading import find_protocol

    book = openpyxl.load_workbook(PROGRAMME / "forms" / "visit.xlsx")
    cell("settings", "", "version", version)(book)
    (folder / "forms").mkdir()
    book.save(folder / "forms" / "visit.xlsx")
    assert f"form visit {version}" in publish_programme(find_protocol("ACC-1"), folder)
    body: dict[str, Any] = json.loads(Publication.objects.get(kind="form", name="visit", version=version).body)
    return body


@pytest.mark.parametrize(("demo", "languages"), [(True, ["en", "ny"]), (False, ["en"])])
def test_unchecked_languages_are_for_the_demo_only(
    programme: Programme, tmp_path: Path, demo: bool, languages: list[str]
) -> None:
    with override_settings(DEMO=demo):
        body = published(tmp_path, "2027-01-01")
    assert body["form"]["languages"] == languages
    assert ("Chichewa (ny)" in body["xform"]) == demo
    assert ("ny" in body["form"]["titles"]) == demo
