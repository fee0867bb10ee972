"""`mentormothers indicators`: its rows, and what it says and how it ends when something cannot be done."""

import csv
import io
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mentormothers.config.cli import app
from mentormothers.facts.csv_file import read_facts
from mentormothers.facts.days import add_months

FACTS = """client,role,mother,kind,date,value,site,recorded
esther,mother,,art.dispense,2025-04-01,30,A,2025-04-01
esther,mother,,art.dispense,2025-05-03,60,B,2025-06-10
esther,mother,,transfer.out,2025-05-03,B,A,2025-06-10
kofi,infant,esther,child.dob,2025-01-20,,A,
kofi,infant,esther,eid.sample,2025-04-08,,A,
"""
COLUMNS = [
    "indicator",
    "period",
    "site",
    "disaggregation",
    "numerator",
    "denominator",
    "value",
    "definition",
    "snapshot",
]


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "facts.csv"
    path.write_text(FACTS)
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["indicators", *map(str, arguments)])


def table(result: Result) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_the_command_as_it_is_run(facts: Path) -> None:
    command = [Path(sys.executable).parent / "mentormothers", "indicators", "--facts", facts, "--period", "FY25Q3"]
    done = subprocess.run([*command, "--indicator", "TX_CURR"], capture_output=True, text=True, check=False)
    snapshot = read_facts(facts).snapshot
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f'{",".join(COLUMNS)}\nTX_CURR,FY25Q3,,,1,,1,"TX_CURR@1/gt28,documented",{snapshot}\n'


def test_all_indicators_with_their_parts_by_default(facts: Path) -> None:
    result = run("--facts", facts, "--period", "2025Q2")
    assert (result.exit_code, result.stderr) == (0, "")
    assert [(row["indicator"], row["disaggregation"], row["numerator"]) for row in table(result)] == [
        ("CASCADE_INFANTS", "", "0"),
        ("CASCADE_INFANTS", "no test by two months", "0"),
        ("CASCADE_INFANTS", "tested by two months, result not given", "0"),
        ("CASCADE_INFANTS", "result given, final outcome not known", "0"),
        ("CASCADE_INFANTS", "final outcome known", "0"),
        ("CASCADE_WOMEN", "", "0"),
        ("CASCADE_WOMEN", "no treatment on record", "0"),
        ("CASCADE_WOMEN", "treated, not on treatment now", "0"),
        ("CASCADE_WOMEN", "on treatment, no viral load result", "0"),
        ("CASCADE_WOMEN", "viral load not suppressed", "0"),
        ("CASCADE_WOMEN", "viral load suppressed", "0"),
        ("M2M_MTCT_FINAL", "", "0"),
        ("PMTCT_ART", "", "0"),
        ("PMTCT_ART", "new on ART", "0"),
        ("PMTCT_ART", "already on ART", "0"),
        ("PMTCT_EID", "", "1"),
        ("PMTCT_EID", "<=2 months", "0"),
        ("PMTCT_EID", "2-12 months", "1"),
        ("RET12", "", "0"),
        ("RET12", "pregnant at start", "0"),
        ("RET12", "breastfeeding at start", "0"),
        ("RET12", "under 15 at start", "0"),
        ("RET12", "others", "0"),
        ("TX_CURR", "", "1"),
        ("TX_ML", "", "0"),
        ("TX_ML", "died", "0"),
        ("TX_ML", "transferred out", "0"),
        ("TX_ML", "refused (stopped)", "0"),
        ("TX_ML", "IIT <3 months", "0"),
        ("TX_ML", "IIT 3-5 months", "0"),
        ("TX_ML", "IIT 6+ months", "0"),
        ("TX_PVLS", "", "0"),
    ]


@pytest.mark.parametrize("engine", ["duckdb", "sqlite", "reference"])
def test_each_site_on_any_engine(facts: Path, engine: str) -> None:
    result = run("--facts", facts, "--period", "2025Q2", "--by", "site", "--engine", engine, "--indicator", "TX_CURR")
    assert [(row["site"], row["value"]) for row in table(result)] == [("A", "0"), ("B", "1")]


def test_several_indicators_named_one_after_the_other(facts: Path) -> None:
    spelled = run("--facts", facts, "--period", "2025Q2", "--indicator", "TX_ML", "--indicator", "TX_CURR")
    listed = run("--facts", facts, "--period", "2025Q2", "--indicator", "TX_ML", "TX_CURR")
    assert spelled.stdout == listed.stdout
    assert [row["indicator"] for row in table(listed)][-2:] == ["TX_ML", "TX_CURR"]


def test_options_and_known_on_stand_beside_the_number(facts: Path) -> None:
    result = run(
        "--facts", facts, "--period", "2025-05-01..2025-05-29", "--indicator", "TX_ML", "--option", "lost=ge28",
        "--option", "sources=all", "--known-on", "2025-05-30",
    )  # fmt: skip
    rows = table(result)
    assert {row["period"] for row in rows} == {"2025-05-01..2025-05-29"}
    assert {row["definition"] for row in rows} == {"TX_ML@1/ge28,to_expected,all"}
    assert {row["snapshot"] for row in rows} == {f"{read_facts(facts).snapshot}@2025-05-30"}
    assert [row["disaggregation"] for row in rows if row["numerator"] == "1"] == ["", "IIT <3 months"]


