"""The page of a protocol that a ministry reads and signs: everything it says, in words, with where it is from.

The same content makes the same page, so the calendars begin on the day the protocol does.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from mentormothers.engines.imagined import IMAGINED, Calendar, Planned, Role, calendar
from mentormothers.facts.days import add_months
from mentormothers.printing.page import TO_VERIFY, Blanks, Block, Entry, Facts, Page, Section, Table, Words
from mentormothers.protocol.model import Item, Protocol
from mentormothers.protocol.provenance import Setting
from mentormothers.protocol.terms import DAYS_LMP_TO_EDD
from mentormothers.protocol.words import GROUPS, ItemWords, say_item, say_succession, say_tracing

_SYNTHETIC = "It is for synthetic people only until a ministry has signed it."
_READING = (
    "An item is due on one day. It is shown from some days before, is in time until some days after, and is missed "
    "from then on. What is done before it is shown does not count, unless the item says so; what is done late does.",
    f"Values with the mark “{TO_VERIFY}” were not confirmed by anybody from the primary text of a guideline, or have "
    "no source. Please hold them against the guideline before you sign.",
)


def protocol_page(protocol: Protocol) -> Page:
    """The whole page; what it extends is in it."""
    return Page(
        title=protocol.title,
        subtitle=f"Protocol {protocol.id}, version {protocol.version}, for what begins on or after "
        f"{_day(protocol.effective_from)}",
        notice=_notice(protocol),
        foot=f"{protocol.id}, version {protocol.version} · content {protocol.fingerprint} · {_signed(protocol)}",
        sections=(
            Section("At a glance", (_glance(protocol), *map(Words, _READING))),
            Section("What holds for all items", tuple(_settings(protocol))),
            *_items(protocol),
            *_calendars(protocol),
            Section("What it leaves out, and why", tuple(_left_out(protocol))),
            Section("Sources", tuple(_sources(protocol))),
            Section("Signature", tuple(_signature(protocol)), new_page=True),
        ),
    )


def _signed(protocol: Protocol) -> str:
    by = protocol.signed_off_by
    return f"signed off by {by.name} on {_day(by.on)}" if by else "not signed off by a ministry"


def _notice(protocol: Protocol) -> str:
    signed = _signed(protocol)
    told = f"{signed[0].upper()}{signed[1:]}."
    return told if protocol.signed_off_by else f"{told} {_SYNTHETIC}"


def _glance(protocol: Protocol) -> Facts:
    own = sum(item.file == f"{protocol.id.lower()}.yaml" for item in protocol.items)
    values = len(protocol.items) + len(protocol.settings)
    whole = "nobody held the whole of it against the text of the guideline" if protocol.verify else ""
    pairs = (
        ("In force from", _day(protocol.effective_from)),
        ("Follows", say_succession(protocol)),
        ("Laid on", ", ".join(protocol.extends) or "nothing: it stands by itself"),
        ("Items", f"{len(protocol.items)}, of which {own} its own"),
        ("To be verified", "; ".join(filter(None, (f"{protocol.unverified} of {values} values", whole)))),
        ("Left out", f"{len(protocol.left_out)}, each with its reason"),
        ("Content", f"{protocol.fingerprint}, which a signature names"),
    )
    return Facts(tuple(pair for pair in pairs if pair[1]))


def _items(protocol: Protocol) -> Iterator[Section]:
    for group, title in GROUPS.items():
        said = [_item(item, protocol) for item in protocol.items if say_item(item, protocol).group == group]
        if said:
            yield Section(title, tuple(said))


def _item(item: Item, protocol: Protocol) -> Entry:
    words = say_item(item, protocol)
    lines = (
        ("For", words.whom),
        ("Due", words.due),
        ("Window", _window(words)),
        ("Done by", words.done),
        ("Ends with", words.ends),
        ("Note", item.note),
        *_origin(item, f"; the item stands in {item.file}"),
    )
    return Entry(item.label, item.id, item.unverified, tuple(line for line in lines if line[1]))


def _window(words: ItemWords) -> str:
    shown = f"shown {words.shown}; " if words.shown else ""
    beyond = f"; beyond reach from {words.beyond}" if words.beyond else ""
    return f"{shown}in time {words.in_time}; missed from {words.missed}{beyond}"


def _origin(value: Item | Setting, more: str = "") -> tuple[tuple[str, str], ...]:
    return ("Source", (value.source or "none given") + more), ("Basis", value.basis)


def _settings(protocol: Protocol) -> Iterator[Block]:
    for setting in protocol.settings:
        lines = (("Value", setting.value), *_origin(setting))
        yield Entry(setting.id, "", setting.unverified, tuple(line for line in lines if line[1]))
    steps = say_tracing(protocol)
    if steps:
        yield Entry("How somebody who did not come is looked for", "", False, tuple(_step(step) for step in steps))


def _step(said: str) -> tuple[str, str]:
    when, _, what = said.partition(": ")
    when = when.removeprefix("Looked for ")  # as the heading says
    return when[0].upper() + when[1:], what


def _calendars(protocol: Protocol) -> Iterator[Section]:
    """What it asks of three imagined people who begin with it."""
    begins = protocol.effective_from
    shown: tuple[tuple[str, Role, bool], ...] = (
        ("Calendar of a mother with HIV", "mother", True),
        ("Calendar of a mother who tests negative", "mother", False),
        ("Calendar of the baby of a mother with HIV", "infant", True),
    )
    for title, role, positive in shown:
        made = calendar(protocol, role, begins, positive=positive)
        began = f"Her last period began on {_day(begins)}." if role == "mother" else f"Born on {_day(begins)}."
        known = "On treatment for two years." if role == "mother" and positive else ""
        intro = " ".join(part for part in (began, known, IMAGINED) if part)
        yield Section(title, (Words(intro), *_calendar(made, role, begins)))


def _calendar(made: Calendar, role: Role, begins: date) -> Iterator[Block]:
    head = ("When", "Shown from", "Due", "In time to", "What")
    if made.planned:
        yield Table(head, tuple(_planned(one, role, begins) for one in made.planned), wide=4)
    else:
        yield Words("Nothing comes up for her or the baby by itself.")
    if made.others:
        others = "; ".join(f"{item.label} ({item.id})" for item in made.others)
        yield Words(
            f"Not in it, since it is not for such a client or hangs on something that did not happen: {others}."
        )


def _planned(one: Planned, role: Role, begins: date) -> tuple[str, ...]:
    what = f"{one.item.label} ({one.item.id}{f', {TO_VERIFY}' if one.item.unverified else ''})"
    return (_when(one.due, role, begins), one.opens.isoformat(), one.due.isoformat(), one.in_time.isoformat(), what)


def _when(due: date, role: Role, begins: date) -> str:
    """`week 12` of pregnancy, or how old the baby is."""
    born = begins if role == "infant" else begins + timedelta(days=DAYS_LMP_TO_EDD)
    if due < born:
        return f"week {(due - begins).days // 7} of pregnancy"
    days = (due - born).days
    if days < 14:
        return "at birth" if not days else f"{days} day{'s' if days > 1 else ''} after birth"
    months = max(n for n in range(60) if add_months(born, n) <= due)
    return f"{days // 7} weeks after birth" if months < 3 else f"{months} months after birth"


def _left_out(protocol: Protocol) -> Iterator[Block]:
    if not protocol.left_out:
        yield Words("Nothing is written down as left out.")
        return
    yield Table(("Of", "What", "Why"), tuple((one.id, one.what, one.why) for one in protocol.left_out), wide=2)


def _sources(protocol: Protocol) -> Iterator[Block]:
    if not protocol.sources:
        yield Words("No source is given.")
        return
    rows = tuple((one.id, one.title, one.where, one.read) for one in protocol.sources)
    yield Table(("Source", "Title", "Where", "How it was read"), rows, wide=1)


def _signature(protocol: Protocol) -> Iterator[Block]:
    named = f"{protocol.id}, version {protocol.version}, content {protocol.fingerprint}"
    if protocol.signed_off_by:
        by = protocol.signed_off_by
        yield Words(f"Signed off by {by.name} on {_day(by.on)}, for {named}.")
        return
    yield Words(
        f"This protocol, {named}, as it is printed here, is to be followed from {_day(protocol.effective_from)} on. "
        "Whatever is changed later, in it or in what it is laid on, has another content and needs a new signature."
    )
    yield Blanks(("Name", "Office", "Place and date", "Signature and stamp"))
    yield Words(
        "The file of the protocol then says: signed_off_by: {name: …, on: …, content: " + protocol.fingerprint + "}"
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}".replace(" ", "\N{NO-BREAK SPACE}")
