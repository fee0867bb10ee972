"""The library's protocols on every engine: a handful of days of each country, counted by hand from its file.

Everybody is invented.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from mentormothers.protocol.reading import find_protocol
from tests.conftest import Engine
from tests.spec.tables import check_statements

EXAMPLES: dict[tuple[str, str], tuple[str, str]] = {}

EXAMPLES["WHO-2023", "the last test waits for the end of breastfeeding; a refill is lost on day 28"] = (
    """
    mum     mother art.start     2022-01-10 -
    mum     mother art.dispense  2025-01-10 30
    kid<mum infant child.dob     2024-01-31 -
    kid<mum infant antibody.test 2025-08-05 neg
    kid<mum infant bf.stopped    2025-09-30 -
    kid<mum infant antibody.test 2025-12-30 neg
    """,
    """
    2025-03-08 mum WHO.REFILL   overdue  due 2025-02-09 late 27
    2025-03-09 mum WHO.REFILL   lost     late 28
    2024-02-27 kid WHO.EID6W    upcoming due 2024-03-13 opens 2024-02-28
    2024-03-28 kid WHO.EID6W    overdue  late 15
    2024-10-31 kid WHO.EID9M    due      due 2024-10-31
    2025-08-05 kid WHO.EIDFINAL due      due 2025-07-31
    2025-09-30 kid WHO.EIDFINAL upcoming due 2025-12-30
    2025-12-30 kid WHO.EIDFINAL done     done 2025-12-30
    """,
)

EXAMPLES["KE-2022", "viral loads: in pregnancy, after birth, half a year after the result; high ones after 92 days"] = (
    """
    una mother birth.date    1999-05-20 -
    ida mother birth.date    1990-02-11 -
    una mother art.start     2020-01-10 -
    una mother vl.sample     2024-03-01 - record=una1
    una mother vl.result     2024-03-15 40 ref=una1
    ida mother art.start     2020-01-10 -
    ida mother vl.sample     2024-03-01 - record=ida1
    ida mother vl.result     2024-03-15 40 ref=ida1
    noa mother art.start     2020-01-10 -
    noa mother vl.sample     2024-03-01 - record=noa1
    noa mother vl.result     2024-03-15 40 ref=noa1
    ada mother art.start     2020-01-10 -
    ada mother pregnancy.lmp 2024-06-03 -
    ada mother anc.contact   2024-09-02 -
    ada mother vl.sample     2024-09-10 - record=a1
    ada mother vl.result     2024-09-24 40 ref=a1
    ada mother delivery      2025-03-10 live
    bea mother pregnancy.lmp 2024-06-03 -
    bea mother anc.contact   2024-09-02 -
    bea mother art.start     2024-09-02 -
    bea mother vl.sample     2024-12-03 - record=b1
    bea mother vl.result     2024-12-17 201 ref=b1
    bea mother vl.sample     2025-03-20 -
    eve mother pregnancy.lmp 2024-06-03 -
    eve mother art.start     2020-01-10 -
    eve mother vl.sample     2024-07-01 -
    eve mother anc.contact   2024-09-02 -
    """,
    """
    2024-09-01 ada KE.VLPREG    absent
    2024-09-02 ada KE.VLPREG    due      due 2024-09-02
    2024-09-10 ada KE.VLPREG    done     done 2024-09-10
    2024-09-24 ada KE.VL6M      upcoming due 2025-03-26
    2024-09-24 ada KE.VL12M     absent
    2024-03-15 una KE.VL6M-YOUNG upcoming due 2024-09-14
    2024-03-15 una KE.VL12M     absent
    2024-03-15 ida KE.VL12M     upcoming due 2025-03-15
    2024-03-15 ida KE.VL6M-YOUNG absent
    2024-03-15 noa KE.VL12M     upcoming due 2025-03-15
    2024-05-19 una KE.VL6M-YOUNG upcoming due 2024-09-14
    2024-05-20 una KE.VL6M-YOUNG cancelled
    2024-05-20 una KE.VL12M     upcoming due 2025-03-15
    2025-04-07 ada KE.VLPREG-BF due      due 2025-03-10 late 28
    2025-04-08 ada KE.VLPREG-BF overdue  late 29
    2024-09-02 bea KE.VLPREG    upcoming due 2024-12-03
    2024-12-03 bea KE.VLPREG    done     done 2024-12-03
    2024-12-03 bea KE.VLNEW     done     due 2024-12-03 done 2024-12-03
    2024-12-17 bea KE.VLUNSUP   upcoming due 2025-03-19
    2024-12-17 bea KE.VL6M      absent
    2025-03-20 bea KE.VLUNSUP   done     done 2025-03-20
    2024-09-02 eve KE.VLPREG    done     done 2024-07-01
    """,
)

EXAMPLES[
    "KE-2022", "a baby: 6 weeks, 6, 12, 18 months; under 18 months only a virological test after breastfeeding"
] = (
    """
    mum     mother art.start     2022-01-10 -
    kid<mum infant child.dob     2024-03-15 -
    kid<mum infant bf.stopped    2025-06-01 -
    kid<mum infant antibody.test 2025-07-14 neg
    kid<mum infant eid.sample    2025-07-20 -
    old<mum infant child.dob     2024-03-15 -
    old<mum infant antibody.test 2025-09-15 neg
    old<mum infant bf.stopped    2025-10-01 -
    old<mum infant antibody.test 2025-11-12 neg
    mum     mother art.dispense  2025-01-10 30
    """,
    """
    2024-05-10 kid KE.PCR6W   due      due 2024-04-26 late 14
    2024-05-11 kid KE.PCR6W   overdue  late 15
    2024-09-15 kid KE.PCR6M   due      due 2024-09-15
    2025-03-15 kid KE.PCR12M  due      due 2025-03-15
    2025-06-01 kid KE.ABBF    upcoming due 2025-07-13
    2025-07-14 kid KE.ABBF    due      late 1
    2025-07-20 kid KE.ABBF    done     done 2025-07-20
    2025-07-20 kid KE.AB18M   upcoming due 2025-09-15
    2025-09-15 old KE.AB18M   done     done 2025-09-15
    2025-09-15 old KE.ABBF    absent
    2025-11-12 old KE.ABBF    done     due 2025-11-12 done 2025-11-12
    2025-03-11 mum WHO.REFILL overdue  late 30
    2025-03-12 mum WHO.REFILL lost     late 31
    """,
)

EXAMPLES[
    "KE-2026", "five tests around a birth; viral loads at the start, three and six months, then each half year"
] = (
    """
    joy mother pregnancy.lmp 2024-06-03 -
    joy mother hiv.test      2024-09-02 neg
    joy mother hiv.test      2024-12-20 neg
    joy mother delivery      2025-03-10 live
    joy mother hiv.test      2025-03-11 neg
    amy mother art.start     2024-01-31 -
    amy mother vl.sample     2024-01-31 -
    amy mother vl.sample     2024-04-30 -
    """,
    """
    2024-12-15 joy KE26.HTS28  upcoming due 2024-12-16
    2024-12-20 joy KE26.HTS28  done     done 2024-12-20
    2025-02-10 joy KE26.HTS36  due      due 2025-02-10
    2025-02-25 joy KE26.HTS36  overdue  late 15
    2025-03-10 joy KE26.HTS36  cancelled
    2025-03-10 joy KE26.HTSDEL due      due 2025-03-10
    2025-03-11 joy KE26.HTSDEL done     done 2025-03-11
    2025-03-11 joy KE26.HTS6W  upcoming due 2025-04-21
    2025-03-10 joy KE26.HTSBF  upcoming due 2025-06-10
    2025-03-11 joy KE26.HTSBF  upcoming due 2025-06-11
    2024-04-30 amy KE26.VL0    done     done 2024-01-31
    2024-04-30 amy KE26.VL3    done     due 2024-04-30 done 2024-04-30
    2024-04-30 amy KE26.VL6    upcoming due 2024-07-31
    2024-04-30 amy KE26.VL6-AGAIN upcoming due 2024-10-30
    """,
)

EXAMPLES[
    "KE-2026", "a baby who goes on breastfeeding is tested each half year from 18 months on; then six weeks after"
] = (
    """
    mum     mother art.start     2022-01-10 -
    kid<mum infant child.dob     2024-03-15 -
    kid<mum infant eid.sample    2024-03-20 -
    kid<mum infant antibody.test 2025-09-20 neg
    kid<mum infant bf.stopped    2026-04-01 -
    off<mum infant child.dob     2024-03-15 -
    off<mum infant bf.stopped    2025-01-10 -
    off<mum infant antibody.test 2025-09-20 neg
    """,
    """
    2024-03-15 kid KE26.PCR0        due      due 2024-03-15
    2024-03-20 kid KE26.PCR0        done     done 2024-03-20
    2024-04-12 kid KE26.PCR6W       due      due 2024-04-26
    2025-09-15 kid KE26.AB18M       due      due 2025-09-15
    2025-09-20 kid KE26.AB18M       done     done 2025-09-20
    2025-09-20 kid KE26.AB18M-AGAIN upcoming due 2026-03-20
    2026-04-01 kid KE26.AB18M-AGAIN absent
    2026-04-01 kid KE26.ABBF        upcoming due 2026-05-13
    2025-09-20 off KE26.AB18M-AGAIN absent
    2025-09-19 off KE26.ABBF        overdue  due 2025-02-21
    2025-09-20 off KE26.ABBF        done     done 2025-09-20
    2025-09-20 off KE26.AB18M       done
    """,
)

EXAMPLES[
    "ZA-2023", "a test at each check-up; viral load at birth and after; babies at birth, ten weeks, six months"
] = (
    """
    zoe mother pregnancy.lmp 2024-06-03 -
    zoe mother anc.contact   2024-09-02 -
    zoe mother hiv.test      2024-09-02 neg
    zoe mother anc.contact   2024-10-28 -
    zoe mother anc.contact   2024-12-02 -
    zoe mother hiv.test      2024-12-04 neg
    mum     mother pregnancy.lmp 2023-06-05 -
    mum     mother art.start     2024-02-12 -
    mum     mother delivery      2024-03-15 live
    mum     mother vl.sample     2024-03-18 -
    mum     mother art.dispense  2025-01-10 30
    kid<mum infant child.dob     2024-03-15 -
    kid<mum infant bf.stopped    2024-12-01 -
    """,
    """
    2024-09-02 zoe ZA.HTSANC   done     done 2024-09-02
    2024-10-28 zoe ZA.HTSANC   due      due 2024-10-28
    2024-10-29 zoe ZA.HTSANC   overdue  late 1
    2024-12-02 zoe ZA.HTSANC   due      due 2024-12-02
    2024-12-04 zoe ZA.HTSANC   done     done 2024-12-04
    2024-03-15 mum ZA.VLDEL    due      due 2024-03-15
    2024-03-18 mum ZA.VLDEL    done     done 2024-03-18
    2024-03-18 mum ZA.VLPP     upcoming due 2024-09-18
    2024-03-18 mum ZA.VLNEW    upcoming due 2024-05-12
    2024-03-19 kid ZA.PCRBIRTH overdue  late 4
    2024-05-24 kid ZA.PCR10W   due      due 2024-05-24
    2024-06-08 kid ZA.PCR10W   overdue  late 15
    2024-09-15 kid ZA.PCR6M    due      due 2024-09-15
    2024-12-01 kid ZA.ABBF     upcoming due 2025-01-12
    2024-03-15 kid ZA.ARVPROPH due      due 2024-03-15
    2024-03-16 kid ZA.ARVPROPH overdue  late 1
    2025-05-10 mum WHO.REFILL  overdue  late 90
    2025-05-11 mum WHO.REFILL  lost     late 91
    """,
)

BABY = """
    mum     mother art.start     2022-01-10 -
    kid<mum infant child.dob     2024-08-31 -
    kid<mum infant antibody.test 2025-09-01 neg
    kid<mum infant antibody.test 2026-03-02 neg
    kid<mum infant bf.stopped    2026-04-01 -
