"""`mentormothers snapshot`: facts in columns, for numbers over many clients."""

from pathlib import Path
from typing import Annotated

import typer

from mentormothers.config.commands.progress import progress
from mentormothers.config.commands.speaking import refuse, report_rows, tell
from mentormothers.config.simulating import SimulationError, empty_folder
from mentormothers.engines.snapshot import Snapshot
from mentormothers.engines.snapshot_writing import write_snapshot
from mentormothers.facts.csv_file import Refusal, UnreadableFileError


def snapshot(
    facts: Annotated[Path, typer.Option(help="A facts CSV, or a folder of them.")],
    out: Annotated[Path, typer.Option(help="A new or empty folder to write to.")],
) -> None:
    """Write facts in columns (Parquet), which `schedule` and `indicators` read with --facts, however many there are."""
    try:
        empty_folder(out)
        found, refusals = _write(facts, out)
    except (SimulationError, UnreadableFileError) as error:
        refuse(str(error))
    except OSError as error:
        refuse(f"{out}: could not be written to the end: {error.strerror}. Please make room and name a new folder")
    tell(f"{found.facts} facts from {found.span[0]} to {found.span[1]} in {out}, snapshot {found.fingerprint}")
    raise typer.Exit(report_rows(refusals, found.unknown_kinds))


def _write(facts: Path, out: Path) -> tuple[Snapshot, tuple[Refusal, ...]]:
    with progress() as step:
        return write_snapshot(facts, out, step)