def test_an_option_is_for_the_indicators_that_have_it(facts: Path) -> None:
    rows = table(run("--facts", facts, "--period", "2025Q2", "--option", "lost=gt60"))
    assert {row["definition"] for row in rows} == {
        "CASCADE_INFANTS@1/documented",
        "CASCADE_WOMEN@1/gt60,lt1000,documented",
        "M2M_MTCT_FINAL@1/documented",
        "PMTCT_ART@1/documented",
        "PMTCT_EID@1/documented",
        "RET12@1/12,started,excluded,gt60,documented",
        "TX_CURR@1/gt60,documented",
        "TX_ML@1/gt60,to_expected,documented",
        "TX_PVLS@1/lt1000,result,any,gt60,documented",
    }


def test_json_has_numbers_and_null(facts: Path) -> None:
    result = run("--facts", facts, "--period", "2025Q2", "--indicator", "PMTCT_EID", "--format", "json")
    rows = json.loads(result.stdout)
    assert list(rows[0]) == COLUMNS
    assert (rows[0]["numerator"], rows[0]["denominator"], rows[0]["value"]) == (1, 0, None)
    facts.write_text(FACTS + "esther,mother,,anc.contact,2025-04-02,,A,\nzoe,mother,,anc.contact,2025-04-02,,A,\n")
    result = run("--facts", facts, "--period", "2025Q2", "--indicator", "PMTCT_EID", "--format", "json")
    assert json.loads(result.stdout)[0]["value"] == 1.0


def test_no_facts_are_zeros_and_by_site_no_rows(facts: Path) -> None:
    facts.write_text("client,kind,date\n")
    result = run("--facts", facts, "--period", "2025Q2", "--indicator", "TX_CURR")
    assert [row["value"] for row in table(result)] == ["0"]
    result = run("--facts", facts, "--period", "2025Q2", "--by", "site")
    assert (result.exit_code, result.stdout) == (0, ",".join(COLUMNS) + "\n")


def test_infants_without_a_birth_date_are_told(facts: Path) -> None:
    facts.write_text(FACTS.replace("child.dob", "visit"))
    result = run("--facts", facts, "--period", "2025Q2", "--by", "site")
    assert result.exit_code == 0
    assert result.stderr == "PMTCT_EID: 1 client(s) left out: no known birth date\n"
    assert sum(int(row["numerator"]) for row in table(result) if row["indicator"] == "PMTCT_EID") == 0


def test_children_without_a_final_test_are_told(facts: Path) -> None:
    born = {"untested": "2023-04-01", "tested": "2023-06-30", "died": "2023-05-01", "later": "2023-07-01"}
    lines = [f"{name},infant,,child.dob,{day},,A," for name, day in born.items()]
    lines += ["tested,infant,,antibody.test,2024-12-30,neg,A,", "died,infant,,death,2025-05-01,,A,"]
    facts.write_text("\n".join(["client,role,mother,kind,date,value,site,recorded", *lines]) + "\n")
    result = run("--facts", facts, "--period", "2025Q2", "--indicator", "M2M_MTCT_FINAL")
    assert [row["denominator"] for row in table(result)] == ["0"]
    told = "M2M_MTCT_FINAL: 1 client(s) left out: no final test by the second birthday\n"
    assert result.stderr == told


COHORT = """client,role,mother,kind,date,value,site,recorded
early,mother,,art.start,2024-04-02,,A,2024-04-02
early,mother,,art.dispense,2025-03-01,60,A,2025-03-01
late,mother,,art.start,2024-05-10,,A,2024-05-10
late,mother,,art.dispense,2025-04-20,60,A,2025-04-20
"""


def test_a_cohort_is_judged_no_later_than_the_facts_are_known(facts: Path) -> None:
    facts.write_text(COHORT)
    result = run("--facts", facts, "--period", "2024Q2", "--indicator", "RET12")
    assert next((row["numerator"], row["denominator"]) for row in table(result)) == ("2", "2")
    assert "the last fact came in on 2025-04-20, and clients are judged until 2025-06-30" in result.stderr
    result = run("--facts", facts, "--period", "2024Q2", "--indicator", "RET12", "--known-on", "2025-04-20")
    assert next((row["numerator"], row["denominator"]) for row in table(result)) == ("1", "1")
    assert result.stderr == "RET12: 1 client(s) left out: the months since they began are not over\n"


def test_nobody_is_judged_on_a_day_that_has_not_come(facts: Path) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    facts.write_text(f"client,role,mother,kind,date,value\na,mother,,art.start,{add_months(tomorrow, -12)},\n")
    started = f"{add_months(tomorrow, -13)}..{tomorrow}"
    result = run("--facts", facts, "--period", started, "--indicator", "RET12")
    assert next((row["numerator"], row["denominator"]) for row in table(result)) == ("0", "0")
    assert "1 client(s) left out" in result.stderr


