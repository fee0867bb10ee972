"""What the programme's own forms state: for each the answers as a phone sends them, and the facts that follow."""

from functools import cache
from typing import Any

import pytest

from mentormothers import PROGRAMME
from mentormothers.facts.days import day_of
from mentormothers.forms.answers import WrongAnswerError, check_answers
from mentormothers.forms.extraction import extract
from mentormothers.forms.model import Form
from mentormothers.forms.xform import read_xlsform

HAPPENED = "2025-03-04"
Told = tuple[str, str, str, str, str, str]  # client, role, kind, day, value, ref


@cache
def shipped(name: str) -> Form:
    return read_xlsform(PROGRAMME / "forms" / f"{name}.xlsx").form


def facts(name: str, answers: dict[str, Any], client: str | None = "m") -> list[Told]:
    """The facts of a record, after its answers passed the server's check."""
    check_answers(shipped(name), answers)
    record = {"id": "r", "client": client, "happened": HAPPENED, "answers": answers}
    return [
        (f.client, f.role, f.kind, day_of(f.day).isoformat(), f.value, f.ref) for f in extract(shipped(name), record)
    ]


def test_a_check_up_with_what_she_got() -> None:
    assert facts(
        "anc_contact",
        {
            "contact_page/contact_on": "2025-03-01", "contact_page/source": "health_passport", "new_contact": "yes",
            "services_page/services": ["malaria", "tetanus", "family_planning"], "services_page/cough": "neg",
            "services_page/test": "inconclusive", "malaria_dose": "yes", "tetanus_dose": "yes", "family_talk": "yes",
            "next_page/appointment": "2025-04-01",
        },
    ) == [
        ("m", "mother", "anc.contact", "2025-03-01", "", ""),
        ("m", "mother", "tb.screen", "2025-03-01", "neg", ""),
        ("m", "mother", "hiv.test", "2025-03-01", "inconclusive", ""),
        ("m", "mother", "iptp.dose", "2025-03-01", "", ""),
        ("m", "mother", "vaccine.td", "2025-03-01", "", ""),
        ("m", "mother", "fp.counselled", "2025-03-01", "", ""),
        ("m", "mother", "appointment", HAPPENED, "2025-04-01", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "stated"),
    [
        ({"how_known": "last_period", "last_period": "2024-12-01"}, ("pregnancy.lmp", "2024-12-01", "last_period")),
        ({"how_known": "due_date", "due_date": "2025-09-01"}, ("pregnancy.edd", "2025-09-01", "due_date")),
    ],
)
def test_a_check_up_of_a_pregnancy_not_known_before(answers: dict[str, str], stated: tuple[str, str, str]) -> None:
    (found,) = facts("anc_contact", {f"pregnancy_page/{name}": answer for name, answer in answers.items()})
    assert found[2:5] == stated


def test_a_pregnancy_known_by_its_weeks() -> None:
    (found,) = facts("anc_contact", {"pregnancy_page/weeks": 12, "period_from_weeks": "2024-12-10"})
    assert found[2:5] == ("pregnancy.lmp", "2024-12-10", "weeks")


def test_a_check_up_that_is_written_down_already_states_its_services_only() -> None:
    answers = {"contact_page/contact_on": "2025-03-01", "services_page/services": ["malaria"], "malaria_dose": "yes"}
    assert [fact[2] for fact in facts("anc_contact", answers)] == ["iptp.dose"]


def test_treatment_begun() -> None:
    assert facts(
        "art_start",
        {
            "began_page/began": "start", "began_page/began_on": "2025-02-20", "began_page/source": "register",
            "tablets_page/regimen": "tld", "tablets_page/supply": "30", "started": "tld", "days": "30",
        },
    ) == [
        ("m", "mother", "art.start", "2025-02-20", "tld", ""),
        ("m", "mother", "art.dispense", "2025-02-20", "30", ""),
    ]  # fmt: skip


def test_treatment_begun_again_after_a_break() -> None:
    assert facts(
        "art_start",
        {
            "began_page/began": "restart", "began_page/began_on": "2025-02-20", "began_page/source": "health_passport",
            "break_page/stopped_on": "2024-11-01", "break_page/stop_reason": "transport",
            "tablets_page/regimen": "not_written", "tablets_page/supply": "other", "tablets_page/days_other": 45,
            "restarted": "not_written", "days": "45",
        },
    ) == [
        ("m", "mother", "art.stop", "2024-11-15", "transport", ""),
        ("m", "mother", "art.restart", "2025-02-20", "not_written", ""),
        ("m", "mother", "art.dispense", "2025-02-20", "45", ""),
    ]  # fmt: skip


