"""A family as its mentors write about it: who is who, what each site knows by now, and the number of each form."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from mentormothers.config.demo.sittings import Sitting
from mentormothers.config.demo.writing.written import Answers, Written, given
from mentormothers.simulation.chances import Chances
from mentormothers.simulation.identities import COLUMNS, Clerk
from mentormothers.simulation.logbook import Logbook, Note
from mentormothers.simulation.people import Person


class Family:
    """The writing about one family.

    said    each client's row as the simulation's clerk writes it, by id
    joined  the babies who are clients already, by the alias of the site's mother and their slot
    cared_for  those of them whom somebody else than their mother looks after
    partner_came  a partner of hers was enrolled
    somebody_was_there  it was settled whether a baby without its mother is brought on the day of a visit of hers
    cards   how many cards each woman was given, by her id
    holds   the key of the form that tells each of the simulation's records
    """

    def __init__(self, book: Logbook, clerk: Clerk, chances: Chances) -> None:
        self.book, self.chances = book, chances
        self.said = {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in clerk.rows()}
        self.joined: set[tuple[int, int]] = set()
        self.cared_for: set[tuple[int, int]] = set()
        self.partner_came = False
        self.somebody_was_there = False
        self.cards: dict[UUID, int] = {}
        self.holds: dict[str, str] = {}
        self._number = 0

    def client(self, who: Person, sitting: Sitting) -> UUID:
        """The id under which the site of a sitting knows somebody."""
        return UUID(hex=self.book.client(who, sitting.stay.alias) * 2)

    def status_on(self, day: int) -> str:
        """What a form is opened with of her status."""
        return "pos" if self.book.woman.found <= day else ""

    def form(
        self, sitting: Sitting, form: str, who: Person, answers: Answers, notes: Sequence[Note | None], **more: Any
    ) -> Written:
        """A form filled in at a sitting, which tells these notes; `about`: of somebody else than the family's `who`."""
        held = [note for note in notes if note]
        self._number += 1
        key = f"{self.book.woman.arrival.number}-{self._number}"
        self.holds |= {note.record: key for note in held}
        return Written(
            key=key, told=frozenset(note.record for note in held), day=sitting.day,
            sent=max((note.recorded for note in held), default=sitting.day), mentor=sitting.stay.mentor.code, form=form,
            about=more.pop("about", None) or self.client(who, sitting), answers=given(answers),
            source=more.pop("source", held[0].source if held else "observed"), **more,
        )  # fmt: skip
