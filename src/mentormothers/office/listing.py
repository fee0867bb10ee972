"""The list of who needs us first, as it is shown: by household, filtered, sorted, so many at a time, named or not."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.http import QueryDict

from mentormothers.access.audit import note
from mentormothers.access.models import User
from mentormothers.followup.counting import GROUPS, Group
from mentormothers.followup.paper import neutral_task, short_code
from mentormothers.followup.priority import OF_THE_THING, WEIGHTS
from mentormothers.followup.worklist import Household, OpenItem, Order, Page, Person, Wanted, Worklist, labels
from mentormothers.office.reach import first_names
from mentormothers.office.words.states import Tag, tag_of
from mentormothers.register.names import NOBODY, Identity, find_clients, may_see_names, names_for
from mentormothers.sites.models import Site

PAGE = 25  # households
_LINES = 3  # of one person, before the rest is folded
_MOST = 5000
Names = Mapping[UUID, Identity]


@dataclass(frozen=True)
class Wish:
    """How somebody wants to see the list. Whatever she sent that makes no sense is left out."""

    group: Group | None = None
    item: str = ""
    mentor: UUID | None = None
    text: str = ""
    sort: str = "first"
    show: int = PAGE


@dataclass(frozen=True)
class Row:
    """One thing to do, as it is shown; `asked` is who looks for her."""

    item: OpenItem
    tag: Tag
    asked: str

    @property
    def whom(self) -> UUID:
        """Who is looked for: a baby is found through its mother, unless somebody else looks after it."""
        return self.item.household

    @property
    def why(self) -> str:
        """Who she is, as far as it counts, the weightiest first; what else it is ranked by has columns of its own."""
        hers = [reason.words for reason in self.item.reasons if reason.weight not in OF_THE_THING]
        return ", ".join(hers) or ("how late it is" if self.item.days_late else "its day has come")

    @property
    def explained(self) -> list[tuple[str, str, str]]:
        """All that it is ranked by: points, in words, and why that counts. What weighs nothing is left out."""
        return [(f"{one.points:+d}", one.words, WEIGHTS[one.weight].why) for one in self.item.reasons if one.points]

    @property
    def task(self) -> str:
        """What to do, in words that may stand on paper."""
        return neutral_task(self.item)


@dataclass(frozen=True)
class PersonShown:
    """One of a household with her things to do. `name` and `place` are empty where nobody may see them.

    site         its name, where the list is of several
    with_mother  it is a baby, and found through its mother
    """

    client: UUID
    is_baby: bool
    with_mother: bool
    code: str
    name: str
    place: str
    site: str
    mentors: str
    rows: Sequence[Row]

    @property
    def shown(self) -> Sequence[Row]:
        """What stands in lines of its own: a few, so that the next household is in sight."""
        return self.rows if len(self.rows) <= _LINES + 1 else self.rows[:_LINES]

    @property
    def rest(self) -> Sequence[Row]:
        """What is told on asking."""
        return self.rows[len(self.shown) :]

    @property
    def lines(self) -> int:
        """How many lines of the table are hers."""
        return len(self.shown) + bool(self.rest)


@dataclass(frozen=True)
class Entry:
    """One household of the list: who is seen on one visit.

    name  of who is looked for; empty where nobody may see it
    """

    id: UUID
    code: str
    name: str
    people: Sequence[PersonShown]

    @property
    def rows(self) -> list[Row]:
        """Everything to do in it."""
        return [row for person in self.people for row in person.rows]

    @property
    def wanted(self) -> list[Row]:
        """What was asked for of it."""
        return [row for row in self.rows if row.item.wanted]

    @property
    def asks_for(self) -> OpenItem | None:
        """Because of what she is looked for now, or somebody may be asked to: the most urgent of it."""
        items = [row.item for row in self.rows]
        asked = [one for one in items if one.asked and one.asked.item == one.item]
        return next(iter([*asked, *(one for one in items if one.may_ask or one.asked)]), None)


@dataclass(frozen=True)
class Listing:
    """What is shown of a list, how much there is in all, and what one may filter by.

    found, things  households and things to do that are wanted; all: things to do of the whole list
    with_names     whether whoever looks may see who they are; several: the list is of several sites, and names them
    """

    entries: Sequence[Entry]
    found: int
    things: int
    all: int
    wish: Wish
    with_names: bool
    items: Mapping[str, str] = field(default_factory=dict)
    several: bool = False

    @property
    def more(self) -> int:
        """How many to show after the next click; 0 when all are here."""
        return self.wish.show + PAGE if self.found > len(self.entries) else 0


# What the database sorts, and gives no more of than is shown; and what hangs on names, which it cannot read.
_ORDERS: Mapping[str, Order] = {"first": "first", "what": "what", "state": "state"}
_SORTS: Mapping[str, Callable[[Entry], Any]] = {
    "person": lambda entry: (entry.name.casefold(), entry.code),
    "with": lambda entry: entry.people[0].mentors.casefold(),
}


def read_wish(sent: QueryDict, *, text: str = "") -> Wish:
    """What was asked for, from a form or an address; a name never comes by an address."""
    group, item, sort, show = (sent.get(name, "") for name in ("group", "item", "sort", "show"))
    return Wish(
        group=next((known for known in GROUPS if known == group), None),
        item=item if item in labels() else "",
        mentor=_uuid(sent.get("mentor", "")),
        text=text,
        sort=sort if sort in _SORTS else _ORDERS.get(sort, "first"),
        show=min(int(show), _MOST) if show.isascii() and show.isdigit() and len(show) < 6 else PAGE,
    )


def listing(worklist: Worklist, wish: Wish, *, user: User, screen: str, sites: Sequence[Site] = ()) -> Listing:
    """The list as this person may see it: with names, or in short codes. The look is audited.

    sites  named with each household, where the list is of several
    """
    page = _page(worklist, _wanted(worklist, wish, user), wish)
    entries = entries_of(page.households, {site.id: site.name for site in sites})
    if wish.sort == "person":
        names = names_for(user, _people(entries), screen=screen)
        shown = _sorted([named(entry, names) for entry in entries], wish)[: wish.show]
    else:
        chosen = _sorted(entries, wish)[: wish.show]
        names = names_for(user, _people(chosen), screen=screen)
        shown = [named(entry, names) for entry in chosen]
    if not may_see_names(user):
        note(f"list.seen:{screen}", who=user, clients=sorted(_people(shown)))
    things = worklist.things()
    return Listing(
        entries=shown,
        found=page.found,
        things=page.things,
        all=sum(things.values()),
        wish=replace(wish, show=max(wish.show, PAGE)),
        with_names=may_see_names(user),
        items={item: label for item, label in labels().items() if item in things},
        several=len(sites) > 1,
    )


def listing_in_codes(worklist: Worklist, wish: Wish) -> list[Entry]:
    """The whole list without any name."""
    page = _page(worklist, Wanted(wish.group, wish.item, wish.mentor), replace(wish, show=_MOST))
    return _sorted(entries_of(page.households, {}), wish)


def _page(worklist: Worklist, wanted: Wanted, wish: Wish) -> Page:
    """The wanted households in the order of the wish, or all of them where that is no order of the database."""
    if wish.sort in _SORTS:
        return worklist.page(wanted)
    return worklist.page(wanted, _ORDERS[wish.sort], wish.show)


def entries_of(households: Sequence[Household], places: Mapping[int, str]) -> list[Entry]:
    """Households as they are shown, without names of people; with the names of sites."""
    items = [item for household in households for item in household.items]
    mentors = first_names([m for item in items for m in (*item.mentors, item.asked.mentor if item.asked else None)])
    return [
        Entry(one.id, short_code(one.id), "", [_person(person, mentors, places) for person in one.people])
        for one in households
    ]


def named(entry: Entry, names: Names) -> Entry:
    """The household with names and where she lives; of a baby, with whom."""
    if not names:
        return entry
    people = [_named(person, entry, names) for person in entry.people]
    looked_for = names.get(entry.id, NOBODY)
    name = looked_for.caregiver or looked_for.short
    return replace(entry, name=people[0].name if looked_for is NOBODY else name, people=people)


def _named(person: PersonShown, entry: Entry, names: Names) -> PersonShown:
    known, mother = names.get(person.client, NOBODY), names.get(entry.id)
    if person.with_mother:
        place = f"with {mother.short}" if mother else "the mother is seen elsewhere"
        return replace(person, name=known.short if known is not NOBODY else "Baby", place=place)
    if person.is_baby or known.caregiver:
        place = f"with {known.caregiver}" if known.caregiver else "not with its mother"
        return replace(person, name=known.short if known.given or known.erased else "Baby", place=place)
    return replace(person, name=known.short, place=known.village)


def _person(person: Person, mentors: Mapping[UUID, str], places: Mapping[int, str]) -> PersonShown:
    return PersonShown(
        client=person.client,
        is_baby=person.mother is not None,
        with_mother=person.mother is not None and person.mother == person.items[0].household,
        code=short_code(person.client),
        name="",
        place="",
        site=places.get(person.site, ""),
        mentors=", ".join(dict.fromkeys(mentors[m] for m in person.items[0].mentors if m in mentors)),
        rows=[Row(item, tag_of(item), _asked(item, mentors)) for item in person.items],
    )


def _asked(item: OpenItem, mentors: Mapping[UUID, str]) -> str:
    return mentors.get(item.asked.mentor, "somebody") if item.asked else ""


def _wanted(worklist: Worklist, wish: Wish, user: User) -> Wanted:
    """What is wished for; a text is looked for among the names of whom it would otherwise be."""
    wanted = Wanted(wish.group, wish.item, wish.mentor)
    if not wish.text.strip():
        return wanted
    return replace(wanted, people=frozenset(find_clients(user, wish.text, worklist.people(wanted))))


def _people(entries: Iterable[Entry]) -> set[UUID]:
    return {client for entry in entries for client in (entry.id, *(person.client for person in entry.people))}


def _sorted(entries: list[Entry], wish: Wish) -> list[Entry]:
    return sorted(entries, key=_SORTS[wish.sort]) if wish.sort in _SORTS else entries


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
