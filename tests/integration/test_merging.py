"""One woman with two pseudonyms is one woman: at home, in lists and in numbers; and it can be taken back."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import permutations
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from mentormothers.config.demo.phone import SyntheticPhone
from tests.integration.test_following import home, mentors, supply
from tests.integration.test_rebuild import by_hand, differing
from tests.office import born
from tests.programme import PASSWORD, Api, Programme, enrolled, enrolment


@dataclass
class Two:
    """Two sites of one organisation: a second one with its people and its phone."""

    programme: Programme
    site: Any
    mentor: Any
    coordinator: Any
    phone: SyntheticPhone

    def enrolled_here(self, **identity: str) -> str:
        client, parcel = enrolment(self.programme, **identity)
        assert self.programme.push([parcel])[0]["status"] == "accepted"
        return client

    def enrolled_there(self, days_ago: int = 0, **identity: str) -> str:
        client, parcel = enrolment(self.programme, self.phone, **identity)
        day = str((self.programme.now - timedelta(days=days_ago)).date())
        today = str(self.programme.now.date())
        answers = {name: day if said == today else said for name, said in parcel["record"]["answers"].items()}
        moved = {"author": str(self.mentor.id), "happened": day, "answers": answers}
        parcel |= {"record": self.phone.signed(parcel["record"] | moved)}
        assert self.programme.push([parcel], self.phone)[0]["status"] == "accepted"
        return client

    def join(self, a: str, b: str, by: Any = None) -> UUID:
        from mentormothers.register.merging import say_same_person

        return say_same_person(UUID(a), UUID(b), by=by or self.programme.coordinator)

    def part(self, record: UUID, by: Any = None) -> None:
        from mentormothers.register.merging import take_back_same_person

        take_back_same_person(record, by=by or self.programme.coordinator)


@pytest.fixture
def two(programme: Programme) -> Two:
    from mentormothers.access.models import Membership, Role, User
    from mentormothers.sites.models import Site, SiteModel

    site = Site.objects.create(name="Bangwe", organisation=programme.home.organisation, opened=date(2024, 1, 1))
    SiteModel.objects.create(site=site, model="direct", since=date(2024, 1, 1))

    def person(name: str, role: str) -> Any:
        made = User.objects.create_user(name, PASSWORD, first_name=name.title(), role=role,
                                        organisation=site.organisation_id)  # fmt: skip
        Membership.objects.create(user=made, site=site.id)
        return made

    mentor, coordinator = person("esnart", Role.MENTOR), person("yamikani", Role.COORDINATOR)
    phone = enrolled(coordinator, site, [mentor, coordinator])
    return Two(programme, site, mentor, coordinator, phone)


def persons() -> dict[str, str]:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT client::text, person::text FROM care.same_person")
        return dict(cursor.fetchall())


def children(mother: str) -> set[str]:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT id::text FROM care.client WHERE mother = %s", [mother])
        return {row[0] for row in cursor.fetchall()}


def test_she_is_one_person_with_one_home_and_both_histories_stay(two: Two) -> None:
    here, there = two.enrolled_here(), two.enrolled_there(days_ago=9)
    record = two.join(here, there)
    smaller, larger = sorted([here, there])
    assert persons() == {larger: smaller}
    assert home(here) == home(there) == two.programme.home.id, "the latest supply says where she lives"
    assert mentors(here) == mentors(there) == {two.programme.mentor.id}
    assert differing() == {}
    two.part(record)
    assert persons() == {}
    assert (home(here), home(there)) == (two.programme.home.id, two.site.id)
    assert (mentors(here), mentors(there)) == ({two.programme.mentor.id}, {two.mentor.id})
    assert differing() == {}


def test_her_later_supply_takes_all_of_her_along(two: Two) -> None:
    here, there = two.enrolled_here(), two.enrolled_there(days_ago=9)
    two.join(here, there)
    moved = two.phone.parcel("visit", str(two.mentor.id), there, supply(two.programme, two.phone, there, -1)["record"]["answers"],
                             at=two.programme.now + timedelta(days=1))  # fmt: skip
    assert two.programme.push([moved], two.phone)[0]["status"] == "accepted"
    assert home(here) == home(there) == two.site.id
    assert differing() == {}


def test_a_child_of_either_pseudonym_is_hers(two: Two) -> None:
    here, there = two.enrolled_here(), two.enrolled_here()
    smaller, larger = sorted([here, there])
    baby, parcel = born(two.programme, larger, days_ago=30)
    assert two.programme.push([parcel])[0]["status"] == "accepted"
    record = two.join(here, there)
    assert children(smaller) == {str(baby)} and children(larger) == set()
    later, parcel = born(two.programme, larger, days_ago=3)
    assert two.programme.push([parcel])[0]["status"] == "accepted"
    assert children(smaller) == {str(baby), str(later)}
    assert differing() == {}
    two.part(record)
    assert children(larger) == {str(baby), str(later)} and children(smaller) == set()
    assert differing() == {}


def test_a_chain_of_statements_is_one_person_in_any_order_and_falls_apart_in_the_middle(two: Two) -> None:
    for order in permutations(range(3)):
        a, b, c, d = sorted(two.enrolled_here() for _ in range(4))
        pairs = [(a, b), (b, c), (c, d)]
        said = {pairs[n]: two.join(*pairs[n]) for n in order}
        assert persons() == {b: a, c: a, d: a}
        two.part(said[b, c])
        assert persons() == {b: a, d: c}
        assert differing() == {}
        again = two.join(d, a)
        assert persons() == {b: a, c: a, d: a}
        for record in (again, said[a, b], said[c, d]):
            two.part(record)
        assert persons() == {} and differing() == {}


def test_what_was_said_twice_holds_until_both_are_taken_back(two: Two) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.joining import say_same_person
    from mentormothers.care.models import Client

    a, b = two.enrolled_here(), two.enrolled_here()
    first = two.join(a, b)
    with scoped(scope_of(two.programme.coordinator)):  # as if said at two sites at once
        second = say_same_person(Client.objects.get(id=b), UUID(a), by=two.programme.coordinator)
    two.part(first)
    assert persons() == {max(a, b): min(a, b)}
    two.part(second)
    assert persons() == {}


def test_withdrawing_the_withdrawal_joins_them_again(two: Two) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.care.actions import take_back
    from mentormothers.care.models import Record

    a, b = two.enrolled_here(), two.enrolled_here()
    record = two.join(a, b)
    two.part(record)
    with scoped(scope_of(two.programme.coordinator)):
        take_back(Record.objects.get(relation_record=record).id, by=two.programme.coordinator)
    assert persons() == {max(a, b): min(a, b)}
    assert differing() == {}


def test_who_cannot_be_one_is_refused_and_told_why(two: Two) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.register.erasing import erase_client
    from mentormothers.register.merging import CannotBeOneError

    programme = two.programme
    a, b, gone = two.enrolled_here(), two.enrolled_here(), two.enrolled_here()
    baby, parcel = born(programme, a, days_ago=30)
    programme.push([parcel])
    stranger, parcel = enrolment(programme, programme.strange_phone)
    programme.push([parcel], programme.strange_phone)
    with scoped(scope_of(programme.coordinator)):
        erase_client(UUID(gone), "asked", by=programme.coordinator)
    there = two.enrolled_there(), two.enrolled_there()
    for one, other, why in [
        (a, str(baby), "mother of the other"),
        (str(baby), a, "mother of the other"),
        (b, str(baby), "woman and a baby"),
        (a, a, "not known"),
        (a, str(uuid4()), "not known"),
        (a, stranger, "two organisations"),
        (a, gone, "name was erased"),
        (*there, "at a site of yours"),
    ]:
        with pytest.raises(CannotBeOneError, match=why):
            two.join(one, other)
    two.join(a, b)
    with pytest.raises(CannotBeOneError, match="one person already"):
        two.join(b, a)
    with pytest.raises(CannotBeOneError, match="mother of the other"):
        two.join(b, str(baby))
    assert persons() == {max(a, b): min(a, b)}


def test_a_stranger_neither_joins_nor_parts(two: Two) -> None:
    from mentormothers.register.merging import CannotBeOneError

    a, b = two.enrolled_here(), two.enrolled_here()
    record = two.join(a, b)
    for by in (two.programme.stranger, two.coordinator, two.programme.administrator):
        with pytest.raises(CannotBeOneError):
            two.part(record, by)
        with pytest.raises(CannotBeOneError):
            two.join(a, b, by)
    two.part(record)
    with pytest.raises(CannotBeOneError, match="taken back already"):
        two.part(record)


def test_it_is_written_down_who_did_it(two: Two) -> None:
    from mentormothers.access.models import AuditEvent

    a, b = two.enrolled_here(), two.enrolled_there()
    two.part(two.join(a, b))
    lines = AuditEvent.objects.filter(what__startswith="person.").order_by("id")
    assert [(e.what, e.who, set(map(str, e.clients))) for e in lines] == [
        ("person.joined", two.programme.coordinator.id, {a, b}),
        ("person.parted", two.programme.coordinator.id, {a, b}),
    ]


def test_the_table_is_mended_from_what_was_said(two: Two) -> None:
    a, b, c = sorted(two.enrolled_here() for _ in range(3))
    two.join(a, b)
    with by_hand() as cursor:
        cursor.execute("DELETE FROM care.same_person")
        cursor.execute("INSERT INTO care.same_person VALUES (%s, %s, %s, %s)",
                       [c, a, two.programme.home.id, two.programme.home.organisation_id])  # fmt: skip
    assert differing()["same_person"] == (1, 1)
    assert differing(mend=True)["same_person"] == (1, 1)
    assert differing() == {} and persons() == {b: a}


def test_whoever_is_asked_to_look_for_her_knows_all_of_her(two: Two) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.followup.actions import ask_to_look_for, end_assignment

    programme = two.programme
    here = two.enrolled_here()
    with scoped(scope_of(programme.coordinator)):
        helper = _colleague(programme)
        asked = ask_to_look_for(UUID(here), mentor=helper, item="ACC.REFILL", by=programme.coordinator)
    there = two.enrolled_there(days_ago=9)
    record = two.join(here, there)
    assert helper.id in mentors(here) & mentors(there)
    two.part(record)
    assert helper.id in mentors(here) and helper.id not in mentors(there)
    two.join(there, here)
    with scoped(scope_of(programme.coordinator)):
        end_assignment(asked, because="she came", by=programme.coordinator)
    assert helper.id not in mentors(here) | mentors(there)


def _colleague(programme: Programme) -> Any:
    from mentormothers.access.models import Membership, Role, User

    made = User.objects.create_user("loveness", PASSWORD, first_name="Loveness", role=Role.MENTOR,
                                    organisation=programme.home.organisation_id)  # fmt: skip
    Membership.objects.create(user=made, site=programme.home.id)
    return made


def test_phones_get_nothing_they_cannot_read(two: Two) -> None:
    a, b = two.enrolled_here(), two.enrolled_here()
    two.part(two.join(a, b))
    forms = {e["record"]["form"] for e in Api(two.programme.phone).pull(two.programme.mentor) if e["event"] == "record"}
    assert forms == {"enrolment"}


def heard(lines: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    kept = ("merge", "unmerge", "client_in", "client_out")
    return [tuple(e[name] for name in ("event", "client", "person") if name in e) for e in lines if e["event"] in kept]


def test_phones_on_which_she_is_hear_of_it_and_of_its_end(two: Two) -> None:
    programme = two.programme
    here, there = two.enrolled_here(), two.enrolled_there(days_ago=9)
    smaller, larger = sorted([here, there])
    ours, theirs = Api(programme.phone), Api(two.phone)
    people = {(ours, programme.mentor), (ours, programme.coordinator)}
    since = {who: api.pull(who)[-1]["cursor"] for api, who in people}
    elsewhere = {who: theirs.pull(who)[-1]["cursor"] for who in (two.mentor, two.coordinator)}

    record = two.join(here, there)
    for api, who in people:
        lines = api.pull(who, since[who])
        assert ("merge", larger, smaller) in heard(lines) and ("client_in", there) in heard(lines)
        her_records = {e["record"]["client"] for e in lines if e["event"] == "record"}
        assert there in her_records, "her whole history comes along"
        assert ("merge", larger, smaller) in heard(api.pull(who)), "also where a phone begins anew"
        since[who] = lines[-1]["cursor"]
    for who, cursor in elsewhere.items():
        lines = theirs.pull(who, cursor)
        assert heard(lines) == [("client_out", there)]
        elsewhere[who] = lines[-1]["cursor"]

    two.part(record)
    for api, who in people:
        lines = heard(api.pull(who, since[who]))
        assert ("client_out", there) in lines and not [line for line in lines if line[0] == "merge"]
        assert here in {client for event, client, *_ in lines if event == "unmerge"} | {here}
        assert not [line for line in heard(api.pull(who)) if line[0] == "merge"]
    for who, cursor in elsewhere.items():
        assert ("client_in", there) in heard(theirs.pull(who, cursor))


def test_whoever_keeps_one_of_them_hears_that_they_are_two(two: Two) -> None:
    a, b = sorted([two.enrolled_here(), two.enrolled_here()])
    api, who = Api(two.programme.phone), two.programme.mentor
    record = two.join(a, b)
    since = api.pull(who)[-1]["cursor"]
    two.part(record)
    assert heard(api.pull(who, since)) == [("unmerge", b)]


def test_numbers_count_her_once_and_are_counted_again(two: Two) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.indicators.model import Question
    from mentormothers.reports.counting import counts, older
    from mentormothers.reports.numbers import measures, quarters

    question = Question(measures()["TX_CURR"], quarters(two.programme.now.date(), 1)[0])

    def on_treatment() -> int:
        with scoped(scope_of(two.programme.coordinator)):
            ((found, _),) = counts([question])
            return sum(count.numerator for count in found if not count.disaggregation)

    here, there = two.enrolled_here(), two.enrolled_here()
    assert on_treatment() == 2
    record = two.join(here, there)
    with scoped(scope_of(two.programme.coordinator)):
        assert older([question])
    assert on_treatment() == 1
    two.part(record)
    assert on_treatment() == 2


def test_open_items_are_hers_alone_and_worked_out_again(two: Two) -> None:
    from tests.integration.test_followup import YES, missed
    from tests.integration.test_keeping import at_home, differing

    programme = two.programme
    first, parcels = missed(programme, 20, **YES)
    programme.push(parcels)
    second, parcels = missed(programme, 9, **YES)
    programme.push(parcels)
    smaller, larger = sorted([first, second])

    def refills() -> dict[str, int]:
        return {str(i.client): i.days_late for i in at_home(programme) if i.item == "ACC.REFILL"}

    assert refills() == {first: 20, second: 9}
    record = two.join(first, second)
    assert refills() == {smaller: 9}, "by her latest supply"
    assert differing() == []
    assert programme.push([supply(programme, programme.phone, larger, 2)])[0]["status"] == "accepted"
    assert refills() == {}
    assert differing() == []
    two.part(record)
    assert refills() == {smaller: {first: 20, second: 9}[smaller]}
    assert differing() == []


def test_the_database_and_facts_files_know_the_same_persons(two: Two) -> None:
    """The rule stands in SQL and in Python (facts/persons.py)."""
    from mentormothers.facts.persons import persons_in

    random = Random(30)
    home, organisation = two.programme.home.id, two.programme.home.organisation_id
    for _ in range(25):
        ids = [str(UUID(int=random.getrandbits(128), version=4)) for _ in range(random.randint(2, 9))]
        said = {str(uuid4()): random.sample(ids, 2) for _ in range(random.randint(1, 10))}
        fallen = random.sample(sorted(said), random.randrange(len(said)))
        with by_hand() as cursor:
            cursor.executemany(
                "INSERT INTO care.client (id, role, site, organisation) VALUES (%s, 'mother', %s, %s)",
                [(one, home, organisation) for one in ids],
            )
            cursor.executemany(
                "INSERT INTO care.fact (record, place, client, role, kind, day, precision, value, source, site,"
                " organisation) VALUES (%s, 0, %s, 'mother', 'same_person_as', '2026-01-01', 3, %s, 'observed', %s, %s)",
                [(record, one, other, home, organisation) for record, (one, other) in said.items()],
            )
            some = random.sample(ids, 1)
            cursor.execute("SELECT client::text, person::text FROM care.persons(care.ever_joined(%s), %s)",
                           [some, [UUID(record) for record in fallen]])  # fmt: skip
            found = dict(cursor.fetchall())
            cursor.execute("SELECT client::text, person::text FROM care.persons(%s, %s)",
                           [[UUID(one) for one in ids], [UUID(record) for record in fallen]])  # fmt: skip
            everybody = dict(cursor.fetchall())
        expected = persons_in(tuple(pair) for record, pair in said.items() if record not in fallen)
        assert everybody == expected
        assert found.items() <= expected.items() and found.get(some[0]) == expected.get(some[0])
