"""The indicator statements of the hand-worked client histories, and the traps beside them, on every engine.

All people are invented. A table's columns are period, indicator, site, part, number and, where they differ from the
defaults, options; `known` is the last day of which anything is known. Without a site the number is the programme's; `-` is the row of clients who have no known site.
A number is `numerator` or `numerator/denominator value`; `absent` says that there is no such row.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from mentormothers.facts.days import parse_day
from mentormothers.facts.fact import History
from mentormothers.indicators.model import Question
from mentormothers.indicators.periods import parse_period
from mentormothers.indicators.reading import find_indicators
from mentormothers.indicators.rows import IndicatorRow, rows
from tests.conftest import IndicatorEngine
from tests.spec.tables import history

EXAMPLES: dict[str, tuple[str, str]] = {}

EXAMPLES["1 newly diagnosed at first contact, everything on time"] = (
    """
    thandi mother pregnancy.lmp 2024-06-03 -
    thandi mother anc.contact   2024-09-02 -
    thandi mother hiv.test      2024-09-02 pos
    thandi mother art.start     2024-09-02 TLD
    thandi mother art.dispense  2024-09-02 30
    thandi mother art.dispense  2024-10-01 30
    thandi mother anc.contact   2024-10-22 -
    thandi mother vl.sample     2024-11-28 -
    thandi mother vl.result     2024-12-09 <50
    """,
    """
    FY24Q4 | TX_PVLS   | |                | 0/0
    FY25Q1 | TX_PVLS   | |                | 1/1 1.0000
    FY25Q1 | TX_PVLS   | |                | 0/0 | current=required
    FY25Q4 | TX_PVLS   | |                | 1/1 1.0000
    FY26Q1 | TX_PVLS   | |                | 0/0
    FY24Q4 | TX_CURR   | |               | 1
    FY24Q4 | TX_ML     | |               | 0
    FY24Q4 | PMTCT_ART | |                | 1/1 1.0000
    FY24Q4 | PMTCT_ART | | new on ART     | 1/1 1.0000
    FY24Q4 | PMTCT_ART | | already on ART | 0/1 0.0000
    FY25Q1 | PMTCT_ART | |                | 0/0
    FY24Q4 | PMTCT_EID | |               | 0/1 0.0000
    FY24Q4 | PMTCT_EID | | 2-12 months   | 0/1 0.0000
    FY25Q1 | PMTCT_EID | |               | 0/0
    FY25Q1 | TX_CURR   | |               | 0
    FY25Q1 | TX_ML     | | IIT <3 months | 1
    """,
)

EXAMPLES["the furthest step of a woman, a year after her first antenatal contact"] = (
    """
    ada  mother anc.contact   2024-04-10 - site=A
    ada  mother hiv.diagnosis 2024-04-10 -
    ruth mother anc.contact   2024-04-10 - site=A
    ruth mother hiv.diagnosis 2024-04-01 -
    ruth mother art.start     2024-04-10 -
    ruth mother art.dispense  2025-06-01 30 site=B
    eve  mother anc.contact   2024-06-30 - site=A
    eve  mother hiv.diagnosis 2024-04-01 -
    eve  mother art.dispense  2025-06-01 30
    eve  mother vl.result     2024-07-01 900
    late mother anc.contact   2024-06-30 -
    late mother hiv.diagnosis 2024-04-01 -
    late mother art.dispense  2025-06-01 30
    late mother vl.result     2024-06-30 900
    high mother anc.contact   2024-06-30 -
    high mother hiv.diagnosis 2024-04-01 -
    high mother art.dispense  2025-05-03 30
    high mother vl.result     2024-09-01 1000
    gone mother anc.contact   2024-06-30 -
    gone mother hiv.diagnosis 2024-04-01 -
    gone mother art.dispense  2025-05-02 30
    next mother anc.contact   2024-07-01 -
    next mother hiv.diagnosis 2024-07-01 -
    neg  mother anc.contact   2024-06-30 -
    neg  mother hiv.diagnosis 2024-07-01 -
    """,
    """
    2025Q2 | CASCADE_WOMEN |   |                                   | 6
    2025Q2 | CASCADE_WOMEN |   | no treatment on record            | 1
    2025Q2 | CASCADE_WOMEN |   | treated, not on treatment now     | 1
    2025Q2 | CASCADE_WOMEN |   | on treatment, no viral load result | 2
    2025Q2 | CASCADE_WOMEN |   | viral load not suppressed         | 1
    2025Q2 | CASCADE_WOMEN |   | viral load suppressed             | 1
    2025Q2 | CASCADE_WOMEN | A |                                   | 3
    2025Q2 | CASCADE_WOMEN | B |                                   | 0
    2025Q2 | CASCADE_WOMEN |   | treated, not on treatment now     | 2 | lost=ge28
    2025Q2 | CASCADE_WOMEN |   | viral load not suppressed         | 2 | suppressed=le200
    2025Q3 | CASCADE_WOMEN |   |                                   | 1
    """,
)

EXAMPLES["the furthest step of an infant, at two years"] = (
    """
    mum mother hiv.diagnosis    2022-01-01 -
    a<mum infant child.dob        2023-05-10 -
    a<mum infant eid.sample       2023-07-10 -
    a<mum infant eid.result_given 2023-07-10 -
    a<mum infant final.outcome    2025-06-30 neg
    b<mum infant child.dob        2023-05-10 -
    b<mum infant eid.sample       2023-07-11 -
    b<mum infant eid.result_given 2023-08-10 -
    b<mum infant final.outcome    2025-05-01 neg
    c<mum infant child.dob        2023-05-10 -
    c<mum infant eid.sample       2023-06-20 -
    d<mum infant child.dob        2023-05-10 -
    d<mum infant eid.sample       2023-06-20 -
    d<mum infant eid.result_given 2023-06-30 -
    e<mum infant child.dob        2023-05-10 -
    e<mum infant eid.sample       2023-06-20 -
    e<mum infant eid.result_given 2023-06-30 -
    e<mum infant death            2024-01-01 -
    f<mum infant child.dob        2023-07-01 -
    """,
    """
    2025Q2 | CASCADE_INFANTS | |                                        | 5
    2025Q2 | CASCADE_INFANTS | | no test by two months                  | 1
    2025Q2 | CASCADE_INFANTS | | tested by two months, result not given | 1
    2025Q2 | CASCADE_INFANTS | | result given, final outcome not known  | 1
    2025Q2 | CASCADE_INFANTS | | final outcome known                    | 2
    2025Q3 | CASCADE_INFANTS | |                                        | 1
    """,
)

GRACE = """
    grace mother art.start    2023-05-01 -
    grace mother art.dispense 2025-01-10 30
    grace mother art.dispense 2025-04-22 30
    grace mother art.dispense 2025-05-22 30
    grace mother art.dispense 2025-06-20 30
    """
GRACE_NUMBERS = """
    2025-03-01..2025-03-08 | TX_CURR | |               | 1 | lost=ge28
    2025-03-01..2025-03-09 | TX_CURR | |               | 0 | lost=ge28
    2025-03-01..2025-03-09 | TX_CURR | |               | 1
    2025-03-01..2025-03-10 | TX_CURR | |               | 0
    2025-03-01..2025-03-11 | TX_CURR | |               | 1 | lost=gt30
    2025-03-01..2025-03-12 | TX_CURR | |               | 0 | lost=gt30
    2025-04-01..2025-04-10 | TX_CURR | |               | 1 | lost=gt60
    2025-04-01..2025-04-11 | TX_CURR | |               | 0 | lost=gt60
    2025-04-01..2025-04-22 | TX_CURR | |               | 1
    FY25Q2                 | TX_CURR | |               | 0
    FY25Q2                 | TX_ML   | |               | 1
    FY25Q2                 | TX_ML   | | IIT 6+ months | 1
    FY25Q2                 | TX_ML   | |               | 0 | lost=gt60
    FY25Q3                 | TX_CURR | |               | 1
    FY25Q3                 | TX_ML   | |               | 0
    FY25Q3                 | TX_ML   | |               | 0 | lost=gt60
    """
EXAMPLES["2 the 28-day line, four definitions, then return"] = (GRACE, GRACE_NUMBERS)
EXAMPLES["2a the same with the supply before on record"] = (
    GRACE.rstrip() + "\n    grace mother art.dispense 2024-12-11 30",
    GRACE_NUMBERS,
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
    FY25Q2 | TX_CURR | |                | 1
    FY25Q2 | TX_ML   | |                | 0
    2025Q2 | TX_CURR | |                | 0
    FY25Q3 | TX_CURR | |                | 0
    FY25Q3 | TX_ML   | |                | 1
    FY25Q3 | TX_ML   | | IIT <3 months  | 1
    FY25Q3 | TX_ML   | | IIT 3-5 months | 0
    FY25Q3 | TX_ML   | | IIT <3 months  | 0 | duration=to_period_end
    FY25Q3 | TX_ML   | | IIT 3-5 months | 1 | duration=to_period_end
    FY25Q4 | TX_ML   | |                | 0
    """,
)

