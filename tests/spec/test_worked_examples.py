"""The hand-worked client histories of the programme, and the traps beside them, on every engine.

All people are invented. Protocol: ACC-1. The numbers are those of the worked examples.
"""

from pathlib import Path

import pytest

from mentormothers.protocol.reading import find_protocol
from tests.conftest import Engine
from tests.spec.tables import check_statements

ACC_1 = find_protocol("ACC-1")
EXAMPLES: dict[str, tuple[str, str]] = {}

EXAMPLES["1 newly diagnosed at first contact, everything on time"] = (
    """
    thandi mother pregnancy.lmp    2024-06-03 -
    thandi mother anc.contact      2024-09-02 -
    thandi mother hiv.test         2024-09-02 pos
    thandi mother art.start        2024-09-02 TLD
    thandi mother art.dispense     2024-09-02 30
    thandi mother session          2024-09-02 one_to_one
    thandi mother partner.hiv_test 2024-09-20 neg
    thandi mother session          2024-09-30 one_to_one
    thandi mother art.dispense     2024-10-01 30
    thandi mother anc.contact      2024-10-22 -
    thandi mother vl.sample        2024-11-28 - record=s1
    thandi mother vl.result        2024-12-09 <50 ref=s1
    """,
    """
    2024-09-02 thandi ANC1    done     due 2024-08-26 done 2024-09-02
    2024-09-02 thandi REFILL  upcoming due 2024-10-02 opens 2024-09-25
    2024-09-02 thandi VL1     upcoming due 2024-12-02 opens 2024-11-18
    2024-09-02 thandi PARTNER due      due 2024-09-30
    2024-09-02 thandi ANC2    upcoming due 2024-10-21 opens 2024-10-14
    2024-09-20 thandi PARTNER done     done 2024-09-20
    2024-10-01 thandi REFILL  done     due 2024-10-02 done 2024-10-01
    2024-10-01 thandi REFILL  upcoming due 2024-10-31
    2024-10-22 thandi ANC2    done     due 2024-10-21 done 2024-10-22
    2024-11-28 thandi VL1     done     due 2024-12-02 done 2024-11-28
    2024-11-28 thandi VL6M    upcoming due 2025-05-28
    2024-12-10 thandi VL6M    upcoming due 2025-05-28
    2024-12-09 thandi ANC3    due      due 2024-12-02 late 7
    2024-12-10 thandi ANC3    overdue  due 2024-12-02 late 8
    2024-12-10 thandi RETEST3T absent
    2024-12-10 thandi RETESTBF absent
    2025-03-17 thandi ANC8    due      due 2025-03-10 late 7
    2025-03-17 thandi ANC3    overdue  late 105
    2025-03-18 thandi ANC3    expired
    2025-03-18 thandi ANC8    expired
    """,
)

EXAMPLES["2 the 28-day line, then return"] = (
    """
    grace mother art.start    2023-05-01 -
    grace mother art.dispense 2025-01-10 30
    grace mother art.dispense 2025-04-22 30
    grace mother art.dispense 2025-05-22 30
    grace mother art.dispense 2025-06-20 30
    """,
    """
    2025-02-09 grace REFILL due       due 2025-02-09
    2025-02-10 grace REFILL overdue   due 2025-02-09 late 1
    2025-02-15 grace REFILL overdue   late 6
    2025-02-16 grace REFILL defaulted late 7
    2025-03-09 grace REFILL defaulted late 28
    2025-03-10 grace REFILL lost      late 29
    2025-04-11 grace REFILL lost      late 61
    2025-04-22 grace REFILL done      due 2025-02-09 done 2025-04-22
    2025-04-22 grace REFILL upcoming  due 2025-05-22
    2025-06-30 grace REFILL upcoming  due 2025-07-20
    """,
)

EXAMPLES["4 straddling the quarter end"] = (
    """
    ruth mother art.start     2025-01-18 -
    ruth mother art.dispense  2025-01-18 30
    ruth mother art.dispense  2025-02-18 30
    ruth mother trace.attempt 2025-04-08 home
    ruth mother trace.outcome 2025-04-08 not_located
    """,
    """
    2025-03-31 ruth REFILL defaulted due 2025-03-20 late 11
    2025-04-17 ruth REFILL defaulted late 28
    2025-04-18 ruth REFILL lost      late 29
    """,
)

