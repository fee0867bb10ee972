"""Commands without a database say so in a sentence, and never repeat what DATABASE_URL held."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("hunter2", "DATABASE_URL is no address"),
        ("postgresql://x:hunter2@127.0.0.1:1/db", "Please check DATABASE_URL and that the database runs"),
    ],
)
@pytest.mark.parametrize("command", [["backup", "."], ["set-up"]])
def test_a_database_that_cannot_be_reached(tmp_path: Path, url: str, said: str, command: list[str]) -> None:
    program = Path(sys.executable).parent / "mentormothers"
    there = os.environ | {"DATABASE_URL": url, "MENTORMOTHERS_STATE": str(tmp_path)}
    done = subprocess.run([program, *command], cwd=tmp_path, env=there, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr and "hunter2" not in done.stderr
