"""A partner never learns who named him: that the two belong together is sealed with her key, and stands nowhere else."""

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.integration.test_keeping import owner
from tests.office import NAMES, text, woman
from tests.programme import Api, Programme, enrolled

HIM = {"name.given": "Joseph", "name.family": "Tembo", "phone.owner": "own", "phone.number": "0888 777 001"}
EVERY_TABLE = """
SELECT format('%%I.%%I', table_schema, table_name) FROM information_schema.tables
WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
"""


def partner(programme: Programme, **answers: Any) -> tuple[str, Any]:
    """Somebody enrolled as a partner, with his own consent: his pseudonym and the parcel."""
    him = programme.phone.new_client()
    said = {
        "keep/data_use": "given", "purposes/follow_up": "given", "purposes/phone_calls": "given",
        "purposes/home_visit": "refused", "person/sex": "m", "person/age": 34, "birth_year": "1992",
        "test/status": "unknown", "test/source": "observed", "group": "partner",
    } | answers  # fmt: skip
    return him, programme.phone.parcel(
        "partner_enrolment", str(programme.mentor.id), him, said, at=programme.now, identities={him: HIM}
    )


def named(programme: Programme, her: str, him: str) -> Any:
    """What she tells of her partner, with whom it is, sealed with her key."""
    answers = {"known_page/known": "not_tested", "known_page/source": "client_told", "way_page/way": "we"}
    sealed = {"partner.name": "Joseph", "partner.phone": "0888 777 001", "partner.client": him}
    return programme.phone.parcel(
        "partner", str(programme.mentor.id), her, answers, at=programme.now, source="client_told",
        identities={her: sealed},
    )  # fmt: skip


@pytest.fixture
def couple(programme: Programme) -> tuple[str, str]:
    """Two clients; that they belong together is said of her."""
    her, first = woman(programme, days_ago=40)
    him, second = partner(programme)
    answers = programme.push([first, second, named(programme, her, him)])
    assert {answer["status"] for answer in answers} == {"accepted"}, answers
    return her, him


def browser(who: Any) -> Any:
    from django.test import Client

    found = Client()
    found.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    return found


def written(client: str) -> tuple[str, ...]:
    """How a pseudonym may be written."""
    return client, client.replace("-", "")


def rows_of(client: str) -> dict[str, list[str]]:
    """Every row of every table in which a pseudonym stands, as text; bytes in hex, and as the text that they may be."""
    found = {}
    for (table,) in owner(EVERY_TABLE):
        rows = [row for (row,) in owner(f"SELECT to_jsonb(t)::text FROM {table} t")]
        as_bytes = [one.encode().hex() for one in written(client)]
        mine = [row for row in rows if any(one in row for one in (*written(client), *as_bytes))]
        if mine:
            found[table] = mine
    return found


def test_no_row_of_the_database_names_both(programme: Programme, couple: tuple[str, str]) -> None:
    her, him = couple
    for page in (her, him):
        assert browser(programme.coordinator).get(f"/clients/{page}").status_code == 200
    his, hers = rows_of(him), rows_of(her)
    assert {"care.record", "care.fact", "care.client", "people.identity_record"} <= set(his) & set(hers)
    together = {table for table, rows in his.items() for row in rows if any(one in row for one in written(her))}
    assert together <= {"access.audit_event"}, "what a phone was sent lists everybody of its caseload"
    alone = [row for row in his.get("access.audit_event", []) if any(one in row for one in written(her))]
    assert all("identity.sent" in row for row in alone)


def test_his_page_and_his_feed_say_nothing_of_her(programme: Programme, couple: tuple[str, str]) -> None:
    from mentormothers.access.models import Membership, Role, User
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.models import Caseload

    her, him = couple
    ours = programme.home.organisation_id
    expert = User.objects.create_user("expert", "x", first_name="Expert", role=Role.MENTOR, organisation=ours)
    Membership.objects.create(user=expert, site=programme.home.id)
    with scoped(scope_of(programme.coordinator)):
        Caseload.objects.create(
            client=him, mentor=expert.id, site=programme.home.id, organisation=ours, reason="given"
        )  # fmt: skip
    feed = str(Api(enrolled(programme.coordinator, programme.home, [expert])).pull(expert))
    shown = text(browser(programme.coordinator).get(f"/clients/{him}"))
    assert him in feed and "Joseph T." in shown, "or this says nothing"
    for said in (feed, shown):
        assert not any(secret in said for secret in (*written(her), *NAMES))


def test_her_page_shows_whom_she_named_to_those_who_may_see_names(
    programme: Programme, couple: tuple[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    her, him = couple
    caplog.set_level(logging.DEBUG)
    shown = text(browser(programme.coordinator).get(f"/clients/{her}"))
    assert "Her partner" in shown and "Joseph 0888 777 001" in shown and f"/clients/{him}" in shown
    for page in (her, him):
        answer = browser(programme.stranger).get(f"/clients/{page}")
        assert answer.status_code == 404 and "Joseph" not in text(answer)
    both = [line for line in caplog.text.splitlines() if her in line and him in line]
    assert not both and "Joseph" not in caplog.text


def test_the_list_taken_along_has_them_apart(programme: Programme, couple: tuple[str, str]) -> None:
    from mentormothers.followup.paper import short_code

    her, him = couple
    at = programme.now - timedelta(days=60)
    visit = {"where/place": "clinic", "where/source": "register", "test_page/tested": "pos", "tablets_page/begins": "yes",
             "tablets_page/supply": "30", "days": "30"}  # fmt: skip
    seen = programme.phone.parcel("partner_visit", str(programme.mentor.id), him, visit, at=at, source="register")
    assert programme.push([seen])[0]["status"] == "accepted"
    file = text(browser(programme.coordinator).post(f"/sites/{programme.home.id}/export", {"purpose": ""}))
    codes = short_code(UUID(her)), short_code(UUID(him))
    assert all(code in file for code in codes), "his tablets are late, too"
    assert not any(all(code in line for code in codes) for line in file.splitlines())


def test_the_link_goes_with_her_name(programme: Programme, couple: tuple[str, str]) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.register.erasing import erase_client

    her, him = couple
    with scoped(scope_of(programme.coordinator)):
        erase_client(UUID(her), "asked", by=programme.coordinator)
    shown = text(browser(programme.coordinator).get(f"/clients/{her}"))
    assert "Her partner" not in shown and him not in shown
    assert "Joseph T." in text(browser(programme.coordinator).get(f"/clients/{him}"))
