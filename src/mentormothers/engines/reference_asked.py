"""A question about the people of a history, as the reference of the indicators asks it, and what each client adds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from mentormothers.engines.reference_people import PLACES, People, Person, Told, people, stop_days
from mentormothers.facts.fact import History
from mentormothers.indicators.delivery import UNKNOWN, Spell
from mentormothers.indicators.model import Question
from mentormothers.protocol.terms import Match, Stop

MOVED = Stop(Match("transfer.out"))
REFUSED = (Stop(Match("refused", values=("art", "all"))), Stop(Match("art.stop")))
SIGNS = ("art.start", "art.on", "art.restart", "art.dispense")


@dataclass(frozen=True)
class Added:
    """What one client adds at a site on a day: to a part of the numerator, or to the denominator."""

    site: str
    day: date
    part: str = ""
    numerator: int = 0
    denominator: int = 0


class Asked:
    """A question with everyone in the history as they stand at the end of its period and before it."""

    def __init__(self, question: Question, history: History, models: Sequence[Spell]) -> None:
        self._question = question
        self._history = history
        self._models = models
        self.start = question.period.start
        self.end = question.period.end
        self.known_until = question.known_until
        self.measure = question.measure
        self.by = question.by
        self.at_end = people(history, question.as_of)

    def place(self, site: str, day: date) -> str:
        """What a site on a day is counted for: nothing but the programme, itself, or its delivery model."""
        if not self.by or not site:
            return ""
        return site if self.by == "site" else self._model(site, day)

    def places(self) -> set[str]:
        """Everything that numbers are given for: every site that a fact names, or its model on the last day."""
        return {self.place(site, self._question.as_of) for site in self.sites()} if self.by else set()

    def moved(self, site: str, day: date, to: str, then: date) -> bool:
        """Whether who was at a site on a day and at another later went out of what is counted."""
        if not self.by or not site or not to or site == to:
            return False
        return self.place(site, day) != self.place(to, then)

    def _model(self, site: str, day: date) -> str:
        found = (one.model for one in self._models if one.site == site and one.since <= day < one.until)
        return next(found, UNKNOWN)

    @cached_property
    def before(self) -> People:
        """Everyone as they stood on the day before the period."""
        return people(self._history, self._question.period.day_before)

    def alone(self, client: str, day: date) -> Person:
        """One client as she stood on a day, by her own facts: enough for her treatment, and quickly made."""
        return self.at_end.alone(client, day)

    @property
    def measured_to_end(self) -> bool:
        """Whether time on treatment is measured to the end of the period."""
        return self._question.measure.choice("duration") == "to_period_end"

    @property
    def must_be_current(self) -> bool:
        """Whether only those on treatment at the end count."""
        return self._question.measure.choice("current") == "required"

    @property
    def suppressed(self) -> Match:
        """The viral load results that count as suppressed."""
        return self._question.measure.suppressed

    def counted_day(self, person: Person, result: Told) -> date:
        """The day by which a viral load result counts: its own, or that of its sample if one is known."""
        sample = person.sample_of(result) if self._question.measure.choice("dated") == "sample" else None
        return sample.day if sample else result.day

    def latest_viral_load(self, person: Person) -> Told | None:
        results = person.matching(Match("vl.result"))
        return max(results, key=lambda t: (self.counted_day(person, t), t.day), default=None)

    def within(self, day: date) -> bool:
        return self.start <= day <= self.end

    def on_treatment(self, person: Person, day: date) -> bool:
        """Supplied to that day or not beyond the lost line, alive, and nothing has ended it. `person` as of the day."""
        reach = expected(person)
        if reach is None or person.died or any(list(stop_days(stop, person)) for stop in (MOVED, *REFUSED)):
            return False
        late, lost = (day - reach).days, self._question.measure.lost
        return late <= lost.days if lost.operator == "gt" else late < lost.days

    def home(self, client: str, day: date) -> str:
        """Where a client was at home on a day: by her own facts, otherwise her mother's, otherwise nowhere."""
        person = self.at_end.of(client)
        return _home(person, day) or (_home(self.at_end.of(person.mother_id), day) if person.mother_id else "")

    def sites(self) -> set[str]:
        """Every site that a fact names."""
        people = (self.at_end.of(client) for client in self.at_end.clients)
        return {told.fact.site for person in people for told in person.stated} - {""}


def expected(person: Person) -> date | None:
    """The day to which the latest supply reaches."""
    supplies = person.matching(Match("art.dispense"))
    if not supplies:
        return None
    days = supplies[-1].fact.number
    assert days is not None  # the vocabulary asks for it
    return supplies[-1].day + timedelta(days=days)


def _home(person: Person, day: date) -> str:
    placed = [t for t in person.stated if t.fact.kind in PLACES and t.fact.site and t.day <= day]
    return max(placed, key=lambda t: (t.day, t.position)).fact.site if placed else ""
