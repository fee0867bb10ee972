"""Malawi's protocol on every engine: what its items mean on the days that matter.

Everybody is invented. Days were counted by hand from the values in programme/protocols/mw-2022.yaml.
"""

from pathlib import Path

import pytest

from mentormothers.protocol.reading import find_protocol
from tests.conftest import Engine
from tests.spec.tables import check_statements

MW_2022 = find_protocol("MW-2022")
EXAMPLES: dict[str, tuple[str, str]] = {}

EXAMPLES["a refill: looked for from day 14, beyond the national line on day 61, then back"] = (
    """
    grace mother art.start    2023-05-01 -
    grace mother art.dispense 2025-01-10 30
    grace mother art.dispense 2025-04-22 30
    """,
    """
    2025-02-01 grace MW.REFILL upcoming  due 2025-02-09 opens 2025-02-02
    2025-02-09 grace MW.REFILL due       due 2025-02-09
    2025-02-10 grace MW.REFILL overdue   late 1
    2025-02-22 grace MW.REFILL overdue   late 13
    2025-02-23 grace MW.REFILL defaulted late 14
    2025-03-10 grace MW.REFILL defaulted late 29
    2025-04-10 grace MW.REFILL defaulted late 60
    2025-04-11 grace MW.REFILL lost      late 61
    2025-04-22 grace MW.REFILL done      done 2025-04-22
    2025-04-22 grace MW.REFILL upcoming  due 2025-05-22
    """,
)

EXAMPLES["blood tests: six months of tablets, clamped to the month's end; a sample before does not count"] = (
    """
    ama mother art.start 2024-08-31 -
    ama mother vl.sample 2025-02-27 -
    efe mother art.start 2024-09-02 -
    efe mother vl.sample 2025-03-02 -
    """,
    """
    2024-09-01 ama MW.VL6    upcoming due 2025-02-28 opens 2025-02-28
    2025-02-28 ama MW.VL6    due      due 2025-02-28
    2025-03-28 ama MW.VL6    due      late 28
    2025-03-29 ama MW.VL6    overdue  late 29
    2025-03-29 ama WHO.VLANN upcoming due 2026-02-27
    2025-03-29 ama WHO.VL12  upcoming due 2025-08-31
    2025-03-02 efe MW.VL6    done     due 2025-03-02 done 2025-03-02
    2025-03-02 efe WHO.VLPREG-3M absent
    """,
)

EXAMPLES["treatment begun in this pregnancy: three months; begun before: none; before birth for both"] = (
    """
    thandi mother pregnancy.lmp 2024-06-03 -
    thandi mother hiv.test      2024-09-02 pos
    thandi mother art.start     2024-09-02 -
    lindi  mother pregnancy.lmp 2024-06-03 -
    lindi  mother art.start     2022-01-10 -
    lindi  mother delivery      2025-02-10 live
    """,
    """
    2024-10-01 thandi WHO.VLPREG-3M  upcoming  due 2024-12-02
    2024-12-30 thandi WHO.VLPREG-3M  due       late 28
    2024-12-31 thandi WHO.VLPREG-3M  overdue   late 29
    2024-10-01 lindi  WHO.VLPREG-3M  absent
    2025-01-26 lindi  WHO.VLPREG-34W upcoming  due 2025-01-27
    2025-01-27 lindi  WHO.VLPREG-34W due       due 2025-01-27
    2025-02-10 lindi  WHO.VLPREG-34W cancelled
    """,
)

EXAMPLES["while breastfeeding: three months after birth, then every six from the last sample"] = (
    """
    ada mother art.start 2020-01-10 -
    ada mother delivery  2024-05-31 live
    ada mother vl.sample 2024-08-31 -
    bea mother art.start 2020-01-10 -
    bea mother delivery  2024-05-31 live
    bea mother vl.sample 2024-07-15 -
    bea mother bf.stopped 2024-12-01 -
    """,
    """
    2024-06-01 ada WHO.VLBF upcoming  due 2024-08-31
    2024-08-31 ada WHO.VLBF done      due 2024-08-31 done 2024-08-31
    2024-08-31 ada WHO.VLBF upcoming  due 2025-02-28
    2025-03-28 ada WHO.VLBF due       late 28
    2025-03-29 ada WHO.VLBF overdue   late 29
    2024-07-14 bea WHO.VLBF upcoming  due 2024-08-31
    2024-07-15 bea WHO.VLBF upcoming  due 2025-01-15
    2024-12-01 bea WHO.VLBF cancelled due 2025-01-15
    """,
)