EXAMPLES["5 transfer claimed, then confirmed; with and without what came later"] = (
    """
    esther mother art.dispense      2025-04-01 30 site=A recorded=2025-04-01
    esther mother transfer.reported 2025-05-05 B  site=A recorded=2025-05-05
    esther mother art.dispense      2025-05-03 60 site=B recorded=2025-06-10
    esther mother transfer.out      2025-05-03 B  site=A recorded=2025-06-10
    """,
    """
    2025-05-06@2025-05-06 esther REFILL overdue  due 2025-05-01 late 5
    2025-05-30@2025-05-30 esther REFILL lost     due 2025-05-01 late 29
    2025-05-30@2025-06-10 esther REFILL done     due 2025-05-01 done 2025-05-03
    2025-05-30@2025-06-10 esther REFILL upcoming due 2025-07-02
    2025-06-10@2025-06-10 esther REFILL upcoming due 2025-07-02
    """,
)

EXAMPLES["6 exposed infant, negative to the end"] = (
    """
    mpho        mother hiv.diagnosis    2022-01-10 -
    sipho<mpho  infant child.dob        2024-03-15 -
    sipho<mpho  infant infant.arv_start 2024-03-15 NVP
    sipho<mpho  infant ctx.start        2024-04-30 -
    sipho<mpho  infant eid.sample       2024-04-30 - record=e1
    sipho<mpho  infant eid.result       2024-05-14 neg ref=e1
    sipho<mpho  infant eid.result_given 2024-05-20 - ref=e1
    sipho<mpho  infant eid.sample       2025-01-20 - record=e2
    sipho<mpho  infant eid.result       2025-01-30 neg ref=e2
    sipho<mpho  infant bf.stopped       2025-06-10 -
    sipho<mpho  infant antibody.test    2025-09-18 neg
    """,
    """
    2024-03-15 sipho ARVPROPH  done     due 2024-03-15 done 2024-03-15
    2024-04-29 sipho EID6W     due      due 2024-04-26 opens 2024-04-12 late 3
    2024-04-11 sipho EID6W     upcoming
    2024-04-12 sipho EID6W     due
    2024-04-30 sipho EID6W     done     done 2024-04-30
    2024-04-30 sipho CTX       done     due 2024-04-26 done 2024-04-30
    2024-05-19 sipho EIDRESULT due      due 2024-05-28
    2024-05-20 sipho EIDRESULT done     due 2024-05-28 done 2024-05-20
    2024-12-01 sipho EID9M     due      due 2024-12-15 opens 2024-12-01
    2025-01-12 sipho EID9M     due      late 28
    2025-01-13 sipho EID9M     overdue  late 29
    2025-01-20 sipho EID9M     done     done 2025-01-20
    2025-02-18 sipho EIDRESULT overdue  due 2025-02-17 late 1
    2025-06-09 sipho FINAL     upcoming due 2025-09-15
    2025-06-10 sipho FINAL     upcoming due 2025-09-15 opens 2025-09-15
    2025-09-18 sipho FINAL     done     due 2025-09-15 done 2025-09-18
    """,
)

EXAMPLES["6a no test: the last in-window days"] = (
    """
    mpho        mother hiv.diagnosis    2022-01-10 -
    sipho<mpho  infant child.dob        2024-03-15 -
    """,
    """
    2024-03-18 sipho ARVPROPH due     late 3
    2024-03-19 sipho ARVPROPH overdue late 4
    2024-05-10 sipho EID6W    due     late 14
    2024-05-11 sipho EID6W    overdue late 15
    2025-10-13 sipho FINAL    due     late 28
    2025-10-14 sipho FINAL    overdue late 29
    """,
)

EXAMPLES["8 late first test, positive, treated"] = (
    """
    adwoa       mother hiv.diagnosis 2020-01-01 -
    kofi<adwoa  infant child.dob     2025-01-20 -
    kofi<adwoa  infant eid.sample    2025-04-08 - record=k1
    kofi<adwoa  infant eid.result    2025-04-25 pos ref=k1
    kofi<adwoa  infant eid.sample    2025-04-28 confirm record=k2
    kofi<adwoa  infant art.start     2025-04-28 -
    """,
    """
    2025-03-17 kofi EID6W     due       due 2025-03-03 late 14
    2025-03-18 kofi EID6W     overdue   late 15
    2025-04-08 kofi EID6W     done      done 2025-04-08
    2025-04-24 kofi CONFIRM   absent
    2025-04-25 kofi CONFIRM   due       due 2025-04-25
    2025-04-25 kofi INFANTART due       due 2025-04-25
    2025-04-25 kofi EID9M     cancelled
    2025-04-25 kofi FINAL     cancelled
    2025-04-28 kofi CONFIRM   done      done 2025-04-28
    2025-04-28 kofi INFANTART done      done 2025-04-28
    """,
)

