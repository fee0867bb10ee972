"""The list of who needs us first, as it is shown: filtered, sorted, a page at a time, with or without names."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.http import QueryDict

from mentormothers.access.models import User
from mentormothers.followup.counting import GROUPS, Group
from mentormothers.followup.paper import neutral_task, short_code
from mentormothers.followup.worklist import EVERYTHING, OpenItem, Order, Wanted, Worklist, labels
from mentormothers.office.reach import first_names
from mentormothers.office.words.states import Tag, tag_of
from mentormothers.register.names import NOBODY, Identity, find_clients, names_for

PAGE = 25
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
    """One line of the list. `name` and `place` are empty where nobody may see them; `asked` is who looks for her."""

    item: OpenItem
    tag: Tag
    code: str
    name: str
    place: str
    mentors: str
    asked: str

    @property
    def whom(self) -> UUID:
        """Who is looked for: a baby is found through its mother."""
        return self.item.mother or self.item.client

    @property
    def why(self) -> str:
        """The reasons, the weightiest first."""
        return ", ".join(self.item.reasons) or ("how late it is" if self.item.days_late else "its day has come")

    @property
    def task(self) -> str:
        """What to do, in words that may stand on paper."""
        return neutral_task(self.item)


@dataclass(frozen=True)
class Listing:
    """What is shown of a list, how many there are in all, and what one may filter by."""

    rows: Sequence[Row]
    found: int
    all: int
    wish: Wish
    items: Mapping[str, str] = field(default_factory=dict)

    @property
    def more(self) -> int:
        """How many to show after the next click; 0 when all are here."""
        return self.wish.show + PAGE if self.found > len(self.rows) else 0


# What the database sorts, and gives no more of than is shown; and what hangs on names, which it cannot read.
_ORDERS: Mapping[str, Order] = {"first": "first", "what": "what", "state": "state"}
_SORTS: Mapping[str, Callable[[Row], Any]] = {
    "person": lambda row: (row.name.casefold(), row.code),
    "with": lambda row: row.mentors.casefold(),
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


def listing(worklist: Worklist, wish: Wish, *, user: User, screen: str) -> Listing:
    """The list with names, as a coordinator sees it; the look is audited."""
    wanted = _wanted(worklist, wish, user)
    items = _items(worklist, wanted, wish, most=wish.show)
    if wish.sort == "person":
        rows = _sorted(rows_of(items, names_for(user, _people(items), screen=screen)), wish)[: wish.show]
    else:
        chosen = _sorted(rows_of(items, {}), wish)[: wish.show]
        names = names_for(user, _people(row.item for row in chosen), screen=screen)
        rows = [named(row, names) for row in chosen]
    things = worklist.things()
    everything = sum(things.values())
    found = everything if wanted == EVERYTHING else worklist.count(wanted)
    kinds = {item: label for item, label in labels().items() if item in things}
    return Listing(rows, found, everything, replace(wish, show=max(wish.show, PAGE)), kinds)


def listing_in_codes(worklist: Worklist, wish: Wish) -> list[Row]:
    """The whole list without any name."""
    items = _items(worklist, Wanted(wish.group, wish.item, wish.mentor), wish, most=None)
    return _sorted(rows_of(items, {}), wish)


def _items(worklist: Worklist, wanted: Wanted, wish: Wish, *, most: int | None) -> list[OpenItem]:
    """The wanted ones in the order of the wish, or all of them where that is no order of the database."""
    if wish.sort in _SORTS:
        return worklist.items(wanted)
    return worklist.items(wanted, _ORDERS[wish.sort], most)


def rows_of(items: Sequence[OpenItem], names: Names) -> list[Row]:
    """Lines of the list for things to do."""
    mentors = first_names([m for item in items for m in (*item.mentors, item.asked.mentor if item.asked else None)])
    return [named(_row(item, mentors), names) for item in items]


def named(row: Row, names: Names) -> Row:
    """The line with the person's name and where she lives; of a baby, with whom."""
    if not names:
        return row
    known = names.get(row.item.client, NOBODY)
    if row.item.mother is None:
        return replace(row, name=known.short, place=known.village)
    mother = names.get(row.item.mother, NOBODY).short
    return replace(row, name=known.short if known is not NOBODY else "Baby", place=f"with {mother}")


def _row(item: OpenItem, mentors: Mapping[UUID, str]) -> Row:
    asked = item.asked
    looks = mentors.get(asked.mentor, "somebody") if asked else ""
    known = ", ".join(dict.fromkeys(mentors[m] for m in item.mentors if m in mentors))
    return Row(item, tag_of(item), short_code(item.client), "", "", known, looks)


def _wanted(worklist: Worklist, wish: Wish, user: User) -> Wanted:
    """What is wished for; a text is looked for among the names of whom it would otherwise be."""
    wanted = Wanted(wish.group, wish.item, wish.mentor)
    if not wish.text.strip():
        return wanted
    return replace(wanted, people=frozenset(find_clients(user, wish.text, worklist.people(wanted))))


def _people(items: Iterable[OpenItem]) -> set[UUID]:
    return {person for item in items for person in (item.client, item.mother) if person}


def _sorted(rows: list[Row], wish: Wish) -> list[Row]:
    return sorted(rows, key=_SORTS[wish.sort]) if wish.sort in _SORTS else rows


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