EXAMPLES["a high result: a talk at once and the blood again after three months; 1000 itself is not high"] = (
    """
    mia mother art.start 2023-01-10 -
    mia mother vl.sample 2025-03-01 - record=v1
    mia mother vl.result 2025-03-10 1001 ref=v1
    noa mother art.start 2023-01-10 -
    noa mother vl.sample 2025-03-01 - record=w1
    noa mother vl.result 2025-03-10 1000 ref=w1
    """,
    """
    2025-03-10 mia WHO.VLHIGH-EAC due      due 2025-03-10
    2025-03-18 mia WHO.VLHIGH-EAC overdue  late 8
    2025-03-10 mia WHO.VLHIGH     upcoming due 2025-06-01
    2025-03-10 noa WHO.VLHIGH     absent
    2025-03-10 noa WHO.VLHIGH-EAC absent
    """,
)

EXAMPLES["a baby's tests: six weeks, twelve months, twenty-four months"] = (
    """
    mpho       mother hiv.diagnosis 2022-01-10 -
    mpho       mother art.start     2022-01-10 -
    sipho<mpho infant child.dob     2024-03-15 -
    sipho<mpho infant antibody.test 2025-03-14 neg
    sipho<mpho infant antibody.test 2025-04-14 neg
    sipho<mpho infant bf.stopped    2026-02-20 -
    sipho<mpho infant antibody.test 2026-03-20 neg
    sipho<mpho infant antibody.test 2026-04-05 neg
    """,
    """
    2024-04-11 sipho MW.PCR6W    upcoming due 2024-04-26 opens 2024-04-12
    2024-04-12 sipho MW.PCR6W    due
    2024-05-10 sipho MW.PCR6W    due      late 14
    2024-05-11 sipho MW.PCR6W    overdue  late 15
    2024-05-11 sipho MW.CTX      overdue  late 15
    2025-03-14 sipho MW.RAPID12M upcoming due 2025-03-15
    2025-04-12 sipho MW.RAPID12M due      late 28
    2025-04-13 sipho MW.RAPID12M overdue  late 29
    2025-04-14 sipho MW.RAPID12M done     done 2025-04-14
    2025-04-14 sipho MW.RAPID24M upcoming due 2026-03-15
    2026-02-20 sipho MW.RAPID24M upcoming due 2026-04-03
    2026-03-20 sipho MW.RAPID24M upcoming due 2026-04-03
    2026-04-05 sipho MW.RAPID24M done     done 2026-04-05
    """,
)

EXAMPLES["born on 29 February; a test while the end of breastfeeding is unknown closes nothing"] = (
    """
    mum     mother art.start     2022-01-10 -
    kid<mum infant child.dob     2024-02-29 -
    kid<mum infant antibody.test 2026-03-01 neg
    old<mum infant child.dob     2024-02-29 -
    old<mum infant antibody.test 2025-09-10 pos
    """,
    """
    2025-01-01 kid MW.RAPID12M upcoming due 2025-02-28
    2025-01-01 kid MW.RAPID24M upcoming due 2026-02-28
    2026-03-01 kid MW.RAPID24M due      late 1
    2026-03-29 kid MW.RAPID24M overdue  late 29
    2025-09-10 old MW.RAPID24M done     done 2025-09-10
    """,
)

EXAMPLES["under 18 months a positive rapid test asks for a virological one; that one does the item"] = (
    """
    mum     mother art.start     2022-01-10 -
    kid<mum infant child.dob     2024-03-15 -
    kid<mum infant antibody.test 2025-03-20 pos
    kid<mum infant eid.sample    2025-03-25 -
    """,
    """
    2025-03-20 kid MW.RAPID12M due  late 5
    2025-03-24 kid MW.RAPID12M due  late 9
    2025-03-25 kid MW.RAPID12M done done 2025-03-25
    2025-03-25 kid MW.RAPID24M upcoming due 2026-03-15
    """,
)

