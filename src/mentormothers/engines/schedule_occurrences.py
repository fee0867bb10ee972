"""Every occurrence of every item with its window: one query for each item."""

from collections.abc import Iterator
from itertools import pairwise

from mentormothers.engines.clauses import later, matches
from mentormothers.engines.portable import greatest, least
from mentormothers.engines.schedule_terms import Days, Shared
from mentormothers.protocol.model import EventTerm, Item, Protocol


class Occurrences:
    """Writes the queries, in the order of the protocol's items."""

    def __init__(self, protocol: Protocol, shared: Shared) -> None:
        self._protocol = protocol
        self._shared = shared

    def __iter__(self) -> Iterator[str]:
        following = _next_in_series(self._protocol)
        for item in self._protocol.items:
            if item.repeat:
                yield self._repeated(item)
            elif _hangs_on_one_fact(item):
                yield self._windowed(item, self._of_facts(item))
            else:
                yield self._windowed(item, self._of_days(item), following.get(item.id))

    def _of_days(self, item: Item) -> str:
        """An item counted from one day of the client, picked from one or several."""
        days = Days(self._shared)
        raw = [days.raw(term) for term in item.anchor.terms]
        counted = [days.counted(term) for term in item.anchor.terms]
        anchor, needed = (least(counted), least(raw)) if item.anchor.pick == "first" else (greatest(counted), raw[0])
        if item.anchor.anew:
            anew = days.counted(item.anchor.anew)
            anchor = f"CASE WHEN {anew} > ({anchor}) THEN {anew} ELSE ({anchor}) END"
        return f"""
            SELECT b.client, 1 AS n, {least(raw)} AS base, {anchor} AS anchor, '' AS own
            FROM {self._shared.being} b JOIN anchors t ON t.client = b.client {days.joins}
            WHERE {needed} IS NOT NULL"""

    def _of_facts(self, item: Item) -> str:
        """An item that hangs on each, the first or the latest matching fact, or on that fact's sample."""
        term = item.anchor.terms[0]
        assert isinstance(term, EventTerm)
        way = "DESC" if term.which == "latest" else "ASC"
        day = "g.sample_day" if item.anchor.shift_to else "f.day"
        return f"""
            SELECT c.client, c.n, c.base, c.base AS anchor, c.own
            FROM (SELECT f.client, {day} AS base, COALESCE(g.sample, f.event, '') AS own,
                         ROW_NUMBER() OVER (PARTITION BY f.client
                                            ORDER BY {day} {way}, f.position {way}, f.record {way}) AS n
                  FROM fact f
                  LEFT JOIN belongs g ON g.client = f.client AND g.kind = f.kind
                       AND g.event = f.event AND g.day = f.day
                  WHERE {matches("f", term.match)} AND {day} IS NOT NULL) c
            WHERE c.n = 1 OR {1 if term.which == "each" else 0} = 1"""

    def _windowed(self, item: Item, source: str, next_opens_after: int | None = None) -> str:
        """Window and ends of occurrences that come as client, n, base, anchor, own."""
        due, due_join = later("o.anchor", item.offset, "d")
        last, last_join = later("o.anchor", item.last_day, "l") if item.last_day else ("CAST(NULL AS BIGINT)", "")
        following = "CAST(NULL AS BIGINT)" if next_opens_after is None else f"o.anchor + {next_opens_after}"
        return f"""
            SELECT o.client, '{item.id}' AS item, o.n, o.base, {due} AS due, {due} - {item.early_days} AS opens,
                   {last} AS last_day, {following} AS next_opens, w.until, o.own,
                   CAST(NULL AS BIGINT) AS closed_on
            FROM ({source}) o
            JOIN who w ON w.client = o.client AND w.who = {self._shared.who(item)} {due_join} {last_join}
            WHERE w.since <= :as_of AND (w.until IS NULL OR w.until >= o.base)
              AND {_unless(item, "o.client", ":as_of + 1")}"""

    def _repeated(self, item: Item) -> str:
        """The last time a repeating item was done, and the next time it is due.

        It is counted from its anchor and then from each satisfying fact. A fact that comes before the item
        opens does not do it but moves the next date.
        """
        due, join = later("e.day", item.offset, "d", supply="e.number")
        if item.every:
            again, joins = later("e.day", item.every, "v")
            due, join = f"CASE WHEN e.again = 1 THEN {again} ELSE {due} END", f"{join} {joins}"
        in_window = "1 = 1" if item.satisfied_by[0].any_day else f"e.next_day >= {due} - {item.early_days}"
        closed = f"e.since <= e.next_day AND {in_window} AND {_unless(item, 'e.client', 'e.next_day')}"
        steps = f"""
            SELECT e.client, e.day, e.until, e.next_day, {due} AS due,
                   CASE WHEN e.next_day IS NOT NULL AND {closed} THEN 1 ELSE 0 END AS closed
            FROM ({self._events(item)}) e {join}
            WHERE e.since <= :as_of"""
        counted = f"""
            SELECT s.client, s.day, s.until, s.next_day, s.due, s.closed,
                   SUM(s.closed) OVER (PARTITION BY s.client ORDER BY s.day) AS closed_so_far,
                   SUM(s.closed) OVER (PARTITION BY s.client) AS closed_in_all
            FROM ({steps}) s"""
        return f"""
            SELECT c.client, '{item.id}' AS item, c.closed_so_far + 1 - c.closed AS n, c.day AS base, c.due,
                   c.due - {item.early_days} AS opens, CAST(NULL AS BIGINT) AS last_day,
                   CAST(NULL AS BIGINT) AS next_opens, c.until, '' AS own,
                   CASE WHEN c.closed = 1 THEN c.next_day END AS closed_on
            FROM ({counted}) c
            WHERE (c.closed = 1 AND c.closed_so_far = c.closed_in_all)
               OR (c.next_day IS NULL AND {_unless(item, "c.client", ":as_of + 1")})"""

    def _events(self, item: Item) -> str:
        """The days a repeating item is counted from, each with the next one, while the client belongs to `who`."""
        anchor, satisfier = item.anchor.terms[0], item.satisfied_by[0]
        assert isinstance(anchor, EventTerm)
        days = f"SELECT f.client, f.day, f.number, 1 AS again FROM fact f WHERE {matches('f', satisfier.match)}"
        if anchor.match != satisfier.match:
            first = f"SELECT t.client, t.t{self._shared.number(anchor)} AS day FROM anchors t"
            days = f"""
                SELECT a.client, a.day, CAST(NULL AS BIGINT) AS number, 0 AS again FROM ({first}) a
                WHERE a.day IS NOT NULL
                UNION ALL
                SELECT f.client, f.day, f.number, 1 AS again
                FROM fact f JOIN ({first}) a ON a.client = f.client AND f.day > a.day
                WHERE {matches("f", satisfier.match)}"""
        return f"""
            SELECT y.client, y.day, y.number, y.again, w.since, w.until,
                   LEAD(y.day) OVER (PARTITION BY y.client ORDER BY y.day) AS next_day
            FROM (SELECT x.client, x.day, MAX(x.number) AS number, MAX(x.again) AS again
                  FROM ({days}) x GROUP BY x.client, x.day) y
            JOIN who w ON w.client = y.client AND w.who = {self._shared.who(item)}
                 AND (w.until IS NULL OR y.day <= w.until)"""


def _hangs_on_one_fact(item: Item) -> bool:
    return item.anchor.each or any(s.another or s.of_anchor for s in item.satisfied_by)


def _unless(item: Item, client: str, before: str) -> str:
    """Whether the latest fact of the `unless` kind before a day does not match it (or there is none)."""
    if item.unless is None:
        return "1 = 1"
    kind = item.unless.kind
    return f"""NOT EXISTS (SELECT 1 FROM fact r WHERE r.client = {client} AND {matches("r", item.unless)}
               AND r.day < {before}
               AND NOT EXISTS (SELECT 1 FROM fact q WHERE q.client = r.client AND q.kind = '{kind}'
                               AND q.day > r.day AND q.day < {before}))"""


def _next_in_series(protocol: Protocol) -> dict[str, int]:
    """For each step of a series, how many days after the anchor the next step opens."""
    found: dict[str, int] = {}
    for name in {item.series for item in protocol.items if item.series}:
        steps = sorted((i for i in protocol.items if i.series == name), key=lambda i: i.offset.days)
        for step, following in pairwise(steps):
            found[step.id] = following.offset.days - following.early_days
    return found
