"""A coordinator takes back what never happened; group talks are read without anybody's name."""

from datetime import timedelta
from typing import Any

from tests.office import Office, make_office, text
from tests.programme import Programme

TALK = {
    "group_page/held_on": "", "group_page/place": "clinic", "group_page/audience": "women_hiv",
    "topic_page/topics": ["parenting", "ecd"], "count_page/women": 14, "count_page/men": 2, "count_page/young": 3,
}  # fmt: skip


def talk(programme: Programme, *, days_ago: int = 0, client: str | None = None, **more: Any) -> dict[str, Any]:
    """A group talk, as a mentor's phone sends it."""
    at = programme.now - timedelta(days=days_ago)
    answers = TALK | {"group_page/held_on": at.date().isoformat()} | more
    return programme.phone.parcel("group_session", str(programme.mentor.id), client, answers, at=at)


def _facts(office: Office) -> set[str]:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.live import facts_of

    with scoped(scope_of(office.programme.coordinator)):
        return {fact["kind"] for fact in facts_of([office.mother, office.baby])}


def test_what_never_happened_is_taken_back_and_told_to_the_phones(programme: Programme) -> None:
    from tests.programme import Api

    office = make_office(programme)
    browser = office.browser()
    address = f"/clients/{office.mother}/records/{office.record}"
    assert address in text(browser.get(f"/clients/{office.mother}"))
    page = text(browser.get(address))
    assert "Delivery" in page and "Grace" in page
    assert "delivery" in _facts(office)
    answer = browser.post(address)
    assert answer.status_code == 302
    assert "delivery" not in _facts(office) and "enrolled" in _facts(office)
    assert "taken back" in text(browser.get(f"/clients/{office.mother}"))
    assert [event.who for event in office.audited("record.taken_back")] == [programme.coordinator.id]
    lines = Api(programme.phone).pull(programme.mentor)
    relations = [line["record"]["relation"] for line in lines if line["event"] == "record"]
    assert {"type": "withdraws", "record": str(office.record)} in relations


def test_what_is_taken_back_is_not_there_to_be_taken_back_again(programme: Programme) -> None:
    office = make_office(programme)
    browser, address = office.browser(), f"/clients/{office.mother}/records/{office.record}"
    browser.post(address)
    assert browser.get(address).status_code == browser.post(address).status_code == 404


def test_an_enrolment_is_not_taken_back(programme: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.models import Record

    office = make_office(programme)
    with scoped(scope_of(programme.coordinator)):
        enrolment = Record.objects.get(client=office.mother, form="enrolment").id
    address = f"/clients/{office.mother}/records/{enrolment}"
    assert office.browser().post(address).status_code == 404
    assert address not in text(office.browser().get(f"/clients/{office.mother}"))


def test_a_group_talk_is_taken_and_shown_to_her_office_alone(programme: Programme) -> None:
    office = make_office(programme)
    (answer,) = programme.push([talk(programme, days_ago=1)])
    assert answer["status"] == "accepted", answer
    for who in ("coordinator", "manager"):
        page = text(office.browser(who).get("/groups"))
        assert "Women living with HIV" in page and "parenting, how small children learn" in page and "16" in page
        assert "1 talk in the last 30 days, with 16 people counted" in page
    for who in ("stranger", "strange_manager"):
        page = text(office.browser(who).get("/groups"))
        assert "No group talk is written down yet" in page and "16" not in page


def test_a_group_talk_that_is_not_what_it_says_is_set_aside(programme: Programme) -> None:
    client = programme.phone.new_client()
    wrong = [
        talk(programme, client=client),
        talk(programme, **{"count_page/women": -1}),
        talk(programme, **{"group_page/held_on": "2025-01-01"}),
        talk(programme, **{"group_page/audience": "Grace"}),
    ]
    answers = programme.push(wrong)
    assert [answer["code"] for answer in answers] == ["SYNC-012"] * 4
    assert "about nobody" in answers[0]["reason"] and "another than the form says" in answers[2]["reason"]
    assert "Grace" not in str(answers)


def test_a_talk_that_was_taken_back_or_corrected_is_not_counted_twice(programme: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.talks import group_talks

    first, second = talk(programme), talk(programme, days_ago=2)
    amended = talk(programme)
    amended["record"] = programme.phone.signed(
        amended["record"]
        | {"relation": {"type": "amends", "record": first["record"]["id"]}}
        | {"answers": amended["record"]["answers"] | {"count_page/women": 20}}
    )
    taken = talk(programme, days_ago=2)
    taken["record"] = programme.phone.signed(
        taken["record"] | {"relation": {"type": "withdraws", "record": second["record"]["id"]}, "answers": {}}
    )
    assert {a["status"] for a in programme.push([first, second, amended, taken])} == {"accepted"}
    with scoped(scope_of(programme.coordinator)):
        assert [(t.people, t.women) for t in group_talks([programme.home.id], 10)] == [(22, 20)]


def test_a_woman_who_wants_nothing_kept_is_no_group_talk(programme: Programme) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.talks import group_talks

    refused = programme.phone.parcel(
        "enrolment", str(programme.mentor.id), None, {"keep/data_use": "refused"}, at=programme.now
    )
    assert programme.push([refused])[0]["status"] == "accepted"
    with scoped(scope_of(programme.coordinator)):
        assert group_talks([programme.home.id], 10) == []
