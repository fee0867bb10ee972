"""`mentormothers import facilities` as a person runs it, on an installation of its own."""

import csv
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from mentormothers import PROGRAMME
from mentormothers.config.database import database
from mentormothers.config.embedded import Cluster
from tests.databases import shared_file

Run = Callable[..., "subprocess.CompletedProcess[str]"]
MALAWI = str(PROGRAMME / "places" / "malawi" / "facilities.csv")
HEADER = "iso3c,Admin1,Facility name,Facility type,Ownership,Lat,Long\n"


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """An installation's embedded database, kept running between the commands of this module."""
    state = tmp_path_factory.mktemp("mm")
    for folder in (state, *state.parents[:2]):
        folder.chmod(0o755)
    cluster = Cluster(state / "postgresql", durable=False)
    cluster.start()
    yield cluster
    cluster.remove()


@pytest.fixture
def run(installation: Cluster) -> Run:
    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("MENTORMOTHERS_", "DATABASE_URL", "DJANGO"))
        }
        environment["MENTORMOTHERS_STATE"] = str(installation.folder.parent)
        program = [sys.executable, "-c", "from mentormothers.config.cli import main; main()"]
        return subprocess.run(
            [*program, "import", "facilities", *arguments], env=environment, capture_output=True, text=True, check=False
        )

    return run


def test_malawi_twice(run: Run, installation: Cluster, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    first = run(MALAWI, "--country", "MWI", "--report", str(report))
    assert (first.returncode, first.stderr) == (0, "")
    assert "648 rows read, 0 refused" in first.stdout
    assert "648 new, 0 updated, 0 known already" in first.stdout
    assert "639 placed in districts, 9 unplaced" in first.stdout
    assert "MWI      Nkhata Bay          22\n" in first.stdout
    assert "line 104: Kasasa Clinic, Central: no coordinates in the list" in first.stdout
    with report.open(encoding="utf-8", newline="") as written:
        rows = list(csv.DictReader(written))
    assert [row["verdict"] for row in rows].count("suspicious") == 23
    assert next(row["name"] for row in rows if row["verdict"] == "unplaced") == "Centre 3 Clinic"
    again = run(MALAWI)
    assert again.returncode == 0
    assert "0 new, 0 updated, 648 known already" in again.stdout
    with psycopg.connect(database(installation.url()).app) as connection:
        assert connection.execute("SELECT count(*), count(district_id) FROM facility").fetchone() == (648, 639)


def test_refused_rows_and_other_countries(run: Run, tmp_path: Path) -> None:
    path, report = tmp_path / "list.csv", tmp_path / "report.csv"
    path.write_text(
        HEADER + "MWI,Central,,Clinic,MoH,,\nZMB,Eastern,Chipata,Hospital,MoH,,\nMWI,Central,[b]Bua,Clinic,MoH,,\n"
    )
    done = run(str(path), "--country", "mwi", "--report", str(report), "--source", "a test")
    assert done.returncode == 1
    assert "2 rows read, 1 refused\n1 rows of 1 other countries skipped\n1 facilities: 1 new" in done.stdout
    assert "  line 2: Central: has no name. Please fill in the facility's name" in done.stdout
    assert "  line 4: [b]Bua, Central: no coordinates in the list" in done.stdout
    assert (
        report.read_text().splitlines()[1] == "2,refused,MWI,Central,,has no name. Please fill in the facility's name"
    )


def test_nothing_could_be_read(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(HEADER + "MWI,Central,,Clinic,MoH,,\n")
    done = run(str(path))
    assert done.returncode == 2
    assert "1 rows read, 1 refused" in done.stdout
    path.write_bytes((HEADER + "MWI,Central,Hôpital,Clinic,MoH,,\n").encode("cp1252"))
    done = run(str(path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "list.csv, line 2: byte 0xF4" in done.stderr
    assert "Please save it as 'CSV UTF-8'" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_name_in_a_report_is_a_formula_to_a_spreadsheet(run: Run, tmp_path: Path) -> None:
    path, report = tmp_path / "list.csv", tmp_path / "report.csv"
    path.write_text(f"{HEADER}MWI,Central,=1+1,Hospital,MoH,,\n")
    run(str(path), "--report", str(report), "--source", "formulas")
    with report.open(encoding="utf-8", newline="") as written:
        assert [row["name"] for row in csv.DictReader(written)] == ["'=1+1"]


def test_a_report_that_cannot_be_written_stops_before_anything_is_done(run: Run, tmp_path: Path) -> None:
    for report in (MALAWI, str(tmp_path), str(tmp_path / "nowhere" / "report.csv")):
        done = run(MALAWI, "--report", report)
        assert (done.returncode, done.stdout) == (2, "")
        assert "Please give" in done.stderr


def test_districts_of_another_country_are_not_taken_in(run: Run) -> None:
    counties = str(shared_file("boundaries", "kenya_47_counties_simplified.geojson"))
    done = run(MALAWI, "--country", "MWI", "--districts", counties)
    assert done.returncode == 2
    assert "no facility of the list lies in any of these districts. Please" in done.stderr
    done = run(MALAWI, "--districts", counties)
    assert done.returncode == 2
    assert "Please give it with --country" in done.stderr


def test_kenya_with_its_counties(run: Run, installation: Cluster) -> None:
    done = run(
        str(shared_file("facilities", "kemri_wellcome_2019_ssa_public_facilities.csv")),
        "--country", "Kenya",
        "--districts", str(shared_file("boundaries", "kenya_47_counties_simplified.geojson")),
    )  # fmt: skip
    assert done.returncode == 0
    assert "6146 rows read, 0 refused\n92599 rows of 48 other countries skipped\n" in done.stdout
    assert "6035 placed in districts, 111 unplaced" in done.stdout
    assert "and 61 more. To see all, please add --report FILE" in done.stdout
    with psycopg.connect(database(installation.url()).app) as connection:
        assert connection.execute("SELECT count(*) FROM district WHERE country = 'KEN'").fetchone() == (47,)
