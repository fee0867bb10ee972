"""What phones get of a protocol: the same items, in plain words, without clinical texts."""

import json
import os
import subprocess
import sys

from mentormothers.protocol.reading import find_protocol
from tests.databases import Database


def test_phones_get_malawis_items_without_sources_regimens_or_reasons(db: Database) -> None:
    from mentormothers.care.models import Publication
    from mentormothers.care.publishing import publish_programme

    protocol = find_protocol("MW-2022")
    (published,) = [line for line in publish_programme(protocol) if line.startswith("protocol")]
    assert published.startswith("protocol MW-2022 1.")
    assert not [line for line in publish_programme(protocol) if line.startswith("protocol")], "once is enough"
    text = Publication.objects.get(kind="protocol", name="MW-2022").body
    body = json.loads(text)
    assert [item["id"] for item in body["items"]] == [item.id for item in protocol.items]
    assert set(body["lost"]) == {"days", "operator"} and body["lost"]["days"] == 60
    values = (*protocol.items, *protocol.settings)
    said = {value.basis for value in values} | {item.note for item in protocol.items}
    said |= {source.title for source in protocol.sources} | {one.why for one in protocol.left_out}
    assert not [words for words in said if words and words in text]
    assert "AZT" not in text and "NVP" not in text


def test_a_result_is_not_named_before_it_was_told(db: Database) -> None:
    from mentormothers.care.models import Publication
    from mentormothers.care.publishing import publish_programme

    publish_programme(find_protocol("MW-2022"))
    body = json.loads(Publication.objects.get(kind="protocol", name="MW-2022").body)
    hangs_on = {item["id"]: item["follows"] for item in body["items"] if item["follows"]}
    assert hangs_on == {
        "WHO.VLHIGH-EAC": "vl.result", "WHO.VLHIGH": "vl.result", "WHO.EIDIND": "eid.result",
        "PROG.EIDAGAIN": "eid.result", "WHO.INFANTART": "eid.result", "PROG.EIDCONFIRM": "eid.result",
    }  # fmt: skip


def test_malawis_is_in_force_unless_somebody_says_otherwise() -> None:
    code = "from mentormothers.config import settings; print(settings.PROTOCOL)"
    plain = {name: value for name, value in os.environ.items() if name != "MENTORMOTHERS_PROTOCOL"}
    for said, expected in (({}, "MW-2022"), ({"MENTORMOTHERS_PROTOCOL": "ACC-1"}, "ACC-1")):
        told = subprocess.run(
            [sys.executable, "-c", code], env=plain | said, capture_output=True, text=True, check=True
        )
        assert told.stdout.strip() == expected
