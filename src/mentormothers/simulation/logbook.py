"""What is written down about a family: facts under the ids of the site, in the hand of its mentor.

The mentor's habits show here: when her phone sends what she wrote, visits written twice, slips and their corrections.
What a person knows and the site does not (that two ids are one woman) never enters a row.
"""

from dataclasses import dataclass
from functools import cache

from mentormothers.facts.csv_file import COLUMNS
from mentormothers.facts.days import day_of
from mentormothers.simulation.chances import Chances, key_of
from mentormothers.simulation.parameters import Writing
from mentormothers.simulation.people import Baby, Person, Stay, Woman

ORGANISATION = "synthetic"
HEADER = ",".join(COLUMNS)
ROUND_DAYS = (1, 10, 15, 20)
_TWICE = frozenset({"anc.contact", "art.dispense", "session"})
_CHILD_FROM = 730  # days; an infant becomes a child at two years


@cache
def iso(day: int) -> str:
    """A day number as 2025-03-04."""
    return day_of(day).isoformat()


def month_of(day: int) -> str:
    """A day number as 2025-03, the form of a date known to the month."""
    return iso(day)[:7]


def day_that_month_means(day: int) -> int:
    """The day that a date known to the month counts as: its 15th."""
    return day - day_of(day).day + 15


@dataclass(slots=True)
class Note:
    """One row of the facts file before it is text."""

    day: int
    order: int
    who: Person
    stay: Stay
    client: str
    role: str
    mother: str
    kind: str
    date: str
    value: str
    ref: str
    source: str
    record: str
    said: int
    recorded: int
    amends: str = ""

    def line(self) -> str:
        """As a line of the facts file. No value of the simulation needs quoting."""
        return (
            f"{self.client},{self.role},{self.mother},{self.kind},{self.date},{self.value},{self.ref},{self.source},"
            f"{self.stay.site.code},{ORGANISATION},{self.record},{iso(self.recorded)},{self.amends}"
        )