EXAMPLES["a sample that was refused, spoilt or unclear makes a new one due"] = (
    """
    mum     mother art.start  2022-01-10 -
    kid<mum infant child.dob  2024-03-15 -
    kid<mum infant eid.sample 2024-04-26 - record=s1
    kid<mum infant eid.result 2024-05-10 rejected ref=s1
    kid<mum infant eid.sample 2024-05-20 - record=s2
    kid<mum infant eid.result 2024-06-03 indeterminate ref=s2
    kid<mum infant eid.sample 2024-06-10 - record=s3
    """,
    """
    2024-05-09 kid PROG.EIDAGAIN absent
    2024-05-10 kid MW.PCR6W      done    done 2024-04-26
    2024-05-10 kid PROG.EIDAGAIN due     due 2024-05-10
    2024-05-17 kid PROG.EIDAGAIN due     late 7
    2024-05-18 kid PROG.EIDAGAIN overdue late 8
    2024-05-20 kid PROG.EIDAGAIN done    done 2024-05-20
    2024-06-03 kid WHO.EIDIND    due     due 2024-07-01 opens 2024-06-03
    2024-06-10 kid WHO.EIDIND    done    done 2024-06-10
    2024-06-10 kid WHO.EIDTAT    due     due 2024-07-08
    """,
)

EXAMPLES["a positive result: treatment the same day, a second sample, the tests stop; a negative one takes them up"] = (
    """
    mum     mother art.start  2022-01-10 -
    kid<mum infant child.dob  2025-01-20 -
    kid<mum infant eid.sample 2025-03-10 - record=k1
    kid<mum infant eid.result 2025-03-20 pos ref=k1
    kid<mum infant eid.sample 2025-03-24 confirm record=k2
    kid<mum infant eid.result 2025-04-02 neg ref=k2
    """,
    """
    2025-03-20 kid WHO.INFANTART   due       due 2025-03-20
    2025-03-21 kid WHO.INFANTART   overdue   late 1
    2025-03-20 kid PROG.EIDCONFIRM due       due 2025-03-20
    2025-03-20 kid MW.RAPID12M     cancelled
    2025-03-20 kid MW.RAPID24M     cancelled
    2025-03-24 kid PROG.EIDCONFIRM done      done 2025-03-24
    2025-04-01 kid MW.RAPID12M     cancelled
    2025-04-02 kid MW.RAPID12M     upcoming  due 2026-01-20
    2025-04-02 kid MW.RAPID24M     upcoming  due 2027-01-20
    """,
)

EXAMPLES["protective medicine by risk: four weeks of treatment at birth make the difference"] = (
    """
    four       mother hiv.test        2024-02-16 pos
    four       mother art.start       2024-02-16 -
    a<four     infant child.dob       2024-03-15 -
    a<four     infant infant.arv_start 2024-03-16 NVP
    less       mother hiv.test        2024-02-17 pos
    less       mother art.start       2024-02-17 -
    b<less     infant child.dob       2024-03-15 -
    untreated  mother hiv.diagnosis   2020-01-01 -
    c<untreated infant child.dob      2024-03-15 -
    elsewhere  mother art.on          2024-03-01 -
    d<elsewhere infant child.dob      2024-03-15 -
    e          infant child.dob       2024-03-15 -
    e          infant exposed         2024-03-20 -
    """,
    """
    2024-03-15 a MW.ARVLOW  due     due 2024-03-15
    2024-03-15 a MW.ARVHIGH absent
    2024-03-16 a MW.ARVLOW  done    done 2024-03-16
    2024-03-15 b MW.ARVHIGH due     due 2024-03-15
    2024-03-18 b MW.ARVHIGH due     late 3
    2024-03-19 b MW.ARVHIGH overdue late 4
    2024-04-26 b MW.ARVHIGH overdue late 42
    2024-04-27 b MW.ARVHIGH expired
    2024-03-15 b MW.ARVLOW  absent
    2024-03-15 c MW.ARVHIGH due
    2024-03-15 d MW.ARVLOW  due
    2024-03-15 d MW.ARVHIGH absent
    2024-03-20 e MW.ARVLOW  due     due 2024-03-20
    2024-03-20 e MW.ARVHIGH absent
    """,
)