def test_blood_taken() -> None:
    answers = {
        "what_page/what": ["sample"], "what_page/source": "register", "sample_page/sampled_on": "2025-03-03",
        "sample_page/reason": "routine",
    }  # fmt: skip
    assert facts("viral_load", answers) == [("m", "mother", "vl.sample", "2025-03-03", "routine", "")]


@pytest.mark.parametrize(
    ("answers", "kind", "value", "ref"),
    [
        ({"result": "<50", "result_of": "r0"}, "vl.result", "<50", "r0"),
        ({"result": "1200"}, "vl.result", "1200", ""),
        ({"result": "LDL", "result_of": "self"}, "vl.result", "LDL", "r"),
        ({"no_result": "rejected", "result_of": "r0"}, "vl.rejected", "rejected", "r0"),
    ],
)
def test_a_result_belongs_to_its_sample(answers: dict[str, str], kind: str, value: str, ref: str) -> None:
    found = facts("viral_load", {"result_page/result_on": "2025-03-02", **answers})
    assert found == [("m", "mother", kind, "2025-03-02", value, ref)]


def test_a_result_that_was_told() -> None:
    (found,) = facts("viral_load", {"what_page/what": ["told"], "told_page/told_on": "2025-03-04"})
    assert found == ("m", "mother", "vl.result_given", "2025-03-04", "", "")


def test_a_baby_seen() -> None:
    assert facts(
        "infant_visit",
        {
            "seen_page/place": "clinic", "seen_page/source": "health_passport", "growth_page/weight": 6.4,
            "growth_page/arm": 131, "food_page/feeding": "stopped", "fed_no_more": "yes",
            "medicine_page/changed": ["medicine_done", "syrup"], "medicine_done": "yes", "syrup_began": "yes",
            "vaccine_page/vaccines": ["mr1"], "got_mr1": "yes",
        },
        client="b",
    ) == [
        ("b", "infant", "visit", HAPPENED, "clinic", ""),
        ("b", "infant", "growth.weight", HAPPENED, "6.4", ""),
        ("b", "infant", "growth.muac", HAPPENED, "131", ""),
        ("b", "infant", "feeding", HAPPENED, "stopped", ""),
        ("b", "infant", "bf.stopped", HAPPENED, "", ""),
        ("b", "infant", "infant.arv_stop", HAPPENED, "", ""),
        ("b", "infant", "ctx.start", HAPPENED, "", ""),
        ("b", "infant", "vaccine.mr1", HAPPENED, "", ""),
    ]  # fmt: skip


GROUP = {
    "group_page/held_on": "2025-03-03", "group_page/place": "clinic", "group_page/audience": "new_mothers",
    "topic_page/topics": ["parenting", "ecd"], "count_page/women": 14, "count_page/men": 0, "count_page/young": 3,
}  # fmt: skip


def test_a_group_talk_states_nothing_of_anybody() -> None:
    assert facts("group_session", GROUP, client=None) == []
    assert shipped("group_session").roles == ()
    assert not any(q.fact or q.identity for q in shipped("group_session").questions)
    assert shipped("group_session").by_path["group_page/held_on"].record == "happened"


@pytest.mark.parametrize("women", [-1, 501, 2.5])
def test_a_head_count_is_a_possible_number(women: float) -> None:
    with pytest.raises(WrongAnswerError, match="from 0 to 500"):
        check_answers(shipped("group_session"), GROUP | {"count_page/women": women})


@pytest.mark.parametrize(
    ("answers", "stated"),
    [
        ({"day_page/made_for": "2025-04-01"}, ("appointment", HAPPENED, "2025-04-01", "")),
        ({"day_page/kept_on": "2025-03-03", "agreed": "r0"}, ("appointment.kept", "2025-03-03", "", "r0")),
        (
            {"day_page/reason": "transport", "missed_day": "2025-03-01", "missed": "r0", "agreed": "r0"},
            ("appointment.missed", "2025-03-01", "transport", "r0"),
        ),
        (
            {"day_page/reason": "not_said", "missed_day": "2025-02-01", "day_page/missed_on": "2025-02-01"},
            ("appointment.missed", "2025-02-01", "not_said", ""),
        ),
        (
            {"day_page/moved_to": "2025-04-01", "agreed": "r0"},
            ("appointment.moved", HAPPENED, "2025-04-01", "r0"),
        ),
    ],
)
def test_appointments(answers: dict[str, str], stated: tuple[str, str, str, str]) -> None:
    (found,) = facts("appointment", answers)
    assert found[2:] == stated


