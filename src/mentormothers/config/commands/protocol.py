"""`mentormothers protocol show`: a protocol in words, with sources, marks, and what it leaves out."""

from typing import Annotated

import typer

from mentormothers.config.commands.speaking import refuse
from mentormothers.protocol.model import Item, Protocol
from mentormothers.protocol.provenance import Setting
from mentormothers.protocol.reading import ProtocolError, find_protocol
from mentormothers.protocol.words import say_item, say_tracing

app = typer.Typer(no_args_is_help=True, help="Care schedules of countries.")


@app.callback()
def _protocol() -> None:
    """Care schedules of countries."""


@app.command()
def show(
    protocol: Annotated[str, typer.Argument(help="A protocol file, or the id of one in the programme's library.")],
) -> None:
    """Print a protocol in words: its items, settings, sources, and what it leaves out and why."""
    try:
        found = find_protocol(protocol)
    except ProtocolError as error:
        refuse(str(error))
    for line in _lines(found):
        typer.echo(line)


def _lines(protocol: Protocol) -> list[str]:
    signed = f"signed off by {protocol.signed_off_by}" if protocol.signed_off_by else "NOT SIGNED OFF BY A MINISTRY"
    lines = [f"{protocol.id}, version {protocol.version}: {protocol.title}"]
    lines += [f"{signed}; {protocol.unverified} of its values are not verified", "", "SETTINGS"]
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
    ]
    return lines + _origin(item) + ([f"    note: {item.note}"] if item.note else [])


def _origin(value: Item | Setting) -> list[str]:
    mark = " [to be verified]" if value.unverified else ""
    return [
        f"    source: {value.source or 'none given'}{mark}",
        *([f"    basis: {value.basis}"] if value.basis else []),
    ]
