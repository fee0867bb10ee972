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

from mentormothers.engines.clauses import care, holds, matches
from mentormothers.engines.portable import Plan, definitions, infant_risk, least, plan, texts, union
from mentormothers.engines.schedule_occurrences import Occurrences
from mentormothers.engines.schedule_terms import Days, Shared, greatest_of_all
from mentormothers.facts.vocabulary import vocabulary
from mentormothers.protocol.model import Item, Match, Protocol, Satisfier, Stop


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
        self._shared = Shared(protocol)

    def text(self) -> str:
        steps = {
            "anchors": self._anchors(),
            "who": self._who(),
            "occurrence": union(Occurrences(self._protocol, self._shared)),
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
        begins = list(dict.fromkeys(term.since for term in self._shared.terms if term.since))
        columns = []
        for n, term in enumerate(self._shared.terms):
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
            f"{least([f'b.{d}_until' for d in group])} AS until FROM {self._shared.being} b"
            for number, who in enumerate(self._shared.whos)
            for group in who.alternatives
        ]
        return f"""
            SELECT g.client, g.who, MIN(g.since) AS since,
                   CASE WHEN COUNT(*) > COUNT(g.until) THEN NULL ELSE MAX(g.until) END AS until
            FROM ({union(groups)}) g
            WHERE g.since IS NOT NULL AND (g.until IS NULL OR g.since < g.until)
            GROUP BY g.client, g.who"""

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
                FROM occurrence o JOIN {self._shared.being} b ON b.client = o.client
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
        days, joins = Days(self._shared), ""
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


def _by_item(items: tuple[Item, ...], field: str) -> str:
    """The value of a field by item as SQL; NULL for items that have none."""
    groups: dict[int, list[str]] = {}
    for item in items:
        if (value := getattr(item, field)) is not None:
            groups.setdefault(value, []).append(item.id)
    cases = " ".join(f"WHEN j.item IN ({texts(ids)}) THEN {value}" for value, ids in groups.items())
    return f"CASE {cases} END" if cases else "NULL"
