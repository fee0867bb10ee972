"""The compiler: one protocol becomes one portable SQL query, the same on every engine.

The query reads three relations that an engine provides

    observation  client, role, mother, kind, day, value, number, record, ref, source, site, position
    standing     record, stands (1 or 0), event     for records that a correction touches
    calendar     day, month, dom, length            one row a day: month index, day of month, its length

where days are day numbers (1970-01-01 is 0), texts are never NULL and `position` orders facts by when they
were received, and one parameter, :as_of. After the definitions (definitions.sql) it takes these steps:

    risk        the definitions with those of an infant's risk, for protocols that ask for it (infant_risk.sql)
    anchors     for each client the days that items are counted from
    who         for whom the items are: from which day until which day
    occurrence  every occurrence of every item with its window
    halt        the first day of a stop that still holds
    done        the day it was done
    (result)    its state
"""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from mentormothers.engines.clauses import care, holds, later, matches
from mentormothers.engines.portable import Plan, definitions, greatest, infant_risk, least, plan, texts, union
from mentormothers.facts.vocabulary import vocabulary
from mentormothers.protocol.model import (
    RISKS,
    EventTerm,
    Item,
    Match,
    Protocol,
    Satisfier,
    StartTerm,
    Stop,
    Term,
)  # fmt: skip


@cache
def compile_schedule(protocol: Protocol, dialect: str) -> Plan:
    """The plan for one protocol in `sqlite` or `postgres`; its parameter is the as-of day number.

    It yields client, item, occurrence, due, opens, state, done_on and days_late, days as day numbers.
    """
    return plan(_Query(protocol).text(), dialect)