EXAMPLES["8a the same sample cannot confirm itself; a negative confirmation reopens the schedule"] = (
    """
    adwoa       mother hiv.diagnosis 2020-01-01 -
    kofi<adwoa  infant child.dob     2025-01-20 -
    kofi<adwoa  infant eid.sample    2025-03-10 - record=k1
    kofi<adwoa  infant eid.result    2025-03-10 pos ref=k1
    kofi<adwoa  infant eid.sample    2025-03-14 confirm record=k2
    kofi<adwoa  infant eid.result    2025-03-24 neg ref=k2
    """,
    """
    2025-03-10 kofi CONFIRM due       due 2025-03-10
    2025-03-10 kofi EID9M   cancelled
    2025-03-14 kofi CONFIRM done      done 2025-03-14
    2025-03-23 kofi EID9M   cancelled
    2025-03-24 kofi EID9M   upcoming  due 2025-10-20
    2025-03-24 kofi FINAL   upcoming  due 2026-07-20
    """,
)

EXAMPLES["9 seroconversion while breastfeeding"] = (
    """
    aisha       mother pregnancy.lmp 2024-07-29 -
    aisha       mother anc.contact   2024-11-04 -
    aisha       mother hiv.test      2024-11-04 neg
    aisha       mother hiv.test      2025-03-12 neg
    aisha       mother delivery      2025-05-06 live
    baby<aisha  infant child.dob     2025-05-06 -
    aisha       mother hiv.test      2025-09-15 pos
    aisha       mother art.start     2025-09-15 -
    aisha       mother art.dispense  2025-09-15 30
    """,
    """
    2025-02-09 aisha RETEST3T upcoming  due 2025-03-10 opens 2025-02-10
    2025-02-10 aisha RETEST3T due
    2025-03-12 aisha RETEST3T done      done 2025-03-12
    2025-08-06 aisha RETESTBF due       due 2025-08-06 opens 2025-07-23
    2025-08-20 aisha RETESTBF due       late 14
    2025-08-21 aisha RETESTBF overdue   late 15
    2025-09-14 baby  EID6W    absent
    2025-09-15 aisha RETESTBF done      due 2025-08-06 done 2025-09-15
    2025-09-15 aisha RETESTBF cancelled due 2025-12-15
    2025-09-15 aisha REFILL   upcoming  due 2025-10-15
    2025-09-15 aisha VL1      upcoming  due 2025-12-15
    2025-09-15 aisha PARTNER  due       due 2025-10-13
    2025-09-15 baby  EID6W    due       due 2025-09-15
    2025-09-15 baby  ARVPROPH due       due 2025-09-15
    2025-09-15 baby  CTX      due       due 2025-09-15
    """,
)

EXAMPLES["11 stillbirth"] = (
    """
    naledi mother pregnancy.lmp 2024-05-20 -
    naledi mother hiv.diagnosis 2020-03-01 -
    naledi mother art.dispense  2024-11-15 30
    naledi mother delivery      2024-12-02 stillbirth
    """,
    """
    2024-12-01 naledi ANC4   upcoming  due 2024-12-16
    2024-12-02 naledi ANC4   cancelled due 2024-12-16
    2024-12-02 naledi ANC5   cancelled due 2025-01-13
    2024-12-02 naledi ANC8   cancelled
    2024-12-02 naledi PNC1   due       due 2024-12-05
    2024-12-09 naledi PNC1   due       late 4
    2024-12-10 naledi PNC1   overdue
    2024-12-02 naledi PNC6W  upcoming  due 2025-01-13
    2025-01-27 naledi PNC6W  due       late 14
    2025-01-28 naledi PNC6W  overdue
    2024-12-02 naledi REFILL upcoming  due 2024-12-15 opens 2024-12-08
    2024-12-20 naledi REFILL overdue   due 2024-12-15 late 5
    """,
)

