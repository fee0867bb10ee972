"""Random clinics: many families whose days lie at the edges where indicators change their mind.

Unlike `histories` these do not shrink; they are dense. One clinic is a few hundred facts around one period, and a
disagreement is narrowed to one family by asking of each alone.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

from mentormothers.facts.days import add_months
from mentormothers.facts.fact import CLIENT_TOLD, Fact, History
from mentormothers.facts.standing import Relation
from mentormothers.facts.values import parse_value
from mentormothers.facts.vocabulary import vocabulary
from mentormothers.indicators.periods import Period

FAMILIES = 40
SITES = ("A", "A", "B", "C", "")
SOURCES = ("observed", "observed", "observed", "register", CLIENT_TOLD)
LATE = (0, 27, 28, 29, 30, 31, 60, 61)


def a_period(random: Random) -> Period:
    """Some days in 2024 or 2025, often beginning or ending with a month."""
    start = date(2024, 1, 1) + timedelta(days=random.randrange(600))
    start = random.choice([start, start.replace(day=1)])
    end = random.choice([start + timedelta(days=random.randrange(120)), add_months(start, 3) - timedelta(days=1)])
    return Period("P", start, end)


def a_clinic(random: Random, period: Period) -> list[History]:
    """Families of a mother with up to two infants, each with what was recorded and corrected of them."""
    return [_Family(random, period, f"f{n}").history() for n in range(FAMILIES)]


class _Family:
    """Facts of one family as they are made up."""

    def __init__(self, random: Random, period: Period, name: str) -> None:
        self._random = random
        self._period = period
        self._name = name
        self._facts: list[Fact] = []

    def history(self) -> History:
        mother = f"{self._name}.m"
        if self._chance(0.3):
            self._some(mother, self._a_year_ago, self._ends)
        else:
            self._some(mother, self._pregnancy, self._treatment, self._ends)
        for n in range(self._random.choice([0, 1, 1, 2])):
            self._some(f"{self._name}.i{n}", self._infancy, self._treatment, self._ends, mother=mother)
        self._random.shuffle(self._facts)
        return History(tuple(self._facts), self._corrections())

    def _some(self, client: str, *parts: Callable[[str, str], None], mother: str = "") -> None:
        first, *others = parts
        first(client, mother)
        for part in others:
            if self._random.random() < (0.3 if mother else 0.8):
                part(client, mother)
        if self._chance(0.45):
            self._cohort(client, mother)

    def _pregnancy(self, client: str, mother: str) -> None:
        lmp = self._near(300)
        if self._chance(0.7):
            self._say(client, mother, self._random.choice(["pregnancy.lmp", "pregnancy.edd"]), lmp)
        for _ in range(self._random.choice([0, 1, 2, 3])):
            self._say(client, mother, "anc.contact", self._random.choice([self._near(30), lmp + timedelta(days=90)]))
        for _ in range(self._random.choice([0, 1, 2])):
            self._say(client, mother, "hiv.test", self._near(60), self._random.choice(["neg", "pos"]))
        if self._chance(0.3):
            self._say(client, mother, "hiv.diagnosis", self._near(400))
        if self._chance(0.6):
            self._say(client, mother, "delivery", self._near(150), self._random.choice(["live", "stillbirth"]))
        if self._chance(0.2):
            self._say(client, mother, "bf.stopped", self._near(60))
        self._at_edges(client, lmp)

    def _a_year_ago(self, client: str, mother: str) -> None:
        """A first antenatal contact around a year before the period, and what has become of her since."""
        contact = add_months(self._random.choice([self._period.start, self._period.end, self._near(40)]), -12)
        self._say(client, mother, "pregnancy.lmp", contact - timedelta(days=90))
        for day in (contact + timedelta(days=self._random.choice([-1, 0, 0, 0])), contact + timedelta(days=30)):
            self._say(client, mother, "anc.contact", day)
        self._say(client, mother, "hiv.diagnosis", contact + timedelta(days=self._random.choice([-200, -1, 0, 1])))
        if self._chance(0.6):
            self._say(client, mother, self._random.choice(["art.start", "art.on"]), contact)
        if self._chance(0.6):
            supplied = self._period.end - timedelta(days=30 + self._random.choice([0, 20, *LATE]))
            self._say(client, mother, "art.dispense", supplied, "30")
            self._viral_loads(client, mother, contact)

    def _at_edges(self, client: str, lmp: date) -> None:
        """Signs of treatment as a pregnancy began, and supplies that reached to it; ends on the day of a sign."""
        edges = [lmp - timedelta(days=1), lmp]
        if self._chance(0.3):
            kind = self._random.choice(["art.start", "art.on", "hiv.diagnosis"])
            self._say(client, "", kind, self._random.choice([*edges, lmp - timedelta(days=90)]))
        if self._chance(0.2):
            self._say(client, "", "art.dispense", self._random.choice(edges) - timedelta(days=30), "30")
        if self._chance(0.1):
            self._say(client, "", "art.stop", self._random.choice(edges))

    def _infancy(self, client: str, mother: str) -> None:
        born = self._random.choice(
            [self._near(250), self._near(250), add_months(self._near(30), -18), self._two_years(), *self._deliveries()]
        )
        if self._chance(0.85):
            self._say(client, mother, "child.dob", born)
        edges = [add_months(born, months) + timedelta(days=n) for months in (2, 12) for n in (0, 1)]
        edges += edges[:2]  # two months are an edge of several indicators
        for _ in range(self._random.choice([0, 1, 2, 2, 3])):
            purpose = self._random.choice(["", "6w", "confirm"])
            sampled = self._random.choice([*edges, self._near(30)])
            self._say(client, mother, "eid.sample", sampled, purpose)
            if self._chance(0.85):
                given = sampled + timedelta(days=self._random.choice([-1, 0, 20]))
                self._say(client, mother, "eid.result_given", given)
        self._final_tests(client, mother, born)

    def _final_tests(self, client: str, mother: str, born: date) -> None:
        """Tests at the edges of 18 and 24 months, and of children at other ages."""
        edges = [add_months(born, months) + timedelta(days=n) for months in (18, 24) for n in (-1, 0, 1)]
        if self._chance(0.1):
            self._say(client, mother, "exposed", born)
        for _ in range(self._random.choice([0, 0, 1, 2])):
            day = self._random.choice([*edges, self._near(30)])
            kind = self._random.choice(["antibody.test", "hiv.test", "eid.result"])
            sampled = ""
            if kind == "eid.result" and self._chance(0.5):
                sampled = self._say(client, mother, "eid.sample", day)
                day += timedelta(days=self._random.choice([0, 1, 30]))
            self._say(client, mother, kind, day, self._random.choice(["neg", "pos", "pos"]), ref=sampled)

    def _deliveries(self) -> list[date]:
        return [fact.day for fact in self._facts if fact.kind == "delivery"]

    def _two_years(self) -> date:
        """A birth whose second birthday lies in the period or a day beside it."""
        return add_months(self._random.choice([self._period.start, self._period.end, self._near(1)]), -24)

    def _treatment(self, client: str, mother: str) -> None:
        supplies = [self._random.choice([30, 90, 180]) for _ in range(self._random.choice([1, 2, 2, 3]))]
        days = []
        for supply in supplies:
            day = self._random.choice([self._period.day_before, self._period.end])
            days.append(day - timedelta(days=supply + self._random.choice(LATE)))
            if self._chance(0.3):
                days[-1] = self._near(60)
            self._say(client, mother, "art.dispense", days[-1], str(supply))
        for kind, often in (("art.start", 0.4), ("art.on", 0.4), ("art.restart", 0.15)):
            if self._chance(often):
                months = self._random.choice([0, 3, 6])
                self._say(client, mother, kind, add_months(min(days), -months) + timedelta(days=supplies[0]))
        self._viral_loads(client, mother, min(days))
        if self._chance(0.4):
            self._say(client, mother, self._random.choice(["enrolled", "transfer.in"]), self._near(90))

    def _viral_loads(self, client: str, mother: str, began: date) -> None:
        """Results around a year before the end and around the lines of suppression, some with a sample named."""
        year_ago = add_months(self._period.end, -12)
        edges = [self._period.end, *(year_ago + timedelta(days=n) for n in (0, 1, 2))]
        for _ in range(self._random.choice([0, 1, 1, 2])):
            day = self._random.choice([*edges, self._near(200)])
            copies = self._random.choice(["LDL", "<50", "50", "51", "200", "201", "999", "1000", ">1000"])
            sampled = self._say(client, mother, "vl.sample", day - timedelta(days=self._random.choice([0, 1, 40])))
            named = sampled if self._chance(0.5) else ""
            self._say(client, mother, "vl.result", day, copies, ref=named)
        if self._chance(0.2):
            start = add_months(self._period.end, -3) + timedelta(days=self._random.choice([0, 1]))
            self._say(client, mother, "art.start", min(began, start))

    def _cohort(self, client: str, mother: str) -> None:
        """A beginning in the period or so many months before it, and what happened around the day she is judged."""
        months = self._random.choice([1, 3, 6, 12, 12, 12, 24])
        start = self._random.choice([self._near(30), add_months(self._near(30), -months)])
        day = add_months(start, months)
        self._say(client, mother, "art.start", start)
        supply = self._random.choice([30, 90])
        late = timedelta(days=supply + self._random.choice([-10, -10, -10, *LATE]))
        self._say(client, mother, "art.dispense", self._random.choice([start, day - late]), str(supply))
        if self._chance(0.5):
            kind = self._random.choice(["art.dispense", "transfer.out", "transfer.in", "death", "art.stop"])
            value = "30" if kind == "art.dispense" else ""
            self._say(client, mother, kind, day + timedelta(days=self._random.choice([-20, -1, 0, 1])), value)
        if not mother:
            self._carried(client, start)

    def _carried(self, client: str, start: date) -> None:
        """A pregnancy or a birth around the day on which treatment began."""
        lmp = start - timedelta(days=self._random.choice([0, 30, 308, 309]))
        born = self._random.choice([start, start + timedelta(days=1), lmp, add_months(start, -24)])
        if self._chance(0.6):
            self._say(client, "", "pregnancy.lmp", lmp)
        if self._chance(0.8):
            self._say(client, "", "delivery", born, self._random.choice(["live", "live", "live", "stillbirth"]))
        if self._chance(0.3):
            kind, value = self._random.choice([("bf.stopped", ""), ("feeding", "stopped"), ("feeding", "exclusive")])
            self._say(client, "", kind, start + timedelta(days=self._random.choice([-1, 0, 1])), value)

    def _ends(self, client: str, mother: str) -> None:
        kinds = ["transfer.out", "transfer.out", "refused", "art.stop", "death"]  # care ends most transfers
        for kind in self._random.sample(kinds, self._random.choice([0, 0, 1, 1, 2])):
            known = [fact.day for fact in self._facts if fact.client == client] or [self._near(60)]
            value = self._random.choice(["art", "all", "visits"]) if kind == "refused" else ""
            self._say(client, mother, kind, self._random.choice([max(known), *known, self._near(60)]), value)
        if self._chance(0.3):
            self._say(client, mother, self._random.choice(["visit", "refusal.ended", "vaccine.bcg"]), self._near(30))

    def _say(self, client: str, mother: str, kind: str, day: date, text: str = "", *, ref: str = "") -> str:
        """State a fact; gives its record."""
        known = vocabulary().kind(kind)
        assert known
        value, number = parse_value(known, text)
        self._facts.append(
            Fact(
                client=client,
                role="infant" if mother else "mother",
                kind=kind,
                day=day + timedelta(days=280 if kind == "pregnancy.edd" else 0),
                value=value,
                number=number,
                mother=mother,
                source=self._random.choice(SOURCES),
                site=self._random.choice(SITES),
                record=f"{self._name}.{len(self._facts)}",
                ref=ref,
                received=datetime(day.year, day.month, day.day) + timedelta(days=self._random.randrange(5)),
            )
        )
        return self._facts[-1].record

    def _corrections(self) -> tuple[tuple[Relation, datetime], ...]:
        records = [*(fact.record for fact in self._facts), f"{self._name}.x", f"{self._name}.y"]
        found = {}
        for _ in range(self._random.choice([0, 0, 1, 2])):
            record, target = self._random.sample(records, 2)
            verb = self._random.choice(["amends", "withdraws", "same_event_as"])
            found[record] = (Relation(record, verb, target), datetime(2025, 1, 1))
        return tuple(found.values())

    def _near(self, days: int) -> date:
        """A day of the period, or up to so many days before it or a few after."""
        length = (self._period.end - self._period.start).days
        return self._period.start + timedelta(days=self._random.randrange(-days, length + 4))

    def _chance(self, of_one: float) -> bool:
        return self._random.random() < of_one


def together(families: list[History]) -> History:
    """Many families in one history."""
    return History(tuple(f for h in families for f in h.facts), tuple(r for h in families for r in h.relations))
