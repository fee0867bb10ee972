"""Random histories of families: close dates, same days, repeats, corrections, odd orders."""

from datetime import date, datetime, timedelta
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from mentormothers.facts.fact import Fact, History
from mentormothers.facts.standing import Relation
from mentormothers.facts.values import parse_value
from mentormothers.facts.vocabulary import vocabulary

START = date(2024, 1, 28)
AS_OF = date(2025, 9, 15)
SPAN = 620
VALUES = {
    "art.dispense": ["1", "30", "90", "180"],
    "vl.result": ["<50", "LDL", "999", "1000", "1001", "40000", ">10000000"],
    "hiv.test": ["neg", "neg", "neg", "inconclusive", "pos"],
    "delivery": ["", "live", "live", "stillbirth", "miscarriage"],
    "eid.result": ["rejected", "invalid", "neg", "indeterminate", "pos"],
    "antibody.test": ["neg", "pos"],
    "feeding": ["exclusive", "replacement", "mixed", "stopped"],
    "final.outcome": ["transferred", "unknown", "died", "neg", "pos"],
    "refused": ["art", "test", "visits", "all"],
    "session": ["one_to_one", "home"],
    "topic": ["adherence", "family_planning"],
    "disclosure": ["none", "partner"],
    "cxca.screen": ["neg", "pos"],
    "appointment": ["2024-06-30", "2024-11-15", "2025-04-01"],
    "appointment.moved": ["2024-08-31", "2025-06-10"],
}
MOTHER = [
    "pregnancy.lmp", "pregnancy.edd", "anc.contact", "anc.contact", "pnc.contact", "visit", "delivery", "hiv.test",
    "hiv.test", "hiv.diagnosis", "art.start", "art.on", "art.stop", "art.dispense", "art.dispense", "vl.sample",
    "vl.sample", "vl.result", "vl.result", "eac.session", "bf.stopped", "bf.restarted", "feeding",
    "partner.hiv_test", "partner.declined", "refused", "refusal.ended", "transfer.out", "transfer.in", "death",
    "session", "session", "enrolled", "disclosure", "topic", "fp.counselled", "cxca.screen",
]  # fmt: skip
INFANT = [
    "child.dob", "birth.date", "exposed", "eid.sample", "eid.sample", "eid.result", "eid.result", "eid.result_given",
    "antibody.test", "feeding", "bf.stopped", "bf.restarted", "infant.arv_start", "ctx.start", "final.outcome",
    "death", "art.start", "art.dispense", "vl.sample", "visit",
]  # fmt: skip

# Lives about one thing: what hangs on a chain of facts (tested, negative, gave birth, feeds) is rare among all kinds.
MOTHERS = [
    MOTHER,
    ["pregnancy.lmp", "anc.contact", "hiv.test", "hiv.test", "delivery", "delivery"],
    ["pregnancy.lmp", "delivery", "art.start", "vl.sample", "vl.sample", "vl.result", "vl.result", "cxca.screen"],
    [
        "birth.date",
        "art.dispense",
        "art.dispense",
        "art.dispense",
        "appointment",
        "appointment.moved",
        "visit",
        "session",
    ],
    ["pregnancy.lmp", "delivery", "anc.contact", "visit", "visit", "visit", "hiv.test", "vl.sample", "vl.result"],
]
INFANTS = [
    INFANT,
    [
        "child.dob",
        "exposed",
        "eid.sample",
        "eid.sample",
        "eid.result",
        "eid.result",
        "eid.result_given",
        "antibody.test",
    ],
]

# Facts of one person: mostly many, since what hangs on two or three of them is rare among few.
HOW_MANY = [0, 2, 8, 14, 20]

# Few distinct days, so that facts meet on one day; among them month ends, which calendar months clamp.
_days = st.integers(0, SPAN // 10).map(lambda n: START + timedelta(days=n * 10 + n % 3))
_month_ends = st.sampled_from(
    [date(2024, 2, 29), date(2024, 8, 31), date(2024, 11, 30), date(2025, 1, 31), date(2025, 5, 31)]
)


@st.composite
def _fact(draw: st.DrawFn, client: str, role: str, mother: str, kinds: list[str], records: list[str]) -> Fact:
    kind = draw(st.sampled_from(kinds))
    day = draw(st.one_of(_days, _days, _month_ends))
    if kind == "pregnancy.edd":
        day += timedelta(days=280)
    known = vocabulary().kind(kind)
    assert known
    value, number = parse_value(known, draw(st.sampled_from(VALUES.get(kind, [""]))))
    return Fact(
        client=client,
        role=draw(st.sampled_from([role, role, role, ""])),
        kind=kind,
        day=day,
        value=value,
        number=number,
        mother=mother,
        ref=draw(st.sampled_from(["", "", "", *records[-4:]])),
        site=draw(st.sampled_from(["", "A", "B"])),
        record=draw(st.sampled_from([f"r{len(records)}", f"r{len(records)}", *records[-1:]])),
        received=datetime(day.year, day.month, day.day) + timedelta(days=draw(st.integers(0, 3))),
    )


@st.composite
def families(draw: st.DrawFn) -> History:
    """One mother with up to two infants (perhaps twins), and corrections among their records."""
    mother = "m"
    people = [(mother, "mother", "", draw(st.sampled_from(MOTHERS)))]
    people += [(f"i{n}", "infant", mother, draw(st.sampled_from(INFANTS))) for n in range(draw(st.integers(0, 2)))]
    facts: list[Fact] = []
    records: list[str] = []
    for client, role, birth_mother, kinds in people:
        for _ in range(draw(st.sampled_from(HOW_MANY))):
            facts.append(draw(_fact(client, role, birth_mother, kinds, records)))
            records.append(facts[-1].record)
    relations = []
    for n in range(draw(st.sampled_from([0, 0, 1, 2, 4])) if records else 0):
        relations.append(
            (draw(_relation(f"x{n}", sorted({*records, *(f"x{k}" for k in range(n))}))), datetime(2025, 1, 1))
        )
    return History(tuple(facts), tuple(relations))


@st.composite
def _relation(draw: st.DrawFn, record: str, others: list[str]) -> Relation:
    kind = draw(st.sampled_from(["amends", "withdraws", "same_event_as"]))
    # Sometimes a fact's own record is the correction, sometimes a record that holds nothing else.
    record = draw(st.sampled_from([record, *others]))
    repeat = draw(st.sampled_from(["", *others])) if kind == "same_event_as" else ""
    return Relation(record, kind, draw(st.sampled_from(others)), repeat)


@cache
def some_families(number: int) -> tuple[History, ...]:
    """So many families, for engines that are asked about many at once."""
    found: list[History] = []

    @settings(max_examples=number)
    @given(families())
    def draw(family: History) -> None:
        found.append(family)

    draw()
    return tuple(found)


def rename(history: History, prefix: str) -> History:
    """The same family under other names, so that many families fit into one history."""

    def name(text: str) -> str:
        return prefix + text if text else ""

    return History(
        tuple(
            Fact(
                **{
                    **f.__dict__,
                    "client": name(f.client),
                    "mother": name(f.mother),
                    "record": name(f.record),
                    "ref": name(f.ref),
                }
            )
            for f in history.facts
        ),
        tuple((Relation(name(r.record), r.type, name(r.target), name(r.repeat)), at) for r, at in history.relations),
    )


def together(histories: list[History]) -> History:
    """Many families in one history."""
    named = [rename(history, f"f{n}.") for n, history in enumerate(histories)]
    return History(tuple(f for h in named for f in h.facts), tuple(r for h in named for r in h.relations))
