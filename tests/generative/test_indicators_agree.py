"""Random clinics and histories: every engine counts what the reference counts, for any period, options and view."""

import os
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentormothers.engines import reference_indicators
from mentormothers.facts.fact import CLIENT_TOLD, Fact, History
from mentormothers.indicators.delivery import SiteModel
from mentormothers.indicators.model import Question
from mentormothers.indicators.periods import Period
from mentormothers.indicators.reading import find_indicators
from tests.conftest import IndicatorEngine
from tests.generative import clinics
from tests.generative.histories import AS_OF, families, together

DEFINITIONS = find_indicators([])
ENGINES = ("sqlite", "duckdb", "postgres")
SEEDS = range(int(os.environ.get("MENTORMOTHERS_FUZZ_EXAMPLES", "12")))


def questions(random: Random, period: Period) -> list[Question]:
    """Each indicator for the programme, and by site or by delivery model, with the same options drawn."""
    measures = [d.measure({o.name: random.choice(o.allowed) for o in d.options}) for d in DEFINITIONS]
    known = random.choice([None, period.end])
    found = []
    for measure in measures:
        by_model = random.random() < 0.5
        found += [
            Question(measure, period, known=known),
            Question(measure, period, by_site=not by_model, known=known, by_model=by_model),
        ]
    return found


def models(random: Random, period: Period) -> list[SiteModel]:
    """Sites under delivery models, some handed over in the period, one of none that is known."""
    handed_over = random.choice([period.start, period.end, period.start + (period.end - period.start) / 2])
    return [
        SiteModel("A", date(2000, 1, 1), "direct"),
        SiteModel("A", handed_over, random.choice(["partner", "direct"])),
        SiteModel("B", random.choice([date(2000, 1, 1), handed_over]), random.choice(["direct", "partner"])),
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_engines_agree_on_clinics(indicator_engines: dict[str, IndicatorEngine], seed: int) -> None:
    random = Random(seed)
    period = clinics.a_period(random)
    clinic, asked = clinics.a_clinic(random, period), questions(random, period)
    known = models(random, period)
    expected = reference_indicators.indicators(asked, clinics.together(clinic), known)
    for name in ENGINES:
        if indicator_engines[name](asked, clinics.together(clinic), known) != expected:
            pytest.fail(f"{name}: {disagreement(indicator_engines[name], asked, clinic, known)}")


def disagreement(engine: IndicatorEngine, asked: list[Question], clinic: list[History], known: list[SiteModel]) -> str:
    """The first family of which reference and engine say different things, and what they say."""
    for family in clinic:
        for question in asked:
            expected = reference_indicators.indicators([question], family, known)
            found = engine([question], family, known)
            if found != expected:
                facts = "\n".join(map(str, sorted(family.facts, key=lambda f: (f.client, f.day))))
                return f"{question}\nexpected {expected}\nfound {found}\n{facts}\n{family.relations}"
    return "only of all families together"


def test_every_part_was_met_in_the_clinics() -> None:
    met: Counter[tuple[str, bool, str]] = Counter()
    for seed in range(30):
        random = Random(seed)
        period = clinics.a_period(random)
        clinic, asked = clinics.a_clinic(random, period), questions(random, period)
        answers = reference_indicators.indicators(asked, clinics.together(clinic))
        for question, counts in zip(asked, answers, strict=True):
            for count in counts:
                place = (question.measure.definition.id, question.by != "")
                met[*place, count.disaggregation] += count.numerator
                met[*place, "denominator"] += count.denominator
    for definition in DEFINITIONS:
        parts = list(definition.disaggregations or ("",))
        parts += [definition.left_out] if definition.left_out else []
        parts += ["denominator"] if definition.denominator else []
        for part in parts:
            assert min(met[definition.id, False, part], met[definition.id, True, part]) >= 5, (definition.id, part)


@st.composite
def _histories(draw: st.DrawFn) -> History:
    """Families, some of whose facts only the client told and some of whose samples confirm an earlier one."""
    history = together(draw(st.lists(families(), min_size=1, max_size=8)))
    sources = draw(st.lists(st.sampled_from(["observed", "register", CLIENT_TOLD]), min_size=1, max_size=5))
    purposes = draw(st.lists(st.sampled_from(["", "6w", "confirm"]), min_size=1, max_size=5))

    def told(number: int, fact: Fact) -> Fact:
        value = purposes[number % len(purposes)] if fact.kind == "eid.sample" else fact.value
        return replace(fact, source=sources[number % len(sources)], value=value)

    return replace(history, facts=tuple(told(n, f) for n, f in enumerate(history.facts)))


_ends = st.integers(-420, 100).map(lambda n: AS_OF + timedelta(days=n))
_lengths = st.sampled_from([0, 1, 30, 90, 200])
_periods = st.builds(lambda end, length: Period("P", end - timedelta(days=length), end), _ends, _lengths)


@settings(max_examples=max(1, settings().max_examples // 4))
@given(_histories(), _periods, st.integers(0, 30))
def test_engines_agree_on_histories(
    indicator_engines: dict[str, IndicatorEngine], history: History, period: Period, seed: int
) -> None:
    asked, known = questions(Random(seed), period), models(Random(seed), period)
    expected = reference_indicators.indicators(asked, history, known)
    for name in ENGINES:
        assert indicator_engines[name](asked, history, known) == expected, name