def test_refused_rows_are_told_and_the_rest_counted(facts: Path) -> None:
    facts.write_text(FACTS + "zoe,mother,,art.dispense,2025-06-31,30,A,\nzoe,mother,,moon.phase,2025-06-01,,A,\n")
    result = run("--facts", facts, "--period", "2025Q2", "--indicator", "TX_CURR")
    assert result.exit_code == 1
    assert "facts.csv, line 7: not taken: date '2025-06-31' does not exist in the calendar" in result.stderr
    assert "kind 'moon.phase' is not in the vocabulary" in result.stderr
    assert [row["value"] for row in table(result)] == ["1"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--period", "2025Q7"], "period '2025Q7' is not one"),
        (
            ["--period", "2025Q2", "--indicator", "TX_OLD"],
            "no indicator TX_OLD. Please name one of: CASCADE_INFANTS, CASCADE_WOMEN, M2M_MTCT_FINAL",
        ),
        (
            ["--period", "2025Q2", "--by", "site,age"],
            "--by: site,age is not supported. Please use one of: site, delivery_model",
        ),
        (
            ["--period", "2025Q2", "--option", "lost=gt1"],
            "'gt1' is not allowed. Please use one of: gt28, ge28, gt30, gt60",
        ),
        (["--period", "2025Q2", "--option", "lost"], "please write name=value"),
        (
            ["--period", "2025Q2", "--option", "age=15"],
            "with one of: cohort, current, dated, duration, lost, months, sources, suppressed, transfers",
        ),
        (["--period", "2025Q2", "--indicator", "TX_CURR", "--option", "duration=to_expected"], "one of: lost, sources"),
        (["--period", "2025Q2", "--known-on", "June"], "--known-on: date 'June' is not of the form"),
        (["--period", "2025Q2", "--known-on", "2025-06"], "--known-on: '2025-06' is not a whole date"),
        (["--period", "2025Q2", "--engine", "abacus"], "abacus"),
    ],
)
def test_what_cannot_be_asked_is_refused(facts: Path, arguments: list[str], reason: str) -> None:
    result = run("--facts", facts, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert reason in result.stderr


def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    result = run("--facts", tmp_path / "none.csv", "--period", "2025Q2")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "none.csv: No such file" in result.stderr


MODELS = "site,delivery_model,since\nA,direct,\nB,partner,2020-01-01\nB,direct,2025-06-30\n"


@pytest.mark.parametrize("engine", ["duckdb", "sqlite", "reference"])
def test_each_delivery_model_on_any_engine(facts: Path, engine: str) -> None:
    (facts.parent / "sites.csv").write_text(MODELS)
    asked = ("--facts", facts, "--by", "delivery_model", "--engine", engine, "TX_CURR", "TX_ML")
    rows = table(run(*asked, "--period", "2025-04-01..2025-06-29"))
    assert list(rows[0])[2] == "delivery_model"
    shown = [(r["indicator"], r["delivery_model"], r["numerator"]) for r in rows if not r["disaggregation"]]
    assert shown == [
        ("TX_CURR", "direct", "0"),
        ("TX_CURR", "partner", "1"),
        ("TX_ML", "direct", "1"),
        ("TX_ML", "partner", "0"),
    ]
    rows = table(run(*asked, "--period", "2025Q2"))
    shown = [(r["indicator"], r["delivery_model"], r["numerator"]) for r in rows if not r["disaggregation"]]
    assert shown == [("TX_CURR", "direct", "1"), ("TX_ML", "direct", "0")], "both sites are one now: she left neither"


def test_a_site_of_no_known_delivery_model_is_told_once(facts: Path) -> None:
    sites = facts.parent / "places.csv"
    sites.write_text("site,name,delivery_model\nA,,direct\n")
    result = run("--facts", facts, "--period", "2025Q2", "--by", "delivery_model", "--sites", sites, "TX_CURR", "TX_ML")
    assert result.exit_code == 0
    assert {row["delivery_model"] for row in table(result)} == {"direct", "unknown"}
    assert result.stderr == (
        "1 site(s) of no known delivery model count as unknown: B. Please add them to the sites file\n"
    )


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (None, "sites.csv: No such file or directory. Please name a CSV with the columns site and delivery_model"),
        ("site,model\nA,direct\n", "has no column delivery_model. Please add it"),
        ("site,delivery_model\n,direct\n", "line 2: it names no site"),
        ("site,delivery_model\nA,direct\nA,partner\n", "line 3: site A has another model from the same day"),
        ("site,delivery_model,since\nA,direct,2025-13-01\n", "line 2: since: "),
        ("site,delivery_model,since\nA,direct,2025-01\n", "line 2: since '2025-01' is not a whole date"),
        (b"site,delivery_model\nA,\xff\n", "is no CSV in UTF-8"),
    ],
)
def test_a_sites_file_that_cannot_be_used_is_refused(facts: Path, written: str | bytes | None, reason: str) -> None:
    if written is not None:
        (facts.parent / "sites.csv").write_bytes(written if isinstance(written, bytes) else written.encode())
    result = run("--facts", facts, "--period", "2025Q2", "--by", "delivery_model")
    assert (result.exit_code, result.stdout) == (2, "")
    assert reason in result.stderr
