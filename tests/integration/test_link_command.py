"""`mentormothers link`: on a public file, on very small ones, and on bad ones."""

import csv
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

DATA = Path(__file__).parent.parent / "linkage_data"
HEAD = "id,given_name,surname,date_of_birth,sex,phone,village,district,mother_name,role\n"
Rows = list[dict[str, str]]


def link(*words: object) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).parent / "mentormothers", "link", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"COLUMNS": "120"})


def rows(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pairs_of(folder: Path, persons: str) -> Rows:
    (folder / "persons.csv").write_text(HEAD + persons, encoding="utf-8")
    done = link(folder / "persons.csv", "--out", folder / "pairs.csv")
    assert done.returncode == 0, done.stderr
    return rows(folder / "pairs.csv")


def truth(path: Path) -> set[tuple[str, ...]]:
    return {tuple(sorted((row["rec_id_1"].strip(), row["rec_id_2"].strip()))) for row in rows(path)}


def precision_and_recall(found: Rows, true: set[tuple[str, ...]]) -> tuple[float, float]:
    proposed = {(row["id_a"], row["id_b"]) for row in found}
    return len(proposed & true) / len(proposed), len(proposed & true) / len(true)


def test_ugandan_persons_without_their_numbers(tmp_path: Path) -> None:
    out = tmp_path / "pairs.csv"
    assert link(DATA / "opencr_persons.csv", "--out", out).returncode == 0
    found = rows(out)
    keys = [(row["id_a"], row["id_b"]) for row in found]
    assert keys == sorted(set(keys)) and all(a < b for a, b in keys)
    precision, recall = precision_and_recall(found, truth(DATA / "opencr_links.csv"))
    assert precision >= 0.98 and recall >= 0.95


SAME = ("b,Grace,Banda,1990-05-17,f,0991234567,Chilima,Zomba,,", "a, GRACE ,banda,17/05/1990,F,+265 99 123 4567,,,,")


def test_two_records_are_enough(tmp_path: Path) -> None:
    (pair,) = pairs_of(tmp_path, "\n".join(SAME) + "\n")
    assert (pair["id_a"], pair["id_b"]) == ("a", "b")
    assert 0.95 < float(pair["probability"]) <= 1


def test_a_pair_is_explained_without_repeating_names(tmp_path: Path) -> None:
    (tmp_path / "persons.csv").write_text(HEAD + "\n".join(SAME) + "\n", encoding="utf-8")
    link(tmp_path / "persons.csv", "--out", tmp_path / "pairs.csv", "--explain", tmp_path / "why.csv")
    (pair,) = rows(tmp_path / "why.csv")
    assert "given name the same: strongly for (+" in pair["why"]
    assert "grace" not in pair["why"].lower() and "991234567" not in pair["why"]


@pytest.mark.parametrize("others", ["", "c,Ruth,Mwale,1995-11-02,f,0887654321,Moyo,Mzimba,,\n"])
def test_who_came_is_held_against_who_is_known(tmp_path: Path, others: str) -> None:
    came, known, out = (tmp_path / name for name in ("came.csv", "known.csv", "pairs.csv"))
    came.write_text(f"{HEAD}{SAME[1]}\nd,Ruth,Mwale,1995-11-02,f,0887654321,Moyo,Mzimba,,mother\n", encoding="utf-8")
    known.write_text(f"{HEAD}{SAME[0]}\n{others}", encoding="utf-8")
    assert link(came, "--against", known, "--out", out).returncode == 0
    assert [(pair["id_a"], pair["id_b"]) for pair in rows(out)] == [("a", "b"), *([("c", "d")] if others else [])]


def test_who_came_must_not_stand_among_who_is_known(tmp_path: Path) -> None:
    (tmp_path / "known.csv").write_text(HEAD + "\n".join(SAME) + "\n", encoding="utf-8")
    (tmp_path / "came.csv").write_text(f"{HEAD}{SAME[0]}\n", encoding="utf-8")
    done = link(tmp_path / "came.csv", "--against", tmp_path / "known.csv", "--out", tmp_path / "pairs.csv")
    assert done.returncode == 2 and not (tmp_path / "pairs.csv").exists()
    assert "1 of its ids stand in" in done.stderr and "Please" in done.stderr and "Grace" not in done.stderr


def test_bad_rows_are_told_of_and_the_rest_is_linked(tmp_path: Path) -> None:
    path = tmp_path / "persons.csv"
    path.write_text(HEAD + "\n".join((*SAME, "a,Secretname,,,,,,,,", ",Secretname,,,,,,,,")) + "\n", encoding="utf-8")
    done = link(path, "--out", tmp_path / "pairs.csv", "--report", tmp_path / "report.csv")
    assert done.returncode == 1
    assert len(rows(tmp_path / "pairs.csv")) == 1
    assert [row["line"] for row in rows(tmp_path / "report.csv")] == ["4", "5"]
    assert "line 4: not taken: id stands in line 3 already. Please" in done.stderr
    assert "ecretname" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [("none.csv", "--out", "o.csv"), ("p.csv", "--out", "p.csv"), ("p.csv", "--out", "no/o.csv"),
     ("p.csv", "--out", "o.csv", "--threshold", "7"), ("p.csv", "--out", "o.csv", "--explain", "o.csv"), (".", "--out", "o.csv")],
)  # fmt: skip
def test_what_cannot_be_done_is_said(tmp_path: Path, words: Sequence[str]) -> None:
    (tmp_path / "p.csv").write_text(HEAD, encoding="utf-8")
    done = link(*(tmp_path / word if "." in word and word != "." else word for word in words))
    assert done.returncode == 2 and "Please" in done.stderr and "Traceback" not in done.stderr


def test_a_file_of_nobody_has_no_pairs(tmp_path: Path) -> None:
    assert pairs_of(tmp_path, "") == [] == pairs_of(tmp_path, "a,Grace,Banda,,,,,,,\n")
