"""A woman of another site who is here: confirmed with her present, seen while she stays, known at home, and forgotten."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from mentormothers.config.database import Database
from tests.elsewhere import CARD, There
from tests.integration.test_following import home, supply
from tests.programme import Api, enrolled


def handle(there: There, text: str = "grace chilomoni") -> str:
    there.matches(text)
    return there.handles[0]


def confirm(there: There, handle: str, reason: str = "visit", **other: Any) -> Any:
    phone, user = other.pop("phone", there.phone), other.pop("user", there.mentor)
    body = {"user": str(user.id), "handle": handle, "reason": reason} | other
    return phone.post("/stays", body, authorization=f"Bearer {phone.token()}")


def by_card(there: There, card: str, request: Any = None, user: Any = None) -> Any:
    body = {"user": str((user or there.mentor).id), "card": card, "request": str(request or uuid4())}
    return there.phone.post("/stays/by-card", body, authorization=f"Bearer {there.phone.token()}")


def told(events: list[dict[str, Any]], *names: str) -> list[str]:
    return [one["event"] for one in events if one["event"] in names]


def stays() -> list[Any]:
    from mentormothers.access.scope import scoped
    from mentormothers.care.models import Stay
    from mentormothers.sites.scopes import everywhere

    with scoped(everywhere()):
        return list(Stay.objects.order_by("made_at"))


@contextmanager
def days_later(days: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock of the server's program; the database keeps its own."""
    from django.utils import timezone

    real = timezone.now
    with monkeypatch.context() as patched:
        patched.setattr(timezone, "now", lambda: real() + timedelta(days=days))
        yield


def test_confirmed_with_her_present_her_whole_record_comes_to_the_site(there: There) -> None:
    before = there.phone.pull(there.mentor)
    assert told(before, "client_in", "record", "identity") == []
    answer = confirm(there, handle(there))
    until = there.programme.now.date() + timedelta(days=3)
    assert (answer.status_code, answer.json()) == (200, {"client": str(there.grace), "until": str(until)})
    for user in (there.mentor, there.coordinator):
        events = there.phone.pull(user, "" if user is there.coordinator else before[-1]["cursor"])
        assert set(told(events, "client_in", "client_out", "record", "identity")) == {"client_in", "record", "identity"}
        stay = next(one for one in events if one["event"] == "stay")
        assert (stay["here"], stay["site"], stay["home"]) == (True, "Bangwe", "Ndirande")
        assert (stay["client"], stay["reason"], stay["until"], stay["open"]) == (
            str(there.grace), "visit", str(until), True
        )  # fmt: skip
    (line,) = _audit("stay.begun")
    assert (line.who, str(line.device), line.clients) == (there.mentor.id, there.phone.phone.device, [there.grace])
    assert line.detail == f"visit until {until}, by look_up" and line.site == there.site.id


def test_another_mentor_of_the_site_and_strangers_hear_nothing(there: There) -> None:
    from mentormothers.access.models import Membership, Role, User

    other = User.objects.create_user(
        "rose", "x", first_name="Rose", role=Role.MENTOR, organisation=there.mentor.organisation
    )
    Membership.objects.create(user=other, site=there.site.id)
    phone = Api(enrolled(there.programme.coordinator, there.site, [other]))
    confirm(there, handle(there))
    stranger = Api(there.programme.strange_phone)
    for events in (phone.pull(other), stranger.pull(there.programme.stranger)):
        assert str(there.grace) not in str(events)


def test_home_is_told_where_she_is_and_what_was_done_there(there: There) -> None:
    programme, at_home = there.programme, Api(there.programme.phone)
    before = at_home.pull(programme.mentor)
    confirm(there, handle(there), "while", until=str(programme.now.date() + timedelta(days=100)))
    (answer,) = programme.push([supply_there(there)], there.phone.phone)
    assert answer["status"] == "accepted", answer
    events = at_home.pull(programme.mentor, before[-1]["cursor"])
    assert told(events, "client_in", "client_out", "record", "stay") == ["stay", "record"]
    stay = next(one for one in events if one["event"] == "stay")
    assert (stay["here"], stay["site"]) == (False, "Bangwe")
    assert home(str(there.grace)) == programme.home.id, "a supply that a guest gets moves nobody"
    assert told(there.phone.pull(there.mentor), "record") == ["record", "record"]


def supply_there(there: There, **members: Any) -> Any:
    parcel = supply(there.programme, there.phone.phone, str(there.grace), 0, **members)
    parcel["record"] = there.phone.phone.signed(parcel["record"] | {"author": str(there.mentor.id)})
    return parcel


