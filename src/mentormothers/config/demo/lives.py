"""Synthetic lives: what happens to an invented woman and her baby, day by day, as plain events.

Nobody here exists. The chances are the demo's own, chosen so that every screen has something to show; they are
no epidemiology; the simulator (`mentormothers simulate`) is held to published figures.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from mentormothers.config.simulating import read_names_file

NAMES = read_names_file()
LANDMARKS = ("behind the mosque", "near the borehole", "by the maize mill", "next to the church", "after the bridge")
WORDS = ("the savings group", "the choir", "the sewing class", "the seed meeting")


@dataclass(frozen=True)
class Happening:
    """Something that a mentor writes down on a day. `about` is `mother` or a baby's name in this life."""

    day: date
    form: str
    answers: dict[str, Any]
    about: str = "mother"
    source: str = "observed"
    identities: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass
class Life:
    """An invented woman, told until today. Every random choice comes from `dice`."""

    dice: random.Random
    enrolled: date
    today: date
    villages: tuple[str, ...]
    number: int

    def happenings(self) -> Iterator[Happening]:
        """All that is written down about her and her babies, in no particular order, never after today."""
        return (h for h in self._told() if h.day <= self.today)

    def _told(self) -> Iterator[Happening]:
        dice = self.dice
        positive = dice.random() < 0.72
        weeks = dice.randint(7, 33)
        period = self.enrolled - timedelta(weeks=weeks, days=dice.randint(0, 6))
        status = ("new_positive" if dice.random() < 0.35 else "known_positive") if positive else "negative"
        self._agreed = {kind: dice.random() < share for kind, share in _AGREES.items()}
        yield self._enrolment(status, period)
        birth = period + timedelta(days=280 + dice.randint(-12, 9))
        outcome = dice.choices(("live", "stillbirth"), (97, 3))[0]
        if positive:
            yield from self._treatment()
        else:
            yield from self._retests(period, birth)
        yield from self._contacts(period, birth, positive)
        yield from self._birth(birth, outcome, positive)
        yield from self._talks()

    def _chance(self, share: float) -> bool:
        return self.dice.random() < share

    def _enrolment(self, status: str, period: date) -> Happening:
        dice, day = self.dice, self.enrolled
        answers: dict[str, Any] = {"keep/data_use": "given"}
        agreed = {name: "given" if yes else "refused" for name, yes in self._agreed.items()}
        answers |= {f"purposes/{name}": value for name, value in agreed.items()}
        age = dice.randint(17, 41)
        answers |= {
            "person/age": age,
            "birth_year": str(day.year - age),
            "test/status": status,
            "test/source": "register",
        }
        if status == "known_positive":
            since = day - timedelta(days=dice.randint(60, 500))
            answers |= {"test/positive_since": since.isoformat()} | self._on_treatment(since, day)
        else:
            answers |= {"test/tested_on": day.isoformat(), "test_value": "pos" if status == "new_positive" else "neg"}
        if status == "new_positive":
            answers |= self._on_treatment(day, day)
        answers |= {
            "child/carrying": "pregnant", "child/how_known": "last_period", "child/last_period": period.isoformat(),
            "child/contact_today": "yes", "group": "mother_hiv_neg" if status == "negative" else "mother_hiv_pos",
        }  # fmt: skip
        return Happening(day, "enrolment", answers, source="register", identities={"mother": self._identity()})

    def _on_treatment(self, start: date, day: date) -> dict[str, Any]:
        return {
            "treatment/on_treatment": "yes", "treatment/start_known": "yes", "treatment/started_on": start.isoformat(),
            "treatment/supplied_on": day.isoformat(), "treatment/supplied_days": 30,
        }  # fmt: skip

    def _identity(self) -> dict[str, Any]:
        dice = self.dice
        owner = dice.choices(("own", "partner", "family", "none"), (55, 12, 23, 10))[0]
        said: dict[str, Any] = {
            "name.given": dice.choice(NAMES.common_given), "name.family": dice.choice(NAMES.common_surname),
            "address.village": dice.choice(self.villages), "address.landmark": dice.choice(LANDMARKS),
            "language": dice.choice(("ny", "ny", "ny", "tum", "yao")), "reads": dice.choice(("yes", "yes", "no")),
            "phone.owner": owner, "contact.wording": dice.choice(("covert", "neutral", "neutral", "open")),
        }  # fmt: skip
        if owner != "none":
            said |= {
                # Country code 999 belongs to nobody: no real phone can ring.
                "phone.number": f"+999 1 555 {self.number:04d}",
                "phone.answerers": dice.sample(["only_her", "sister", "mother"], dice.randint(1, 2)),
                "contact.hours": sorted(dice.sample(["early", "morning", "afternoon", "evening"], 2)),
            }
        if said["contact.wording"] == "covert":
            said["contact.words"] = dice.choice(WORDS)
        return said

    def _treatment(self) -> Iterator[Happening]:
        """Supplies one after another, some late, some missed for good, and the follow-up of those."""
        dice, day, supply = self.dice, self.enrolled, 30
        sample = self.enrolled + timedelta(days=dice.randint(20, 95))
        refills = 0
        while True:
            late = dice.choices((dice.randint(-4, 0), dice.randint(1, 6), dice.randint(8, 26), dice.randint(30, 75)),
                                (74, 16, 7, 3))[0]  # fmt: skip
            gone = self._chance(0.06)
            expected = day + timedelta(days=supply)
            back = date.max if gone else expected + timedelta(days=late)
            if gone or late > 7:
                yield from self._looked_for(expected, back)
            if back > self.today:
                return
            day, refills = back, refills + 1
            supply = 30 if refills < 3 else dice.choice((30, 90, 90))
            taken = sample <= day and self._chance(0.85)
            yield self._visit(day, supply, blood=taken)
            if taken:
                sample = day + timedelta(days=dice.randint(170, 200))

    def _visit(self, day: date, supply: int, *, blood: bool) -> Happening:
        choice = str(supply) if supply in (30, 60, 90, 180) else "other"
        answers = {
            "where/place": "clinic", "where/source": "register", "her_status": "pos", "refill/refilled": "yes",
            "refill/supply": choice, "refill/refilled_on": day.isoformat(), "days": str(supply),
            "checkup/sample_today": "yes" if blood else "no",
        }  # fmt: skip
        return Happening(day, "visit", answers, source="register")

    def _looked_for(self, expected: date, back: date) -> Iterator[Happening]:
        if not self._agreed["follow_up"] or self._chance(0.35):
            return
        call = expected + timedelta(days=self.dice.randint(3, 6))
        if call < back and self._agreed["phone_calls"]:
            reached = back != date.max and self._chance(0.6)
            yield self._attempt(call, "call", "returning" if reached else "not_located")
        visit = expected + timedelta(days=self.dice.randint(8, 14))
        if visit < back and self._agreed["home_visit"]:
            outcomes = ("returning",) if back != date.max else ("not_located", "moved", "self_transferred", "refused")
            yield self._attempt(visit, "home", self.dice.choice(outcomes))

    def _attempt(self, day: date, way: str, found: str) -> Happening:
        answers: dict[str, Any] = {"how/way": way, "how/found": found, "told_me": "client_told"}
        if found in ("returning", "refused"):
            answers["why/reasons"] = [self.dice.choice(("transport", "busy", "forgot", "far", "stigma"))]
        if found == "refused":
            answers["refuses"] = "visits"
        if found == "self_transferred":
            answers["elsewhere"] = "yes"
        return Happening(day, "tracing", answers, source="client_told")

    def _retests(self, period: date, birth: date) -> Iterator[Happening]:
        for day, share in ((period + timedelta(weeks=32), 0.8), (birth + timedelta(days=92), 0.7)):
            if day > self.enrolled and self._chance(share):
                when = day + timedelta(days=self.dice.randint(-6, 20))
                answers = {"where/place": "clinic", "where/source": "register", "checkup/test_today": "neg"}
                yield Happening(when, "visit", answers, source="register")

    def _contacts(self, period: date, birth: date, positive: bool) -> Iterator[Happening]:
        for weeks in (20, 26, 30, 34, 36, 38, 40):
            day = period + timedelta(weeks=weeks, days=self.dice.randint(-3, 9))
            if self.enrolled < day < birth and self._chance(0.72):
                answers = {"where/place": "clinic", "where/source": "register", "checkup/anc_today": "yes"}
                if positive:
                    answers["her_status"] = "pos"
                yield Happening(day, "visit", answers, source="register")

    def _birth(self, birth: date, outcome: str, positive: bool) -> Iterator[Happening]:
        written = birth + timedelta(days=self.dice.randint(0, 6))
        if written > self.today or self._chance(0.04):
            return
        answers: dict[str, Any] = {
            "when/born_on": birth.isoformat(), "when/outcome": outcome, "when/source": "health_passport",
            "when/birth_place": self.dice.choices(("this_clinic", "other_clinic", "home"), (70, 22, 8))[0],
            "mother/mother_seen": "yes" if self._chance(0.8) else "no",
        }  # fmt: skip
        babies = [] if outcome != "live" else ["baby", "twin"][: 2 if self._chance(0.02) else 1]
        if babies:
            answers |= {"babies": str(len(babies)), "how_many": str(len(babies))}
            answers["baby"] = [self._newborn(name, birth, positive) for name in babies]
        said = {name: {"name.given": self.dice.choice(NAMES.baby_given)} for name in babies}
        yield Happening(written, "birth", answers, source="health_passport", identities=said)
        if self._chance(0.75):
            day = birth + timedelta(days=self.dice.randint(38, 56))
            yield Happening(day, "visit", self._after_birth(babies, positive), source="register")
        for name in babies if positive else ():
            yield from self._infant(name, birth)

    def _after_birth(self, babies: list[str], positive: bool) -> dict[str, Any]:
        answers: dict[str, Any] = {"where/place": "clinic", "where/source": "register", "checkup/pnc_today": "yes"}
        if positive:
            answers["her_status"] = "pos"
        if babies:
            answers |= {"baby": f"<{babies[0]}>", "feeding_page/feeding": "exclusive"}
        if babies and positive and self._chance(0.9):
            answers |= {"feeding_page/baby_got": ["syrup"], "syrup_began": "yes"}
        return answers

    def _newborn(self, name: str, birth: date, positive: bool) -> dict[str, Any]:
        protected = positive and self._chance(0.97)
        return {
            "baby_id": f"<{name}>", "sex": self.dice.choice("fm"), "weight": round(self.dice.gauss(3.1, 0.4), 1),
            "plan": "exclusive", "medicine": "yes" if protected else "no", "joins": "infant", "dob": birth.isoformat(),
        }  # fmt: skip

    def _infant(self, name: str, birth: date) -> Iterator[Happening]:
        """First test around six weeks, its result, and the test at nine months."""
        dice = self.dice
        first = dice.choices((dice.randint(40, 60), dice.randint(62, 110), 0), (78, 13, 9))[0]
        positive = self._chance(0.025)
        if first:
            yield from self._tested(name, birth + timedelta(days=first), "6w", "pos" if positive else "neg")
        if not positive and self._chance(0.7):
            yield from self._tested(name, birth + timedelta(days=dice.randint(270, 300)), "9m", "neg")

    def _tested(self, name: str, day: date, point: str, result: str) -> Iterator[Happening]:
        dice = self.dice
        yield Happening(
            day, "infant_test",
            {"what_page/what": ["sample"], "what_page/source": "register", "sample_page/sampled_on": day.isoformat(),
             "sample_page/point": point},
            about=name, source="register",
        )  # fmt: skip
        came = day + timedelta(days=dice.randint(9, 26))
        told = came + timedelta(days=dice.randint(0, 15))
        if self._chance(0.9):
            yield Happening(
                came, "infant_test",
                {"what_page/what": ["result"], "what_page/source": "lab", "result_page/result_on": came.isoformat(),
                 "result_page/result": result},
                about=name, source="lab",
            )  # fmt: skip
            if self._chance(0.85):
                answers = {
                    "what_page/what": ["given"],
                    "what_page/source": "register",
                    "given_page/given_on": told.isoformat(),
                }
                yield Happening(told, "infant_test", answers, about=name, source="register")

    def _talks(self) -> Iterator[Happening]:
        day = self.enrolled
        for _ in range(self.dice.randint(1, 6)):
            topics = self.dice.sample(
                ["adherence", "disclosure", "infant_feeding", "infant_testing", "nutrition", "money"], 2
            )
            answers: dict[str, Any] = {
                "where/mode": self.dice.choice(("one_to_one", "one_to_one", "home", "phone")), "where/topics": topics,
                "telling/partner": self.dice.choices(("not_asked", "neg", "pos", "declined"), (45, 38, 10, 7))[0],
                "told_me": "client_told",
            }  # fmt: skip
            if answers["where/mode"] == "home" and not self._agreed["home_visit"]:
                answers["where/mode"] = "one_to_one"
            if answers["telling/partner"] in ("neg", "pos"):
                answers["partner_test"] = answers["telling/partner"]
            if answers["telling/partner"] == "declined":
                answers["partner_no"] = "yes"
            yield Happening(day, "session", answers, source="client_told")
            day += timedelta(days=self.dice.randint(26, 60))


_AGREES = {
    "follow_up": 0.92, "phone_calls": 0.85, "sms": 0.7, "whatsapp": 0.3, "home_visit": 0.66, "referral_share": 0.8,
    "research": 0.6,
}  # fmt: skip