ESTHER = """
    esther mother art.dispense      2025-04-01 30 site=A recorded=2025-04-01
    esther mother transfer.reported 2025-05-05 B  site=A recorded=2025-05-05
    esther mother art.dispense      2025-05-03 60 site=B recorded=2025-06-10
    esther mother transfer.out      2025-05-03 B  site=A recorded=2025-06-10
    """
ESTHER_NUMBERS = """
    FY25Q3                 | TX_CURR | A |                 | 0
    FY25Q3                 | TX_CURR | B |                 | 1
    FY25Q3                 | TX_CURR |   |                 | 1
    FY25Q3                 | TX_ML   | A |                 | 1
    FY25Q3                 | TX_ML   | A | transferred out | 1
    FY25Q3                 | TX_ML   | A | IIT <3 months   | 0
    FY25Q3                 | TX_ML   | B |                 | 0
    FY25Q3                 | TX_ML   |   |                 | 0
    2025-05-01..2025-05-30 | TX_CURR |   |                 | 0 | known_on=2025-05-30
    2025-05-01..2025-05-30 | TX_CURR |   |                 | 1 | known_on=2025-06-10
    2025-05-01..2025-05-30 | TX_ML   |   | IIT <3 months   | 1 | known_on=2025-05-30
    2025-05-01..2025-05-30 | TX_ML   | A | IIT <3 months   | 1 | known_on=2025-05-30
    2025-05-01..2025-05-30 | TX_ML   | B |                 | absent | known_on=2025-05-30
    2025-05-01..2025-05-30 | TX_ML   |   |                 | 0 | known_on=2025-06-10
    """
EXAMPLES["5 transfer claimed, then confirmed; each site and the network"] = (ESTHER, ESTHER_NUMBERS)
EXAMPLES["5a the same, on treatment at the first site before the period"] = (
    ESTHER.rstrip() + "\n    esther mother art.dispense 2025-03-02 30 site=A",
    ESTHER_NUMBERS,
)
EXAMPLES["5b a confirmed transfer to a site nobody here knows is a loss of the network too"] = (
    "esther mother art.dispense 2025-04-01 30 site=A\nesther mother transfer.out 2025-05-03 Z site=A",
    """
    FY25Q3 | TX_CURR |   |                 | 0
    FY25Q3 | TX_ML   |   | transferred out | 1
    FY25Q3 | TX_ML   | A | transferred out | 1
    FY25Q3 | TX_ML   | Z |                 | absent
    """,
)

EXAMPLES["6 exposed infant, negative to the end"] = (
    """
    mpho        mother hiv.diagnosis    2022-01-10 -
    sipho<mpho  infant child.dob        2024-03-15 -
    sipho<mpho  infant eid.sample       2024-04-30 - record=e1
    sipho<mpho  infant eid.result       2024-05-14 neg ref=e1
    sipho<mpho  infant eid.result_given 2024-05-20 - ref=e1
    sipho<mpho  infant eid.sample       2025-01-20 - record=e2
    sipho<mpho  infant eid.result       2025-01-30 neg ref=e2
    sipho<mpho  infant bf.stopped       2025-06-10 -
    sipho<mpho  infant antibody.test    2025-09-18 neg
    """,
    """
    FY25Q4 | M2M_MTCT_FINAL | | | 0/1 0.0000
    FY25Q3 | M2M_MTCT_FINAL | | | 0/0
    FY26Q1 | M2M_MTCT_FINAL | | | 0/0
    FY24Q3 | PMTCT_EID | |             | 1/0
    FY24Q3 | PMTCT_EID | | <=2 months  | 1/0
    FY24Q3 | PMTCT_EID | | 2-12 months | 0/0
    FY25Q2 | PMTCT_EID | |             | 0/0
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
    FY25Q3 | PMTCT_EID | |             | 1/0
    FY25Q3 | PMTCT_EID | | <=2 months  | 0/0
    FY25Q3 | PMTCT_EID | | 2-12 months | 1/0
    """,
)

