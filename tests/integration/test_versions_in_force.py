"""Two versions of a protocol in force at once: what is said of a thing to do is of the version that its row names."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml

from mentormothers import PROGRAMME
from tests.integration.test_followup import YES, missed
from tests.office import born, text
from tests.programme import Programme

_LATER = {
    "ACC.REFILL": {"label": "Tablets", "defaulter_days": 5},
    "ACC.EID6W": {"label": "Test at six weeks", "grace_days": 3},
}


@pytest.fixture
def two_versions(programme: Programme, tmp_path: Path, settings: Any) -> Iterator[Programme]:
    """Since 50 days ago ACC-2 is in force, with the same items under other names; who was in care stays with ACC-1."""
    content = yaml.safe_load((PROGRAMME / "protocols" / "acc-1.yaml").read_text(encoding="utf-8"))
    since = programme.now.date() - timedelta(days=50)
    content |= {
        "id": "ACC-2", "succeeds": "ACC-1", "effective_from": since, "lost": {"days": 60, "operator": "gt"},
        "carry_over": {"episodes": "finish", "missed": "keep"},
    }  # fmt: skip
    content["items"] = [item | _LATER.get(item["id"], {}) for item in content["items"]]
    content["tracing"]["open_when"] = ["ACC.REFILL"]
    path = tmp_path / "acc-2.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    settings.PROTOCOL = str(path)
    _forget()
    yield programme
    _forget()


def _forget() -> None:
    from mentormothers.care.live import item_of, protocol_in_force
    from mentormothers.followup.working_out import made_by
    from mentormothers.followup.worklist import labels

    for known in (protocol_in_force, item_of, made_by, labels):
        known.cache_clear()


def _two_mothers(programme: Programme) -> tuple[UUID, UUID]:
    """One with a baby whose exposure began before ACC-2; one with a baby born since."""
    before, first = missed(programme, 40, **YES)
    since, second = missed(programme, 20, **YES)
    babies = [born(programme, before, days_ago=60), born(programme, since, days_ago=49)]
    programme.push([*first, *second, *(birth for _, birth in babies)])
    return UUID(babies[0][0]), UUID(babies[1][0])


def test_labels_grace_and_tracing_are_of_the_version_that_a_row_names(two_versions: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.followup.worklist import Worklist

    older, newer = _two_mothers(two_versions)
    with scoped(scope_of(two_versions.coordinator)):
        items = Worklist.at([two_versions.home.id], two_versions.now.date()).items()
    tests = {item.client: item for item in items if item.item == "ACC.EID6W"}
    assert {c: (i.rule, i.label, (i.until - i.due).days) for c, i in tests.items()} == {
        older: ("ACC-1@1/gt28", "Baby's first test", 14),
        newer: ("ACC-2@1/gt60", "Test at six weeks", 3),
    }
    assert tests[newer].state == "overdue" and not tests[newer].traceable, "ACC-2 looks for nobody because of it"
    refills = {item.label: item for item in items if item.item == "ACC.REFILL"}
    assert set(refills) == {"Refill", "Tablets"}
    assert (refills["Refill"].state, refills["Tablets"].state) == ("lost", "defaulted"), "each by its own line"
    assert "late by more than 28 days" in {reason.words for reason in refills["Refill"].reasons}


def test_the_office_names_each_version(two_versions: Programme) -> None:
    from django.test import Client

    _two_mothers(two_versions)
    browser = Client()
    browser.force_login(two_versions.coordinator, backend="django.contrib.auth.backends.ModelBackend")
    shown = text(browser.get(f"/sites/{two_versions.home.id}"))
    assert "beyond 60 days or beyond 28 days" in shown
    assert "Test at six weeks" in shown and "Baby&#x27;s first test" in shown
    _, page = (text(browser.get(f"/clients/{client}")) for client in _two_mothers(two_versions))
    assert "By protocol ACC-2, version 1; more than 60 days late" in page


def test_what_is_kept_is_what_follows_also_by_two_versions(two_versions: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.followup.rebuilding import rebuild
    from mentormothers.followup.worklist import Worklist

    _two_mothers(two_versions)
    with scoped(scope_of(two_versions.coordinator)):
        Worklist.at([two_versions.home.id], two_versions.now.date())
    assert rebuild(mend=False) == []


def test_phones_get_the_items_of_both_with_the_rule_of_each(two_versions: Programme) -> None:
    import json

    from mentormothers.care.live import protocol_in_force
    from mentormothers.care.models import Publication
    from mentormothers.care.publishing import publish_programme

    publish_programme(protocol_in_force())
    items = json.loads(Publication.objects.get(kind="protocol", name="ACC-2").body)["items"]
    said = {(item["rule"], item["label"], item["grace_days"]) for item in items if item["id"] == "ACC.EID6W"}
    assert said == {("ACC-1@1/gt28", "Baby's first test", 14), ("ACC-2@1/gt60", "Test at six weeks", 3)}
