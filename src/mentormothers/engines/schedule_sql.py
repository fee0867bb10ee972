"""The compiler: one protocol becomes one portable SQL query, the same on every engine.

The query reads three relations that an engine provides

    observation  client, role, mother, kind, day, value, number, record, ref, source, site, position
    standing     record, stands (1 or 0), event     for records that a correction touches
    calendar     day, month, dom, length            one row a day: month index, day of month, its length

where days are day numbers (1970-01-01 is 0), texts are never NULL and `position` orders facts by when they
were received, and one parameter, :as_of. After the definitions (definitions.sql) it takes these steps:

    risk        the definitions with those of an infant's risk, for protocols that ask for it (infant_risk.sql)
    who         for whom the items are: from which day until which day, with the steps before it (schedule_who.py)
    occurrence  every occurrence of every item with its window
    halt        the first day of a stop that still holds
    done        the day it was done
    (result)    its state

A protocol that succeeds another is one query with it: the version that holds for a client has her, the others do not.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache

from mentormothers.engines.clauses import care, holds, matches
from mentormothers.engines.portable import Facts, Plan, definitions, filled, infant_risk, kinds_in, plan, texts, union
from mentormothers.engines.schedule_occurrences import Occurrences
from mentormothers.engines.schedule_terms import Days, Listed, Shared
from mentormothers.engines.schedule_who import who_steps
from mentormothers.facts.vocabulary import vocabulary
from mentormothers.protocol.model import Protocol
from mentormothers.protocol.terms import Match, Satisfier, Stop


@cache
def compile_schedule(protocol: Protocol, dialect: str, *, settled: bool = False, answers: tuple[str, ...] = ()) -> Plan:
    """The plan for one protocol in `sqlite` or `postgres`; its parameter is the as-of day number.

    `settled`: over a snapshot, which says already what stands and what counts of several on a day.
    `answers`: steps of the definitions that are read beside the schedule, over facts of every kind and not only of
    those that the protocol looks at: a phone shows from the same facts what happened, and asks what they answer.

    It yields client, item, occurrence, due, opens, state, done_on, days_late and rule, days as day numbers.
    """
    return plan(_Query(protocol).text(settled=settled, every_kind=bool(answers)), dialect, answers)


class _Query:
    """Writes the query of one protocol, step by step."""

    def __init__(self, protocol: Protocol) -> None:
        self._versions = protocol.versions
        self._shared = Shared(protocol.versions)

    def text(self, *, settled: bool, every_kind: bool) -> str:
        steps = {
            "occurrence": union(Occurrences(self._shared)),
            "halt": self._halt(),
            "done": self._done(),
            "judged": _JUDGED,
        }
        later = ",\n".join([*who_steps(self._shared), *(f"{name} AS ({text})" for name, text in steps.items())])
        used = frozenset[str]() if every_kind else _kinds_used(later)
        facts = Facts(used=used, settled=settled)
        begun = f"{definitions(vocabulary(), facts)},\n{infant_risk()},\n{care(self._stops_until_care())}"
        return f"WITH {begun},\n{later}\n{self._result()}"

    def _stops_until_care(self) -> Iterator[Match]:
        """The facts that stop an item until the client comes for care."""
        for one in self._shared.listed:
            yield from (stop.match for stop in one.item.stop if stop.match and stop.until_care)

    def _halt(self) -> str:
        """For each occurrence the first day of a stop that still holds. Death stops everything of that person."""
        stops: dict[Stop, list[str]] = {}
        for one in self._shared.listed:
            for stop in one.item.stop:
                stops.setdefault(stop, []).append(one.key)
        parts = [
            "SELECT o.client, o.item, o.n, p.death AS day FROM occurrence o"
            " JOIN person p ON p.client = o.client WHERE p.death IS NOT NULL"
        ]
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
            FROM occurrence o JOIN {self._shared.facts} f ON f.client = o.client AND f.day >= o.base
            WHERE o.item IN ({texts(items)}) AND {matches("f", stop.match)}
              AND {holds(stop, facts=self._shared.facts)}"""

    def _done(self) -> str:
        """For each occurrence the first day on which it was done, within its window and before its end."""
        plain: dict[Match, list[str]] = {}
        parts = ["SELECT o.client, o.item, o.n, o.closed_on AS day FROM occurrence o WHERE o.closed_on IS NOT NULL"]
        for one in self._shared.listed:
            for satisfier in () if one.item.rolls else one.item.satisfied_by:
                if satisfier == Satisfier(satisfier.match):
                    plain.setdefault(satisfier.match, []).append(one.key)
                else:
                    parts.append(self._done_specially(one.key, satisfier))
        parts += [
            f"""SELECT o.client, o.item, o.n, f.day
                FROM occurrence o JOIN {self._shared.facts} f ON f.client = o.client AND f.day >= o.opens
                LEFT JOIN halt h ON h.client = o.client AND h.item = o.item AND h.n = o.n
                WHERE o.item IN ({texts(items)}) AND {matches("f", match)} AND {_IN_TIME}"""
            for match, items in plain.items()
        ]
        return f"SELECT d.client, d.item, d.n, MIN(d.day) AS day FROM ({union(parts)}) d GROUP BY d.client, d.item, d.n"

    def _done_specially(self, key: str, satisfier: Satisfier) -> str:
        days, joins = Days(self._shared), ""
        conditions = [f"o.item = '{key}'", _IN_TIME.replace("f.day", "m.day")]
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
                  FROM occurrence q JOIN {self._shared.facts} f ON f.client = q.client AND f.day >= q.base
                  WHERE q.item = '{key}' AND {matches("f", satisfier.match)}) m
                 ON m.client = o.client AND m.item = o.item AND m.n = o.n
            LEFT JOIN halt h ON h.client = o.client AND h.item = o.item AND h.n = o.n {joins}
            WHERE {" AND ".join(conditions)}"""

    def _result(self) -> str:
        """The state words (vocabulary): done, cancelled, expired, then by the day."""
        listed = self._shared.listed
        late = ":as_of - j.due"
        dropped, join = self._dropped()
        return f"""
            SELECT s.client, {self._names("s.item", [one.item.id for one in listed])} AS item, s.n AS occurrence, s.due,
                   s.opens, s.state, s.done_on,
                   CASE WHEN s.state IN ('done', 'cancelled', 'expired') OR :as_of <= s.due THEN NULL
                        ELSE :as_of - s.due END AS days_late,
                   {self._names("s.item", [self._versions[one.version].rule for one in listed])} AS rule
            FROM (
                SELECT j.client, j.item, j.n, j.due, j.opens, j.done_on,
                       CASE WHEN j.done_on IS NOT NULL THEN 'done'
                            WHEN j.ended <= :as_of AND (j.last_day IS NULL OR j.ended <= j.last_day) THEN 'cancelled'
                            {dropped}
                            WHEN :as_of > j.last_day THEN 'expired'
                            WHEN {late} >= {_by_key(listed, self._first_lost_day)} THEN 'lost'
                            WHEN {late} > {_by_key(listed, _grace_days)}
                             AND {late} >= {_by_key(listed, _defaulter_days)} THEN 'defaulted'
                            WHEN {late} > {_by_key(listed, _grace_days)} THEN 'overdue'
                            WHEN :as_of >= j.opens THEN 'due'
                            ELSE 'upcoming' END AS state
                FROM judged j{join}) s"""

    def _names(self, key: str, names: list[str]) -> str:
        """A name of each item by its key."""
        if len(set(names)) == 1:
            return texts(names[:1])
        if len(self._versions) == 1:
            return key
        cases: dict[str, list[str]] = {}
        for one, name in zip(self._shared.listed, names, strict=True):
            cases.setdefault(name, []).append(one.key)
        whens = " ".join(f"WHEN {key} IN ({texts(keys)}) THEN {texts([name])}" for name, keys in cases.items())
        return f"CASE {whens} END"

    def _first_lost_day(self, one: Listed) -> int | None:
        lost = self._versions[one.version].lost
        return lost.days + (lost.operator == "gt") if one.item.lost else None

    def _dropped(self) -> tuple[str, str]:
        """What a new version does not ask of those who missed it before the version counted for them."""
        keys = []
        for one in self._shared.listed:
            version = self._versions[one.version]
            known = {item.id for item in version.succeeds.items} if version.succeeds else set()
            if version.succeeds and not version.carry_over.keep and not one.item.rolls and one.item.id not in known:
                keys.append(one)
        if not keys:
            return "", ""
        missed = f"j.due + {_by_key(keys, _grace_days)} < v.since"
        return (
            f"WHEN j.item IN ({texts(one.key for one in keys)}) AND {missed} THEN 'cancelled'",
            " JOIN governed v ON v.client = j.client",
        )


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


def _kinds_used(later: str) -> frozenset[str]:
    """The kinds of facts that the definitions and later steps look at; care looks at more, and among all facts."""
    return frozenset(kinds_in(f"{filled('definitions', {})} {infant_risk()} {later}", vocabulary()))


def _grace_days(one: Listed) -> int | None:
    return one.item.grace_days


def _defaulter_days(one: Listed) -> int | None:
    return one.item.defaulter_days


def _by_key(listed: Sequence[Listed], value_of: Callable[[Listed], int | None]) -> str:
    """A value of each item by its key as SQL; NULL for items that have none."""
    groups: dict[int, list[str]] = {}
    for one in listed:
        if (value := value_of(one)) is not None:
            groups.setdefault(value, []).append(one.key)
    cases = " ".join(f"WHEN j.item IN ({texts(keys)}) THEN {value}" for value, keys in groups.items())
    return f"CASE {cases} END" if cases else "NULL"
