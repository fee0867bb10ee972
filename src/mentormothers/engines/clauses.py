"""Clauses of SQL that the schedule and the indicators share, so that each rule is written once."""

from collections.abc import Iterable

from mentormothers.engines.portable import EVERYTHING, filled, is_care, texts
from mentormothers.facts.vocabulary import vocabulary
from mentormothers.protocol.terms import Match, Offset, Stop

MAKES_HOME = ("art.dispense", "transfer.in", "enrolled")  # the latest says where a client is at home (vocabulary)


def matches(alias: str, match: Match) -> str:
    """Whether the fact `alias` is of a kind and, where asked, has a value."""
    parts = [f"{alias}.kind = {texts([match.name])}"]
    if match.values:
        parts.append(f"{alias}.value IN ({texts(match.values)})")
    if match.at_least is not None:
        parts.append(f"{alias}.number >= {match.at_least}")
    if match.below is not None:
        parts.append(f"{alias}.number < {match.below}")
    return " AND ".join(parts)


def holds(stop: Stop, until: str = ":as_of", facts: str = "fact") -> str:
    """Whether nothing has lifted a stop `f` by a day. Reads fact, or what else holds facts, and care (`care`)."""
    if stop.until:
        return f"""NOT EXISTS (SELECT 1 FROM {facts} u WHERE u.client = f.client AND u.day > f.day AND u.day <= {until}
                               AND {matches("u", stop.until)})"""
    if not stop.until_care:
        return "1 = 1"
    assert stop.match is not None
    came = "c.day > f.day"
    if stop.match.kind == "transfer.out":  # care at the other site on the same day shows that she arrived
        came += " OR (c.day = f.day AND (c.site <> f.site OR c.site = '' OR f.site = ''))"
    held = f"NOT EXISTS (SELECT 1 FROM care c WHERE c.client = f.client AND c.day <= {until} AND ({came}))"
    if stop.match.kind == "refused":
        held += f""" AND NOT EXISTS (SELECT 1 FROM fact u WHERE u.client = f.client
                    AND u.kind = 'refusal.ended' AND u.day >= f.day AND u.day <= {until})"""
    return held


def care(stops: Iterable[Match]) -> str:
    """The step that such stops look at: the care of clients who have them (care.sql)."""
    kinds = sorted({stop.kind for stop in stops})
    return filled("care", {"stops": texts(kinds or [""]), "is_care": is_care("s.kind", vocabulary())})


def home_site(which: str = EVERYTHING) -> str:
    """Where each client is at home (home_site.sql), if she is one of those."""
    return filled("home_site", {"home_kinds": texts(MAKES_HOME), "by_site": which})


def later(day: str, offset: Offset, alias: str, supply: str = "NULL") -> tuple[str, str]:
    """A day plus an offset, and the calendar joins that calendar months need."""
    if offset.supply:
        return f"{day} + {supply}", ""
    if not offset.months:
        return (f"{day} + {offset.days}" if offset.days else day), ""
    a, z = f"{alias}a", f"{alias}z"
    join = (
        f"LEFT JOIN calendar {a} ON {a}.day = {day}"
        f" LEFT JOIN calendar {z} ON {z}.month = {a}.month + {offset.months} AND {z}.dom = 1"
    )
    return f"({z}.day + CASE WHEN {a}.dom > {z}.length THEN {z}.length ELSE {a}.dom END - 1)", join