"""

EXAMPLES["UG-2022", "6 weeks, 9 and 18 months, and six weeks after breastfeeding"] = (
    BABY,
    """
    2024-09-28 kid UG.PCR1 due      due 2024-10-12 opens 2024-09-28
    2024-10-27 kid UG.PCR1 overdue  late 15
    2025-05-31 kid UG.PCR2 due      due 2025-05-31
    2026-02-28 kid UG.AB18 due      due 2026-02-28
    2026-03-02 kid UG.AB18 done     done 2026-03-02
    2026-04-01 kid UG.PCR3 upcoming due 2026-05-13
    """,
)

EXAMPLES[
    "ZM-2022", "virological to nine months, rapid at twelve, eighteen and twenty-four; the last waits for its day"
] = (
    BABY,
    """
    2024-09-28 kid ZM.NAT-BIRTH due      late 28
    2024-09-29 kid ZM.NAT-BIRTH overdue  late 29
    2024-10-12 kid ZM.NAT-6W    due      due 2024-10-12
    2025-02-28 kid ZM.NAT-6M    due      due 2025-02-28
    2025-05-31 kid ZM.NAT-9M    due      due 2025-05-31
    2025-09-01 kid ZM.AB-12M    done     done 2025-09-01
    2026-03-02 kid ZM.AB-18M    done     done 2026-03-02
    2026-03-02 kid WHO.EIDFINAL due      due 2026-02-28
    2026-04-01 kid WHO.EIDFINAL upcoming due 2026-07-01
    2026-04-01 kid ZM.AB-24M    upcoming due 2026-08-31
    """,
)

EXAMPLES["TZ-2019", "6 weeks, 9 months, six weeks after breastfeeding, and the base's last"] = (
    BABY,
    """
    2024-10-12 kid TZ.EID-6W    due      due 2024-10-12
    2025-05-31 kid TZ.EID-9M    due      due 2025-05-31
    2026-04-01 kid TZ.BF        upcoming due 2026-05-13
    2026-04-01 kid WHO.EIDFINAL upcoming due 2026-07-01
    """,
)

EXAMPLES["MZ-2022", "4 weeks, 9 and 18 months; lost beyond 28 days"] = (
    BABY + "mum mother art.dispense 2025-01-10 30\n",
    """
    2024-09-27 kid MZ.PCR-4W    upcoming due 2024-09-28 opens 2024-09-28
    2024-10-27 kid MZ.PCR-4W    overdue  late 29
    2025-05-31 kid MZ.PCR-9M    due      due 2025-05-31
    2026-03-02 kid MZ.AB18      done     done 2026-03-02
    2026-03-02 kid WHO.EIDFINAL due      due 2026-02-28
    2025-03-09 mum WHO.REFILL   overdue  late 28
    2025-03-10 mum WHO.REFILL   lost     late 29
    """,
)

EXAMPLES["LS-2022", "birth, 6 and 14 weeks, 9, 18 and 24 months"] = (
    BABY,
    """
    2024-08-31 kid LS.EID-BIRTH due      due 2024-08-31
    2024-10-12 kid LS.EID-6W    due      due 2024-10-12
    2024-12-07 kid LS.EID-14W   due      due 2024-12-07
    2025-05-31 kid LS.EID-9M    due      due 2025-05-31
    2026-03-02 kid LS.EID-18M   done     done 2026-03-02
    2026-04-01 kid LS.EID-24M   upcoming due 2026-08-31
    """,
)

EXAMPLES["SZ-2018", "6 weeks, 9, 12, 18 and 24 months; a rapid test at twelve says nothing"] = (
    BABY,
    """
    2024-10-12 kid SZ.EID-6W  due      due 2024-10-12
    2025-05-31 kid SZ.EID-9M  due      due 2025-05-31
    2025-09-01 kid SZ.EID-12M due      due 2025-08-31 late 1
    2026-03-02 kid SZ.EID-18M done     done 2026-03-02
    2026-04-01 kid SZ.EID-24M upcoming due 2026-08-31
    """,
)

EXAMPLES["GH-2022", "6 weeks, 9 and 18 months"] = (
    BABY,
    """
    2024-10-12 kid GH.EID-6W    due      due 2024-10-12
    2025-05-31 kid GH.EID-9M    due      due 2025-05-31
    2026-03-02 kid GH.EID-18M   done     done 2026-03-02
    2026-03-02 kid WHO.EIDFINAL due      due 2026-02-28
    """,
)


@pytest.mark.parametrize("name", EXAMPLES, ids=" ".join)
@pytest.mark.parametrize("engine", ["reference", "sqlite", "phone", "duckdb", "postgres"])
def test_libraries_days(name: tuple[str, str], engine: str, engines: dict[str, Engine], tmp_path: Path) -> None:
    protocol = replace(find_protocol(name[0]), succeeds=None)  # its own items, on days before it starts too
    check_statements(engines[engine], protocol, EXAMPLES[name], tmp_path)