class Logbook:
    """Everything written down about one woman and her babies until the last day of the run."""

    def __init__(self, woman: Woman, *, seed: int, end: int, habits: Writing) -> None:
        self.woman, self.end, self._habits = woman, end, habits
        self._key = key_of(seed, "ids")
        self._chances = Chances(seed, "writing", woman.arrival.number)
        self._clients: dict[tuple[int, int], str] = {}
        self._motherless: set[int] = set()
        self._numbers: dict[str, int] = {}
        self._received: dict[tuple[int, int], int] = {}
        self.notes: list[Note] = []
        self.known: list[tuple[Woman | Baby, int, Stay]] = []

    def client(self, who: Person, alias: int) -> str:
        """The id under which a site knows a person: 16 hexadecimal digits that say nothing."""
        key = who.slot, alias
        if key not in self._clients:
            self._clients[key] = f"{key_of(self._key, self.woman.arrival.number, who.slot * 64 + alias):016x}"
        return self._clients[key]

    def mother_at(self, alias: int) -> str:
        """The mother's id for her babies at a site; empty where she died before the site saw them."""
        return "" if alias in self._motherless else self.client(self.woman, alias)

    def note(
        self, who: Person, day: int, kind: str, value: str = "", *, source: str = "register", ref: str = "",
        stay: Stay | None = None, said: int | None = None, date: str = "", after_death: bool = False,
    ) -> str:  # fmt: skip
        """Write one fact and give its record id; empty when it lies after the run's end or the person's death.

        said  when it was told, if not on the day itself; `date` how it is written, if not as a whole day
        """
        if day > self.end or (said or day) > self.end or (day > who.died and not after_death):
            return ""
        stay = stay or self.woman.stay_on(day)
        client = self.client(who, stay.alias)
        number = self._numbers[client] = self._numbers.get(client, 0) + 1
        record = f"{client}-{number}"
        role, mother = "mother", ""
        if who is not self.woman:
            role = "infant" if day - who.born < _CHILD_FROM else "child"
            mother = self.mother_at(stay.alias)
        self.notes.append(
            Note(day, len(self.notes), who, stay, client, role, mother, kind, date or iso(day), value, ref, source,
                 record, said or day, self._recorded(said or day, stay))
        )  # fmt: skip
        return record

    def round_day(self, day: int, not_before: int) -> int:
        """The day as the mentor dates it: some date talks and contacts to the last round day."""
        heaps = self.woman.stay_on(day).mentor.heaps
        if not heaps or not self._chances.happens(heaps):
            return day
        month = day_of(day).day
        rounded = day - month + max(number for number in ROUND_DAYS if number <= month)
        return rounded if rounded >= max(not_before, self.woman.stay_on(day).since) else day

    def meet(self) -> None:
        """Gather whom each site knows under which id, once everything but the enrolments is written."""
        people: dict[int, Woman | Baby] = {0: self.woman} | {baby.slot: baby for baby in self.woman.babies()}
        first: dict[tuple[int, int], tuple[int, Stay]] = {}
        for note in self.notes:
            key = note.stay.alias, note.who.slot
            if key not in first or note.said < first[key][0]:
                first[key] = note.said, note.stay
        self._add_mothers(first)
        self.known = [(people[slot], *first[alias, slot]) for alias, slot in sorted(first)]

    def _add_mothers(self, first: dict[tuple[int, int], tuple[int, Stay]]) -> None:
        """A site that sees a baby enrols its mother too; where she has died before, it never hears her name."""
        for (alias, _), (day, stay) in list(first.items()):
            if (alias, 0) in first:
                continue
            if day <= self.woman.died:
                first[alias, 0] = day, stay
            else:
                self._motherless.add(alias)
                for note in self.notes:
                    note.mother = "" if note.stay.alias == alias else note.mother

    def lines(self) -> list[str]:
        """All rows as text, by day, with the mentor's copies, slips and corrections."""
        for note in list(self.notes):
            if note.kind in _TWICE and note.stay.mentor.copies:
                self._perhaps_copy(note)
            if note.kind == "growth.weight" and self._chances.happens(self._habits.wrong_weight):
                self._slip(note)
        self.notes.sort(key=lambda note: (note.day, note.order))
        return [note.line() for note in self.notes]

    def write_for_wrong_woman(self, day: int) -> None:
        """A talk that was another woman's, withdrawn when somebody noticed."""
        record = self.note(self.woman, day, "session", "one_to_one", source="observed")
        if record:
            self._add(
                self.notes[-1], "withdraws:" + record, self._chances.within(self._habits.corrected_after_days), ref=""
            )

    def _recorded(self, said: int, stay: Stay) -> int:
        """When what was said on a day reached the programme: one form, one day."""
        key = said, stay.alias
        if key not in self._received:
            late = self._chances.happens(self._habits.entered_late)
            entered = said + (self._chances.within(self._habits.entered_late_days) if late else 0)
            self._received[key] = entered + (stay.mentor.sync_on - entered) % stay.mentor.sync_every
        return self._received[key]

    def _perhaps_copy(self, note: Note) -> None:
        if not self._chances.happens(note.stay.mentor.copies):
            return
        copy = self._add(note, "", self._chances.within(self._habits.copied_after_days), ref=note.ref)
        if self._chances.happens(self._habits.copy_found):
            self._add(
                note,
                "same_event_as:" + note.record,
                self._chances.within(self._habits.copy_found_after_days),
                ref=copy.record,
            )

    def _slip(self, note: Note) -> None:
        right = note.value
        note.value = f"{float(right) * 10:.1f}"
        self._add(
            note, "amends:" + note.record, self._chances.within(self._habits.corrected_after_days), ref="", value=right
        )

    def _add(self, note: Note, amends: str, after: int, *, ref: str, value: str | None = None) -> Note:
        number = self._numbers[note.client] = self._numbers[note.client] + 1
        added = Note(
            note.day, len(self.notes), note.who, note.stay, note.client, note.role, note.mother, note.kind, note.date,
            note.value if value is None else value, ref, note.source, f"{note.client}-{number}",
            note.said, note.recorded + after, amends,
        )  # fmt: skip
        self.notes.append(added)
        return added
