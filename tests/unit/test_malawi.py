"""Malawi's protocol file: nothing of the drafts is dropped silently, no value without source, no telling label."""

import re

import pytest

from mentormothers import PROGRAMME
from mentormothers.protocol.reading import find_protocol, read_protocol

MW = find_protocol("MW-2022")
# Every item of the drafts that Malawi's protocol is made from: its own, the WHO base, the programme's.
_DRAFTED = """
MW.HTSBF MW.HIVST MW.HBV MW.ARVHIGH MW.ARVLOW MW.PCR6W MW.RAPID12M MW.RAPID24M MW.CTX MW.VL6 MW.REFILL
WHO.ANC1 WHO.ANC2 WHO.ANC3 WHO.ANC4 WHO.ANC5 WHO.ANC6 WHO.ANC7 WHO.ANC8 WHO.TTCV1 WHO.TTCV2 WHO.IPTP1 WHO.HTS-ANC1
WHO.HTS-3T WHO.HTS-PP WHO.HTS-ANNUAL WHO.RETEST-ART WHO.ART WHO.REFILL WHO.CLIN WHO.VL6 WHO.VL12 WHO.VLANN WHO.VLLLV
WHO.VLHIGH WHO.VLPREG-ANC1 WHO.VLPREG-3M WHO.VLPREG-34W WHO.VLBF WHO.CD4 WHO.TBSCREEN WHO.TPT WHO.CXCA-FIRST
WHO.CXCA-RE WHO.PNC24H WHO.PNC3D WHO.PNC10D WHO.PNC6W WHO.FP WHO.ARVPROPH-LOW WHO.ARVPROPH-HIGH WHO.EIDBIRTH WHO.EID6W
WHO.EID9M WHO.EIDFINAL WHO.EIDIND WHO.EIDTAT WHO.INFANTART WHO.CTX WHO.IMM WHO.GROWTH WHO.FEEDING WHO.PARTNER
WHO.CHILDREN WHO.REFERRAL
PROG.MMFIRST PROG.MM2ND PROG.DISCLOSE PROG.PHQ2 PROG.IPV PROG.DEBRIEF PROG.SUPERVISE PROG.REFRESH
"""
DRAFTED = set(_DRAFTED.split())
# What a label, which stands on phones, may not say: diseases, their treatment and tests by name, an address of care.
TELLING = (
    r"\b(hiv|aids|art|arv|cd4|tb|vl|viral|infect\w*|positive|negative|tld|nevirapine|nvp|azt|zidovudine|lamivudine|3tc|"
    r"dolutegravir|cotrimoxazole|ctx|pcr|dna|prophylaxis|hepatitis|risk)\b"
)


def test_what_was_drafted_is_an_item_or_left_out_with_its_reason() -> None:
    items, left_out = {item.id for item in MW.items}, {one.id for one in MW.left_out}
    assert items | left_out >= DRAFTED
    assert all(one.what and one.why for one in MW.left_out)
    ours = items - DRAFTED
    assert ours == {"PROG.EIDAGAIN", "PROG.EIDCONFIRM", "WHO.VLHIGH-EAC"}
    assert all(MW.item(name).basis for name in ours), "what no draft has says where it comes from"


def test_every_value_has_a_source_and_malawis_own_are_all_marked() -> None:
    assert MW.verify and not MW.signed_off_by
    assert all(value.source for value in (*MW.items, *MW.settings))
    own = [item for item in MW.items if item.id.startswith("MW.")]
    assert own and all(item.verify for item in own)
    weak = {source.id for source in MW.sources if source.read in ("unverified", "secondary-read")}
    assert all(item.verify for item in MW.items if item.source in weak)


def test_the_national_line_and_the_days_of_tracing() -> None:
    assert MW.rule == "MW-2022@1/gt60"
    refill = MW.item("MW.REFILL")
    assert (refill.defaulter_days, refill.lost, refill.grace_days) == (14, True, 0)
    assert MW.tracing.steps[0].day == 14 and "MW.REFILL" in MW.tracing.open_when


@pytest.mark.parametrize("path", sorted((PROGRAMME / "protocols").glob("*.yaml")), ids=lambda path: path.stem)
def test_labels_are_plain_and_tell_nobody_anything(path: object) -> None:
    labels = [item.label for item in read_protocol(path).items]  # type: ignore[arg-type]
    frozen = {"First viral load", "Viral load", "Repeat viral load"}  # ACC-1 is frozen; it is no country's
    telling = [label for label in labels if re.search(TELLING, label, re.IGNORECASE) and label not in frozen]
    assert not telling
    assert all(len(label) <= 45 for label in labels), "it stands on a narrow screen"
    assert len(set(labels)) == len(labels), "two things of one name cannot be told apart in a list"