class _Query:
    """Writes the query of one protocol, step by step."""

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        self._whos = list(dict.fromkeys(item.who for item in protocol.items))
        self._terms = list(dict.fromkeys(_plain(term) for item in protocol.items for term in _terms(item)))
        self._being = (
            "risk" if any(name in RISKS for item in protocol.items for name in _definitions(item)) else "being"
        )

    def text(self) -> str:
        steps = {
            "anchors": self._anchors(),
            "who": self._who(),
            "occurrence": union(self._occurrences()),
            "halt": self._halt(),
            "done": self._done(),
            "judged": _JUDGED,
        }
        later = ",\n".join(f"{name} AS ({text})" for name, text in steps.items())
        begun = f"{definitions(vocabulary())},\n{infant_risk()},\n{care(self._stops_until_care())}"
        return f"WITH {begun},\n{later}\n{self._result()}"

    def _stops_until_care(self) -> Iterator[Match]:
        """The facts that stop an item until the client comes for care."""
        for item in self._protocol.items:
            yield from (stop.match for stop in item.stop if stop.match and stop.until_care)

    def _anchors(self) -> str:
        """One row for each client with the first or latest day of every fact that an item is counted from."""
        begins = list(dict.fromkeys(term.since for term in self._terms if term.since))
        columns = []
        for n, term in enumerate(self._terms):
            asked = matches("f", term.match) + (f" AND f.day >= k.k{begins.index(term.since)}" if term.since else "")
            columns.append(f"{'MIN' if term.which == 'first' else 'MAX'}(CASE WHEN {asked} THEN f.day END) AS t{n}")
        begun = f"JOIN ({self._begun(begins)}) k ON k.client = f.client" if begins else ""
        return f"SELECT {', '.join(['f.client', *columns])} FROM fact f {begun} GROUP BY f.client"

    def _begun(self, begins: list[Match]) -> str:
        """For each client the latest day of the facts that others are looked for since."""
        columns = [f"MAX(CASE WHEN {matches('f', begin)} THEN f.day END) AS k{n}" for n, begin in enumerate(begins)]
        return f"SELECT {', '.join(['f.client', *columns])} FROM fact f GROUP BY f.client"

    def _who(self) -> str:
        """From when until when each client belongs to each `who`; alternatives join into one stretch."""
        groups = [
            f"SELECT b.client, {number} AS who, {greatest_of_all([f'b.{d}_since' for d in group])} AS since, "
            f"{least([f'b.{d}_until' for d in group])} AS until FROM {self._being} b"
            for number, who in enumerate(self._whos)
            for group in who.alternatives
        ]
        return f"""
            SELECT g.client, g.who, MIN(g.since) AS since,
                   CASE WHEN COUNT(*) > COUNT(g.until) THEN NULL ELSE MAX(g.until) END AS until
            FROM ({union(groups)}) g
            WHERE g.since IS NOT NULL AND (g.until IS NULL OR g.since < g.until)
            GROUP BY g.client, g.who"""

    def _occurrences(self) -> Iterator[str]:
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
        days = _Days(self)
        raw = [days.raw(term) for term in item.anchor.terms]
        counted = [days.counted(term) for term in item.anchor.terms]
        anchor, needed = (least(counted), least(raw)) if item.anchor.pick == "first" else (greatest(counted), raw[0])
        if item.anchor.anew:
            anew = days.counted(item.anchor.anew)
            anchor = f"CASE WHEN {anew} > ({anchor}) THEN {anew} ELSE ({anchor}) END"
        return f"""
            SELECT b.client, 1 AS n, {least(raw)} AS base, {anchor} AS anchor, '' AS own
            FROM {self._being} b JOIN anchors t ON t.client = b.client {days.joins}
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
            JOIN who w ON w.client = o.client AND w.who = {self._whos.index(item.who)} {due_join} {last_join}
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
            first = f"SELECT t.client, t.t{self._terms.index(_plain(anchor))} AS day FROM anchors t"
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
            JOIN who w ON w.client = y.client AND w.who = {self._whos.index(item.who)}
                 AND (w.until IS NULL OR y.day <= w.until)"""

    def _halt(self) -> str:
        """For each occurrence the first day of a stop that still holds. Death stops everything of that person."""
        stops: dict[Stop, list[str]] = {}
        for item in self._protocol.items:
            for stop in item.stop:
                stops.setdefault(stop, []).append(item.id)
        parts = ["SELECT o.client, o.item, o.n, p.death AS day FROM occurrence o JOIN person p ON p.client = o.client"]
        parts += [self._stop(stop, items) for stop, items in stops.items()]
        return f"SELECT h.client, h.item, h.n, MIN(h.day) AS day FROM ({union(parts)}) h GROUP BY h.client, h.item, h.n"

    def _stop(self, stop: Stop, items: list[str]) -> str:
        if stop.match is None:
            return f"""
                SELECT o.client, o.item, o.n, b.{stop.definition}_since AS day
                FROM occurrence o JOIN {self._being} b ON b.client = o.client
                WHERE o.item IN ({texts(items)}) AND b.{stop.definition}_since >= o.base"""
        return f"""
            SELECT o.client, o.item, o.n, f.day
            FROM occurrence o JOIN fact f ON f.client = o.client AND f.day >= o.base
            WHERE o.item IN ({texts(items)}) AND {matches("f", stop.match)} AND {holds(stop)}"""

    def _done(self) -> str:
        """For each occurrence the first day on which it was done, within its window and before its end."""
        plain: dict[Match, list[str]] = {}
        parts = ["SELECT o.client, o.item, o.n, o.closed_on AS day FROM occurrence o WHERE o.closed_on IS NOT NULL"]
        for item in self._protocol.items:
            for satisfier in () if item.repeat else item.satisfied_by:
                if satisfier == Satisfier(satisfier.match):
                    plain.setdefault(satisfier.match, []).append(item.id)
                else:
                    parts.append(self._done_specially(item, satisfier))
        parts += [
            f"""SELECT o.client, o.item, o.n, f.day
                FROM occurrence o JOIN fact f ON f.client = o.client AND f.day >= o.opens
                LEFT JOIN halt h ON h.client = o.client AND h.item = o.item AND h.n = o.n
                WHERE o.item IN ({texts(items)}) AND {matches("f", match)} AND {_IN_TIME}"""
            for match, items in plain.items()
        ]
        return f"SELECT d.client, d.item, d.n, MIN(d.day) AS day FROM ({union(parts)}) d GROUP BY d.client, d.item, d.n"

    def _done_specially(self, item: Item, satisfier: Satisfier) -> str:
        days, joins = _Days(self), ""
        conditions = [f"o.item = '{item.id}'", _IN_TIME.replace("f.day", "m.day")]
        if not satisfier.any_day:
            conditions.append("m.day >= o.opens")
        if satisfier.number:
            conditions.append(f"m.place = {satisfier.number}")
        if satisfier.another:
            conditions.append("COALESCE(m.event, '') <> o.own")
        if satisfier.of_anchor:
            joins += (
                " JOIN belongs g ON g.client = o.client AND g.kind = m.kind AND g.event = m.event"
                " AND g.day = m.day AND g.sample = o.own"
            )
        if satisfier.not_before:
            conditions.append(f"m.day >= {days.counted(satisfier.not_before)}")
            joins += f" JOIN anchors t ON t.client = o.client {days.joins}"
        return f"""
            SELECT o.client, o.item, o.n, m.day
            FROM occurrence o
            JOIN (SELECT q.client, q.item, q.n, f.kind, f.event, f.day,
                         ROW_NUMBER() OVER (PARTITION BY q.client, q.item, q.n
                                            ORDER BY f.day, f.position, f.record) AS place
                  FROM occurrence q JOIN fact f ON f.client = q.client AND f.day >= q.base
                  WHERE {matches("f", satisfier.match)}) m
                 ON m.client = o.client AND m.item = o.item AND m.n = o.n
            LEFT JOIN halt h ON h.client = o.client AND h.item = o.item AND h.n = o.n {joins}
            WHERE {" AND ".join(conditions)}"""

    def _result(self) -> str:
        """The state words (vocabulary): done, cancelled, expired, then by the day."""
        items = self._protocol.items
        lost = self._protocol.lost
        sign = {"gt": ">", "ge": ">="}[lost.operator]
        losable = texts([item.id for item in items if item.lost] or [""])
        late = ":as_of - j.due"
        return f"""
            SELECT s.client, s.item, s.n AS occurrence, s.due, s.opens, s.state, s.done_on,
                   CASE WHEN s.state IN ('done', 'cancelled', 'expired') OR :as_of <= s.due THEN NULL
                        ELSE :as_of - s.due END AS days_late
            FROM (
                SELECT j.client, j.item, j.n, j.due, j.opens, j.done_on,
                       CASE WHEN j.done_on IS NOT NULL THEN 'done'
                            WHEN j.ended <= :as_of AND (j.last_day IS NULL OR j.ended <= j.last_day) THEN 'cancelled'
                            WHEN :as_of > j.last_day THEN 'expired'
                            WHEN {late} {sign} {lost.days} AND j.item IN ({losable}) THEN 'lost'
                            WHEN {late} > {_by_item(items, "grace_days")}
                             AND {late} >= {_by_item(items, "defaulter_days")} THEN 'defaulted'
                            WHEN {late} > {_by_item(items, "grace_days")} THEN 'overdue'
                            WHEN :as_of >= j.opens THEN 'due'
                            ELSE 'upcoming' END AS state
                FROM judged j) s"""


