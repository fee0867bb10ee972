"""What a mentor's phone sends: the forms of simulated families, written as the demo's mentors write them.

Everybody is invented. All families are written on one phone, whatever sites their stories lead to.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

from mentormothers.care.records import uuid7
from mentormothers.config.demo.phone import Parcel, SyntheticPhone
from mentormothers.config.demo.sending import Sender, forms_of_phones
from mentormothers.config.demo.writing import written_by_mentors
from mentormothers.config.demo.writing.written import Written
from mentormothers.config.simulating import read_content, read_world
from mentormothers.facts.days import day_of
from mentormothers.simulation.programme import Plan, Programme

_PLAN = (1_000_000, date(2022, 1, 1), 24, 12)


def parcels(phone: SyntheticPhone, author: str, seed: int, number: int) -> list[Parcel]:
    """So many parcels of one simulated family after another."""
    return list(islice(_parcels(phone, author, seed), number))


def _parcels(phone: SyntheticPhone, author: str, seed: int) -> Iterator[Parcel]:
    clients, start, months, sites = _PLAN
    programme = Programme(read_world(read_content()), Plan(clients, seed, start, months, sites))
    forms = forms_of_phones()
    for arrival in programme.arrivals():
        book = programme.story(arrival)
        written = written_by_mentors(book, programme.clerk(book), seed=seed)
        sender = Sender(phone, author, forms, {one.key: uuid7(_moment(one)) for one in written})
        yield from (sender.parcel(one, _moment(one)) for one in sorted(written, key=lambda one: one.day))


def _moment(written: Written) -> datetime:
    return datetime.combine(day_of(written.day), time(10, 30), ZoneInfo("Africa/Blantyre"))