EXAMPLES["8 the edges of the parts; a confirmatory sample is no first one"] = (
    """
    a infant child.dob  2025-01-20 -
    a infant eid.sample 2025-03-20 -
    b infant child.dob  2025-01-20 -
    b infant eid.sample 2025-03-21 -
    c infant child.dob  2025-01-20 -
    c infant eid.sample 2026-01-20 -
    d infant child.dob  2025-01-20 -
    d infant eid.sample 2026-01-21 -
    e infant child.dob  2025-01-20 -
    e infant eid.sample 2025-02-02 confirm
    e infant eid.sample 2025-05-05 -
    """,
    """
    2025-03-20..2025-03-20 | PMTCT_EID | | <=2 months  | 1/0
    2025-03-20..2025-03-20 | PMTCT_EID | | 2-12 months | 0/0
    2025-03-21..2025-03-21 | PMTCT_EID | | <=2 months  | 0/0
    2025-03-21..2025-03-21 | PMTCT_EID | | 2-12 months | 1/0
    2026-01-20..2026-01-20 | PMTCT_EID | | 2-12 months | 1/0
    2026-01-21..2026-01-21 | PMTCT_EID | |             | 0/0
    2025-02-02..2025-02-02 | PMTCT_EID | |             | 0/0
    2025-05-05..2025-05-05 | PMTCT_EID | | 2-12 months | 1/0
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
    baby<aisha  infant eid.sample    2025-09-15 -
    """,
    """
    FY25Q1 | PMTCT_ART | |             | 0/0
    FY25Q4 | PMTCT_ART | |             | 0/0
    FY25Q1 | PMTCT_EID | |             | 0/0
    FY25Q4 | PMTCT_EID | |             | 1/1 1.0000
    FY25Q4 | PMTCT_EID | | <=2 months  | 0/1 0.0000
    FY25Q4 | PMTCT_EID | | 2-12 months | 1/1 1.0000
    FY25Q4 | TX_CURR   | |             | 1
    FY25Q4 | TX_ML     | |             | 0
    """,
)

EXAMPLES["11 stillbirth: what was counted at the first contact stays"] = (
    """
    naledi mother pregnancy.lmp 2024-05-20 -
    naledi mother hiv.diagnosis 2022-01-10 -
    naledi mother art.start     2022-01-10 TLD
    naledi mother anc.contact   2024-08-12 -
    naledi mother art.dispense  2024-11-15 30
    naledi mother delivery      2024-12-02 stillbirth
    """,
    """
    2024Q3                 | PMTCT_ART | |                | 1/1 1.0000
    2024Q3                 | PMTCT_ART | | already on ART | 1/1 1.0000
    2024-08-01..2024-12-31 | PMTCT_ART | |                | 1/1 1.0000
    2024Q4                 | PMTCT_ART | |                | 0/0
    2024Q4                 | PMTCT_EID | |                | 0/0
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
    2025-02-01..2025-02-28 | TX_CURR | | | 1
    2025-05-01..2025-05-31 | TX_CURR | | | 1
    2025-05-01..2025-05-31 | TX_CURR | | | 0 | known_on=2025-02-07
    """,
)

EXAMPLES["the first outcome that applies on the last day"] = (
    """
    ann mother art.dispense   2025-01-01 90
    ann mother transfer.out   2025-04-10 B
    ann mother death          2025-06-30 -
    bea mother art.dispense   2025-01-01 90
    bea mother refused        2025-04-09 all
    bea mother transfer.out   2025-04-10 B
    cia mother art.dispense   2025-03-01 60
    cia mother refused        2025-04-10 art
    dea mother art.dispense   2025-03-01 60
    dea mother art.stop       2025-04-10 -
    eva mother art.dispense   2025-06-01 90
    eva mother refused        2025-06-10 visits
    fay mother art.dispense   2025-03-01 180
    fay mother death          2025-07-01 -
    """,
    """
    2025Q2                 | TX_ML   | |                   | 4
    2025Q2                 | TX_ML   | | died              | 1
    2025Q2                 | TX_ML   | | transferred out   | 1
    2025Q2                 | TX_ML   | | refused (stopped) | 2
    2025Q2                 | TX_CURR | |                   | 2
    2025-04-01..2025-06-29 | TX_ML   | | died              | 0
    2025-04-01..2025-06-29 | TX_ML   | | transferred out   | 2
    2025Q3                 | TX_ML   | | died              | 1
    """,
)

EXAMPLES["a stop holds until the next care fact; care at the other site on its day ends a transfer"] = (
    """
    ada mother art.dispense  2025-01-01 180
    ada mother refused       2025-02-10 art
    ada mother visit         2025-03-01 -
    ben mother art.dispense  2025-02-10 180
    ben mother art.stop      2025-02-10 -
    cia mother art.dispense  2025-02-10 180 site=B
    cia mother transfer.out  2025-02-10 B   site=A
    dea mother art.dispense  2025-02-10 180 site=A
    dea mother transfer.out  2025-02-10 B   site=A
    eva mother art.dispense  2025-02-10 180
    eva mother refused       2025-03-01 all
    eva mother refusal.ended 2025-03-01 -
    fay<ada infant art.dispense 2025-01-01 180
    fay<ada infant refused      2025-02-10 art
    fay<ada infant vaccine.bcg  2025-02-12 -
    gus<ada infant art.dispense 2025-01-01 180 site=A
    gus<ada infant transfer.out 2025-02-10 B   site=A
    gus<ada infant vaccine.bcg  2025-02-10 -   site=B
    """,
    """
    2025-02-01..2025-02-28 | TX_CURR | |                   | 4
    2025-02-01..2025-02-28 | TX_ML   | | refused (stopped) | 2
    2025-02-01..2025-02-28 | TX_ML   | | transferred out   | 1
    2025-03-01..2025-03-01 | TX_CURR | |                   | 5
    """,
)

EXAMPLES["in at the start, out at the end: nobody else is lost in a period"] = (
    """
    before mother art.dispense 2024-10-01 30
    gap    mother art.dispense 2024-12-20 30
    gap    mother art.dispense 2025-03-20 30
    back   mother art.dispense 2024-10-01 30
    back   mother art.dispense 2025-01-05 30
    joined mother art.dispense 2025-01-05 30
    edge   mother art.dispense 2024-12-02 30
    edge2  mother art.dispense 2024-11-03 30
    edge3  mother art.dispense 2024-11-02 30
    """,
    """
    2025Q1 | TX_ML   | |               | 3
    2025Q1 | TX_ML   | | IIT <3 months | 3
    2025Q1 | TX_CURR | |               | 1
    2024Q4 | TX_ML   | |               | 3
    """,
)

EXAMPLES["who began treatment without any supply on record is interrupted, with no time on treatment"] = (
    """
    una mother art.start 2025-01-10 TLD
    una mother visit     2025-02-10 -
    """,
    """
    2025Q1 | TX_CURR | |                | 0
    2025Q1 | TX_ML   | | IIT <3 months  | 1
    2025Q2 | TX_ML   | |                | 0
    2025-01-10..2025-04-10 | TX_ML | | IIT 3-5 months | 1 | duration=to_period_end
    """,
)

