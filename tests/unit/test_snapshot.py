"""Snapshots: the same rows as from the facts CSV, whatever stands in it."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mentormothers.config.cli import app
from mentormothers.engines import duckdb, snapshot
from mentormothers.engines.by_families import Asked, everybodys_schedule
from mentormothers.engines.rows import ScheduleRow
from mentormothers.engines.snapshot import Snapshot
from mentormothers.engines.snapshot_writing import write_snapshot
from mentormothers.facts.csv_file import COLUMNS, FactsFile, UnreadableFileError, read_facts
from mentormothers.indicators.model import Question
from mentormothers.indicators.periods import parse_period
from mentormothers.indicators.reading import find_indicators
from mentormothers.protocol.reading import find_protocol
from tests.simulated import made

HEADER = ",".join(COLUMNS) + "\n"
# Good and bad lines of every kind: quoted, short, long, twice, corrected, in circles, of unknown kinds and words.
DIRTY = (
    HEADER
    + """grace,mother,,art.dispense,2025-01-01,30,,register,A,o,r1,2025-01-02,
grace,mother,,art.dispense,2025-01-01,30,,register,A,o,r1,2025-01-01,
grace,mother,,art.dispense,2025-02-01,"30",,register,A,o,r2,2025-02-02,
 grace ,mother,,vl.sample,2025-02-01,,,register,A,o,r3,2025-02-02,
