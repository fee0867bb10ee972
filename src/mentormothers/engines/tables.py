"""The relations that a compiled query reads, made from a history and from what is known of sites."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from mentormothers.facts.days import add_months, day_number
from mentormothers.facts.fact import History
from mentormothers.facts.standing import standings
from mentormothers.indicators.delivery import SiteModel, spells

OBSERVATION = {
    "client": "text", "role": "text", "mother": "text", "kind": "text", "day": "bigint", "value": "text",
    "number": "bigint", "record": "text", "ref": "text", "source": "text", "site": "text", "position": "bigint",
}  # fmt: skip
STANDING = {"record": "text", "stands": "bigint", "event": "text"}
CALENDAR = {"day": "bigint", "month": "bigint", "dom": "bigint", "length": "bigint"}
SITE_MODEL = {"site": "text", "model": "text", "since": "bigint", "until": "bigint"}

_COLUMNS = {"observation": OBSERVATION, "standing": STANDING, "calendar": CALENDAR, "site_model": SITE_MODEL}

Row = tuple[object, ...]
Named = tuple[str, dict[str, str], Iterable[Row]]


@dataclass(frozen=True)
class Tables:
    """Rows for observation, standing and calendar, in the order of the columns above."""

    observation: list[Row]
    standing: list[Row]
    calendar: list[Row]


def tables(history: History) -> Tables:
    """All that an engine needs to know of a history. `position` numbers facts by when they were received."""
    received = sorted(history.facts, key=lambda fact: (fact.received, fact.record, fact.kind, fact.value))
    return Tables(
        observation=[
            (
                fact.client, fact.role, fact.mother, fact.kind, day_number(fact.day), fact.value, fact.number,
                fact.record, fact.ref, fact.source, fact.site, position,
            )
            for position, fact in enumerate(received)
        ],
        standing=[
            (record, int(standing.stands), standing.event)
            for record, standing in standings(relation for relation, _ in history.relations).items()
        ],
        calendar=list(calendar_for(*_span(history))),
    )  # fmt: skip


def named_tables(history: History, models: Iterable[SiteModel] = ()) -> list[Named]:
    """The same as name, columns and rows of each, and the delivery models of sites."""
    content = tables(history)
    rows = (content.observation, content.standing, content.calendar, site_model_rows(models))
    return [(name, columns, found) for (name, columns), found in zip(_COLUMNS.items(), rows, strict=True)]


def gathered_tables(rows: Mapping[str, Iterable[Row]], first: date, last: date) -> list[Named]:
    """The same of rows that a database gives, by the name of each, with facts of these days."""
    given = dict(rows) | {"calendar": calendar_for(first, last)}
    return [(name, columns, given[name]) for name, columns in _COLUMNS.items()]


def site_model_rows(models: Iterable[SiteModel]) -> list[Row]:
    """Each delivery model of a site with the days from which and until (not including) which it holds."""
    return [(one.site, one.model, day_number(one.since), day_number(one.until)) for one in spells(models)]


def calendar(first: date, last: date) -> Iterator[Row]:
    """One row a day, whole months: day number, month index, day of month, length of the month."""
    month = date(first.year, first.month, 1)
    while month <= last:
        start = day_number(month)
        length = day_number(add_months(month, 1)) - start
        index = month.year * 12 + month.month - 1
        for dom in range(1, length + 1):
            yield start + dom - 1, index, dom, length
        month = add_months(month, 1)


def calendar_for(first: date, last: date) -> Iterator[Row]:
    """The calendar that facts of these days can be counted from."""
    return calendar(*calendar_span(first, last))


def calendar_span(first: date, last: date) -> tuple[date, date]:
    """The days that facts of these days can be counted from, and twenty years on (the longest offset there is)."""
    return add_months(first, -12), add_months(last, 20 * 12)


def _span(history: History) -> tuple[date, date]:
    days = [fact.day for fact in history.facts] or [date(2000, 1, 1)]
    return min(days), max(days)
