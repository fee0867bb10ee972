"""`mentormothers protocol`: a protocol in words, what changes between two, and its dates for an imagined client."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mentormothers.config.commands.speaking import NOTHING_DONE, refuse, tell, whole_day
from mentormothers.engines.imagined import IMAGINED, Calendar, Planned, calendar
from mentormothers.printing.html import html as to_html
from mentormothers.printing.pdf import pdf as to_pdf
from mentormothers.printing.protocol_page import protocol_page
from mentormothers.protocol.difference import Change, difference
from mentormothers.protocol.model import Item, Protocol
from mentormothers.protocol.provenance import Setting
from mentormothers.protocol.reading import ProtocolError, find_protocol, read_protocol
from mentormothers.protocol.schema import schema_file
from mentormothers.protocol.words import say_item, say_succession, say_tracing

Named = Annotated[str, typer.Argument(help="A protocol file, or the id of one in the programme's library.")]

app = typer.Typer(no_args_is_help=True, help="Care schedules of countries.")


@app.callback()
def _protocol() -> None:
    """Care schedules of countries."""


@app.command()
def show(protocol: Named) -> None:
    """Print a protocol in words, with all that it extends: items, settings, sources, and what it leaves out and why."""
    for line in _lines(_found(protocol)):
        typer.echo(line)


@app.command()
def check(files: Annotated[list[Path], typer.Argument(help="Protocol files.")]) -> None:
    """Check protocol files with what they extend: whether they can be used, and what in them nobody has verified."""
    wrong = 0
    for file in files:
        try:
            found = read_protocol(file)
        except ProtocolError as error:
            tell(str(error))
            wrong += 1
        else:
            typer.echo(f"{file}: {_named(found)}: {_count(found)}, content {found.fingerprint}")
    raise typer.Exit(NOTHING_DONE if wrong else 0)


@app.command()
def schema() -> None:
    """Print the JSON Schema of protocol files, by which an editor explains their words and shows what is wrong."""
    typer.echo(schema_file(), nl=False)


@app.command()
def explain(
    protocol: Named,
    item: Annotated[str, typer.Argument(help="The id of one of its items.")],
) -> None:
    """Print one item in words: for whom, when, what does it, what ends it, and where it comes from."""
    found = _found(protocol)
    known = {one.id: one for one in found.items}
    if item not in known:
        refuse(f"{found.id} has no item {item!r}. Please name one of: {', '.join(known)}")
    for line in _item(known[item], found):
        typer.echo(line)


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="The protocol there was: a file or an id.")],
    new: Annotated[str, typer.Argument(help="The protocol there is to be: a file or an id.")],
) -> None:
    """Print what changes from one protocol, or version of it, to another, and for whom."""
    before, after = _found(old), _found(new)
    changes = difference(before, after)
    typer.echo(f"{_named(before)} -> {_named(after)}: {len(changes)} change(s)")
    for change in changes:
        for line in _change(change):
            typer.echo(line)


@app.command()
def page(
    protocol: Named,
    out: Annotated[Path | None, typer.Option(help="A folder for both files, named after the protocol.")] = None,
    html: Annotated[Path | None, typer.Option(help="Where to write it as HTML.")] = None,
    pdf: Annotated[Path | None, typer.Option(help="Where to write it as PDF.")] = None,
) -> None:
    """Write the page of a protocol that a ministry reads and signs: all of it in words, as HTML and PDF."""
    found = _found(protocol)
    if out:
        html, pdf = html or out / f"{found.id.lower()}.html", pdf or out / f"{found.id.lower()}.pdf"
    if not (html or pdf):
        refuse("nothing to write. Please say --out FOLDER, --html FILE or --pdf FILE")
    printed = protocol_page(found)
    if html:
        _write(html, to_html(printed).encode())
    if pdf:
        _write(pdf, to_pdf(printed))


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        refuse(f"{path}: {error.strerror}. Please name a file that can be written")
    typer.echo(str(path))


class Role(StrEnum):
    """Whose calendar it is."""

    mother = "mother"
    infant = "infant"


class Status(StrEnum):
    """What the mother's test says."""

    positive = "positive"
    negative = "negative"


