"""Clients are found without a name in any address; a client's page says first how she may be reached."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from mentormothers.config.database import Database
from tests.office import GRACE, HTMX, Office, make_office, sampled, text, woman
from tests.programme import Programme


@pytest.fixture
def office(programme: Programme) -> Office:
    return make_office(programme)


def found(office: Office, typed: str, **sent: Any) -> list[str]:
    answer = office.browser().post("/clients", {"text": typed, **sent}, headers=HTMX)
    assert answer.status_code == 200
    return re.findall(r'<th scope="row"><a href="/clients/[0-9a-f-]+">([^<]+)</a>', text(answer))


def test_everybody_of_the_site_stands_in_the_list_with_what_is_next(office: Office) -> None:
    shown = text(office.browser().get("/clients"))
    assert "2 people at your site" in shown
    assert "Grace B." in shown and "Chilomoni" in shown and "baby of Grace B." in shown
    assert "Refill" in shown and "45 days late" in shown
    (line,) = office.audited("identity.seen:clients")
    assert set(line.clients) == {office.mother, office.baby}


def test_clients_are_found_by_name_village_phone_and_code(office: Office) -> None:
    from mentormothers.followup.paper import short_code

    for typed in ("grace", "BANDA gra", "chilo", "+265 991 234 567", "0991234567", short_code(office.mother).lower()):
        assert found(office, typed) == ["Grace B.", "Takondwa"], typed
    assert found(office, short_code(office.baby).replace("-", " ")) == ["Takondwa"]
    assert found(office, "zzz") == []
    assert found(office, "grace zzz") == []


def test_what_is_found_stands_closest_first_until_it_is_sorted(office: Office) -> None:
    for given in ("Gilesi", "Gracie"):
        names = {"name.given": given, "name.family": "Banda"}
        office.programme.push([woman(office.programme, days_ago=20, identity=names)[1]])
    assert found(office, "banda grace") == ["Grace B.", "Takondwa", "Gracie B.", "Gilesi B."]
    assert found(office, "banda grace", sort="name") == ["Gilesi B.", "Grace B.", "Gracie B.", "Takondwa"]


@pytest.mark.parametrize("typed", ["\x00", "x" * 200_000, "%", "_", "'; DROP TABLE care.client; --", "<script>", "   "])
def test_hostile_text_finds_nobody_by_accident(office: Office, typed: str) -> None:
    assert len(found(office, typed)) in (0, 2)


def test_the_list_is_sorted(office: Office) -> None:
    _, parcel = woman(office.programme, days_ago=20, identity={"name.given": "Esther", "address.village": "Aaa"})
    office.programme.push([parcel])
    assert found(office, "", sort="name") == ["Esther", "Grace B.", "Takondwa"]
    assert found(office, "", sort="where")[0] == "Esther"
    assert found(office, "", sort="state")[-1] == "Esther"
    assert found(office, "", sort="nonsense") == ["Esther", "Grace B.", "Takondwa"]


def test_an_empty_site_says_how_people_come_here(office: Office) -> None:
    assert "Nobody is enrolled yet" in text(office.browser("stranger").get("/clients"))


def test_how_to_reach_her_comes_before_anything_else(office: Office) -> None:
    shown = text(office.browser().get(f"/clients/{office.mother}")).partition("<main")[2]
    first = shown.index("How to reach Grace B.")
    assert all(first < shown.index(word) for word in ("Refill", "What happened"))
    for word in ("0991234567, her own phone", "only she", "before 9", "savings group", "not welcome"):
        assert word in shown, word
    assert "she agreed" in shown


def test_the_number_is_not_shown_where_she_agreed_to_no_contact(office: Office) -> None:
    client, parcel = woman(
        office.programme, days_ago=20,
        **{"purposes/phone_calls": "refused", "purposes/follow_up": "refused", "identity": GRACE},
    )  # fmt: skip
    office.programme.push([parcel])
    shown = text(office.browser().get(f"/clients/{client}"))
    assert "0991234567" not in shown and "the number is not shown" in shown
    assert "did not agree to be looked for" in shown


def test_mother_and_baby_stand_side_by_side_with_what_happened(office: Office) -> None:
    for client in (office.mother, office.baby):
        shown = text(office.browser().get(f"/clients/{client}"))
        assert "Grace B. and Takondwa" in shown
        assert "8 weeks old" in shown and "Baby&#x27;s first test" in shown
        assert "ART supplied: 30 days" in shown and "Delivery: a living baby" in shown
        assert "from the register, written down by Promise" in shown
        assert "Agreed to: " in shown
        assert "protocol ACC-1, version 1; more than 28 days late" in shown


def test_what_happened_is_shown_of_one_or_of_both(office: Office) -> None:
    of_baby = text(office.browser().get(f"/clients/{office.mother}", {"who": str(office.baby)})).partition("timeline")[
        2
    ]
    assert "Child&#x27;s date of birth" in of_baby and "ART supplied" not in of_baby
    for who in ("nonsense", str(uuid4()), "\x00"):
        assert "ART supplied" in text(office.browser().get(f"/clients/{office.mother}", {"who": who}))


def test_the_look_is_written_down(office: Office) -> None:
    office.browser().get(f"/clients/{office.baby}")
    (seen,) = office.audited("client.seen")
    assert seen.who == office.programme.coordinator.id and set(seen.clients) == {office.mother, office.baby}
    assert office.audited("identity.seen:client")


def test_sealed_answers_are_in_no_list(office: Office) -> None:
    from mentormothers.office.words.facts import say_together

    facts = [
        {"kind": "ipv.screen", "value": "yes"},
        {"kind": "phq9", "value": "12"},
        {"kind": "visit", "value": "home"},
    ]
    assert say_together(facts) == ["Visit: at home"]


def test_an_unknown_kind_of_fact_is_named_as_it_came(office: Office) -> None:
    from mentormothers.office.words.facts import say_together

    assert say_together([{"kind": "blood.pressure", "value": "120"}]) == ["blood pressure: 120"]


def test_done_and_planned_stand_with_their_windows(office: Office) -> None:
    at = office.programme.now - timedelta(days=10)
    office.programme.push([sampled(office.programme, str(office.baby), at)])
    shown = text(office.browser().get(f"/clients/{office.mother}"))
    assert "All that is planned and done" in shown
    assert re.search(r"Baby&#x27;s first test</th>\s*<td class=\"bare state\"><span class=\"tag done\">", shown)
    assert re.search(r'tag ahead">.*?from \d', shown, re.S)


@pytest.mark.parametrize("path", ["/clients/1", "/clients/not-a-client", "/clients/%00", f"/clients/{'a' * 3000}"])
def test_a_wrong_address_leads_nowhere(office: Office, path: str) -> None:
    assert office.browser().get(path).status_code == 404


def pregnant(office: Office, *, weeks: int) -> Any:
    """A pregnant woman, enrolled at her first contact 14 weeks after her last period."""
    lmp = office.programme.now - timedelta(weeks=weeks)
    at = lmp + timedelta(weeks=14)
    client, parcel = woman(
        office.programme, days_ago=(office.programme.now - at).days,
        **{"child/carrying": "pregnant", "child/how_known": "last_period", "child/contact_today": "yes",
           "child/last_period": lmp.date().isoformat()},
    )  # fmt: skip
    return client, parcel


def test_what_comes_next_before_birth_is_told_and_what_was_missed_is_not(office: Office) -> None:
    from uuid import UUID

    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.live import schedule_of
    from mentormothers.followup.family import planned
    from mentormothers.followup.working_out import latest_steps
    from mentormothers.followup.worklist import Worklist

    client, parcel = pregnant(office, weeks=27)
    (answer,) = office.programme.push([parcel])
    assert answer["status"] == "accepted", answer
    with scoped(scope_of(office.programme.coordinator)):
        rows = [row for row in schedule_of([UUID(client)], office.today) if ".ANC" in row.item]
        plan = [p for p in planned([UUID(client)], office.today) if ".ANC" in p.item]
        due = [
            i.item for i in Worklist.at([office.programme.home.id], office.today).items() if i.client == UUID(client)
        ]
    assert rows, "she is pregnant"
    ahead = {row.item for row in rows if row.state == "upcoming"}
    opened = [row for row in rows if row.state != "upcoming"]
    assert len(ahead) > 2 and ahead <= {p.item for p in plan}
    assert {row.item for row in rows if row.state == "done"} <= {p.item for p in plan}
    last = max(opened, key=lambda row: row.opens)
    missed = {row.item for row in opened if row.state in ("due", "overdue") and row is not last}
    assert not missed & {p.item for p in plan} and not missed & set(due)
    assert latest_steps(rows) != []


def test_the_contact_note_tells_hours_in_the_order_of_the_day(office: Office) -> None:
    from mentormothers.followup.story import Story
    from mentormothers.office.words.contact import contact_note
    from mentormothers.register.names import ContactPolicy, Identity

    story = Story(consents=frozenset({"consent.phone"}))
    policy = ContactPolicy(owner="own", answerers=("sister", "only_her"), hours=("evening", "dawn", "early"))
    said = dict(contact_note(Identity(given="G", contact=policy), story).lines)
    assert said["When"] == "before 9, after 5, dawn" and said["Who may answer"] == "only she, her sister"


def test_days_that_hang_on_a_month_are_said_to_be_about(office: Office, db: Database) -> None:
    """The page says `about` for what is counted from the one fact that is known to the month only, and for nothing else."""
    page = f"/clients/{office.mother}"
    shown = text(office.browser().get(page))
    assert "All that is planned" in shown and "about " not in plan_of(shown)
    assert db.admin
    with psycopg.connect(db.admin) as owner:  # no form of the demo takes a month for a supply; imports do
        owner.execute("SET session_replication_role = replica")  # facts are only ever added to
        owner.execute("UPDATE care.fact SET precision = 1 WHERE client = %s AND kind = 'art.dispense'", [office.mother])
    lines = re.findall(r'<th scope="row">([^<]+)</th>(.*?)</tr>', plan_of(text(office.browser().get(page))), re.DOTALL)
    about = {label for label, dates in lines if "about " in dates}
    # A supply may be the day on which she is first known to be positive, from which the partner's test is counted anew.
    assert about == {"Refill", "Partner&#x27;s test"} < {label for label, _ in lines}


def plan_of(shown: str) -> str:
    """The table of all that is planned and done."""
    return shown.partition("All that is planned")[2].partition("</details>")[0]
