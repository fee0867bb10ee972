"""The simulation: the same seed gives the same bytes; its series, parameters, sites and command refuse what cannot be."""

import copy
import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import BrokenExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from mentormothers.config import simulating
from mentormothers.config.cli import app
from mentormothers.facts.csv_file import COLUMNS
from mentormothers.simulation.arrivals import women_by_district
from mentormothers.simulation.chances import Chances, Range, key_of, table
from mentormothers.simulation.parameter_file import ParameterError, read_parameters, sources
from mentormothers.simulation.parameters import Parameters
from mentormothers.simulation.series import (
    KNOWN_ON_TREATMENT,
    Quarter,
    SeriesError,
    national_of,
    quarters_of_month,
    read_quarters,
    repaired,
    statuses,
)
from mentormothers.simulation.sites import TooManySitesError, plan_sites
from tests.databases import shared_file
from tests.simulated import START, made, world

MALAWI = simulating.FOLDER / "malawi"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["simulate", *map(str, arguments)])


def fingerprints(folder: Path) -> Mapping[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def simulated(out: Path, *more: object, clients: int = 120, seed: int = 5) -> Mapping[str, str]:
    result = run("--clients", clients, "--seed", seed, "--out", out, *more)
    assert result.exit_code == 0, result.output
    return fingerprints(out)


# ---- the same seed, the same bytes


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(tmp_path: Path) -> None:
    first = simulated(tmp_path / "a")
    assert list(first) == [
        "README.md", "clients.csv", "facts.csv", "identities.csv", "mentors.csv", "sites.csv", "truth.csv",
    ]  # fmt: skip
    assert simulated(tmp_path / "b") == first
    other = simulated(tmp_path / "c", seed=6)
    assert [name for name in first if first[name] == other[name]] == []


def test_processes_and_hash_order_change_no_byte(tmp_path: Path) -> None:
    first = simulated(tmp_path / "a", clients=250)
    command = [Path(sys.executable).parent / "mentormothers", "simulate", "--clients", "250", "--seed", "5"]
    environment = os.environ | {"PYTHONHASHSEED": "77"}
    done = subprocess.run(
        [*command, "--processes", "2", "--out", tmp_path / "b"], capture_output=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    assert fingerprints(tmp_path / "b") == first


def test_the_same_women_live_the_same_lives_in_a_larger_programme() -> None:
    few, many = made(40, 9), made(90, 9)
    assert [page.truth for page in few.pages] == [page.truth for page in many.pages[:40]]


def test_a_change_in_one_side_of_life_leaves_the_others_alone() -> None:
    content = copy.deepcopy(simulating.read_content())
    content["parts"]["identities"]["misspelt"]["value"] = 0.9
    content["parts"]["talks"]["at_a_visit"]["value"] = 0.1
    from mentormothers.simulation.programme import Programme

    before = made(60, 4)
    programme = Programme(simulating.read_world(content), before.programme.plan)
    after = [programme.family(arrival) for arrival in programme.arrivals()]
    assert [page.truth for page in after] == [page.truth for page in before.pages]
    assert [page.identities for page in after] != [page.identities for page in before.pages]

    def others(lines: list[str]) -> list[str]:
        cells = (line.split(",") for line in lines)
        return [f"{c[0]} {c[3]} {c[4]} {c[5]}" for c in cells if c[3] in ("art.dispense", "eid.result", "delivery")]

    assert [set(others(page.facts)) for page in after] == [set(others(page.facts)) for page in before.pages]


def test_streams_of_chance_differ_by_seed_woman_and_side() -> None:
    keys = {key_of(seed, side, n) for seed in (0, 1, -1) for side in ("body", "names") for n in range(50)}
    assert len(keys) == 300
    assert Chances(1, "body", 7).draw() == Chances(1, "body", 7).draw()
    chances = Chances(3, "x")
    assert {chances.within(Range(2, 4)) for _ in range(200)} == {2, 3, 4}
    picked = [chances.pick(table({"often": 9, "never": 0, "seldom": 1})) for _ in range(2000)]
    assert picked.count("never") == 0
    assert 0.86 < picked.count("often") / 2000 < 0.94
    with pytest.raises(ValueError, match="weights"):
        table({"a": 0})


# ---- the series


def test_the_shipped_series_are_as_they_came() -> None:
    for shipped, source in (
        ("anc_quarters.csv", ("programme", "naomi_mwi_dha_ancrt.csv")),
        ("pmtct_by_year.csv", ("series", "tlo_malawi_unaids_pmtct2021.csv")),
    ):
        assert (MALAWI / shipped).read_bytes() == shared_file(*source).read_bytes()


def test_what_others_made_is_credited() -> None:
    credits = (Path(__file__).parents[2] / "CREDITS.md").read_text(encoding="utf-8")
    for path in MALAWI.iterdir():
        assert f"`{path.relative_to(simulating.PROGRAMME.parent)}`" in credits


def test_impossible_quarters_are_repaired_and_told() -> None:
    mended, repairs = repaired(world().quarters)
    counts = {rule: sum(repair.rule == rule for repair in repairs) for rule in {one.rule for one in repairs}}
    assert counts == {"below zero": 3, "statuses": 84, "treatment": 240}
    for quarter in mended:
        women = [number for _, number in statuses(quarter)]
        assert min(women) >= 0
        assert sum(women) == quarter.came


def test_a_quarter_is_repaired_by_both_rules() -> None:
    quarter = Quarter("X", 2020, 1, came=100, known_positive=10, known_negative=0, on_treatment=12, tested=95,
                      tested_positive=3)  # fmt: skip
    (mended,), repairs = repaired([quarter])
    assert (mended.tested, mended.tested_positive, mended.on_treatment) == (90, 3, 10)
    assert [repair.rule for repair in repairs] == ["statuses", "treatment"]
    assert dict(statuses(mended))[KNOWN_ON_TREATMENT] == 10


def test_months_outside_the_series_take_the_nearest_year() -> None:
    quarters = world().quarters
    assert {q.year for q in quarters_of_month(quarters, date(2031, 2, 1))} == {2023}
    assert {(q.year, q.quarter) for q in quarters_of_month(quarters, date(2000, 12, 1))} == {(2011, 4)}
    assert {q.year for q in quarters_of_month(quarters, date(2000, 1, 1))} == {2012}
    assert national_of(world().national, 1999).year == 2010


def test_a_row_that_cannot_be_read_is_named() -> None:
    with pytest.raises(SeriesError, match="row 2"):
        read_quarters([{"district32": "X", "year": "soon"}])


# ---- parameters


def test_every_parameter_has_a_source_and_is_used() -> None:
    code = "".join(path.read_text() for path in (Path(simulating.__file__).parents[1] / "simulation").glob("*.py"))
    for part, name, _, source in sources(simulating.read_content()):
        assert len(source) > 6, f"{part}.{name}"
        assert f".{name}" in code, f"{part}.{name} is used nowhere"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda parts: parts["tracing"].pop("looked_for"), "tracing.looked_for is missing"),
        (lambda parts: parts["tracing"].update(luck={}), "tracing.luck is missing or unknown"),
        (lambda parts: parts.pop("births"), "births is missing"),
        (lambda parts: parts["tracing"]["looked_for"].pop("source"), "needs a value and a source"),
        (lambda parts: parts["tracing"]["looked_for"].update(value="much"), "'much' cannot be used"),
        (lambda parts: parts["tracing"]["looked_for"].update(value=-1), "below zero"),
        (lambda parts: parts["tracing"]["sms_day"].update(value=[5, 2]), "above its second"),
        (lambda parts: parts["tracing"]["sms_day"].update(value=7), "cannot be used"),
        (lambda parts: parts["births"]["caregiver"].update(value={"aunt": 0}), "weights"),
    ],
)
def test_a_wrong_parameter_is_named(change: Any, message: str) -> None:
    content = copy.deepcopy(simulating.read_content())
    change(content["parts"])
    with pytest.raises(ParameterError, match=message):
        read_parameters(content)