def test_whoever_was_asked_to_look_for_her_at_home_need_not_any_more(there: There) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.followup.actions import ask_to_look_for
    from mentormothers.followup.models import Assignment

    programme = there.programme
    with scoped(scope_of(programme.coordinator)):
        ask_to_look_for(there.grace, mentor=programme.mentor, item="ACC.REFILL", by=programme.coordinator)
    before = Api(programme.phone).pull(programme.mentor)
    confirm(there, handle(there))
    with scoped(scope_of(programme.coordinator)):
        (asked,) = Assignment.objects.all()
    assert asked.ended_at and asked.ended_because == "she was seen at another site"
    events = Api(programme.phone).pull(programme.mentor, before[-1]["cursor"])
    assert [one["open"] for one in events if one["event"] == "assignment"] == [False]
    assert told(events, "client_out") == [], "she enrolled her, and keeps her"


def test_a_baby_is_a_guest_with_its_mother_also_one_born_during_the_stay(there: There) -> None:
    programme = there.programme
    first, before = _birth(there, programme.phone, programme.mentor)
    (answer,) = programme.push([before])
    assert answer["status"] == "accepted", answer
    confirm(there, handle(there), "while", until=str(programme.now.date() + timedelta(days=100)))
    events = there.phone.pull(there.mentor)
    assert {one["client"] for one in events if one["event"] == "client_in"} == {str(there.grace), first}
    second, born = _birth(there, there.phone.phone, there.mentor)
    assert programme.push([born], there.phone.phone)[0]["status"] == "accepted"
    later = there.phone.pull(there.mentor, events[-1]["cursor"])
    assert {one["client"] for one in later if one["event"] == "client_in"} == {second}
    assert home(second) == programme.home.id
    _end(there)
    gone = there.phone.pull(there.mentor, later[-1]["cursor"])
    assert {one["client"] for one in gone if one["event"] == "client_out"} == {str(there.grace), first, second}


def _birth(there: There, phone: Any, author: Any) -> tuple[str, Any]:
    baby, today = phone.new_client(), there.programme.now.date().isoformat()
    answers = {
        "when/born_on": today, "when/outcome": "live", "when/birth_place": "home", "babies": "1", "how_many": "1", "baby": [
            {"baby_id": baby, "sex": "f", "joins": "infant", "dob": today}],
    }  # fmt: skip
    parcel = phone.parcel("birth", str(author.id), str(there.grace), answers, at=there.programme.now,
                          identities={baby: {"name.given": "Chisomo"}})  # fmt: skip
    return baby, parcel


def _end(there: There) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.staying import end_stay, stays_of

    with scoped(scope_of(there.programme.coordinator)):
        (stay,) = stays_of([there.grace]).filter(ended_at=None)
        end_stay(stay, because="she is back", by=there.programme.coordinator)


def test_the_home_coordinator_ends_it_and_the_phones_there_forget_her(there: There) -> None:
    confirm(there, handle(there))
    cursors = {user: there.phone.pull(user)[-1]["cursor"] for user in (there.mentor, there.coordinator)}
    at_home = Api(there.programme.phone).pull(there.programme.mentor)[-1]["cursor"]
    _end(there)
    for user, cursor in cursors.items():
        assert told(there.phone.pull(user, cursor), "client_in", "client_out") == ["client_out"]
        assert str(there.grace) not in str([e for e in there.phone.pull(user) if e["event"] != "client_out"])
    (stay,) = [e for e in Api(there.programme.phone).pull(there.programme.mentor, at_home) if e["event"] == "stay"]
    assert stay["open"] is False
    assert _seen_in_sql(there) == dict.fromkeys(_TABLES, 0)