EXAMPLES["time on treatment in calendar months, clamped, from the earliest sign of treatment"] = (
    """
    a mother art.start    2024-11-30 -
    a mother art.dispense 2025-01-28 30
    b mother art.start    2024-11-30 -
    b mother art.dispense 2025-01-28 31
    c mother art.start    2024-08-31 -
    c mother art.dispense 2025-01-28 30
    d mother art.start    2024-08-31 -
    d mother art.dispense 2025-01-28 31
    e mother art.on       2020-07-01 -
    e mother art.start    2025-01-28 -
    e mother art.dispense 2025-01-28 31
    f mother art.start    2024-10-29 -
    f mother art.dispense 2024-12-29 30
    g mother art.start    2024-07-29 -
    g mother art.dispense 2024-12-29 30
    """,
    """
    2024-12-01..2025-04-15 | TX_ML | | IIT <3 months  | 2
    2024-12-01..2025-04-15 | TX_ML | | IIT 3-5 months | 3
    2024-12-01..2025-04-15 | TX_ML | | IIT 6+ months  | 2
    """,
)

EXAMPLES["of two supplies on one day the larger counts; only the latest day counts"] = (
    """
    a mother art.dispense 2025-01-01 30 recorded=2025-01-05
    a mother art.dispense 2025-01-01 90 recorded=2025-01-02
    b mother art.dispense 2025-01-01 180
    b mother art.dispense 2025-01-20 30
    """,
    """
    2025-04-01..2025-04-29 | TX_CURR | | | 1
    2025-04-01..2025-04-30 | TX_CURR | | | 0
    """,
)

EXAMPLES["what only the client told counts when asked for"] = (
    """
    a        mother art.dispense 2025-03-01 60 source=register site=A
    b        mother art.dispense 2025-03-01 60 source=client_told site=B
    c        mother art.dispense 2025-01-01 90 site=A
    c        mother death        2025-04-02 -  source=client_told
    kid<a    infant child.dob    2025-03-01 -
    kid<a    infant eid.sample   2025-04-10 -  source=client_told
    """,
    """
    2025-04-01..2025-04-10 | TX_CURR   |   |            | 2
    2025-04-01..2025-04-10 | TX_CURR   |   |            | 2   | sources=all
    2025-04-01..2025-04-10 | TX_CURR   | B |            | absent
    2025-04-01..2025-04-10 | TX_CURR   | B |            | 1   | sources=all
    2025-04-01..2025-04-10 | TX_ML     |   | died       | 0
    2025-04-01..2025-04-10 | TX_ML     |   | died       | 1   | sources=all
    2025-04-01..2025-04-10 | PMTCT_EID |   |            | 0/0
    2025-04-01..2025-04-10 | PMTCT_EID |   | <=2 months | 1/0 | sources=all
    """,
)

EXAMPLES["home is where the latest supply, transfer in or enrolment was; a child's, where its mother's is"] = (
    """
    a       mother art.dispense 2025-03-01 90 site=A recorded=2025-03-03
    a       mother enrolled     2025-03-01 -  site=B recorded=2025-03-04
    a       mother visit        2025-03-20 -  site=C
    b       mother art.dispense 2025-03-01 90 site=A recorded=2025-03-04
    b       mother enrolled     2025-03-01 -  site=E recorded=2025-03-03
    c       mother art.dispense 2025-02-01 90 site=A
    c       mother transfer.in  2025-03-05 A  site=D
    d       mother enrolled     2025-01-01 -  site=D
    d       mother art.dispense 2025-03-05 90
    kid<c   infant art.dispense 2025-03-05 90
    own<c   infant art.dispense 2025-03-05 90 site=E
    lone    mother art.dispense 2025-03-05 90
    """,
    """
    2025Q1 | TX_CURR |   | | 7
    2025Q1 | TX_CURR | A | | 1
    2025Q1 | TX_CURR | B | | 1
    2025Q1 | TX_CURR | C | | 0
    2025Q1 | TX_CURR | D | | 3
    2025Q1 | TX_CURR | E | | 1
    2025Q1 | TX_CURR | - | | 1
    2025-02-01..2025-02-28 | TX_CURR | A | | 1
    2025-02-01..2025-02-28 | TX_CURR | E | | absent
    2025-02-01..2025-02-28 | TX_CURR | - | | absent
    """,
)

EXAMPLES["each site judges its own; who had no home site has not left one"] = (
    """
    stays  mother art.dispense 2024-12-20 90  site=A
    stays  mother art.dispense 2025-03-10 90  site=A
    moves  mother art.dispense 2024-12-20 90  site=A
    moves  mother art.dispense 2025-03-10 90  site=B
    gone   mother art.dispense 2024-12-20 20  site=A
    gone   mother art.dispense 2025-01-10 20  site=B
    joined mother art.dispense 2025-01-10 20  site=A
    joined mother art.dispense 2025-02-10 20  site=B
    homed  mother art.start    2025-01-10 -   site=A
    homed  mother art.dispense 2025-01-12 90  site=A
    died   mother art.dispense 2024-12-20 90  site=A
    died   mother art.dispense 2025-01-10 90  site=B
    died   mother death        2025-03-01 -
    began  mother enrolled     2025-01-05 -   site=A
    began  mother art.start    2025-01-10 -
    began  mother art.dispense 2025-01-20 20  site=B
    kid<moves infant art.dispense 2024-12-20 20
    """,
    """
    2025Q1 | TX_CURR |   |                 | 3
    2025Q1 | TX_ML   |   |                 | 5
    2025Q1 | TX_ML   |   | IIT <3 months   | 4
    2025Q1 | TX_ML   |   | died            | 1
    2025Q1 | TX_ML   |   | transferred out | 0
    2025Q1 | TX_ML   | A |                 | 6
    2025Q1 | TX_ML   | A | IIT <3 months   | 4
    2025Q1 | TX_ML   | A | transferred out | 1
    2025Q1 | TX_ML   | A | died            | 1
    2025Q1 | TX_ML   | B |                 | 0
    2025Q1 | TX_ML   | - |                 | absent
    """,
)

EXAMPLES["samples and women by the site of their fact; of several on a day the one received first"] = (
    """
    mum      mother enrolled      2024-01-01 - site=H
    mum      mother pregnancy.lmp 2024-01-01 -
    mum      mother hiv.diagnosis 2020-01-01 - site=Z
    mum      mother anc.contact   2024-04-01 - site=B recorded=2024-04-03
    mum      mother anc.contact   2024-04-01 - site=A recorded=2024-04-02
    late     mother anc.contact   2024-04-10 - site=A
    late     mother pregnancy.lmp 2024-02-01 -
    late     mother hiv.test      2024-06-01 pos site=C recorded=2024-06-02
    late     mother art.start     2024-06-01 -   site=D recorded=2024-06-01
    kid<mum  infant child.dob     2024-05-31 -
    kid<mum  infant eid.sample    2024-06-15 - site=C recorded=2024-06-17
    kid<mum  infant eid.sample    2024-06-15 - site=D recorded=2024-06-16
    bare     infant eid.sample    2024-06-15 - site=D
    """,
    """
    2024Q2 | PMTCT_EID |   |            | 1/2 0.5000
    2024Q2 | PMTCT_EID | A |            | 0/1 0.0000
    2024Q2 | PMTCT_EID | B |            | 0/0
    2024Q2 | PMTCT_EID | C |            | 0/0
    2024Q2 | PMTCT_EID | D |            | 1/1 1.0000
    2024Q2 | PMTCT_EID | D | <=2 months | 1/1 1.0000
    2024Q2 | PMTCT_EID | H |            | 0/0
    """,
)