# ---- sites


def habits() -> Parameters:
    return world().parameters


def test_sites_follow_the_women_and_are_real_facilities() -> None:
    women = women_by_district(repaired(world().quarters)[0], START, 12)
    sites = plan_sites(world().places, women, sites=60, clients=6000, seed=1, habits=habits().writing)
    assert len({site.code for site in sites}) == len({(s.place.district, s.place.name) for s in sites}) == 60
    lilongwe = [site for site in sites if site.place.district == "Lilongwe"]
    assert len(lilongwe) > 60 / 28
    assert sum(site.share for site in lilongwe) == pytest.approx(1)
    with pytest.raises(TooManySitesError, match="5000 sites are more than the 639"):
        plan_sites(world().places, women, sites=5000, clients=10, seed=1, habits=habits().writing)


# ---- the command


def test_the_commands_read_what_it_writes(tmp_path: Path) -> None:
    simulated(tmp_path / "a", "--start", "2020-01-01", "--months", 40, clients=150)
    facts = tmp_path / "a" / "facts.csv"
    assert facts.read_text().splitlines()[0].split(",") == list(COLUMNS)
    tables = []
    for engine in ("sqlite", "duckdb"):
        asked = ["schedule", "--protocol", "ACC-1", "--facts", facts, "--as-of", "2023-04-30", "--engine", engine]
        result = CliRunner().invoke(app, [str(one) for one in asked])
        assert (result.exit_code, result.stderr) == (0, "")
        tables.append(result.stdout)
    assert tables[0] == tables[1]
    states = {line.split(",")[5] for line in tables[0].splitlines()[1:]}
    assert states >= {"upcoming", "due", "overdue", "lost", "expired", "done", "cancelled"}
    asked = ["indicators", "--facts", facts, "--period", "2022Q1", "--indicator", "TX_CURR"]
    result = CliRunner().invoke(app, [str(one) for one in asked])
    assert (result.exit_code, result.stderr) == (0, "")
    assert int(result.stdout.splitlines()[1].split(",")[4]) > 20


