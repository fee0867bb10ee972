"""What a mentor does at a visit beside the nurse's work: a talk, its topics, the partner, whom she has told."""

from mentormothers.simulation.chances import Chances
from mentormothers.simulation.logbook import Logbook
from mentormothers.simulation.parameters import Parameters, Talks


def talk(book: Logbook, chances: Chances, parameters: Parameters) -> None:
    """Talks on some of the days the mentor saw her, the first on the day they met."""
    woman, talks = book.woman, parameters.talks
    asked = told = False
    last = woman.arrival.day - 1
    for day in sorted(set(woman.visits)):
        if day < woman.arrival.day or not (day == woman.arrival.day or chances.happens(talks.at_a_visit)):
            continue
        written = book.round_day(day, last + 1)
        session = _session(book, written, chances, talks)
        if not session:
            continue
        last = written
        asked = asked or _partner(book, written, chances, talks)
        if woman.found <= written and not told and chances.happens(talks.disclosed):
            told = True
            book.note(woman, written, "disclosure", chances.pick(talks.disclosed_to), source="client_told")
        if chances.happens(parameters.writing.wrong_woman):
            book.write_for_wrong_woman(written)


def _session(book: Logbook, day: int, chances: Chances, talks: Talks) -> str:
    mode = chances.pick(talks.mode)
    if (mode == "home" and not book.woman.consents["home_visit"]) or day == book.woman.arrival.day:
        mode = "one_to_one"
    session = book.note(book.woman, day, "session", mode, source="observed")
    if session:
        book.note(book.woman, day, "topic", chances.pick(talks.topics), source="observed", ref=session)
    return session


def _partner(book: Logbook, day: int, chances: Chances, talks: Talks) -> bool:
    """Whether she told about her partner this time."""
    if not chances.happens(talks.partner_asked):
        return False
    kind, _, value = chances.pick(talks.partner).partition(" ")
    book.note(book.woman, day, kind, value, source="client_told")
    return True
