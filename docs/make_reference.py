"""Writes the reference pages that follow from the code: `just docs`. A test compares them."""

from pathlib import Path

from typer.main import get_command

from mentormothers.config.cli import app
from mentormothers.facts.vocabulary import vocabulary
from mentormothers.sync.errors import PROBLEMS

FOLDER = Path(__file__).parent / "reference"
_MADE = "<!-- made by docs/make_reference.py; do not edit -->\n"


def pages() -> dict[str, str]:
    """Every generated page by file name."""
    return {"errors.md": _errors(), "facts.md": _facts(), "commands.md": _commands()}


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
