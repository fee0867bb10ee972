"""The reference's versions: which version of a protocol holds for whom on a day, from when, and for whom an item is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from mentormothers.engines.reference_people import Person, Stretch
from mentormothers.protocol.model import Item, Protocol
from mentormothers.protocol.terms import Place

EPISODES = ("pregnant", "breastfeeding", "exposed_infant")


@dataclass(frozen=True)
class Governed:
    """A client with the version that holds for her, and the day since which it does."""

    person: Person
    version: Protocol
    since: date

    def drops(self, item: Item, due: date) -> bool:
        """Whether a new item was missed before the version counted for her, and the version asks it of nobody then."""
        before = self.version.succeeds
        if before is None or self.version.carry_over.keep or item.rolls:
            return False
        new = item.id not in {known.id for known in before.items}
        return new and due + timedelta(days=item.grace_days) < self.since


def governing(protocol: Protocol, person: Person, as_of: date) -> Governed:
    """Who is in an episode that began under an older version finishes it under that, where the newer one says so."""
    lasting = [e.since for e in _episodes(person) if e.since <= as_of and (e.until is None or as_of < e.until)]
    version = _in_force(protocol, max(lasting, default=as_of))
    switched = [v for v in protocol.versions if v.effective_from <= as_of and v.succeeds and not v.carry_over.finish]
    if switched and switched[-1].effective_from > version.effective_from:
        version = switched[-1]
    return Governed(person, version, max([version.effective_from, *_ends_of_older(version, person, as_of)]))


def _in_force(protocol: Protocol, day: date) -> Protocol:
    """The newest version that had begun; before the first one began, the first."""
    oldest, *later = protocol.versions
    return [oldest, *(version for version in later if version.effective_from <= day)][-1]


def _ends_of_older(version: Protocol, person: Person, as_of: date) -> Iterator[date]:
    """The ends of episodes that had begun before the version and outlasted its first day."""
    if version.carry_over.finish:
        for episode in _episodes(person):
            if episode.until and episode.since < version.effective_from < episode.until <= as_of:
                yield episode.until


def _episodes(person: Person) -> list[Stretch]:
    found = [person.stretch(name) for name in EPISODES]
    return [one for one in found if one and (one.until is None or one.since < one.until)]


def for_whom(protocol: Protocol, item: Item, person: Person) -> Stretch | None:
    """The stretch in which the item is for this person: the groups of `who` at her ages and place, joined."""
    if not all(_is_at(place, protocol, person) for place in item.who.places):
        return None
    found = []
    for group in item.who.alternatives:
        stretches = [person.stretch(definition) for definition in group]
        if item.who.ages:
            stretches.append(person.aged(item.who.ages))
        if any(s is None for s in stretches):
            continue
        since = max(s.since for s in stretches if s)
        until = min((s.until for s in stretches if s and s.until), default=None)
        if until is None or since < until:
            found.append(Stretch(since, until))
    if not found:
        return None
    ends = [s.until for s in found]
    return Stretch(min(s.since for s in found), None if None in ends else max(e for e in ends if e))


def _is_at(place: Place, protocol: Protocol, person: Person) -> bool:
    setting = next(setting for setting in protocol.settings if setting.id == place.setting)
    on = not setting.on if person.home in setting.sites else setting.on
    return on == place.on