EXAMPLES["the first contact is that of the latest pregnancy; later positives count while pregnant or breastfeeding"] = (
    """
    second  mother pregnancy.lmp 2022-01-01 -
    second  mother anc.contact   2022-04-01 -
    second  mother hiv.diagnosis 2022-04-01 -
    second  mother delivery      2022-10-08 live
    second  mother pregnancy.lmp 2024-01-01 -
    second  mother anc.contact   2024-04-01 -
    second  mother anc.contact   2024-05-01 -
    nolmp   mother anc.contact   2024-04-01 -
    nolmp   mother anc.contact   2024-07-05 -
    nolmp   mother hiv.test      2024-04-01 pos
    preg    mother pregnancy.lmp 2024-02-01 -
    preg    mother anc.contact   2024-04-01 -
    preg    mother hiv.test      2024-07-01 pos
    after   mother pregnancy.lmp 2024-01-01 -
    after   mother anc.contact   2024-04-01 -
    after   mother delivery      2024-06-01 stillbirth
    after   mother hiv.test      2024-07-01 pos
    nocare  mother pregnancy.lmp 2024-02-01 -
    nocare  mother hiv.test      2024-07-01 pos
    neg     mother pregnancy.lmp 2024-02-01 -
    neg     mother anc.contact   2024-04-01 -
    neg     mother hiv.test      2024-04-01 neg
    weaned  mother pregnancy.lmp 2023-06-01 -
    weaned  mother anc.contact   2023-09-01 -
    weaned  mother delivery      2024-03-01 live
    weaned  mother bf.stopped    2024-06-15 -
    weaned  mother hiv.test      2024-07-01 pos
    still   mother pregnancy.lmp 2024-01-01 -
    still   mother anc.contact   2024-04-01 -
    still   mother delivery      2024-07-20 stillbirth
    still   mother hiv.test      2024-07-20 pos
    """,
    """
    2022Q2 | PMTCT_EID | | | 0/1 0.0000
    2024Q2 | PMTCT_EID | | | 0/2 0.0000
    2024Q3 | PMTCT_EID | | | 0/1 0.0000
    2024Q4 | PMTCT_EID | | | 0/0
    """,
)

EXAMPLES["treatment in pregnancy: who is new, who is on it already, who receives none"] = (
    """
    new     mother pregnancy.lmp 2024-01-01 -
    new     mother anc.contact   2024-04-01 - site=A
    new     mother hiv.test      2024-04-01 pos
    new     mother art.start     2024-06-30 - site=B
    next    mother pregnancy.lmp 2024-01-01 -
    next    mother anc.contact   2024-04-01 - site=A
    next    mother hiv.test      2024-04-01 pos
    next    mother art.start     2024-07-01 -
    birth   mother pregnancy.lmp 2023-08-20 -
    birth   mother anc.contact   2024-04-01 - site=A
    birth   mother hiv.test      2024-04-01 pos
    birth   mother delivery      2024-05-30 live
    birth   mother art.dispense  2024-05-30 30
    after   mother pregnancy.lmp 2023-08-20 -
    after   mother anc.contact   2024-04-01 - site=A
    after   mother hiv.test      2024-04-01 pos
    after   mother delivery      2024-05-30 live
    after   mother art.start     2024-05-31 -
    on      mother pregnancy.lmp 2024-01-01 -
    on      mother anc.contact   2024-04-01 - site=B
    on      mother art.on        2024-04-01 -
    again   mother pregnancy.lmp 2024-01-01 -
    again   mother hiv.diagnosis 2021-01-01 -
    again   mother anc.contact   2024-04-01 - site=B
    again   mother art.restart   2024-04-02 -
    told    mother pregnancy.lmp 2024-01-01 -
    told    mother art.start     2020-01-01 -
    told    mother anc.contact   2024-04-01 - site=C
    nolmp   mother anc.contact   2024-04-01 - site=C
    nolmp   mother art.start     2024-03-31 -
    nolmp2  mother anc.contact   2024-04-01 - site=C
    nolmp2  mother hiv.test      2024-04-01 pos
    nolmp2  mother art.start     2024-04-01 -
    later   mother pregnancy.lmp 2024-01-01 -
    later   mother anc.contact   2024-04-01 - site=C
    later   mother hiv.test      2024-04-02 pos
    later   mother art.start     2024-04-02 -
    """,
    """
    2024Q2 | PMTCT_ART |   |                | 7/9 0.7778
    2024Q2 | PMTCT_ART |   | new on ART     | 3/9 0.3333
    2024Q2 | PMTCT_ART |   | already on ART | 4/9 0.4444
    2024Q2 | PMTCT_ART | A |                | 2/4 0.5000
    2024Q2 | PMTCT_ART | A | new on ART     | 2/4 0.5000
    2024Q2 | PMTCT_ART | B | already on ART | 2/2 1.0000
    2024Q2 | PMTCT_ART | C | already on ART | 2/3 0.6667
    2024Q2 | PMTCT_ART | C | new on ART     | 1/3 0.3333
    2024Q3 | PMTCT_ART |   |                | 0/0
    """,
)

EXAMPLES["treatment before the pregnancy counts while nothing ended it and the supply reached"] = (
    """
    reach   mother pregnancy.lmp 2024-01-31 -
    reach   mother anc.contact   2024-04-01 -
    reach   mother art.dispense  2024-01-01 30
    out     mother pregnancy.lmp 2024-01-31 -
    out     mother anc.contact   2024-04-01 -
    out     mother art.start     2023-01-01 -
    out     mother art.dispense  2024-01-01 29
    back    mother pregnancy.lmp 2024-01-31 -
    back    mother anc.contact   2024-04-01 -
    back    mother art.dispense  2023-01-01 29
    back    mother art.dispense  2024-04-01 29
    stop    mother pregnancy.lmp 2024-01-31 -
    stop    mother anc.contact   2024-04-01 -
    stop    mother art.start     2023-01-01 -
    stop    mother art.stop      2023-01-01 -
    refuse  mother pregnancy.lmp 2024-01-31 -
    refuse  mother anc.contact   2024-04-01 -
    refuse  mother art.start     2023-01-01 -
    refuse  mother refused       2023-02-01 all
    visits  mother pregnancy.lmp 2024-01-31 -
    visits  mother anc.contact   2024-04-01 -
    visits  mother art.start     2023-01-01 -
    visits  mother refused       2023-02-01 visits
    anew    mother pregnancy.lmp 2024-01-31 -
    anew    mother anc.contact   2024-04-01 -
    anew    mother art.start     2023-01-01 -
    anew    mother art.stop      2023-02-01 -
    anew    mother art.restart   2023-02-02 -
    """,
    """
    2024Q2 | PMTCT_ART | |                | 4/7 0.5714
    2024Q2 | PMTCT_ART | | already on ART | 4/7 0.5714
    """,
)