EXAMPLES["protective medicine by risk: a result that comes after the birth makes it due anew"] = (
    """
    many   mother art.start        2020-01-10 -
    many   mother vl.sample        2024-02-16 - record=m1
    many   mother vl.result        2024-03-20 1001 ref=m1
    f<many infant child.dob        2024-03-15 -
    f<many infant infant.arv_start 2024-03-15 NVP
    f<many infant infant.arv_start 2024-03-21 2P
    few    mother art.start        2020-01-10 -
    few    mother vl.sample        2024-02-16 - record=n1
    few    mother vl.result        2024-03-01 1000 ref=n1
    g<few  infant child.dob        2024-03-15 -
    early  mother art.start        2020-01-10 -
    early  mother vl.sample        2024-02-15 - record=o1
    early  mother vl.result        2024-03-01 90000 ref=o1
    h<early infant child.dob       2024-03-15 -
    known  mother art.start        2020-01-10 -
    known  mother vl.sample        2024-03-01 - record=p1
    known  mother vl.result        2024-03-10 90000 ref=p1
    i<known infant child.dob       2024-03-15 -
    """,
    """
    2024-03-19 f MW.ARVLOW  done   done 2024-03-15
    2024-03-19 f MW.ARVHIGH absent
    2024-03-20 f MW.ARVLOW  done   done 2024-03-15
    2024-03-20 f MW.ARVHIGH due    due 2024-03-20
    2024-03-21 f MW.ARVHIGH done   done 2024-03-21
    2024-03-15 g MW.ARVLOW  due
    2024-03-15 g MW.ARVHIGH absent
    2024-03-15 h MW.ARVLOW  due
    2024-03-15 i MW.ARVHIGH due    due 2024-03-15
    2024-03-15 i MW.ARVLOW  absent
    """,
)

EXAMPLES["protective medicine by risk: infected while carrying or breastfeeding"] = (
    """
    aisha      mother pregnancy.lmp 2024-07-29 -
    aisha      mother hiv.test      2025-03-12 neg
    aisha      mother delivery      2025-05-06 live
    baby<aisha infant child.dob     2025-05-06 -
    aisha      mother hiv.test      2025-09-15 pos
    aisha      mother art.start     2025-09-15 -
    carla      mother hiv.test      2024-11-04 neg
    carla      mother hiv.test      2025-03-01 pos
    carla      mother art.start     2025-03-01 -
    kid<carla  infant child.dob     2025-05-06 -
    dora       mother hiv.test      2024-07-29 neg
    dora       mother hiv.test      2025-03-01 pos
    dora       mother art.start     2025-03-01 -
    bub<dora   infant child.dob     2025-05-06 -
    """,
    """
    2025-09-14 baby MW.ARVHIGH absent
    2025-09-15 baby MW.ARVHIGH due due 2025-09-15
    2025-09-15 baby MW.ARVLOW  absent
    2025-09-15 baby MW.PCR6W   due due 2025-09-15
    2025-05-06 kid  MW.ARVHIGH due due 2025-05-06
    2025-05-06 bub  MW.ARVLOW  due due 2025-05-06
    """,
)

EXAMPLES["a negative woman who breastfeeds is tested between six and nine months"] = (
    """
    aisha mother hiv.test   2024-11-04 neg
    aisha mother delivery   2025-05-06 live
    aisha mother hiv.test   2025-11-05 neg
    betty mother hiv.test   2024-11-04 neg
    betty mother delivery   2025-08-31 live
    betty mother hiv.test   2026-02-28 neg
    celia mother hiv.test   2024-11-04 neg
    celia mother delivery   2025-05-06 live
    celia mother bf.stopped 2025-12-01 -
    doris mother hiv.test   2024-11-04 neg
    doris mother delivery   2025-05-06 stillbirth
    """,
    """
    2025-11-05 aisha MW.HTSBF upcoming  due 2025-11-06 opens 2025-11-06
    2025-11-06 aisha MW.HTSBF due
    2026-02-06 aisha MW.HTSBF due       late 92
    2026-02-07 aisha MW.HTSBF overdue   late 93
    2025-09-01 betty MW.HTSBF upcoming  due 2026-02-28
    2026-02-28 betty MW.HTSBF done      done 2026-02-28
    2025-12-01 celia MW.HTSBF cancelled
    2025-11-06 doris MW.HTSBF absent
    """,
)

