"""Looking for a woman who did not come: by what she agreed to, in steps, until she is back or nobody expects her.

What a mentor finds depends on what is true: a wrong number reaches nobody, a woman who went elsewhere may say so, a
neighbour tells of a death.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mentormothers.simulation.chances import Chances
from mentormothers.simulation.logbook import Logbook
from mentormothers.simulation.parameters import Tracing
from mentormothers.simulation.people import NEVER, Stay

Situation = Literal["late", "left", "elsewhere", "dead"]
NOT_LOCATED = "not_located"


@dataclass(frozen=True)
class Absence:
    """Who did not come, to which site, from which day on, and what is true of it.

    until  the day she comes anyway, or the site hears why she does not
    """

    book: Logbook
    stay: Stay
    missed: int
    until: int
    situation: Situation


def look_for(absence: Absence, chances: Chances, tracing: Tracing) -> int:
    """Look for her, step by step. Gives the day she comes because she was reached, or NEVER."""
    woman = absence.book.woman
    if not woman.consents["follow_up"] or not chances.happens(tracing.looked_for):
        return NEVER
    outcomes = []
    for way, day in _steps(absence, chances, tracing):
        outcome = _attempt(absence, way, day, chances, tracing) if day < absence.until else ""
        if outcome:
            outcomes.append(outcome)
        if outcome != NOT_LOCATED:
            break
    back = NEVER
    if absence.situation == "left" and outcomes and outcomes[-1] == "returning":
        back = day + chances.within(tracing.returns_after_days)
    if outcomes:
        reached = outcomes[-1] != NOT_LOCATED
        woman.traced.append((reached, back < NEVER or (reached and absence.situation == "late")))
    return back


def _attempt(absence: Absence, way: str, day: int, chances: Chances, tracing: Tracing) -> str:
    """Write one attempt. Gives its outcome; empty when it lies after the end of the run."""
    book, dead = absence.book, absence.situation == "dead"
    woman = book.woman
    attempt = book.note(woman, day, "trace.attempt", way, source="observed", stay=absence.stay, after_death=dead)
    if not attempt:
        return ""
    reached = chances.happens(_reach(way, tracing, phone_right=woman.phone_right))
    outcome = _outcome(absence.situation, chances, tracing) if reached else NOT_LOCATED
    book.note(
        woman, day, "trace.outcome", outcome, source="client_told", ref=attempt, stay=absence.stay, after_death=dead
    )
    if outcome == "died_reported":
        woman.death_known = day + int(tracing.death_written_days)
    return outcome


def _steps(absence: Absence, chances: Chances, tracing: Tracing) -> Iterator[tuple[str, int]]:
    """What is done on which day, by consent: a message, a call, a visit, a second visit."""
    woman, missed = absence.book.woman, absence.missed
    agreed = woman.consents
    if agreed["sms"] and woman.phone != "none":
        yield "sms", missed + chances.within(tracing.sms_day)
    if agreed["phone"] and woman.phone != "none":
        yield "call", missed + chances.within(tracing.call_day)
    if agreed["home_visit"]:
        yield "home", missed + chances.within(tracing.home_day)
        yield "home", missed + chances.within(tracing.second_home_day)


def _reach(way: str, tracing: Tracing, *, phone_right: bool) -> float:
    """The chance that somebody answers."""
    if way == "home":
        return tracing.reached_by_home
    if not phone_right:
        return 0.0
    return tracing.reached_by_call if way == "call" else tracing.reached_by_sms


def _outcome(situation: Situation, chances: Chances, tracing: Tracing) -> str:
    match situation:
        case "dead":
            return "died_reported"
        case "elsewhere":
            return "self_transferred" if chances.happens(tracing.tells_of_move) else "moved"
        case "late":
            return "returning"
        case "left":
            return "returning" if chances.happens(tracing.returns_when_reached) else chances.pick(tracing.says_instead)