EXAMPLES["three calendar months on treatment, clamped, from the earliest sign of it"] = (
    """
    a mother art.start    2024-11-30 -
    a mother vl.result    2025-02-01 100
    b mother art.start    2024-12-01 -
    b mother vl.result    2025-02-01 100
    c mother art.on       2024-11-01 -
    c mother art.start    2025-01-30 -
    c mother vl.result    2025-02-01 100
    d mother art.dispense 2024-11-01 30
    d mother vl.result    2025-02-28 100
    e mother hiv.diagnosis 2020-01-01 -
    e mother art.restart  2024-11-01 -
    e mother vl.result    2025-02-01 100
    f mother art.start    2024-11-01 -
    f mother vl.result    2025-03-01 100
    """,
    """
    2025-02-28..2025-02-28 | TX_PVLS | | | 3/3 1.0000
    2025-02-27..2025-02-27 | TX_PVLS | | | 1/1 1.0000
    2025-03-01..2025-03-01 | TX_PVLS | | | 5/5 1.0000
    """,
)

EXAMPLES["one result a client: the most recent of twelve months, by each line of suppression"] = (
    """
    a   mother art.start 2020-01-01 -
    a   mother vl.result 2024-03-01 100000
    a   mother vl.result 2024-09-01 999
    b   mother art.start 2020-01-01 -
    b   mother vl.result 2024-09-01 1000
    c   mother art.start 2020-01-01 -
    c   mother vl.result 2024-09-01 >1000
    d   mother art.start 2020-01-01 -
    d   mother vl.result 2024-09-01 LDL
    d   mother vl.result 2023-12-31 100000
    e   mother art.start 2020-01-01 -
    e   mother vl.result 2024-09-01 200
    f   mother art.start 2020-01-01 -
    f   mother vl.result 2024-09-01 201
    g   mother art.start 2020-01-01 -
    g   mother vl.result 2024-09-01 <50
    h   mother art.start 2020-01-01 -
    h   mother vl.result 2024-09-01 50
    i   mother art.start 2020-01-01 -
    i   mother vl.result 2024-09-01 51
    j   mother art.start 2020-01-01 -
    j   mother vl.result 2024-09-01 40 recorded=2024-09-09
    j   mother vl.result 2024-09-01 5000 recorded=2024-09-02
    old mother art.start 2020-01-01 -
    old mother vl.result 2023-12-31 40
    kid<a infant art.start 2024-01-01 -
    kid<a infant vl.result 2024-01-01 40
    not mother hiv.test  2020-01-01 pos
    not mother vl.result 2024-09-01 40
    """,
    """
    2024Q4 | TX_PVLS | | | 8/11 0.7273
    2024Q4 | TX_PVLS | | | 6/11 0.5455 | suppressed=le200
    2024Q4 | TX_PVLS | | | 4/11 0.3636 | suppressed=le50
    2024Q3 | TX_PVLS | | | 9/12 0.7500
    2024-12-31..2024-12-31 | TX_PVLS | | | 8/11 0.7273
    """,
)

EXAMPLES["twelve months to a shorter month's end"] = (
    """
    a mother art.start 2020-01-01 -
    a mother vl.result 2024-02-29 40
    b mother art.start 2020-01-01 -
    b mother vl.result 2024-03-01 40
    """,
    """
    2025-02-01..2025-02-27 | TX_PVLS | | | 2/2 1.0000
    2025-02-01..2025-02-28 | TX_PVLS | | | 1/1 1.0000
    2025-02-01..2025-03-01 | TX_PVLS | | | 0/0
    """,
)

EXAMPLES["results by their samples when asked for; a result of no known sample by its own day"] = (
    """
    a mother art.start 2020-01-01 -
    a mother vl.sample 2023-12-28 - record=a1
    a mother vl.result 2024-01-10 40 ref=a1
    b mother art.start 2020-01-01 -
    b mother vl.result 2024-01-10 40
    c mother art.start 2020-01-01 -
    c mother vl.sample 2024-03-01 - record=c1
    c mother vl.sample 2024-06-01 - record=c2
    c mother vl.result 2024-06-10 40 ref=c2
    c mother vl.result 2024-07-10 5000 ref=c1
    d mother art.start 2020-01-01 -
    d mother vl.sample 2024-12-20 - record=d1
    d mother vl.result 2025-01-05 40 ref=d1
    e mother art.start 2020-01-01 -
    e mother vl.sample 2024-06-01 - record=e1
    e mother vl.result 2024-06-10 5000 ref=e1
    e mother vl.result 2024-06-20 40 ref=e1
    """,
    """
    2024Q4 | TX_PVLS | | | 3/4 0.7500
    2024Q4 | TX_PVLS | | | 3/3 1.0000 | dated=sample
    2025Q1 | TX_PVLS | | | 2/3 0.6667
    2025Q1 | TX_PVLS | | | 3/3 1.0000 | dated=sample
    """,
)

EXAMPLES["suppressed at home; whether on treatment at the end only where it is required"] = (
    """
    a mother art.start    2024-01-01 -
    a mother art.dispense 2024-06-01 180 site=A
    a mother vl.result    2024-06-01 40  site=C
    b mother art.dispense 2024-01-01 30  site=A
    b mother vl.result    2024-01-01 40
    c mother art.dispense 2024-01-01 300 site=B
    c mother vl.result    2024-06-01 40  source=client_told
    d mother art.dispense 2024-03-01 300 site=B
    d mother vl.result    2024-06-01 4000
    d mother death        2024-12-01 -
    e mother art.dispense 2024-06-01 185
    e mother vl.result    2024-06-01 4000
    """,
    """
    2024Q4 | TX_PVLS |   | | 2/4 0.5000
    2024Q4 | TX_PVLS | A | | 2/2 1.0000
    2024Q4 | TX_PVLS | B | | 0/1 0.0000
    2024Q4 | TX_PVLS | C | | 0/0
    2024Q4 | TX_PVLS | - | | 0/1 0.0000
    2024Q4 | TX_PVLS | B | | 1/2 0.5000 | sources=all
    2024Q4 | TX_PVLS |   | | 0/1 0.0000 | current=required
    2024Q4 | TX_PVLS | A | | 0/0        | current=required
    2024Q4 | TX_PVLS |   | | 1/2 0.5000 | current=required lost=gt60
    """,
)

