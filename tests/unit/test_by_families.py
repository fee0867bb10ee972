"""Everybody's schedule by ranges of families: the rows of the undivided way, sorted, whatever a family is spread over."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from mentormothers.config.benchmarks.copies import copied
from mentormothers.engines import by_families, reference
from mentormothers.engines.by_families import Asked, count_everybodys_schedule, everybodys_schedule
from mentormothers.engines.columns import connect
from mentormothers.engines.rows import ScheduleRow
from mentormothers.engines.snapshot import CLIENTS, FACTS, FAMILIES, Snapshot, opened, ranges
from mentormothers.engines.snapshot_writing import write_snapshot
from mentormothers.facts.csv_file import COLUMNS, read_facts
from mentormothers.facts.fact import History
from mentormothers.protocol.reading import find_protocol
from tests.simulated import made

PROTOCOL, AS_OF = find_protocol("MW-2022"), date(2025, 12, 1)
# A baby at another site than its mother; one whose mother only its first fact names; a mother who is herself the baby
# of a client; a baby of whom two facts name two mothers; a mother of whom nothing else is known. Ids sort another way
# than families.
SPREAD = (
    ",".join(COLUMNS)
    + """
zoe,mother,,hiv.diagnosis,2025-01-10,,,register,Z,o,r1,2025-01-10,
zoe,mother,,art.dispense,2025-01-10,90,,register,Z,o,r2,2025-01-10,
zoe,mother,,delivery,2025-03-01,live,,register,Z,o,r3,2025-03-01,
ann,infant,zoe,child.dob,2025-03-01,,,register,A,o,r4,2025-03-02,
ann,infant,zoe,eid.sample,2025-04-15,6w,,register,A,o,r5,2025-04-15,
ann,infant,,eid.result,2025-05-02,pos,r5,lab,B,o,r6,2025-05-03,
bea,infant,zoe,child.dob,2025-03-01,,,register,Q,o,r7,2025-03-02,
bea,infant,,visit,2025-06-01,,,register,Q,o,r8,2025-06-02,
zoe,mother,,bf.stopped,2025-08-01,,,register,Z,o,r9,2025-08-01,
mia,mother,old,anc.contact,2025-02-01,,,register,M,o,r10,2025-02-01,
mia,mother,old,pregnancy.lmp,2024-11-20,,,register,M,o,r11,2025-02-01,
kim,infant,mia,child.dob,2025-08-28,,,register,K,o,r12,2025-08-29,
kim,infant,zed,exposed,2025-08-28,,,register,K,o,r13,2025-08-29,
zed,mother,,hiv.diagnosis,2025-01-01,,,register,C,o,r14,2025-01-01,
lea,mother,,pregnancy.edd,2025-12-20,,,register,B,o,r15,2025-04-01,
lea,mother,,pregnancy.edd,2025-11-20,,,register,A,o,r16,2025-05-01,amends:r15
lea,mother,,session,2025-05-01,one_to_one,,observed,A,o,r17,2025-05-01,
eve,mother,,vl.sample,2025-01-05,,,register,A,o,r18,2025-01-05,
eve,mother,,hiv.diagnosis,2024-01-05,,,client_told,A,o,r19,2025-01-05,
eve,mother,,vl.result,2025-02-05,4000,r18,lab,A,o,r20,2025-02-05,
eve,mother,,transfer.out,2025-03-05,confirmed,,register,A,o,r21,2025-03-05,
eve,mother,,art.dispense,2025-04-05,30,,register,B,o,r22,2025-04-05,
"""
)


@pytest.fixture(params=[1, 5, 1_000_000], ids="{} facts at once".format)
def at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(by_families, "FACTS_AT_ONCE", request.param)
    return int(request.param)


def written(folder: Path, text: str) -> tuple[Snapshot, History]:
    facts, out = folder / "facts.csv", folder / "columns"
    facts.write_text(text)
    out.mkdir()
    return write_snapshot(facts, out, lambda _: None)[0], read_facts(facts).history


def rows_of(asked: Asked) -> list[ScheduleRow]:
    with everybodys_schedule(asked, lambda _: None) as rows:
        return list(rows)


@pytest.mark.parametrize("known", [None, date(2025, 4, 10)], ids=str)
def test_families_over_several_sites_are_not_cut(tmp_path: Path, at_once: int, known: date | None) -> None:
    snapshot, history = written(tmp_path, SPREAD)
    expected = reference.schedule(PROTOCOL, history.known_on(known), AS_OF)
    assert {row.client for row in expected} >= ({"ann", "bea", "zoe", "kim"} if known is None else {"ann", "zoe"})
    for settled in (True, False):
        asked = Asked(PROTOCOL, snapshot, AS_OF, known, settled=settled)
        assert rows_of(asked) == expected
        assert count_everybodys_schedule(asked, lambda _: None) == len(expected)


def test_ranges_hold_whole_families_and_everybody_once(tmp_path: Path) -> None:
    snapshot, _ = written(tmp_path, SPREAD)
    with opened(snapshot, None) as database:
        numbers = dict(database.execute(f"SELECT id, number FROM '{snapshot.folder / CLIENTS}'").fetchall())
        found = ranges(database, snapshot, 1)
    assert [number for one in found for number in range(one.first, one.last + 1)] == sorted(numbers.values())
    names = {number: name for name, number in numbers.items()}
    families = {frozenset(names[number] for number in range(one.first, one.last + 1)) for one in found}
    together = [{"zoe", "ann", "bea"}, {"old", "mia", "kim", "zed"}, {"lea"}, {"eve"}]
    assert families == {frozenset(family) for family in together}


def test_a_simulated_programme_in_many_ranges_has_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot, _ = written(tmp_path, made(60, seed=5, months=24, sites=4).facts_text())
    asked = Asked(PROTOCOL, snapshot, snapshot.span[1])
    undivided = rows_of(asked)
    monkeypatch.setattr(by_families, "FACTS_AT_ONCE", snapshot.facts // 20)
    heard: list[int] = []
    with everybodys_schedule(asked, heard.append) as rows:
        assert list(rows) == undivided
    assert heard == sorted(heard) and heard[-1] == snapshot.facts and len(heard) > 15
    assert undivided == sorted(undivided, key=lambda row: (row.client, row.item, row.due, row.occurrence))


def test_nothing_is_left_behind_and_nobody_else_may_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot, _ = written(tmp_path, SPREAD)
    spill = tmp_path / "spill"
    spill.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(spill))
    with everybodys_schedule(Asked(PROTOCOL, snapshot, AS_OF), lambda _: None) as rows:
        assert next(rows)
        assert [oct(path.stat().st_mode)[-3:] for path in spill.iterdir()] == ["700"]
    assert list(spill.iterdir()) == []


def test_a_snapshot_without_facts_has_no_rows(tmp_path: Path) -> None:
    snapshot, _ = written(tmp_path, ",".join(COLUMNS) + "\n")
    assert rows_of(Asked(PROTOCOL, snapshot, AS_OF)) == []


def test_copies_have_the_rows_of_the_programme_under_other_ids(tmp_path: Path) -> None:
    snapshot, _ = written(tmp_path, SPREAD)
    once = rows_of(Asked(PROTOCOL, snapshot, AS_OF))
    with copied(snapshot, 3, lambda _: None) as larger:
        assert larger.facts == 3 * snapshot.facts
        for settled in (True, False):
            found = rows_of(Asked(PROTOCOL, larger, AS_OF, settled=settled))
            assert [(row.client, row.item, row.due, row.state) for row in found] == [
                (f"{n:03d}~{row.client}", row.item, row.due, row.state) for n in range(3) for row in once
            ]
        assert sorted(columns(larger)) == sorted(columns(snapshot))


def columns(snapshot: Snapshot) -> Iterator[tuple[str, ...]]:
    with connect(reads=str(snapshot.folder)) as database:
        for name in (CLIENTS, FACTS, FAMILIES):
            described = database.execute(f"DESCRIBE SELECT * FROM '{snapshot.folder / name}'").fetchall()
            yield from ((name, *row[:2]) for row in described)
