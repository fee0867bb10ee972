"""Kenya's guideline of 2026 follows that of 2022: who finishes under which, worked out by hand, on every engine."""

from pathlib import Path

import pytest

from mentormothers.protocol.reading import find_protocol
from tests.conftest import Engine
from tests.spec.tables import check_statements

# KE-2026 is in force from 2026-01-01 on. 28 weeks after 2025-09-01 is 2026-03-16, after 2026-01-05 it is 2026-07-20.
FACTS = """
    amy     mother hiv.test      2025-10-06 neg
    amy     mother pregnancy.lmp 2025-09-01 -
    amy     mother delivery      2026-06-01 live
    zoe     mother hiv.test      2025-10-06 neg
    zoe     mother pregnancy.lmp 2026-01-05 -
    mum     mother art.start     2022-01-10 -
    kid<mum infant child.dob     2025-12-31 -
    tot<mum infant child.dob     2026-01-01 -
"""
SAID = """
    2025-12-31 amy KE.HTSANC   upcoming due 2026-03-16
    2026-01-01 amy KE.HTSANC   upcoming due 2026-03-16
    2026-01-01 amy KE26.HTS28  absent
    2026-03-17 amy KE.HTSANC   due late 1
    2026-06-01 amy KE.HTSANC   absent
    2026-06-01 amy KE26.HTS28  cancelled
    2026-06-01 amy KE26.HTSDEL due due 2026-06-01
    2026-01-05 zoe KE26.HTS28  upcoming due 2026-07-20
    2026-01-05 zoe KE.HTSANC   absent
    2026-01-01 kid KE.PCR6W    upcoming due 2026-02-11
    2026-01-01 kid KE26.PCR0   absent
    2026-01-01 tot KE26.PCR0   due due 2026-01-01
    2026-01-01 tot KE.PCR6W    absent
"""


@pytest.mark.parametrize("engine", ["reference", "sqlite", "phone", "duckdb", "postgres"])
def test_who_is_in_care_finishes_under_the_older_one(engine: str, engines: dict[str, Engine], tmp_path: Path) -> None:
    check_statements(engines[engine], find_protocol("KE-2026"), (FACTS, SAID), tmp_path)
