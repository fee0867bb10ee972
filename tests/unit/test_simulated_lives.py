"""Simulated lives obey the vocabulary and the order of real ones, on several seeds."""

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest

from mentormothers.facts.days import Precision
from mentormothers.facts.fact import Fact
from mentormothers.facts.vocabulary import vocabulary
from tests.simulated import Made, made, read

SEEDS = (1, 2, 3)
WOMEN = 400
# What a site may write about somebody of whose death it has not heard.
UNAWARE = {"trace.attempt", "trace.outcome", "appointment.missed"}
EIGHTEEN_MONTHS = timedelta(days=548)
Facts = dict[str, list[Fact]]


@pytest.fixture(scope="module", params=SEEDS)
def run(request: pytest.FixtureRequest) -> Made:
    return made(WOMEN, request.param)


@pytest.fixture(scope="module")
def facts(run: Made, tmp_path_factory: pytest.TempPathFactory) -> list[Fact]:
    content = read(run.facts_text(), tmp_path_factory.mktemp("facts"))
    assert content.refusals == ()
    assert content.unknown_kinds == {}
    return list(content.history.facts)


@pytest.fixture(scope="module")
def people(facts: list[Fact]) -> dict[str, Facts]:
    """For each id its facts by kind, in order of their days."""
    found: dict[str, Facts] = defaultdict(lambda: defaultdict(list))
    for fact in sorted(facts, key=lambda fact: fact.day):
        found[fact.client][fact.kind].append(fact)
    return found


def first(kinds: Facts, *names: str) -> date:
    return min((fact.day for name in names for fact in kinds.get(name, [])), default=date.max)


def test_every_record_is_one_row_and_every_ref_is_an_earlier_record_of_the_same_person(facts: list[Fact]) -> None:
    records = {fact.record: fact for fact in facts}
    assert [r for r, n in Counter(fact.record for fact in facts).items() if n > 1] == []
    for fact in facts:
        if fact.ref:
            assert records[fact.ref].client == fact.client
            assert records[fact.ref].day <= fact.day, fact


def test_nothing_is_received_before_it_happened_or_happens_after_the_end(run: Made, facts: list[Fact]) -> None:
    for fact in facts:
        assert fact.received.date() >= fact.day or fact.precision is not Precision.DAY, fact
        assert fact.day <= run.programme.plan.end


def test_everybody_is_enrolled_once_for_each_id(people: dict[str, Facts]) -> None:
    assert [client for client, kinds in people.items() if len(kinds["enrolled"]) != 1] == []


def test_after_a_death_nothing_but_the_search_of_those_who_do_not_know(people: dict[str, Facts]) -> None:
    for kinds in people.values():
        died = first(kinds, "death")
        for name, found in kinds.items():
            assert name in UNAWARE or found[-1].day <= died, (name, found[-1])


def test_babies_have_a_mother_and_nothing_before_their_birth(people: dict[str, Facts]) -> None:
    for kinds in people.values():
        everything = [fact for found in kinds.values() for fact in found]
        if kinds["child.dob"]:
            born = first(kinds, "child.dob")
            assert all(fact.day >= born for fact in everything)
            assert all(fact.mother == "" or fact.mother in people for fact in everything)
            assert {fact.role for fact in everything} <= {"infant", "child"}
        else:
            assert {(fact.role, fact.mother) for fact in everything} == {("mother", "")}


def test_treatment_begins_before_supplies_and_ends_with_refusal(people: dict[str, Facts]) -> None:
    for kinds in people.values():
        if not kinds["art.dispense"]:
            continue
        begins = [fact for name in ("art.start", "art.restart", "art.on") for fact in kinds[name]]
        assert begins
        if all(fact.precision is Precision.DAY for fact in begins):
            known_earlier = min(fact.day for fact in begins)
            assert kinds["art.on"] or kinds["art.dispense"][0].day >= known_earlier
        assert kinds["art.dispense"][-1].day <= first(kinds, "refused")
        assert len({fact.day for fact in kinds["art.start"]}) <= 2