EXAMPLES["13 the same visit twice, then a correction"] = (
    """
    joyce mother art.dispense 2025-02-03 30 record=rec-a1 recorded=2025-02-03
    joyce mother art.dispense 2025-02-03 30 record=rec-b7 recorded=2025-02-06
    joyce mother art.dispense 2025-02-07 -  record=rec-c2 recorded=2025-02-07 ref=rec-b7 amends=same_event_as:rec-a1
    joyce mother art.dispense 2025-02-03 90 record=rec-d9 recorded=2025-02-08 amends=amends:rec-a1
    """,
    """
    2025-02-20@2025-02-03 joyce REFILL upcoming due 2025-03-05
    2025-02-20@2025-02-06 joyce REFILL upcoming due 2025-03-05
    2025-02-20@2025-02-07 joyce REFILL upcoming due 2025-03-05
    2025-02-20@2025-02-08 joyce REFILL upcoming due 2025-05-04
    2025-02-20            joyce REFILL upcoming due 2025-05-04
    """,
)

EXAMPLES["13a withdrawing a correction restores what it replaced; correcting a correction keeps it replaced"] = (
    """
    joyce mother art.dispense 2025-02-03 30  record=a recorded=2025-02-03
    joyce mother art.dispense 2025-02-03 90  record=b recorded=2025-02-04 amends=amends:a
    joyce mother art.dispense 2025-02-03 60  record=c recorded=2025-02-05 amends=amends:b
    joyce mother art.dispense 2025-02-06 -   record=d recorded=2025-02-06 amends=withdraws:c
    joyce mother art.dispense 2025-02-07 -   record=e recorded=2025-02-07 amends=withdraws:b
    joyce mother art.dispense 2025-02-08 -   record=f recorded=2025-02-08 amends=withdraws:e
    """,
    """
    2025-02-20@2025-02-03 joyce REFILL upcoming due 2025-03-05
    2025-02-20@2025-02-04 joyce REFILL upcoming due 2025-05-04
    2025-02-20@2025-02-05 joyce REFILL upcoming due 2025-04-04
    2025-02-20@2025-02-06 joyce REFILL upcoming due 2025-05-04
    2025-02-20@2025-02-07 joyce REFILL upcoming due 2025-03-05
    2025-02-20@2025-02-08 joyce REFILL upcoming due 2025-05-04
    """,
)

EXAMPLES["15 lost on the 29th day"] = (
    """
    u mother art.dispense 2025-04-27 30
    """,
    """
    2025-06-02 u REFILL overdue   due 2025-05-27 late 6
    2025-06-24 u REFILL defaulted late 28
    2025-06-25 u REFILL lost      late 29
    """,
)

EXAMPLES["a high viral load: talks, a repeat, and no routine test meanwhile"] = (
    """
    lindiwe mother pregnancy.lmp 2025-01-06 -
    lindiwe mother art.start     2024-01-10 -
    lindiwe mother vl.sample     2025-03-01 - record=v1
    lindiwe mother vl.result     2025-03-10 5000 ref=v1
    lindiwe mother eac.session   2025-03-12 -
    lindiwe mother eac.session   2025-04-05 -
    lindiwe mother vl.sample     2025-05-30 - record=v2
    lindiwe mother vl.result     2025-06-10 <50 ref=v2
    """,
    """
    2025-03-10 lindiwe VL6M     absent
    2025-03-10 lindiwe EAC1     due      due 2025-03-10
    2025-03-10 lindiwe EAC2     upcoming due 2025-04-07 opens 2025-03-31
    2025-03-10 lindiwe EAC3     upcoming due 2025-05-05
    2025-03-10 lindiwe VLREPEAT upcoming due 2025-06-01 opens 2025-05-18
    2025-03-12 lindiwe EAC1     done     done 2025-03-12
    2025-04-05 lindiwe EAC2     done     done 2025-04-05
    2025-05-13 lindiwe EAC3     overdue  late 8
    2025-05-30 lindiwe VLREPEAT done     done 2025-05-30
    2025-06-10 lindiwe VL6M     upcoming due 2025-11-30
    """,
)