@app.command("calendar")
def print_calendar(
    protocol: Named,
    role: Annotated[Role, typer.Option(help="A mother from her last period on, or a baby from birth on.")],
    anchor: Annotated[str, typer.Option(help="Her last period, or the birth, such as 2026-01-05.")],
    status: Annotated[
        Status, typer.Option(help="Whether the mother is known to be HIV-positive and on treatment, for two years.")
    ] = Status.positive,
) -> None:
    """Print the dates of one imagined client for whom everything is done on its day, to be read and signed."""
    found = _found(protocol)
    try:
        day = whole_day(anchor, "--anchor")
    except ValueError as error:
        refuse(str(error))
    made = calendar(found, role.value, day, positive=status is Status.positive)
    for line in _calendar(made, found, f"{role}, from {day}, mother {status}"):
        typer.echo(line)


def _found(protocol: str) -> Protocol:
    try:
        return find_protocol(protocol)
    except ProtocolError as error:
        refuse(str(error))


def _named(protocol: Protocol) -> str:
    return f"{protocol.id}, version {protocol.version}"


def _count(protocol: Protocol) -> str:
    return f"{len(protocol.items)} item(s), {protocol.unverified} value(s) not verified"


def _signed(protocol: Protocol) -> str:
    by = protocol.signed_off_by
    return f"signed off by {by.name} on {by.on}" if by else "NOT SIGNED OFF BY A MINISTRY"


def _change(change: Change) -> Iterator[str]:
    yield ""
    yield f"{change.sort.upper()} {change.id}" + (f": {change.label}, for {change.whom}" if change.whom else "")
    for part in change.parts:
        yield f"    {part.what}: {part.before or 'not said'} -> {part.after or 'not said'}"


def _calendar(made: Calendar, protocol: Protocol, whom: str) -> Iterator[str]:
    yield f"{_named(protocol)}: {whom}"
    yield IMAGINED
    yield f"{_signed(protocol)}; * marks what is not verified."
    yield ""
    yield f"{'shown from':<12}{'due':<12}{'in time to':<12}what"
    for line in made.planned:
        yield _planned(line)
    if made.others:
        yield ""
        yield "Not in it: not for such a client, or it hangs on something that did not happen:"
        yield from (f"    {item.label} ({item.id})" for item in made.others)


def _planned(line: Planned) -> str:
    mark = " *" if line.item.unverified else ""
    return f"{_day(line.opens)}{_day(line.due)}{_day(line.in_time)}{line.item.label} ({line.item.id}){mark}"


def _day(day: date) -> str:
    return f"{day.isoformat():<12}"


def _lines(protocol: Protocol) -> list[str]:
    lines = [f"{_named(protocol)}: {protocol.title}"]
    lines += [f"{_signed(protocol)}; {protocol.unverified} of its values are not verified"]
    lines += [f"content {protocol.fingerprint}, which a signature has to name"]
    if protocol.extends:
        lines.append(f"extends {', '.join(protocol.extends)}; each item says in which file it stands")
    if protocol.succeeds:
        lines.append(f"follows {say_succession(protocol)}")
    lines += ["", "SETTINGS"]
    for setting in protocol.settings:
        lines += [f"{setting.id}: {setting.value}", *_origin(setting)]
    lines += [f"    {step}" for step in say_tracing(protocol)]
    lines += ["", "ITEMS"]
    for item in protocol.items:
        lines += _item(item, protocol)
    lines += ["", "NOT TAKEN OVER", *(f"{one.id}: {one.what}. {one.why}" for one in protocol.left_out)]
    lines += ["", "SOURCES", *(f"{s.id}: {s.title} ({s.where}; {s.read})" for s in protocol.sources)]
    return lines


def _item(item: Item, protocol: Protocol) -> list[str]:
    said = say_item(item, protocol)
    lines = [
        f"{item.id}: {item.label}",
        f"    for {said.whom}",
        f"    due: {said.due}; in time {said.in_time}" + (f"; shown {said.shown}" if said.shown else ""),
        f"    missed from {said.missed}" + (f"; beyond reach from {said.beyond}" if said.beyond else ""),
        f"    done by: {said.done}" + (f"; ends with: {said.ends}" if said.ends else ""),
        f"    stands in: {item.file}",
    ]
    return lines + _origin(item) + ([f"    note: {item.note}"] if item.note else [])


def _origin(value: Item | Setting) -> list[str]:
    mark = " [to be verified]" if value.unverified else ""
    return [
        f"    source: {value.source or 'none given'}{mark}",
        *([f"    basis: {value.basis}"] if value.basis else []),
    ]
