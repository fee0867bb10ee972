"""What a mentor has before her when she writes: everything told of one family on one day at one site.

The simulation says what happened, fact by fact; a mentor fills in a form. A sitting is the heap between the two:
each form takes from it what it asks for, until nothing that any form asks for is left.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from mentormothers.simulation.logbook import Logbook, Note
from mentormothers.simulation.people import Person, Stay


@dataclass
class Sitting:
    """What was told on a day (a day number) of a family that a site knows under one alias."""

    day: int
    stay: Stay
    notes: list[Note]

    def take(self, *kinds: str, about: Person | None = None) -> list[Note]:
        """Take all notes of these kinds, of one person or of anybody, from the heap."""
        taken = [note for note in self.notes if note.kind in kinds and about in (None, note.who)]
        self.notes = [note for note in self.notes if not any(note is one for one in taken)]
        return taken

    def take_one(self, *kinds: str, about: Person | None = None) -> Note | None:
        """The first note of these kinds, all of which are taken."""
        return next(iter(self.take(*kinds, about=about)), None)

    def tells(self, *kinds: str, about: Person | None = None) -> bool:
        """Whether any such note is still on the heap."""
        return any(note.kind in kinds and about in (None, note.who) for note in self.notes)


@dataclass(frozen=True)
class Afterthought:
    """A note about an earlier one: a copy of it, a correction, a withdrawal, a link between two."""

    note: Note
    copy: bool


def sittings(book: Logbook) -> tuple[list[Sitting], list[Afterthought]]:
    """A story as sittings in the order of days, and what was written about them later."""
    first = list(book.notes)
    book.lines()  # adds what the mentor copied, mistook and put right
    known = {id(note) for note in first}
    later = [Afterthought(note, copy=not note.amends) for note in book.notes if note.amends or id(note) not in known]
    heaps: dict[tuple[int, int, int], list[Note]] = defaultdict(list)
    for note in first:
        if not note.amends:
            heaps[note.said, note.stay.alias, note.stay.site.number].append(note)
    return list(_in_order(heaps)), later


def _in_order(heaps: dict[tuple[int, int, int], list[Note]]) -> Iterator[Sitting]:
    for (day, _, _), notes in sorted(heaps.items(), key=lambda item: item[0]):
        yield Sitting(day, notes[0].stay, notes)