EXAMPLES["stops hold until the next care fact"] = (
    """
    ada mother art.dispense 2025-01-01 30
    ada mother refused      2025-02-10 art
    ada mother visit        2025-03-01 -
    bea mother art.dispense 2025-01-01 30
    bea mother transfer.out 2025-02-10 B
    cia mother art.dispense 2025-01-01 30
    cia mother refused      2025-02-10 visits
    dea mother art.dispense 2025-01-01 30
    dea mother death        2025-02-10 -
    eva mother art.dispense 2025-01-01 30 site=A
    eva mother transfer.out 2025-01-01 B  site=A
    """,
    """
    2025-02-09 ada REFILL defaulted due 2025-01-31 late 9
    2025-02-10 ada REFILL cancelled due 2025-01-31
    2025-02-28 ada REFILL cancelled
    2025-03-01 ada REFILL lost      due 2025-01-31 late 29
    2025-02-10 bea REFILL cancelled
    2025-04-10 bea REFILL cancelled
    2025-02-10 cia REFILL defaulted late 10
    2025-02-10 dea REFILL cancelled
    2025-01-15 eva REFILL cancelled
    """,
)

EXAMPLES["calendar months clamp to the end of a shorter month"] = (
    """
    ama mother art.start     2025-08-31 -
    ama mother pregnancy.lmp 2025-06-01 -
    ama mother vl.sample     2025-08-31 -
    efe mother hiv.diagnosis 2020-01-01 -
    kid<efe infant child.dob 2024-05-31 -
    """,
    """
    2025-09-01 ama VL1   upcoming due 2025-11-30
    2025-09-01 ama VL6M  upcoming due 2026-02-28
    2025-09-01 kid EID9M overdue  due 2025-02-28
    2025-09-01 kid FINAL upcoming due 2025-11-30
    """,
)

EXAMPLES["breastfeeding told of the mother is understood of her youngest living child"] = (
    """
    mum      mother hiv.diagnosis 2020-01-01 -
    mum      mother delivery      2024-03-15 live
    old<mum  infant child.dob     2022-01-10 -
    kid<mum  infant child.dob     2024-03-15 -
    mum      mother bf.stopped    2025-08-01 -
    kid<mum  infant antibody.test 2025-09-20 neg
    kid<mum  infant antibody.test 2025-11-02 neg
    """,
    """
    2025-07-31 kid FINAL upcoming due 2025-09-15
    2025-08-01 kid FINAL upcoming due 2025-11-01
    2025-09-20 kid FINAL upcoming due 2025-11-01
    2025-11-02 kid FINAL done     done 2025-11-02
    2025-08-01 old FINAL overdue  due 2023-07-10
    """,
)

EXAMPLES["a negative test does not close the last test while the end of breastfeeding is unknown; a positive does"] = (
    """
    mum      mother hiv.diagnosis 2020-01-01 -
    kid<mum  infant child.dob     2024-03-15 -
    kid<mum  infant antibody.test 2025-09-20 neg
    kid<mum  infant antibody.test 2025-10-20 pos
    """,
    """
    2025-09-20 kid FINAL due  due 2025-09-15 late 5
    2025-10-20 kid FINAL done done 2025-10-20
    """,
)

EXAMPLES["only the latest pregnancy is listed; what was not done after the earlier birth is over"] = (
    """
    zoe mother pregnancy.lmp 2023-01-02 -
    zoe mother anc.contact   2023-03-27 -
    zoe mother delivery      2023-10-09 live
    zoe mother pnc.contact   2023-10-12 -
    zoe mother pregnancy.lmp 2024-12-02 -
    """,
    """
    2024-01-10 zoe ANC1  done      due 2023-03-27
    2024-01-10 zoe PNC1  done      due 2023-10-12
    2024-01-10 zoe PNC6W overdue   due 2023-11-20
    2025-01-10 zoe ANC1  upcoming  due 2025-02-24 opens 2025-01-13
    2025-01-10 zoe PNC6W cancelled due 2023-11-20
    """,
)

EXAMPLES["a due date counts as a last period 280 days before; partial dates stand for the middle"] = (
    """
    ivy mother pregnancy.edd 2025-03-10 -
    joy mother art.dispense  2024-11    30
    """,
    """
    2024-07-01 ivy ANC1   upcoming due 2024-08-26
    2024-07-15 ivy ANC1   due      due 2024-08-26 opens 2024-07-15
    2024-11-20 joy REFILL upcoming due 2024-12-15
    """,
)


@pytest.mark.parametrize("engine", ["reference", "sqlite", "phone", "duckdb", "postgres"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_statement(name: str, engine: str, engines: dict[str, Engine], tmp_path: Path) -> None:
    check_statements(engines[engine], ACC_1, EXAMPLES[name], tmp_path)
