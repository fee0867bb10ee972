"""For whom the items are: the steps from definitions to who has which item from when until when.

known     facts with those of relatives, for protocols that ask for them
home      where each client is at home, for protocols that hold otherwise at some sites
governed  which version holds for each client, and since when, for protocols that succeed others
anchors   for each client the days that items are counted from
who       for whom the items are
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from mentormothers.engines.clauses import home_site, later, matches
from mentormothers.engines.portable import EVERYTHING, NOTHING, greatest, least, texts, union
from mentormothers.engines.schedule_terms import BIRTHS, Shared, greatest_of_all
from mentormothers.facts.days import day_number
from mentormothers.protocol.model import Protocol
from mentormothers.protocol.terms import Ages, Match, Place

# What a client may be in the midst of when a version starts.
EPISODES = ("pregnant", "breastfeeding", "exposed_infant")
_FACT = "f.day, f.value, f.number, f.event, f.ref, f.site, f.position, f.record"
_RELATED = {"mother": "f.client = p.mother", "child": "f.client = p.client AND p.mother IS NOT NULL"}


def who_steps(shared: Shared) -> list[str]:
    """The steps, to stand in a WITH after the definitions."""
    steps = [f"known AS ({_known(shared)})"] if shared.of_relatives else []
    if _has_exceptions(shared):
        steps += ["asked AS (SELECT p.client, :as_of AS day FROM person p)", home_site()]
    if len(shared.versions) > 1:
        steps.append(f"governed AS ({_governed(shared)})")
    return [*steps, f"anchors AS ({_anchors(shared)})", f"who AS ({_who(shared)})"]


def _known(shared: Shared) -> str:
    """Facts of relatives stand beside the client's own under names such as `mother's vl.result`."""
    parts = [f"SELECT f.client, f.kind, {_FACT} FROM fact f"]
    for of, kinds in groupby(shared.of_relatives, key=lambda one: one[0]):
        named = [Match(kind, of=of) for _, kind in kinds]
        renamed = " ".join(f"WHEN {texts([m.kind])} THEN {texts([m.name])}" for m in named)
        client = "p.client" if of == "mother" else "p.mother"
        parts.append(
            f"SELECT {client} AS client, CASE f.kind {renamed} END AS kind, {_FACT} FROM person p"
            f" JOIN fact f ON {_RELATED[of]} WHERE f.kind IN ({texts(m.kind for m in named)})"
        )
    return union(parts)


def _governed(shared: Shared) -> str:
    """Whoever is within an episode that began under an older version stays with it, where the newer one says so."""
    columns = ", ".join(f"b.{name}_since, b.{name}_until" for name in EPISODES)
    lasting = [
        f"CASE WHEN b.{name}_since <= :as_of AND (b.{name}_until IS NULL OR b.{name}_until > :as_of)"
        f" THEN b.{name}_since END"
        for name in EPISODES
    ]
    begun = ", ".join(f"{day} AS lasting{n}" for n, day in enumerate(lasting))
    days = [f"l.lasting{n}" for n in range(len(EPISODES))]
    in_force = _in_force(shared.versions, f"COALESCE({greatest(days)}, :as_of)")
    floor = _in_force(shared.versions, ":as_of", only_switched=True)
    return f"""
        SELECT g.client, g.version, {_since(shared.versions)} AS since
        FROM (SELECT l.*, CASE WHEN {in_force} > {floor} THEN {in_force} ELSE {floor} END AS version
              FROM (SELECT b.client, {columns}, {begun} FROM {shared.being} b) l) g"""


def _in_force(versions: Sequence[Protocol], day: str, *, only_switched: bool = False) -> str:
    """The number of the version that a day falls into."""
    begun = [
        f"WHEN {day} >= {day_number(version.effective_from)} THEN {n}"
        for n, version in enumerate(versions)
        if n and not (only_switched and version.carry_over.finish)
    ]
    return f"CASE {' '.join(reversed(begun))} ELSE 0 END" if begun else "0"


def _since(versions: Sequence[Protocol]) -> str:
    """Since when the version holds for her: its first day, or the end of what she was in the midst of then."""
    cases = []
    for n, version in enumerate(versions):
        start = day_number(version.effective_from)
        ends = [
            f"CASE WHEN g.{name}_since < {start} AND g.{name}_until > {start} AND g.{name}_until <= :as_of"
            f" THEN g.{name}_until END"
            for name in EPISODES
        ]
        cases.append(f"WHEN {n} THEN {greatest([str(start), *(ends if version.carry_over.finish else [])])}")
    return f"CASE g.version {' '.join(cases)} END"


def _anchors(shared: Shared) -> str:
    """For each client who has one the first or latest day of every fact that an item is counted from."""
    begins = list(dict.fromkeys(term.since for term in shared.terms if term.since))
    columns = []
    for n, term in enumerate(shared.terms):
        asked = matches("f", term.match) + (f" AND f.day >= k.k{begins.index(term.since)}" if term.since else "")
        columns.append(f"{'MIN' if term.which == 'first' else 'MAX'}(CASE WHEN {asked} THEN f.day END) AS t{n}")
    begun = f"JOIN ({_begun(shared, begins)}) k ON k.client = f.client" if begins else ""
    named = f"WHERE f.kind IN ({texts(sorted({term.match.name for term in shared.terms}) or [''])})"
    return f"SELECT {', '.join(['f.client', *columns])} FROM {shared.facts} f {begun} {named} GROUP BY f.client"


def _begun(shared: Shared, begins: list[Match]) -> str:
    """For each client the latest day of the facts that others are looked for since."""
    columns = [f"MAX(CASE WHEN {matches('f', begin)} THEN f.day END) AS k{n}" for n, begin in enumerate(begins)]
    return f"SELECT {', '.join(['f.client', *columns])} FROM {shared.facts} f GROUP BY f.client"


def _who(shared: Shared) -> str:
    """From when until when each client belongs to each `who`; alternatives join into one stretch."""
    groups = [group for n in range(len(shared.whos)) for group in _groups(shared, n)]
    return f"""
        SELECT g.client, g.who, MIN(g.since) AS since,
               CASE WHEN COUNT(*) > COUNT(g.until) THEN NULL ELSE MAX(g.until) END AS until
        FROM ({union(groups)}) g
        WHERE g.since IS NOT NULL AND (g.until IS NULL OR g.since < g.until)
        GROUP BY g.client, g.who"""


def _groups(shared: Shared, number: int) -> Iterator[str]:
    """A query for each alternative of one `who`."""
    version, who = shared.whos[number]
    joins, conditions = "", list(_places(shared.versions[version], who.places))
    if any(_exceptions(shared.versions[version], place) for place in who.places):
        joins += " LEFT JOIN home h ON h.client = b.client"
    if len(shared.versions) > 1:
        joins += f" JOIN governed v ON v.client = b.client AND v.version = {version}"
    aged = _Aged(shared, who.ages) if who.ages else None
    for group in who.alternatives:
        since = greatest_of_all([f"b.{d}_since" for d in group])
        until = least([f"b.{d}_until" for d in group])
        yield f"""
            SELECT b.client, {number} AS who, {aged.since(since) if aged else since} AS since,
                   {aged.until(until) if aged else until} AS until
            FROM {shared.being} b{joins}{aged.joins if aged else ""}
            WHERE {" AND ".join([*conditions, *(aged.conditions if aged else [])]) or EVERYTHING}"""


class _Aged:
    """The stretch of a `who`, cut to the days on which she is of some ages."""

    def __init__(self, shared: Shared, ages: Ages) -> None:
        child, anybody = (f"t.t{shared.number(term)}" for term in BIRTHS)
        self._born = f"COALESCE({child}, {anybody})"
        self._first, first = later(self._born, ages.since, "y") if ages.since else ("", "")
        self._end, end = later(self._born, ages.below, "x") if ages.below else ("", "")
        self.joins = f" LEFT JOIN anchors t ON t.client = b.client {first} {end}"
        self.conditions = [] if ages.unknown else [f"{self._born} IS NOT NULL"]

    def since(self, since: str) -> str:
        """The later of the two; never, where she is not of the group or the calendar does not reach to that age."""
        if not self._first:
            return since
        unaged = f"{self._born} IS NULL OR {since} IS NULL OR {self._first} < {since}"
        return f"CASE WHEN {unaged} THEN {since} ELSE {self._first} END"

    def until(self, until: str) -> str:
        """The earlier of the two days."""
        return least([until, self._end]) if self._end else until


def _places(version: Protocol, places: Sequence[Place]) -> Iterator[str]:
    """What holds of the client's home where an item is only at some places."""
    for place in places:
        on = next(setting.on for setting in version.settings if setting.id == place.setting)
        sites = _exceptions(version, place)
        if not sites:
            yield EVERYTHING if on == place.on else NOTHING
        elif on == place.on:
            yield f"(h.site IS NULL OR h.site NOT IN ({texts(sites)}))"
        else:
            yield f"h.site IN ({texts(sites)})"


def _exceptions(version: Protocol, place: Place) -> tuple[str, ...]:
    return next(setting.sites for setting in version.settings if setting.id == place.setting)


def _has_exceptions(shared: Shared) -> bool:
    return any(_exceptions(shared.versions[n], place) for n, who in shared.whos for place in who.places)
