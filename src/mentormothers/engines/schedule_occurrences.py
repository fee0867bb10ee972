"""Every occurrence of every item with its window: one query for each time that an item comes up."""

from collections.abc import Iterator
from itertools import pairwise

from mentormothers.engines.clauses import later, matches
from mentormothers.engines.portable import EVERYTHING, greatest, least, texts
from mentormothers.engines.schedule_terms import Days, Listed, Shared
from mentormothers.protocol.checking import counts_from_what_does_it, in_series
from mentormothers.protocol.model import Item, Protocol
from mentormothers.protocol.terms import EventTerm, Match, Offset, Unless

BOOKINGS = ("appointment", "appointment.moved")  # their value is the day
_NO_DAY = "CAST(NULL AS BIGINT)"


class Occurrences:
    """Writes the queries, in the order of the protocol's items."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    def __iter__(self) -> Iterator[str]:
        for one in self._shared.listed:
            if one.item.rolls:
                yield self._rolling(one)
            elif _hangs_on_one_fact(one.item):
                yield self._windowed(one, self._of_facts(one.item), one.item.offset)
            else:
                yield from self._from_the_anchor(one)

    def _from_the_anchor(self, one: Listed) -> Iterator[str]:
        """Each time that an item comes up, of those that are counted from one day."""
        source, steps = self._of_days(one.item), one.item.steps
        after = _next_in_series(self._shared.versions[one.version], one.item)
        last = (after.offset, after.early_days) if after else None
        following = [*((step, one.item.early_days) for step in steps[1:]), last]
        for number, (step, then) in enumerate(zip(steps, following, strict=True), start=1):
            yield self._windowed(one, source, step, number, then)

    def _of_days(self, item: Item) -> str:
        """An item counted from one day of the client, picked from one or several."""
        if item.anchor.shift_to:
            return self._of_facts(item)
        days = Days(self._shared)
        raw = [days.raw(term) for term in item.anchor.terms]
        counted = [days.counted(term) for term in item.anchor.terms]
        anchor, needed = (least(counted), least(raw)) if item.anchor.pick == "first" else (greatest(counted), raw[0])
        if item.anchor.anew:
            anew = days.counted(item.anchor.anew)
            anchor = f"CASE WHEN {anew} > ({anchor}) THEN {anew} ELSE ({anchor}) END"
        return f"""
            SELECT b.client, 1 AS n, {least(raw)} AS base, {anchor} AS anchor, '' AS own
            FROM {self._shared.being} b LEFT JOIN anchors t ON t.client = b.client {days.joins}
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
                  FROM {self._shared.facts} f
                  LEFT JOIN belongs g ON g.client = f.client AND g.kind = f.kind
                       AND g.event = f.event AND g.day = f.day
                  WHERE {matches("f", term.match)} AND {day} IS NOT NULL) c
            WHERE c.n = 1 OR {1 if term.which == "each" else 0} = 1"""

    def _windowed(
        self, one: Listed, source: str, step: Offset, number: int = 0, then: tuple[Offset, int] | None = None
    ) -> str:
        """Window and ends of occurrences that come as client, n, base, anchor, own.

        number  of the occurrence where all that come are the same; 0: as they come
        then    the offset of the next step, and how many days earlier it opens
        """
        item = one.item
        due, due_join = later("o.anchor", step, "d")
        last, last_join = later("o.anchor", item.last_day, "l") if item.last_day else (_NO_DAY, "")
        following, then_join = later("o.anchor", then[0], "s") if then else (_NO_DAY, "")
        opens_then = f"{following} - {then[1]}" if then else _NO_DAY
        excluding, not_excluded = self._not_excluded(item, "o.client", ":as_of + 1")
        return f"""
            SELECT o.client, '{one.key}' AS item, {number or "o.n"} AS n, o.base, {due} AS due,
                   {due} - {item.early_days} AS opens, {last} AS last_day, {opens_then} AS next_opens, w.until, o.own,
                   {_NO_DAY} AS closed_on
            FROM ({source}) o
            JOIN who w ON w.client = o.client AND w.who = {self._shared.who(one)} {due_join} {last_join} {then_join}
            {excluding}
            WHERE w.since <= :as_of AND (w.until IS NULL OR w.until >= o.base) AND {not_excluded}"""

    def _rolling(self, one: Listed) -> str:
        """The last time a repeating item was done, and the next time it is due.

        It is counted from its anchor and then from each satisfying fact. A fact that comes before the item
        opens does not do it but moves the next date.
        """
        item = one.item
        assert item.repeat
        due, join = self._due_again(item)
        in_window = "1 = 1" if item.satisfied_by[0].any_day else f"e.next_day >= {due} - {item.early_days}"
        enough = f"e.times < {item.repeat.most}" if item.repeat.most else "1 = 1"
        excluding_then, not_then = self._not_excluded(item, "e.client", "e.next_day")
        excluding_now, not_now = self._not_excluded(item, "c.client", ":as_of + 1")
        closed = f"e.since <= e.next_day AND {enough} AND {in_window} AND {not_then}"
        steps = f"""
            SELECT e.client, e.day, e.until, e.next_day, {due} AS due,
                   CASE WHEN e.next_day IS NOT NULL AND {closed} THEN 1 ELSE 0 END AS closed,
                   CASE WHEN {enough} THEN 1 ELSE 0 END AS more
            FROM ({self._events(one)}) e {join} {excluding_then}
            WHERE e.since <= :as_of"""
        counted = f"""
            SELECT s.client, s.day, s.until, s.next_day, s.due, s.closed, s.more,
                   SUM(s.closed) OVER (PARTITION BY s.client ORDER BY s.day) AS closed_so_far,
                   SUM(s.closed) OVER (PARTITION BY s.client) AS closed_in_all
            FROM ({steps}) s"""
        return f"""
            SELECT c.client, '{one.key}' AS item, c.closed_so_far + 1 - c.closed AS n, c.day AS base, c.due,
                   c.due - {item.early_days} AS opens, {_NO_DAY} AS last_day,
                   {_NO_DAY} AS next_opens, c.until, '' AS own,
                   CASE WHEN c.closed = 1 THEN c.next_day END AS closed_on
            FROM ({counted}) c {excluding_now}
            WHERE (c.closed = 1 AND c.closed_so_far = c.closed_in_all)
               OR (c.next_day IS NULL AND c.more = 1 AND {not_now})"""

    def _due_again(self, item: Item) -> tuple[str, str]:
        """When it is due, counted from an event `e`, and the joins that it takes."""
        assert item.repeat
        due, join = later("e.day", item.offset, "d", supply="e.number")
        if item.offset.booked:
            due = f"CASE WHEN e.booked > {due} THEN e.booked ELSE {due} END"
        if item.repeat.every:
            again, joins = later("e.day", item.repeat.every, "v")
            return f"CASE WHEN e.again = 1 THEN {again} ELSE {due} END", f"{join} {joins}"
        return due, join

    def _events(self, one: Listed) -> str:
        """The days a repeating item is counted from, each with the next one, while the client belongs to `who`."""
        satisfier = one.item.satisfied_by[0]
        days = f"SELECT f.client, f.day, f.number, 1 AS again FROM {self._shared.facts} f WHERE"
        days = f"{days} {matches('f', satisfier.match)}"
        if not counts_from_what_does_it(one.item):
            first = f"SELECT a.client, a.anchor AS day FROM ({self._of_days(one.item)}) a"
            days = f"""
                SELECT a.client, a.day, {_NO_DAY} AS number, 0 AS again FROM ({first}) a
                UNION ALL
                SELECT f.client, f.day, f.number, 1 AS again
                FROM {self._shared.facts} f JOIN ({first}) a ON a.client = f.client AND f.day > a.day
                WHERE {matches("f", satisfier.match)}"""
        events = f"""
            SELECT y.client, y.day, y.number, y.again, w.since, w.until,
                   LEAD(y.day) OVER (PARTITION BY y.client ORDER BY y.day) AS next_day,
                   SUM(y.again) OVER (PARTITION BY y.client ORDER BY y.day) AS times
            FROM (SELECT x.client, x.day, MAX(x.number) AS number, MAX(x.again) AS again
                  FROM ({days}) x GROUP BY x.client, x.day) y
            JOIN who w ON w.client = y.client AND w.who = {self._shared.who(one)}
                 AND (w.until IS NULL OR y.day <= w.until)"""
        return self._with_bookings(events) if one.item.offset.booked else events

    def _with_bookings(self, events: str) -> str:
        """Each event with the day that was booked last, from it until the next one."""
        told = f"""
            SELECT q.client, q.day, f.number AS booked,
                   ROW_NUMBER() OVER (PARTITION BY q.client, q.day
                                      ORDER BY f.day DESC, f.position DESC, f.record DESC) AS place
            FROM ({events}) q
            JOIN fact f ON f.client = q.client AND f.day >= q.day AND (q.next_day IS NULL OR f.day < q.next_day)
            WHERE f.kind IN ({texts(BOOKINGS)})"""
        return f"""
            SELECT z.client, z.day, z.number, z.again, z.since, z.until, z.next_day, z.times, r.booked
            FROM ({events}) z
            LEFT JOIN ({told}) r ON r.client = z.client AND r.day = z.day AND r.place = 1"""

    def _not_excluded(self, item: Item, client: str, before: str) -> tuple[str, str]:
        """The joins to what may say, before a day, that the item is not for now, and the condition that nothing did.

        Spark takes no EXISTS within another, nor one among columns.
        """
        joins = [
            f" LEFT JOIN ({self._stretches(unless)}) u{n} ON u{n}.client = {client} AND u{n}.since < {before}"
            f" AND (u{n}.until IS NULL OR u{n}.until >= {before})"
            for n, unless in enumerate(item.unless)
        ]
        return "".join(joins), " AND ".join(f"u{n}.client IS NULL" for n in range(len(joins))) or EVERYTHING

    def _stretches(self, unless: Unless) -> str:
        """From when until when a definition holds, or the latest fact of a kind matches; never two on one day."""
        if unless.match is None:
            since, until = (f"b.{unless.definition}_{end}" for end in ("since", "until"))
            return f"SELECT b.client, {since} AS since, {until} AS until FROM {self._shared.being} b"
        matching = f"MAX(CASE WHEN {matches('f', unless.match)} THEN 1 END)"
        return f"""
            SELECT r.client, r.day AS since, r.next_day AS until
            FROM (SELECT q.client, q.day, q.matching,
                         LEAD(q.day) OVER (PARTITION BY q.client ORDER BY q.day) AS next_day
                  FROM (SELECT f.client, f.day, {matching} AS matching FROM {self._shared.facts} f
                        WHERE {matches("f", Match(unless.match.kind, of=unless.match.of))}
                        GROUP BY f.client, f.day) q) r
            WHERE r.matching = 1"""


def _hangs_on_one_fact(item: Item) -> bool:
    return item.anchor.each or any(s.another or s.of_anchor for s in item.satisfied_by)


def _next_in_series(protocol: Protocol, item: Item) -> Item | None:
    """The step after this one."""
    steps = in_series(protocol.items, item.series) if item.series else [item]
    return dict(pairwise(steps)).get(item)
