"""The list of who needs us first, as it is shown: filtered, sorted, a page at a time, with or without names."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.http import QueryDict

from mentormothers.access.models import User
from mentormothers.followup.counting import GROUPS, Group, belongs
from mentormothers.followup.paper import neutral_task, short_code
from mentormothers.followup.worklist import OpenItem
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


_SORTS: dict[str, Callable[[Row], Any]] = {
    "first": lambda row: 0,  # the order of rank, as it came
    "person": lambda row: (row.name.casefold(), row.code),
    "what": lambda row: row.item.label,
    "state": lambda row: (-row.item.days_late, row.item.until),
    "with": lambda row: row.mentors.casefold(),
}
SORTS = tuple(_SORTS)


def read_wish(sent: QueryDict, *, text: str = "") -> Wish:
    """What was asked for, from a form or an address; a name never comes by an address."""
    group, sort, show = sent.get("group", ""), sent.get("sort", ""), sent.get("show", "")
    return Wish(
        group=next((known for known in GROUPS if known == group), None),
        item=sent.get("item", "")[:60],
        mentor=_uuid(sent.get("mentor", "")),
        text=text,
        sort=sort if sort in SORTS else "first",
        show=min(int(show), _MOST) if show.isascii() and show.isdigit() and len(show) < 6 else PAGE,
    )


def listing(items: Sequence[OpenItem], wish: Wish, *, user: User, today: date, screen: str) -> Listing:
    """The list with names, as a coordinator sees it; the look is audited."""
    kept = _of_name(_filtered(items, wish, today), wish, user)
    if wish.sort == "person":
        names = names_for(user, _people(kept), screen=screen)
        rows = _sorted(rows_of(kept, names), wish)[: wish.show]
    else:
        chosen = _sorted(rows_of(kept, {}), wish)[: wish.show]
        names = names_for(user, _people(row.item for row in chosen), screen=screen)
        rows = [named(row, names) for row in chosen]
    labels = {item.item: item.label for item in sorted(items, key=lambda item: item.label)}
    return Listing(rows, len(kept), len(items), replace(wish, show=max(wish.show, PAGE)), labels)


def listing_in_codes(items: Sequence[OpenItem], wish: Wish, *, today: date) -> list[Row]:
    """The whole list without any name."""
    return _sorted(rows_of(_filtered(items, wish, today), {}), wish)


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


def _filtered(items: Iterable[OpenItem], wish: Wish, today: date) -> list[OpenItem]:
    return [
        item
        for item in items
        if (wish.group is None or belongs(item, wish.group, today))
        and (not wish.item or item.item == wish.item)
        and (wish.mentor is None or wish.mentor in item.mentors or (item.asked and item.asked.mentor == wish.mentor))
    ]


def _of_name(items: list[OpenItem], wish: Wish, user: User) -> list[OpenItem]:
    if not wish.text.strip():
        return items
    found = find_clients(user, wish.text, _people(items))
    return [item for item in items if item.client in found or item.mother in found]


def _people(items: Iterable[OpenItem]) -> set[UUID]:
    return {person for item in items for person in (item.client, item.mother) if person}


def _sorted(rows: list[Row], wish: Wish) -> list[Row]:
    return sorted(rows, key=_SORTS[wish.sort])


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