EXAMPLES["final tests from 18 months to the second birthday, by the sample's age and the result's day"] = (
    """
    mum     mother hiv.diagnosis 2020-01-01 -
    neg     mother hiv.test      2022-01-01 neg
    a<mum   infant child.dob     2023-01-31 -
    a<mum   infant antibody.test 2024-07-30 pos
    b<mum   infant child.dob     2023-01-31 -
    b<mum   infant antibody.test 2024-07-31 pos site=A
    c<mum   infant child.dob     2022-09-01 -
    c<mum   infant hiv.test      2024-09-01 neg site=A
    d<mum   infant child.dob     2022-09-01 -
    d<mum   infant hiv.test      2024-09-02 pos
    e<mum   infant child.dob     2023-01-01 -
    e<mum   infant eid.sample    2024-06-30 - record=e1
    e<mum   infant eid.result    2024-07-20 neg ref=e1
    f<mum   infant child.dob     2022-08-01 -
    f<mum   infant eid.sample    2024-08-01 - record=f1 site=C
    f<mum   infant eid.result    2024-09-20 pos ref=f1 site=B
    g<mum   infant child.dob     2023-01-01 -
    g<mum   infant eid.result    2024-08-01 neg
    h<mum   infant child.dob     2023-01-01 -
    h<mum   infant hiv.test      2024-08-01 inconclusive
    h<mum   infant eid.sample    2024-08-02 -
    h<mum   infant eid.result    2024-08-03 indeterminate
    i<neg   infant child.dob     2023-01-01 -
    i<neg   infant antibody.test 2024-08-01 neg
    j<neg   infant child.dob     2023-01-01 -
    j<neg   infant exposed       2023-01-01 -
    j<neg   infant antibody.test 2024-08-01 neg
    k       infant child.dob     2023-01-01 -
    k       infant antibody.test 2024-08-01 neg
    l<mum   infant antibody.test 2024-08-01 neg
    """,
    """
    2024Q3 | M2M_MTCT_FINAL |   | | 2/6 0.3333
    2024Q3 | M2M_MTCT_FINAL | A | | 1/2 0.5000
    2024Q3 | M2M_MTCT_FINAL | B | | 1/1 1.0000
    2024Q3 | M2M_MTCT_FINAL | C | | 0/0
    """,
)

EXAMPLES["the last test of that age decides, in the period in which it was told"] = (
    """
    mum   mother hiv.diagnosis 2020-01-01 -
    a<mum infant child.dob     2023-01-01 -
    a<mum infant antibody.test 2024-07-10 neg
    a<mum infant antibody.test 2024-10-10 pos
    b<mum infant child.dob     2023-01-01 -
    b<mum infant antibody.test 2024-07-10 pos recorded=2024-07-11
    b<mum infant hiv.test      2024-07-10 neg recorded=2024-07-12
    """,
    """
    2024Q3                 | M2M_MTCT_FINAL | | | 0/2 0.0000
    2024Q4                 | M2M_MTCT_FINAL | | | 1/1 1.0000
    2024-07-01..2024-12-31 | M2M_MTCT_FINAL | | | 1/2 0.5000
    """,
)

EXAMPLES["values have four decimals, halves rounded up"] = (
    "\n".join(
        [f"k{n} infant child.dob 2024-05-01 -\nk{n} infant eid.sample 2024-05-0{n} -" for n in range(1, 3)]
        + [f"m{n} mother anc.contact 2024-05-01 -\nm{n} mother hiv.diagnosis 2020-05-01 -" for n in range(32)]
    ),
    """
    2024-05-01..2024-05-01 | PMTCT_EID | | <=2 months | 1/32 0.0313
    2024Q2                 | PMTCT_EID | | <=2 months | 2/32 0.0625
    """,
)

COHORT = """
    p mother art.start    2024-04-03 - site=A
    p mother art.dispense 2024-04-03 30 site=A
    p mother art.dispense 2025-02-18 30 site=A
    q mother art.start    2024-04-10 - site=A
    q mother art.dispense 2024-09-01 30 site=A
    r mother art.start    2024-04-15 - site=A
    r mother art.dispense 2025-01-02 90 site=A
    r mother death        2025-01-09 -
    s mother art.start    2024-04-22 - site=A
    s mother art.dispense 2024-11-20 30 site=A
    s mother transfer.out 2024-12-01 Z site=A
    t mother art.start    2024-04-29 - site=A
    t mother art.dispense 2024-09-10 30 site=A
    t mother art.restart  2025-02-10 -
    t mother art.dispense 2025-02-10 89 site=A
    """
EXAMPLES["14 cohort retention, and what becomes of a transfer"] = (
    COHORT,
    """
    2024-04-01..2024-04-30 | RET12 | |                       | 2/4 0.5000
    2024-04-01..2024-04-30 | RET12 | | others                | 2/4 0.5000
    2024-04-01..2024-04-30 | RET12 | | pregnant at start     | 0/0
    2024-04-01..2024-04-30 | RET12 | |                       | 2/5 0.4000 | transfers=not_retained
    2024-04-01..2024-04-30 | RET12 | |                       | 3/5 0.6000 | transfers=retained
    2024-04-01..2024-04-30 | RET12 | A |                     | 2/4 0.5000
    2024-04-01..2024-04-30 | RET12 | |                       | 1/5 0.2000 | months=1
    2024-04-01..2024-04-30 | RET12 | |                       | 0/4 0.0000 | months=24
    2024Q2                 | RET12 | |                       | 2/4 0.5000
    2024Q3                 | RET12 | |                       | 0/0
    2025-04-01..2025-04-30 | RET12 | |                       | 2/4 0.5000 | cohort=reached
    2025Q2                 | RET12 | |                       | 2/4 0.5000 | cohort=reached
    2025-04-01..2025-04-28 | RET12 | |                       | 1/3 0.3333 | cohort=reached
    2024Q2                 | RET12 | |                       | 0/0        | cohort=reached
    2024-04-01..2024-04-30 | RET12 | |                       | 0/0        | known=2025-04-02
    2024-04-01..2024-04-30 | RET12 | |                       | 1/1 1.0000 | known=2025-04-03
    2024-04-01..2024-04-30 | RET12 | |                       | 2/4 0.5000 | known=2025-04-29
    """,
)

