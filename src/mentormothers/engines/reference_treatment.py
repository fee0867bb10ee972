"""The reference of TX_CURR, TX_ML and TX_PVLS: who is on treatment, who no longer is, and whose virus is suppressed."""

from collections.abc import Iterator
from datetime import date, timedelta

from mentormothers.engines.reference_asked import MOVED, REFUSED, Added, Asked, expected
from mentormothers.engines.reference_people import Person, stop_days
from mentormothers.facts.days import add_months


def tx_curr(asked: Asked) -> Iterator[Added]:
    for client in asked.at_end.clients:
        if asked.on_treatment(asked.at_end.of(client), asked.end):
            yield Added(asked.home(client, asked.end), asked.end, numerator=1)


def tx_ml(asked: Asked) -> Iterator[Added]:
    for client in asked.at_end.clients:
        person = asked.at_end.of(client)
        base = _base_day(asked, client)
        if base is None:
            continue
        site = asked.home(client, base)
        if not asked.on_treatment(person, asked.end):
            yield Added(site, base, _outcome(asked, person), numerator=1)
        elif asked.moved(site, base, asked.home(client, asked.end), asked.end):
            yield Added(site, base, "transferred out", numerator=1)


def _base_day(asked: Asked, client: str) -> date | None:
    """The day before the period for whom it began with, the day of joining for who joined in it."""
    before = asked.start - timedelta(days=1)
    if asked.on_treatment(asked.before.of(client), before):
        return before
    person = asked.at_end.of(client)
    for kind in ("art.start", "art.dispense"):
        first = min(person.days(kind), default=None)
        if first and asked.within(first):
            return first
    return None


def _outcome(asked: Asked, person: Person) -> str:
    if person.died:
        return "died"
    if list(stop_days(MOVED, person)):
        return "transferred out"
    if any(list(stop_days(stop, person)) for stop in REFUSED):
        return "refused (stopped)"
    first = began(person)
    assert first is not None
    until = asked.end if asked.measured_to_end else (expected(person) or first)
    if until >= add_months(first, 6):
        return "IIT 6+ months"
    return "IIT 3-5 months" if until >= add_months(first, 3) else "IIT <3 months"


def began(person: Person) -> date | None:
    """The day of the earliest sign of treatment."""
    return min((day for kind in ("art.start", "art.on", "art.dispense") for day in person.days(kind)), default=None)


def tx_pvls(asked: Asked) -> Iterator[Added]:
    for client in asked.at_end.clients:
        person = asked.at_end.of(client)
        first, result = began(person), asked.latest_viral_load(person)
        if first is None or result is None or add_months(first, 3) > asked.end:
            continue
        if add_months(asked.counted_day(person, result), 12) <= asked.end:
            continue
        if asked.must_be_current and not asked.on_treatment(person, asked.end):
            continue
        suppressed = result in person.matching(asked.suppressed)
        yield Added(asked.home(client, asked.end), asked.end, numerator=int(suppressed), denominator=1)