def test_its_days_are_over_without_any_worker_and_the_worker_tells_the_phones(
    there: There, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mentormothers.access.scope import scoped
    from mentormothers.care.staying import end_lapsed_stays
    from mentormothers.sites.scopes import everywhere

    confirm(there, handle(there))
    cursor = there.phone.pull(there.mentor)[-1]["cursor"]
    assert db.admin
    with psycopg.connect(db.admin) as admin:  # four days pass
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE care.stay SET ends = now() - interval '1 hour'")
        admin.execute("UPDATE care.guest SET ends = now() - interval '1 hour'")
    assert _seen_in_sql(there) == dict.fromkeys(_TABLES, 0)
    assert told(there.phone.pull(there.mentor, cursor), "record", "identity") == []
    with scoped(everywhere()):
        assert (end_lapsed_stays(), end_lapsed_stays()) == (1, 0)
    assert told(there.phone.pull(there.mentor, cursor), "client_out") == ["client_out"]


_TABLES = [
    "care.client",
    "care.record",
    "care.fact",
    "people.identity_record",
    "people.client_key",
    "people.search_token",
]


def _seen_in_sql(there: There, site: int | None = None) -> dict[str, int]:
    """How much of Grace a scope lets through, in SQL as the server's own roles."""
    from django.db import connection

    from mentormothers.access.scope import PEOPLE, Scope, as_role, scoped

    seen = {}
    scope = Scope((site or there.site.id,), (there.mentor.organisation,))
    with scoped(scope), connection.cursor() as cursor:
        for table in _TABLES:
            column = "id" if table == "care.client" else "client"
            with as_role(PEOPLE if table.startswith("people") else "mm_app"):
                cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s", [there.grace])
                seen[table] = cursor.fetchone()[0]
    return seen


def test_the_database_lets_a_guest_through_at_that_site_and_nowhere_else(there: There, db: Database) -> None:
    assert _seen_in_sql(there) == dict.fromkeys(_TABLES, 0)
    confirm(there, handle(there))
    at_home = _seen_in_sql(there, there.programme.home.id)
    assert min(at_home.values()) > 0 and _seen_in_sql(there) == at_home
    assert _seen_in_sql(there, there.programme.elsewhere.id) == dict.fromkeys(_TABLES, 0)
    with psycopg.connect(db.app) as app:  # reports count her at home only
        app.execute("SELECT set_config('app.sites', %s, true)", [f"{{{there.site.id}}}"])
        app.execute("SELECT set_config('app.organisations', %s, true)", [f"{{{there.mentor.organisation}}}"])
        app.execute("SET LOCAL ROLE mm_reports")
        assert app.execute("SELECT count(*) FROM care.fact").fetchone() == (0,)


def test_a_site_cannot_grant_itself_whom_it_may_not_have(there: There, db: Database) -> None:
    strange = there.programme.elsewhere
    cases = [
        (there.site.id, strange.organisation_id, psycopg.errors.InsufficientPrivilege),  # as another organisation
        (there.programme.home.id, there.mentor.organisation, psycopg.errors.InsufficientPrivilege),  # for another site
    ]
    for site, organisation, error in cases:
        with psycopg.connect(db.app) as app:
            app.execute("SELECT set_config('app.sites', %s, true)", [f"{{{there.site.id}}}"])
            app.execute("SELECT set_config('app.organisations', %s, true)", [f"{{{there.mentor.organisation}}}"])
            with pytest.raises((error, psycopg.errors.CheckViolation)):
                app.execute(
                    "INSERT INTO care.stay (id, client, site, organisation, reason, evidence, since, until, ends, "
                    "confirmed_by, asked) VALUES (gen_random_uuid(), %s, %s, %s, 'visit', 'card', now(), now(), now(), "
                    "gen_random_uuid(), 'x')", [there.grace, site, organisation],
                )  # fmt: skip
    with psycopg.connect(db.app) as app:  # another organisation cannot have her either
        app.execute("SELECT set_config('app.sites', %s, true)", [f"{{{strange.id}}}"])
        app.execute("SELECT set_config('app.organisations', %s, true)", [f"{{{strange.organisation_id}}}"])
        with pytest.raises(psycopg.errors.CheckViolation):
            app.execute(
                "INSERT INTO care.stay (id, client, site, organisation, reason, evidence, since, until, ends, confirmed_by, "
                "asked) VALUES (gen_random_uuid(), %s, %s, %s, 'visit', 'card', now(), now(), now(), gen_random_uuid(), 'x')",
                [there.grace, strange.id, strange.organisation_id],
            )


def test_a_handle_is_good_for_nobody_else_and_not_for_long(there: There, monkeypatch: pytest.MonkeyPatch) -> None:
    good = handle(there)
    raw = bytearray(base64.urlsafe_b64decode(good))
    raw[20] ^= 1
    changed = base64.urlsafe_b64encode(raw).decode()
    other_phone = Api(enrolled(there.programme.coordinator, there.site, [there.mentor]))
    stranger = Api(there.programme.strange_phone)
    refused = [
        confirm(there, changed),
        confirm(there, good[:-8]),
        confirm(there, ""),
        confirm(there, "\ud800"),
        confirm(there, good, user=there.coordinator),
        confirm(there, good, user=there.programme.manager),
        confirm(there, good, phone=other_phone),
        confirm(there, good, phone=stranger, user=there.programme.strange_mentor),
    ]
    with days_later(1, monkeypatch):
        refused.append(confirm(there, good, phone=other_phone))
    assert {answer.status_code for answer in refused[:3]} == {404}
    assert {answer.content for answer in refused if answer.status_code == 404} == {refused[0].content}
    assert all(answer.status_code in (401, 404, 422) for answer in refused)
    assert stays() == []
    from mentormothers.register import handles

    monkeypatch.setattr(handles, "LASTS", timedelta(seconds=-1))
    late = confirm(there, handle(there))
    assert (late.status_code, late.json()["code"]) == (404, "DEV-008") and stays() == []


def test_all_handles_are_of_one_length_and_differ_each_time(there: There) -> None:
    found = [handle(there), handle(there), handle(there, CARD)]
    assert len(set(found)) == 3 and len({len(one) for one in found}) == 1


def test_a_handle_taken_up_twice_is_one_stay_and_does_not_bring_back_what_was_ended(there: There) -> None:
    asked = handle(there)
    first, again = confirm(there, asked), confirm(there, asked, "while", until=str(date.today() + timedelta(days=9)))
    assert first.json() == again.json() and len(stays()) == 1
    _end(there)
    confirm(there, asked)
    assert [stay.ended_at is None for stay in stays()] == [False]
    assert _seen_in_sql(there)["care.record"] == 0


def test_who_was_erased_or_refused_meanwhile_cannot_be_confirmed(there: There) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.sync.erasing import erase

    asked = handle(there)
    with scoped(scope_of(there.programme.coordinator)):
        erase(there.grace, "asked", by=there.programme.coordinator)
    assert confirm(there, asked).json()["code"] == "DEV-008" and stays() == []


def test_erasing_a_guest_reaches_the_phones_where_she_stays(there: There) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.sync.erasing import erase

    confirm(there, handle(there))
    cursor = there.phone.pull(there.mentor)[-1]["cursor"]
    with scoped(scope_of(there.programme.coordinator)):
        erase(there.grace, "asked", by=there.programme.coordinator)
    events = there.phone.pull(there.mentor, cursor)
    assert [one["client"] for one in events if one["event"] == "erase"] == [str(there.grace)]
    whole = there.phone.pull(there.mentor)
    assert told(whole, "identity") == [] and "Grace" not in str(whole)


@pytest.mark.parametrize("until", [None, "2020-01-01", "2099-01-01", "soon"])
def test_a_stay_for_a_while_has_a_last_day_within_half_a_year(there: There, until: str | None) -> None:
    answer = confirm(there, handle(there), "while", until=until)
    assert answer.status_code == 422 and answer.json()["code"] == ("SYNC-001" if until == "soon" else "DEV-009")
    assert stays() == []


def test_who_lives_here_gives_no_handle_and_is_no_guest(there: There) -> None:
    programme, at_home = there.programme, Api(there.programme.phone)
    assert there.matches("grace chilomoni", phone=at_home, user=programme.mentor)[0]["site"] == "Ndirande"
    assert there.handles == [""]
    assert confirm(there, "", phone=at_home, user=programme.mentor).json()["code"] == "DEV-008"


def test_another_stay_takes_the_place_of_the_first(there: There) -> None:
    confirm(there, handle(there))
    cursor = there.phone.pull(there.mentor)[-1]["cursor"]
    until = str(there.programme.now.date() + timedelta(days=60))
    assert confirm(there, handle(there), "while", until=until).json()["until"] == until
    assert [stay.ended_because for stay in stays()] == ["another one was confirmed", ""]
    events = there.phone.pull(there.mentor, cursor)
    assert told(events, "client_out") == []
    assert {one["until"] for one in events if one["event"] == "stay" and one["open"]} == {until}


def test_who_moved_lives_here_with_what_is_written_then_and_stays_with_her_mentor(there: There) -> None:
    confirm(there, handle(there), "moved")
    cursor = there.phone.pull(there.mentor)[-1]["cursor"]
    at_home = Api(there.programme.phone)
    before = at_home.pull(there.programme.mentor)[-1]["cursor"]
    today = there.programme.now.date().isoformat()
    answers = {"what_page/what": "arrived", "where_page/moved_on": today, "where_page/seen_in": "register",
               "whose": "mother", "source": "register", "came": "in"}  # fmt: skip
    phone = there.phone.phone
    parcel = phone.parcel("transfer", str(there.mentor.id), str(there.grace), answers, at=there.programme.now,
                          source="register")  # fmt: skip
    (answer,) = there.programme.push([parcel], phone)
    assert answer["status"] == "accepted", answer
    assert home(str(there.grace)) == there.site.id
    assert [stay.ended_because for stay in stays()] == ["she lives here now"]
    assert told(there.phone.pull(there.mentor, cursor), "client_out") == []
    assert told(at_home.pull(there.programme.mentor, before), "client_out") == ["client_out"]
    assert told(there.phone.pull(there.mentor), "client_in") == ["client_in"], "she is given to whoever received her"


def test_her_card_is_evidence_and_online_it_is_the_same_way(there: There) -> None:
    assert there.matches(CARD)[0]["first_name"] == "Grace"
    confirm(there, there.handles[0])
    assert [stay.evidence for stay in stays()] == ["card"]


def test_a_card_shown_offline_is_asked_for_later_and_once(there: There) -> None:
    request = uuid4()
    first, again = by_card(there, f"{CARD[:4]} {CARD[4:].lower()}", request), by_card(there, CARD, request)
    assert first.status_code == 200 and first.json() == again.json()
    assert first.json()["client"] == str(there.grace)
    assert [(stay.evidence, stay.reason) for stay in stays()] == [("card", "visit")]
    assert told(there.phone.pull(there.mentor), "client_in") == ["client_in"]


def test_a_card_that_is_nobodys_or_was_replaced_or_is_asked_for_without_right_brings_nobody(there: There) -> None:
    from mentormothers.facts.card_code import with_check

    nobody = by_card(there, with_check("000001"))
    assert nobody.json() == {"client": None, "until": None}
    unlike = [by_card(there, "grace chilomoni"), by_card(there, "0991234567"), by_card(there, "45/2025")]
    without = by_card(there, CARD, user=there.programme.manager)
    new = with_check("BBBBBB")
    programme = there.programme
    replaced = programme.phone.parcel(
        "card", str(programme.mentor.id), str(there.grace), {}, at=programme.now,
        identities={str(there.grace): {"number.card": new}},
    )  # fmt: skip
    (answer,) = programme.push([replaced])
    assert answer["status"] == "accepted", answer
    for asked in (*unlike, without, by_card(there, CARD)):
        assert (asked.status_code, asked.content) == (200, nobody.content)
    assert stays() == [] and len(_audit("stay.asked")) == 6
    assert by_card(there, new).json()["client"] == str(there.grace)


def test_who_confirms_too_often_waits(there: There) -> None:
    from mentormothers.register.visiting import _MOST

    codes = [confirm(there, "x").status_code for _ in range(_MOST + 1)]
    assert codes == [404] * _MOST + [429]
    assert by_card(there, CARD).status_code == 429
    assert confirm(there, "x", user=there.programme.manager).status_code == 429, "the phone waits too"


def test_who_does_not_use_the_phone_or_has_no_grant_confirms_nobody(there: There) -> None:
    asked = handle(there)
    assert confirm(there, asked, user=there.programme.mentor).json()["code"] == "DEV-006"
    for path in ("/stays", "/stays/by-card"):
        assert there.phone.post(path, {"user": str(there.mentor.id)}).status_code == 401
    assert confirm(there, asked, "holiday").status_code == 422
    assert stays() == []


def test_what_follows_from_stays_can_be_made_anew(there: There) -> None:
    from mentormothers.care.rebuilding import rebuild

    confirm(there, handle(there), "while", until=str(there.programme.now.date() + timedelta(days=100)))
    there.programme.push([supply_there(there)], there.phone.phone)
    assert rebuild(mend=False) == []
    cursor = there.phone.pull(there.mentor)
    assert told(cursor, "client_in") == ["client_in"]


def _audit(what: str) -> list[Any]:
    from mentormothers.access.models import AuditEvent

    return list(AuditEvent.objects.filter(what=what))


def test_a_woman_with_two_pseudonyms_is_a_guest_under_both(there: There) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.register.merging import say_same_person, take_back_same_person
    from tests.programme import enrolment

    programme = there.programme
    other, parcel = enrolment(programme, **{"name.given": "Gracious"})
    programme.push([parcel])
    confirm(there, handle(there, CARD))
    before = there.phone.pull(there.mentor)
    assert {one["client"] for one in before if one["event"] == "client_in"} == {str(there.grace)}
    with scoped(scope_of(programme.coordinator)):
        said = say_same_person(there.grace, UUID(other), by=programme.coordinator)
    joined = there.phone.pull(there.mentor, before[-1]["cursor"])
    assert other in {one["client"] for one in joined if one["event"] == "client_in"}
    with scoped(scope_of(programme.coordinator)):
        take_back_same_person(said, by=programme.coordinator)
    parted = there.phone.pull(there.mentor, joined[-1]["cursor"])
    assert [one["client"] for one in parted if one["event"] == "client_out"] == [other]
