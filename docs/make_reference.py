"""Writes the reference pages that follow from the code: `just docs`. A test compares them."""

from pathlib import Path

from typer.main import get_command

from mentormothers import PROGRAMME
from mentormothers.config.cli import app
from mentormothers.facts.vocabulary import vocabulary
from mentormothers.followup.priority import WEIGHTS
from mentormothers.protocol.lost_rules import LOST_RULES
from mentormothers.protocol.model import Item, Protocol
from mentormothers.protocol.provenance import Setting
from mentormothers.protocol.reading import find_protocol, read_protocol
from mentormothers.protocol.schema import FILE_NAME, schema_file
from mentormothers.protocol.words import say_item, say_tracing
from mentormothers.sync.errors import PROBLEMS

FOLDER = Path(__file__).parent / "reference"
_MADE = "<!-- made by docs/make_reference.py; do not edit -->\n"


def pages() -> dict[str, str]:
    """Every generated page by file name."""
    made = {"errors.md": _errors(), "facts.md": _facts(), "commands.md": _commands()}
    made["priority.md"] = _priority()
    return made | {"protocols.md": _library(), "protocol-mw-2022.md": _protocol(find_protocol("MW-2022"))}


def _errors() -> str:
    rows = "\n".join(
        f"| `{p.code}` | {p.status if p.status != 200 else 'quarantined'} | {p.message} | {p.remedy} | {'yes' if p.retry else ''} |"
        for p in PROBLEMS.values()
    )
    return (
        f"{_MADE}# Errors of the device API\n\nCodes never change their meaning. `quarantined` is the answer for one record "
        f"of a batch: it is kept with its reason. `again`: the same request may succeed later.\n\n"
        f"| code | answer | what is wrong | what to do | again |\n|---|---|---|---|---|\n{rows}\n"
    )


def _priority() -> str:
    rows = "\n".join(
        f"| `{name}` | {one.said} | {one.when} | {one.why} |"
        for name, one in sorted(WEIGHTS.items(), key=lambda pair: (-pair[1].points, pair[0]))
    )
    return (
        f"{_MADE}# Who needs us first\n\nEach thing to do has a rank: the sum of the points below that apply. The points are "
        f"the programme's own choice; no guideline ranks women, and a ministry may choose others. Each line of a list tells "
        f"its points on asking. A household stands where its most urgent thing to do stands; of two alike the one that was "
        f"due first.\n\nFrom `src/mentormothers/followup/priority.py`.\n\n"
        f"| name | points | when | why |\n|---|---|---|---|\n{rows}\n"
    )


def _facts() -> str:
    rows = "\n".join(
        f"| `{k.name}` | {k.label} | {_values(k)} | {k.same_day} | {'yes' if k.ends_stop else ''} | {k.sensitivity} |"
        for k in vocabulary().kinds.values()
    )
    return (
        f"{_MADE}# Kinds of facts\n\nFrom `programme/vocabulary.yaml`. *Same day*: which fact counts when two of one kind "
        f"fall on one day: `order` the later code, `max`, `last` received, `all` each. *Care*: ends a transfer, refusal or "
        f"treatment stop.\n\n| kind | meaning | value | same day | care | sensitivity |\n|---|---|---|---|---|---|\n{rows}\n"
    )


def _values(kind: object) -> str:
    from mentormothers.facts.vocabulary import Kind

    assert isinstance(kind, Kind)
    codes = ", ".join(f"`{code}`" for code in kind.codes)
    limits = f"{kind.minimum:g} to {kind.maximum:g}" if kind.minimum is not None and kind.maximum is not None else ""
    words = [codes or kind.value, kind.unit, limits, "or any short code" if kind.open and codes else ""]
    return " ".join(word for word in words if word)


def _library() -> str:
    found = [read_protocol(path) for path in sorted((PROGRAMME / "protocols").glob("*.yaml"))]
    rows = "\n".join(_of_library(protocol) for protocol in found)
    lines = "\n".join(
        f"| `{name}` | {_line(one.rule.name)} | {one.whose} | {one.read} |" for name, one in LOST_RULES.items()
    )
    return (
        f"{_MADE}# The library of protocols\n\nDrafts, **signed off by nobody**. Each is one file of `programme/protocols/` "
        f"that is laid on others; the numbers are of all of it, as it would be in force. *Not verified*: not confirmed from "
        f"the primary text of a guideline, or without source. *Left out*: what it does not say or does without, each with "
        f"its reason. `mentormothers protocol show ID` prints everything, `protocol diff ID ID` what changes between two.\n\n"
        f"| protocol | title | version | effective from | extends | items | of which its own | values not verified | left out "
        f"| lost line | signed off by |\n|---|---|---|---|---|---|---|---|---|---|---|\n{rows}\n\n"
        f"## Lost lines\n\nFrom which day late somebody counts as lost. Each has a name, which stands beside every number; "
        f"a protocol says `lost: {{rule: gt60}}`, an indicator takes it as an option. The office calls nobody lost.\n\n"
        f"| name | days late | whose | how it was read |\n|---|---|---|---|\n{lines}\n"
    )