def test_an_appointment_of_a_baby() -> None:
    (found,) = facts("appointment", {"whose": "infant", "day_page/made_for": "2025-04-01"}, client="b")
    assert found[:3] == ("b", "infant", "appointment")


@pytest.mark.parametrize(
    ("answer", "kind", "day"),
    [
        ("plan", "transfer.planned", HAPPENED),
        ("tells", "transfer.reported", "2025-03-01"),
        ("came", "transfer.in", "2025-03-01"),
        ("gone", "transfer.out", "2025-03-01"),
    ],
)
def test_transfers(answer: str, kind: str, day: str) -> None:
    (found,) = facts("transfer", {"where_page/moved_on": "2025-03-01", answer: "other_district"})
    assert found == ("m", "mother", kind, day, "other_district", "")


def test_a_baby_goes_along() -> None:
    answers = {"baby": "b", "where_page/moved_on": "2025-03-01", "gone": "not_said", "baby_gone": "not_said"}
    assert [fact[:4] for fact in facts("transfer", answers)] == [
        ("m", "mother", "transfer.out", "2025-03-01"),
        ("b", "infant", "transfer.out", "2025-03-01"),
    ]


def test_a_mothers_death_and_who_cares_for_the_baby() -> None:
    answers = {
        "whose": "mother", "baby": "b", "sorry_page/died_on": "2025-03-01", "sorry_page/source": "client_told",
        "carer_page/carer": "grandmother",
    }  # fmt: skip
    assert facts("death", answers) == [
        ("m", "mother", "death", "2025-03-01", "", ""),
        ("b", "infant", "caregiver.since", "2025-03-01", "grandmother", ""),
    ]


def test_who_looks_after_a_baby_and_what_that_person_agrees_to() -> None:
    agreed = {"follow_up": "given", "phone_calls": "given", "home_visit": "refused"}
    answers = {"who_page/carer": "grandmother", "who_page/since": "2025-02-20", "told_me": "client_told"}
    assert facts("caregiver", answers | {f"carer_page/{name}": answer for name, answer in agreed.items()}, "b") == [
        ("b", "infant", "caregiver.since", "2025-02-20", "grandmother", ""),
        ("b", "infant", "consent.follow_up", HAPPENED, "given", ""),
        ("b", "infant", "consent.phone", HAPPENED, "given", ""),
        ("b", "infant", "consent.home_visit", HAPPENED, "refused", ""),
    ]
    sealed = {question.identity for question in shipped("caregiver").questions if question.identity}
    assert {"caregiver.name", "phone.number", "contact.words"} <= sealed, "they lie with the baby's seal"


def test_a_baby_that_comes_without_its_mother_is_exposed_as_it_stands_written() -> None:
    answers = {
        "keep/data_use": "given", "baby_page/sex": "m", "baby_page/born_on": "2025-01-10",
        "exposed_page/mother": "not_known", "exposed_page/exposed": "yes", "exposed_page/source": "health_passport",
        "who_page/carer": "aunt", "food_page/feeding": "replacement", "food_page/gets": ["syrup"],
        "syrup_began": "yes", "never_fed": "yes", "joins": "infant",
    }  # fmt: skip
    assert facts("infant_enrolment", answers, client="b") == [
        ("b", "infant", "consent.data_use", HAPPENED, "given", ""),
        ("b", "infant", "sex", HAPPENED, "m", ""),
        ("b", "infant", "child.dob", "2025-01-10", "", ""),
        ("b", "infant", "exposed", "2025-01-10", "", ""),
        ("b", "infant", "caregiver.since", HAPPENED, "aunt", ""),
        ("b", "infant", "feeding", HAPPENED, "replacement", ""),
        ("b", "infant", "ctx.start", HAPPENED, "", ""),
        ("b", "infant", "bf.stopped", "2025-01-10", "", ""),
        ("b", "infant", "enrolled", HAPPENED, "infant", ""),
    ]
    unknown = facts("infant_enrolment", answers | {"exposed_page/exposed": "not_known"}, client="b")
    assert "exposed" not in {fact[2] for fact in unknown}


def test_what_she_tells_of_a_partner_is_hers_and_who_it_is_is_sealed() -> None:
    answers = {"known_page/known": "neg", "known_page/known_on": "2025-02-20", "known_page/source": "health_passport"}
    found = facts("partner", answers | {"partner_test": "neg"})
    assert found == [("m", "mother", "partner.hiv_test", "2025-02-20", "neg", "")]
    sealed = {question.identity: question for question in shipped("partner").questions if question.identity}
    assert {"partner.client", "partner.name", "partner.phone"} <= set(sealed)
    assert not any(question.fact or question.about for question in sealed.values())


