"""Looking for a woman who did not come: by what she agreed to, in steps, until she is back or nobody expects her.

What a mentor finds depends on what is true: a wrong number reaches nobody, a woman who went elsewhere may say so, a
neighbour tells of a death.
"""

from collections.abc import Iterator
from typing import Literal

from mentormothers.simulation.chances import Chances
from mentormothers.simulation.logbook import Logbook
from mentormothers.simulation.parameters import Tracing
from mentormothers.simulation.people import NEVER, Stay

Situation = Literal["late", "left", "elsewhere", "dead"]
_HEARD_WITHIN = 2  # days from a visit that tells of a death to the register


def look_for(
    book: Logbook, stay: Stay, missed: int, until: int, situation: Situation, chances: Chances, tracing: Tracing
) -> int:
    """Look for her from the day she missed. Gives the day she comes because she was reached, or NEVER.

    until  the day she comes anyway, or the site hears why she does not
    """
    woman = book.woman
    if not woman.consents["follow_up"] or not chances.happens(tracing.looked_for):
        return NEVER
    back, found, attempt = NEVER, False, ""
    for way, day in _steps(book, missed, chances, tracing):
        if day >= min(until, back):
            break
        attempt = book.note(
            woman, day, "trace.attempt", way, source="observed", stay=stay, after_death=situation == "dead"
        )
        if not attempt:
            break
        reached = chances.happens(_reach(way, tracing, phone_right=woman.phone_right))
        outcome = _outcome(situation, chances, tracing) if reached else "not_located"
        book.note(
            woman, day, "trace.outcome", outcome, source="client_told", ref=attempt, stay=stay,
            after_death=situation == "dead",
        )  # fmt: skip
        if outcome == "died_reported":
            woman.death_known = day + _HEARD_WITHIN
        if situation == "left" and outcome == "returning" and chances.happens(tracing.returns_when_reached):
            back = day + chances.within(tracing.returns_after_days)
        found = found or reached
        if reached:
            break
    if attempt:
        woman.traced.append((found, back < NEVER or (found and situation == "late")))
    return back


def _steps(book: Logbook, missed: int, chances: Chances, tracing: Tracing) -> Iterator[tuple[str, int]]:
    """What is done on which day, by consent: a message, a call, a visit, a second visit."""
    agreed = book.woman.consents
    if agreed["sms"] and book.woman.phone != "none":
        yield "sms", missed + chances.within(tracing.sms_day)
    if agreed["phone"] and book.woman.phone != "none":
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
        case "late" | "left":
            return "returning"