def test_treatment_does_not_begin_before_the_diagnosis(people: dict[str, Facts]) -> None:
    for kinds in people.values():
        if kinds["hiv.diagnosis"]:
            assert first(kinds, "hiv.diagnosis") <= first(kinds, "art.start", "art.on", "art.restart")


def test_a_woman_who_is_positive_never_tests_negative_again(people: dict[str, Facts]) -> None:
    for kinds in people.values():
        found = first({"hiv.test": [fact for fact in kinds["hiv.test"] if fact.value == "pos"]}, "hiv.test")
        assert all(fact.value == "pos" or fact.day < found for fact in kinds["hiv.test"])


def test_no_care_at_the_old_site_after_a_transfer(people: dict[str, Facts]) -> None:
    for kinds in people.values():
        for out in kinds["transfer.out"]:
            assert kinds["transfer.in"]
            care = [fact for name in ("art.dispense", "anc.contact", "vl.sample") for fact in kinds[name]]
            assert not [fact for fact in care if fact.site == out.site and fact.day > out.day]


def test_infants_are_tested_as_the_science_allows(people: dict[str, Facts]) -> None:
    for kinds in people.values():
        born = first(kinds, "child.dob")
        assert all(fact.day >= born + EIGHTEEN_MONTHS for fact in kinds["antibody.test"])
        assert len(kinds["final.outcome"]) <= 1
        assert all(fact.day >= first(kinds, "eid.sample") for fact in kinds["eid.result"])


def test_deliveries_come_after_the_last_period_and_before_44_weeks(people: dict[str, Facts]) -> None:
    for kinds in people.values():
        periods = [fact.day for fact in kinds["pregnancy.lmp"]]
        for delivery in kinds["delivery"]:
            before = [day for day in periods if day < delivery.day]
            if before:
                assert (delivery.day - max(before)).days <= 44 * 7 + 16, "16 days: a period known to the month"


def test_tracing_follows_consent(people: dict[str, Facts]) -> None:
    needs = {"sms": "consent.sms", "call": "consent.phone", "home": "consent.home_visit"}
    for kinds in people.values():
        for attempt in kinds["trace.attempt"]:
            for consent in ("consent.follow_up", needs[attempt.value]):
                assert [fact.value for fact in kinds[consent]] == ["given"]


def test_many_kinds_and_situations_are_met(run: Made, facts: list[Fact]) -> None:
    met = {fact.kind for fact in facts}
    rare = {"caregiver.since", "refused", "art.restart", "exposed", "death", "antibody.test", "eac.session"}
    assert {kind for kind in met if not vocabulary().kind(kind)} == set()
    assert len(met | rare) >= 45
    assert {fact.precision for fact in facts} == set(Precision)
    moves = {row[5] for page in run.pages for row in page.truth}
    assert moves >= {"first", "birth", "silent"}
    assert {"yes", "no"} <= {row[10] for page in run.pages for row in page.truth}


def test_sites_disagree_about_one_woman_and_share_phones(run: Made) -> None:
    names, phones = defaultdict(set), defaultdict(set)
    said = {row[0]: row for page in run.pages for row in page.identities}
    for page in run.pages:
        for row in page.truth:
            if row[2] == "woman":
                names[row[1]].add((said[row[0]][1], said[row[0]][2]))
                phones[said[row[0]][5]].add(row[1])
    assert sum(len(found) > 1 for found in names.values()) >= 3
    assert sum(len(women) > 1 for phone, women in phones.items() if phone) >= 3
    assert all(phone == "" or phone.startswith("+999") for phone in phones)


def test_every_row_says_that_it_is_synthetic(run: Made) -> None:
    for page in run.pages:
        assert all(",synthetic," in line for line in page.facts)
        assert {row[-1] for row in (*page.clients, *page.identities, *page.truth)} <= {"synthetic"}