_IN_TIME = (
    "(o.last_day IS NULL OR f.day <= o.last_day) AND (o.next_opens IS NULL OR f.day < o.next_opens)"
    " AND (o.until IS NULL OR f.day <= o.until) AND (h.day IS NULL OR f.day <= h.day)"
)

_JUDGED = """
    SELECT o.client, o.item, o.n, o.due, o.opens, o.last_day, d.day AS done_on,
           CASE WHEN h.day < o.until OR o.until IS NULL THEN h.day ELSE o.until END AS ended
    FROM occurrence o
    LEFT JOIN halt h ON h.client = o.client AND h.item = o.item AND h.n = o.n
    LEFT JOIN done d ON d.client = o.client AND d.item = o.item AND d.n = o.n"""


class _Days:
    """Days of terms as SQL, collecting the calendar joins that they need."""

    def __init__(self, query: _Query) -> None:
        self._query = query
        self.joins = ""

    def raw(self, term: Term) -> str:
        """The day of the term before its offset is added."""
        if isinstance(term, StartTerm):
            return f"b.{term.definition}_since"
        return f"t.t{self._query._terms.index(_plain(term))}"

    def counted(self, term: Term) -> str:
        """The day of the term with its offset."""
        day, join = later(self.raw(term), term.plus, f"k{self.joins.count('LEFT JOIN')}")
        self.joins += " " + join
        return day


def _terms(item: Item) -> Iterator[EventTerm]:
    for term in item.anchor.terms:
        if isinstance(term, EventTerm) and term.which != "each":
            yield term
    for satisfier in item.satisfied_by:
        if satisfier.not_before:
            yield satisfier.not_before


def _plain(term: EventTerm) -> EventTerm:
    return EventTerm(term.match, term.which, since=term.since)


def _definitions(item: Item) -> Iterator[str]:
    """Every definition that the item names."""
    for group in item.who.alternatives:
        yield from group
    starts = (*item.anchor.terms, item.anchor.anew)
    yield from (term.definition for term in starts if isinstance(term, StartTerm))
    yield from (stop.definition for stop in item.stop if stop.definition)


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


def greatest_of_all(values: list[str]) -> str:
    """The largest of several days, missing if one of them is missing."""
    if len(values) == 1:
        return values[0]
    known = " AND ".join(f"{value} IS NOT NULL" for value in values)
    return f"CASE WHEN {known} THEN {greatest(values)} END"


def _next_in_series(protocol: Protocol) -> dict[str, int]:
    """For each step of a series, how many days after the anchor the next step opens."""
    found: dict[str, int] = {}
    for name in {item.series for item in protocol.items if item.series}:
        steps = sorted((i for i in protocol.items if i.series == name), key=lambda i: i.offset.days)
        for step, following in pairwise(steps):
            found[step.id] = following.offset.days - following.early_days
    return found


def _by_item(items: tuple[Item, ...], field: str) -> str:
    """The value of a field by item as SQL; NULL for items that have none."""
    groups: dict[int, list[str]] = {}
    for item in items:
        if (value := getattr(item, field)) is not None:
            groups.setdefault(value, []).append(item.id)
    cases = " ".join(f"WHEN j.item IN ({texts(ids)}) THEN {value}" for value, ids in groups.items())
    return f"CASE {cases} END" if cases else "NULL"