EXAMPLES["14a what follows a woman's own day changes nothing; her own day is clamped; 28 days late is on"] = (
    """
    back  mother art.start    2024-02-29 -
    back  mother art.dispense 2024-12-31 31
    out   mother art.start    2024-02-29 -
    out   mother art.dispense 2024-12-30 31
    after mother art.start    2024-02-29 -
    after mother art.dispense 2024-12-01 31
    after mother art.dispense 2025-03-01 90
    dead  mother art.start    2024-02-29 -
    dead  mother art.dispense 2025-02-01 60
    dead  mother death        2025-03-01 -
    """,
    """
    2024-02-29..2024-02-29 | RET12 | | | 2/4 0.5000
    2024-02-29..2024-02-29 | RET12 | | | 1/4 0.2500 | lost=ge28
    2024-02-29..2024-02-29 | RET12 | | | 4/4 1.0000 | lost=gt60
    2025-02-28..2025-02-28 | RET12 | | | 2/4 0.5000 | cohort=reached
    2025-03-01..2025-03-31 | RET12 | | | 0/0        | cohort=reached
    """,
)

EXAMPLES["14b pregnant, breastfeeding or a child as treatment began, each out of its own denominator"] = (
    """
    carrying mother pregnancy.lmp 2024-01-10 -
    carrying mother art.start     2024-04-01 -
    carrying mother delivery      2024-10-10 live
    carrying mother art.dispense  2025-03-01 60
    again    mother pregnancy.lmp 2023-05-01 -
    again    mother delivery      2024-02-01 live
    again    mother art.start     2024-04-02 -
    again    mother pregnancy.lmp 2024-11-01 -
    weaned   mother delivery      2023-12-01 live
    weaned   mother bf.stopped    2024-04-03 -
    weaned   mother art.start     2024-04-03 -
    nurse    mother delivery      2023-12-01 live
    nurse    mother art.start     2024-04-02 -
    nurse    mother art.dispense  2025-03-01 60
    kid<nurse infant child.dob    2023-12-01 -
    kid<nurse infant bf.stopped   2024-04-03 -
    kid<nurse infant art.start    2024-04-05 -
    lost     mother delivery      2024-02-01 stillbirth
    lost     mother art.start     2024-04-06 -
    """,
    """
    2024Q2 | RET12 | |                        | 2/6 0.3333
    2024Q2 | RET12 | | pregnant at start      | 1/1 1.0000
    2024Q2 | RET12 | | breastfeeding at start | 1/2 0.5000
    2024Q2 | RET12 | | under 15 at start      | 0/1 0.0000
    2024Q2 | RET12 | | others                 | 0/2 0.0000
    """,
)

EXAMPLES["14c by site: gone to another site is a transfer out of the first, whatever came of her there"] = (
    """
    here  mother art.start    2024-04-01 - site=A
    here  mother art.dispense 2025-03-10 60 site=A
    moved mother art.start    2024-04-01 - site=A
    moved mother art.dispense 2024-04-01 30 site=A
    moved mother transfer.out 2024-06-01 B site=A
    moved mother art.dispense 2025-03-10 60 site=B
    dies  mother art.start    2024-04-01 - site=A
    dies  mother art.dispense 2024-08-01 90 site=B
    dies  mother death        2024-10-01 - site=B
    none  mother art.start    2024-04-01 -
    none  mother art.dispense 2025-03-10 60 site=B
    later mother art.start    2024-04-01 - site=A
    later mother art.dispense 2025-03-10 60 site=A
    later mother transfer.in  2025-04-02 - site=B
    """,
    """
    2024Q2 | RET12 | A | | 2/2 1.0000
    2024Q2 | RET12 | A | | 2/4 0.5000 | transfers=not_retained
    2024Q2 | RET12 | A | | 4/4 1.0000 | transfers=retained
    2024Q2 | RET12 | B | | 0/0
    2024Q2 | RET12 | - | | 1/1 1.0000
    2024Q2 | RET12 |   | | 4/5 0.8000
    """,
)

EXAMPLES["14d a transfer counts when it is documented, by her day; a stop is none"] = (
    """
    told    mother art.start    2024-04-01 -
    told    mother transfer.out 2024-06-01 Z source=client_told
    named   mother art.start    2024-04-01 -
    named   mother transfer.reported 2024-06-01 Z
    went    mother art.start    2024-04-01 -
    went    mother transfer.out 2025-04-01 Z
    late    mother art.start    2024-04-01 -
    late    mother transfer.out 2025-04-02 Z
    refused mother art.start    2024-04-01 -
    refused mother art.dispense 2025-03-10 60
    refused mother refused      2025-03-11 art
    gone    mother art.start    2024-04-01 -
    gone    mother transfer.out 2024-06-01 Z
    gone    mother death        2024-12-01 -
    """,
    """
    2024Q2 | RET12 | | | 0/5 0.0000
    2024Q2 | RET12 | | | 0/4 0.0000 | sources=all
    """,
)


@dataclass(frozen=True)
class Statement:
    """What a table says of one number."""

    question: Question
    known_on: str
    site: str
    part: str
    number: str

    def shown(self, found: list[IndicatorRow]) -> str:
        """The number that was found in place of the one stated."""
        site = self.site if self.site != "-" else ""
        (row,) = [r for r in found if (r.site, r.disaggregation) == (site, self.part)] or [None]
        if row is None:
            return "absent"
        if row.denominator is None:
            assert row.value == row.numerator
            return str(row.numerator)
        assert (row.value is None) == (row.denominator == 0)
        return f"{row.numerator}/{row.denominator}" + ("" if row.value is None else f" {row.value}")


def statements(text: str) -> list[Statement]:
    found = []
    for line in text.strip().splitlines():
        period, indicator, site, part, number, *rest = (cell.strip() for cell in line.split("|"))
        options = dict(option.split("=") for option in " ".join(rest).split())
        known_on = options.pop("known_on", "")
        known_until = options.pop("known", "")
        (definition,) = find_indicators([indicator])
        assert set(options) <= {option.name for option in definition.options}, line
        assert part in ("", *definition.disaggregations), line
        last = parse_day(known_until)[0] if known_until else None
        question = Question(definition.measure(options), parse_period(period), by_site=bool(site), known=last)
        found.append(Statement(question, known_on, site, part, number))
    return found


def by_known_on(said: list[Statement]) -> dict[str, list[Statement]]:
    return {day: [s for s in said if s.known_on == day] for day in {s.known_on for s in said}}


def known(facts: History, day: str) -> History:
    return facts.known_on(parse_day(day)[0] if day else None)


@pytest.mark.parametrize("engine", ["reference", "sqlite", "duckdb", "postgres"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_statement(name: str, engine: str, indicator_engines: dict[str, IndicatorEngine], tmp_path: Path) -> None:
    text, expected = EXAMPLES[name]
    facts = history(text, tmp_path)
    for day, said in sorted(by_known_on(statements(expected)).items()):
        answers = indicator_engines[engine]([statement.question for statement in said], known(facts, day))
        for statement, counts in zip(said, answers, strict=True):
            found = rows(statement.question, counts, "snapshot")
            assert statement.shown(found) == statement.number, f"{statement}\nfound {found}"