grace,mother,,vl.result,2025-03,<50,r3,lab,A,o,r4,2025-03-20T10:00:00,
grace,mother,,art.dispense,2025-03-05,60,,register,A,o,r5,2025-03-06,amends:r2
grace,mother,,art.dispense,2025-04-05,90,,client_told,A,o,r6,,
grace,mother,,session,2025-04-05,one_to_one,,observed,A,o,r7,2025-04-06,withdraws:r6
grace,mother,,art.dispense,2025-05-05,900,,register,A,o,r8,2025-05-06,
grace,mother,,art.dispense,2025-02-30,30,,register,A,o,r9,2025-05-06,
grace,mother,,art.dispense,2025-05-05,30,,dream,A,o,r10,2025-05-06,
grace,queen,,art.dispense,2025-05-05,30,,register,A,o,r11,2025-05-06,
,mother,,art.dispense,2025-05-05,30,,register,A,o,r12,2025-05-06,
grace,mother,grace,art.dispense,2025-05-05,30,,register,A,o,r13,2025-05-06,
grace,mother,,horoscope,2025-05-05,lion,,register,A,o,r14,2025-05-06,
grace,mother,,horoscope,2025-05-05,łion,,register,A,o,r15,2025-05-06,
grace,mother,,art.dispense,2025-05-05,30,,register,A,o,r16,yesterday,
grace,mother,,art.dispense,2025-05-05,30,,register,A,o,r17,2025-05-06,amends:r17
grace,mother,,art.dispense,2025-05-05,"30,,register,A,o,r18,2025-05-06,
grace,mother,,art.dispense,2025-05-05,30,,register,A,o,r19,2025-05-06,,extra
grace,mother,,anc.contact,2025-05-05
kofi,infant,grace,child.dob,2025-01-20,,,register,A,o,r20,2025-01-21,
kofi,infant,grace,eid.sample,2025-03-05,6w,,register,B,o,r21,2025-03-06,
kofi,infant,grace,eid.sample,2025-03-05,6w,,register,B,o,r22,2025-03-07,
kofi,infant,grace,eid.sample,2025-03-05,6w,r22,register,B,o,r23,2025-03-08,same_event_as:r21
"""
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "facts"
    path.mkdir()
    return path


def snapshot_of(folder: Path) -> tuple[Snapshot, FactsFile]:
    out = folder.parent / "snapshot"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    written, refusals = write_snapshot(folder, out, lambda _: None)
    read = read_facts(folder)
    assert sorted(refusals, key=str) == sorted(read.refusals, key=str)
    assert (written.fingerprint, written.unknown_kinds) == (read.snapshot, read.unknown_kinds)
    assert written.facts == len(read.history.facts)
    return written, read


@pytest.mark.parametrize("known", [None, date(2025, 3, 6)], ids=str)
@pytest.mark.parametrize(
    "text",
    [
        pytest.param(DIRTY, id="dirty"),
        pytest.param(DIRTY.replace("\n", "\r\n"), id="lines of Windows"),
        pytest.param(DIRTY.replace("r20,", "r20,").replace("\nkofi", "\n\nkofi"), id="empty lines"),
        pytest.param("﻿" + DIRTY.rstrip("\n"), id="byte order mark and no end of line"),
        pytest.param("kind,client,date,value\nart.dispense,grace,2025-01-01,30\n", id="few columns"),
        pytest.param(HEADER, id="nothing"),
    ],
)
def test_a_snapshot_gives_the_rows_of_its_facts_file(folder: Path, text: str, known: date | None) -> None:
    (folder / "facts.csv").write_bytes(text.encode())
    same_rows(*snapshot_of(folder), known)


@pytest.mark.parametrize("known", [None, date(2021, 8, 1)], ids=str)
def test_a_simulated_programme_gives_the_same_rows(folder: Path, known: date | None) -> None:
    text = made(60, seed=3, months=24, sites=4).facts_text()
    lines = text.splitlines()
    (folder / "a.csv").write_text("\n".join(lines[: len(lines) // 2]) + "\n")
    (folder / "b.csv").write_text("\n".join([lines[0], *lines[len(lines) // 3 :]]) + "\n")  # a third twice
    same_rows(*snapshot_of(folder), known)


def same_rows(written: Snapshot, read: FactsFile, known: date | None) -> None:
    history, last = read.history.known_on(known), written.span[1]
    asked = parse_period(f"{date(last.year, 1, 1)}..{last}") if last.month > 1 else parse_period("2025Q1")
    questions = [Question(one.measure({}), asked, by_site=True) for one in find_indicators([])]
    assert duckdb.indicators_of(questions, written, known) == duckdb.indicators(questions, history)
    protocol = find_protocol("ACC-1")
    expected = duckdb.schedule(protocol, history, last)
    for asked in (Asked(protocol, written, last, known), Asked(protocol, written, last, known, settled=False)):
        assert rows_of(asked) == expected


def rows_of(asked: Asked) -> list[ScheduleRow]:
    with everybodys_schedule(asked, lambda _: None) as rows:
        return list(rows)


def test_the_commands_read_a_snapshot_like_its_file(folder: Path) -> None:
    facts, out = folder / "facts.csv", folder.parent / "columns"
    facts.write_text(DIRTY)
    written = run("snapshot", "--facts", facts, "--out", out)
    assert written.exit_code == 1
    assert "facts.csv, line 10: not taken: art.dispense: 900 is out of range" in written.stderr
    for command in (
        ["indicators", "--period", "2025Q1", "--by", "site"],
        ["indicators", "--period", "2025Q1", "--known-on", "2025-03-06"],
        ["schedule", "--protocol", "ACC-1", "--as-of", "2025-05-01"],
    ):
        assert run(*command, "--facts", out).stdout == run(*command, "--facts", facts).stdout
    refused = run("indicators", "--period", "2025Q1", "--facts", out, "--engine", "sqlite")
    assert (refused.exit_code, "Please" in refused.stderr) == (2, True)


def test_a_folder_in_use_and_a_damaged_snapshot_are_told(folder: Path) -> None:
    (folder / "facts.csv").write_text(DIRTY)
    refused = run("snapshot", "--facts", folder, "--out", folder)
    assert (refused.exit_code, "not empty" in refused.stderr) == (2, True)
    written, _ = snapshot_of(folder)
    about = written.folder / snapshot.ABOUT
    about.write_text(about.read_text().replace(snapshot.layout(), "another"))
    with pytest.raises(UnreadableFileError, match="another version or vocabulary"):
        snapshot.read_snapshot(written.folder)
    about.write_text("{")
    with pytest.raises(UnreadableFileError, match="damaged"):
        snapshot.read_snapshot(written.folder)


def run(*arguments: object):  # type: ignore[no-untyped-def]
    return CliRunner().invoke(app, list(map(str, arguments)))