def _of_library(protocol: Protocol) -> str:
    own = sum(item.file == f"{protocol.id.lower()}.yaml" for item in protocol.items)
    values = len(protocol.items) + len(protocol.settings)
    cells = (
        f"`{protocol.id}`", protocol.title, protocol.version, protocol.effective_from, ", ".join(protocol.extends) or "nothing",
        len(protocol.items), own, f"{protocol.unverified} of {values}", len(protocol.left_out), f"`{protocol.lost.name}`",
        protocol.signed_off_by.name if protocol.signed_off_by else "nobody",
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def _line(name: str) -> str:
    return f"more than {name[2:]}" if name.startswith("gt") else f"{name[2:]} or more"


def _protocol(protocol: Protocol) -> str:
    items = "\n".join(_item(item, protocol) for item in protocol.items)
    settings = "\n".join(f"| `{s.id}` | {s.value} | {_origin(s)} |" for s in protocol.settings)
    left_out = "\n".join(f"| `{one.id}` | {one.what} | {one.why} |" for one in protocol.left_out)
    sources = "\n".join(f"| `{s.id}` | {s.title} | {s.where} | {s.read} |" for s in protocol.sources)
    steps = "\n".join(f"- {step}" for step in say_tracing(protocol))
    return (
        f"{_MADE}# Protocol {protocol.id}, version {protocol.version}\n\n{protocol.title}.\n\n**Not signed off by a "
        f"ministry.** {protocol.unverified} of its {len(protocol.items) + len(protocol.settings)} values are not verified "
        f"(marked ⚠): not confirmed from the primary text of a guideline. From `programme/protocols/`, with what it extends "
        f"({', '.join(protocol.extends) or 'nothing'}); `mentormothers protocol show {protocol.id}` and the office's page say "
        f"the same.\n\n## Items\n\n"
        f"| item | for whom | due | in time | missed from | done by | ends with | source |\n|---|---|---|---|---|---|---|---|\n"
        f"{items}\n\n## Settings\n\n| setting | value | source |\n|---|---|---|\n{settings}\n\n## Tracing\n\n{steps}\n\n"
        f"## What it leaves out, and why\n\n| of | what | why |\n|---|---|---|\n{left_out}\n\n"
        f"## Sources\n\n| source | title | where | how it was read |\n|---|---|---|---|\n{sources}\n"
    )


def _item(item: Item, protocol: Protocol) -> str:
    said = say_item(item, protocol)
    due = f"{said.due}; shown {said.shown}" if said.shown else said.due
    missed = f"{said.missed}; beyond reach from {said.beyond}" if said.beyond else said.missed
    cells = (f"`{item.id}` {item.label}", said.whom, due, said.in_time, missed, said.done, said.ends, _origin(item))
    return f"| {' | '.join(cells)} |"


def _origin(value: Item | Setting) -> str:
    mark = "⚠ " if value.unverified else ""
    return f"{mark}`{value.source}` {value.basis}".strip()


def _commands() -> str:
    lines = [f"{_MADE}# Commands\n\n`mentormothers COMMAND --help` says more.\n\n| command | what it does |\n|---|---|"]
    lines += [f"| `mentormothers {name}` | {help_} |" for name, help_ in sorted(_walk(get_command(app), ""))]
    return "\n".join(lines) + "\n"


def _walk(command: object, prefix: str) -> list[tuple[str, str]]:
    found = []
    for name, inner in sorted(getattr(command, "commands", {}).items()):
        full = f"{prefix} {name}".strip()
        if getattr(inner, "commands", None):
            found += _walk(inner, full)
        else:
            found.append((full, (inner.help or "").split("\n")[0]))
    return found


if __name__ == "__main__":
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    (PROGRAMME / "protocols" / FILE_NAME).write_text(schema_file(), encoding="utf-8")