def test_nothing_asked_of_a_partner_is_about_anybody_else() -> None:
    for name in ("partner_enrolment", "partner_visit"):
        assert shipped(name).roles == ("partner",)
        assert not any(
            question.about or question.identity.startswith("partner.") for question in shipped(name).questions
        )
    tested = {"where/place": "clinic", "where/source": "register", "test_page/tested": "pos",
              "tablets_page/begins": "yes", "tablets_page/supply": "30", "days": "30"}  # fmt: skip
    assert [fact[1:3] for fact in facts("partner_visit", tested, client="p")] == [
        ("partner", "visit"), ("partner", "hiv.test"), ("partner", "art.start"), ("partner", "art.dispense"),
    ]  # fmt: skip


def test_a_baby_is_looked_for() -> None:
    answers = {"whose": "infant", "how/way": "home", "how/found": "returning"}
    assert [fact[:4] for fact in facts("tracing", answers, client="b")] == [
        ("b", "infant", "trace.attempt", HAPPENED),
        ("b", "infant", "trace.outcome", HAPPENED),
    ]


def test_a_babys_death() -> None:
    answers = {"whose": "infant", "sorry_page/died_on": "2025-03-01", "sorry_page/source": "register"}
    assert facts("death", answers, client="b") == [("b", "infant", "death", "2025-03-01", "", "")]


@pytest.mark.parametrize("what", ["miscarriage", "stillbirth", "abortion"])
def test_a_pregnancy_that_ended(what: str) -> None:
    answers = {
        "sorry_page/ended_on": "2025-03-01", "sorry_page/what": what, "sorry_page/source": "client_told",
        "after_page/seen": "yes", "after_page/company": "yes", "talk_wanted": "counselling",
    }  # fmt: skip
    assert [fact[2:5] for fact in facts("pregnancy_loss", answers)] == [
        ("delivery", "2025-03-01", what),
        ("pnc.contact", HAPPENED, ""),
        ("referral.made", HAPPENED, "counselling"),
    ]


def test_a_planned_talk_about_tablets() -> None:
    found = facts("session", {"where/mode": "one_to_one", "where/topics": ["adherence"], "where/planned_talk": "yes"})
    assert [fact[2] for fact in found] == ["session", "topic", "eac.session"]


def test_a_babys_result_belongs_to_the_sample_taken_before() -> None:
    answers = {
        "what_page/what": ["sample", "result", "given"], "waiting": "r0", "sample_page/sampled_on": "2025-03-03",
        "sample_page/point": "confirm", "result_page/result_on": "2025-03-03", "result_page/which": "earlier",
        "result_page/result": "pos", "result_of": "r0", "given_page/given_on": "2025-03-04",
    }  # fmt: skip
    assert [fact[2:] for fact in facts("infant_test", answers, client="b")] == [
        ("eid.sample", "2025-03-03", "confirm", ""),
        ("eid.result", "2025-03-03", "pos", "r0"),
        ("eid.result_given", "2025-03-04", "", "r0"),
    ]


@pytest.mark.parametrize("word", ["neg", "pos", "unknown"])
def test_a_babys_last_word(word: str) -> None:
    (found,) = facts("infant_test", {"final_page/final_on": "2025-03-03", "final_page/final": word}, client="b")
    assert found[2:5] == ("final.outcome", "2025-03-03", word)


def test_every_form_is_about_somebody_or_says_that_it_is_not() -> None:
    names = [path.stem for path in (PROGRAMME / "forms").glob("*.xlsx")]
    assert [name for name in names if not shipped(name).roles] == ["group_session"]


@pytest.mark.parametrize(("form", "question", "low"), [("group_session", "women", 0), ("viral_load", "copies", 0)])
def test_a_limit_of_nought_reaches_phones_and_server(form: str, question: str, low: float) -> None:
    definition = shipped(form).definition()
    (found,) = (q for q in definition["questions"] if q["path"].endswith(f"/{question}"))
    assert found["minimum"] == low


def test_a_card_is_sealed_and_states_nothing() -> None:
    assert facts("card", {"card_page/why": "lost"}) == []
    for form in (shipped("card"), shipped("enrolment")):
        (card,) = [question for question in form.questions if question.identity == "number.card"]
        assert card.type == "text" and not card.fact