def test_its_readme_says_synthetic_everywhere(tmp_path: Path) -> None:
    simulated(tmp_path / "a", clients=30)
    text = (tmp_path / "a" / "README.md").read_text()
    assert text.count("SYNTHETIC") >= 6
    assert "--clients 30 --seed 5" in text


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--clients", 0], "--clients: 0 cannot be"),
        (["--clients", -3], "--clients: -3 cannot be"),
        (["--clients", 10**12], "Please give a number from 1 to 20000000"),
        (["--seed", 2**70], "--seed"),
        (["--sites", 0], "--sites: 0 cannot be"),
        (["--sites", 5000], "639 facilities"),
        (["--months", 0], "--months: 0 cannot be"),
        (["--months", 9999], "--months: 9999 cannot be"),
        (["--start", "2021-02-30"], "does not exist in the calendar"),
        (["--start", "2021-02"], "not a whole date"),
        (["--start", "1950-01-01"], "lies outside 2000-01-01 to 2100-12-31"),
        (["--start", "2099-06-01", "--months", 60], "lies outside"),
        (["--processes", 0], "--processes: 0 cannot be"),
    ],
)
def test_impossible_options_are_refused_and_nothing_is_written(
    options: list[object], message: str, tmp_path: Path
) -> None:
    base = {"--clients": 10, "--seed": 1, "--out": tmp_path / "out"}
    given = base | dict(zip(options[::2], options[1::2], strict=True))
    result = run(*[word for pair in given.items() for word in pair])
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""
    assert not (tmp_path / "out" / "facts.csv").exists()


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    result = run("--clients", 10, "--seed", 1, "--out", tmp_path)
    assert (result.exit_code, "is not empty" in result.stderr) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        result = run("--clients", 10, "--seed", 1, "--out", out)
        assert result.exit_code == 2
        assert "cannot be written" in result.stderr


def test_one_client_at_one_site(tmp_path: Path) -> None:
    simulated(tmp_path / "a", "--sites", 1, "--months", 1, clients=1)
    assert len((tmp_path / "a" / "sites.csv").read_text().splitlines()) == 2


@pytest.mark.parametrize(
    ("broken", "code", "message"),
    [
        (OSError(28, "No space left on device"), 2, "No space left on device. Please make room"),
        (BrokenExecutor(), 2, "Please try --processes 1"),
        (KeyboardInterrupt(), 130, "is not complete and has no README.md"),
    ],
)
def test_a_run_that_breaks_off_says_so_and_leaves_no_readme(
    broken: BaseException, code: int, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise broken

    monkeypatch.setattr(simulating, "run", breaks)
    result = run("--clients", 10, "--seed", 1, "--out", tmp_path / "out")
    assert result.exit_code == code
    assert message in result.stderr
    assert not (tmp_path / "out" / "README.md").exists()