EXAMPLES["tested at the first contact of this pregnancy, again from week 28, and each year"] = (
    """
    zoe mother pregnancy.lmp 2023-01-02 -
    zoe mother anc.contact   2023-03-27 -
    zoe mother hiv.test      2023-03-27 neg
    zoe mother delivery      2023-10-09 live
    zoe mother pregnancy.lmp 2024-12-02 -
    zoe mother anc.contact   2025-02-24 -
    zoe mother hiv.test      2025-03-03 neg
    ivy mother hiv.diagnosis 2020-01-01 -
    ivy mother pregnancy.lmp 2024-12-02 -
    ivy mother anc.contact   2025-02-24 -
    joy mother hiv.test      2024-02-29 neg
    """,
    """
    2023-03-26 zoe WHO.HTS-ANC1   absent
    2023-03-27 zoe WHO.HTS-ANC1   done     due 2023-03-27 done 2023-03-27
    2024-12-10 zoe WHO.HTS-ANC1   absent
    2025-02-24 zoe WHO.HTS-ANC1   due      due 2025-02-24
    2025-02-25 zoe WHO.HTS-ANC1   overdue  late 1
    2025-03-03 zoe WHO.HTS-ANC1   done     done 2025-03-03
    2025-03-03 zoe WHO.HTS-3T     upcoming due 2025-06-16
    2025-09-09 zoe WHO.HTS-3T     overdue  late 85
    2025-03-03 zoe WHO.HTS-ANNUAL upcoming due 2026-03-03
    2025-02-24 ivy WHO.HTS-ANC1   absent
    2024-03-01 joy WHO.HTS-ANNUAL upcoming due 2025-02-28
    """,
)

EXAMPLES["a loss: nothing of the pregnancy or a baby is asked for any more"] = (
    """
    naledi mother pregnancy.lmp 2024-05-20 -
    naledi mother hiv.diagnosis 2020-03-01 -
    naledi mother art.start     2020-03-01 -
    naledi mother art.dispense  2024-11-15 30
    naledi mother delivery      2024-12-02 stillbirth
    orla   mother pregnancy.lmp 2024-05-20 -
    orla   mother delivery      2024-08-01 miscarriage
    """,
    """
    2024-12-02 naledi WHO.ANC4       cancelled due 2024-12-16
    2024-12-02 naledi WHO.VLPREG-34W cancelled
    2024-12-03 naledi WHO.PNC24H     due       due 2024-12-03
    2024-12-02 naledi WHO.FP         absent
    2024-12-02 naledi WHO.VLBF       absent
    2024-12-02 naledi MW.REFILL      upcoming  due 2024-12-15
    2024-08-01 orla   WHO.ANC2       cancelled
    2024-08-02 orla   WHO.PNC24H     absent
    2024-08-02 orla   WHO.FP         absent
    """,
)

EXAMPLES["after birth a check-up counts for the step whose opening it has reached"] = (
    """
    rose mother delivery    2025-05-01 live
    rose mother pnc.contact 2025-05-11 -
    """,
    """
    2025-05-03 rose WHO.PNC24H  due      late 1
    2025-05-04 rose WHO.PNC24H  overdue  late 2
    2025-05-11 rose WHO.PNC24H  overdue
    2025-05-11 rose WHO.PNC3D   overdue
    2025-05-11 rose WHO.PNC10D  done     done 2025-05-11
    2025-05-11 rose WHO.PNC6W   upcoming due 2025-06-12 opens 2025-06-05
    """,
)

EXAMPLES["the start of treatment and the programme's talks, counted from when she could be met"] = (
    """
    sara mother hiv.test  2025-01-10 pos
    sara mother enrolled  2025-01-10 mother_hiv_pos
    tina mother hiv.diagnosis 2019-05-01 -
    tina mother art.dispense  2024-12-20 30
    tina mother enrolled  2025-01-10 mother_hiv_pos
    tina mother session   2025-01-12 one_to_one
    tina mother session   2025-01-20 home
    """,
    """
    2025-01-17 sara WHO.ART       due       late 7
    2025-01-18 sara WHO.ART       defaulted late 8
    2025-01-10 tina WHO.ART       done      done 2024-12-20
    2025-01-11 tina PROG.MMFIRST  due       due 2025-01-10
    2025-01-12 tina PROG.MMFIRST  done      done 2025-01-12
    2025-01-12 tina PROG.MM2ND    upcoming  due 2025-02-09
    2025-01-20 tina PROG.MM2ND    done      done 2025-01-20
    2025-01-20 tina PROG.DISCLOSE due       due 2025-04-10
    2025-04-11 tina PROG.DISCLOSE overdue   late 1
    2025-01-20 tina WHO.PARTNER   due       due 2025-02-07
    2025-03-08 tina WHO.PARTNER   overdue   late 29
    """,
)


@pytest.mark.parametrize("engine", ["reference", "sqlite", "phone", "duckdb", "postgres"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_statement(name: str, engine: str, engines: dict[str, Engine], tmp_path: Path) -> None:
    check_statements(engines[engine], MW_2022, EXAMPLES[name], tmp_path)
