"""Published figures beside our own, each with where it was read and what of it can be compared.

Read in the programme's public evaluations (domain.md, section 6). No number here is anybody's target unless it says so.
"""

from dataclasses import dataclass

_EVALUATION_2018 = "m2m, evaluation of 2018 (m2m.org, 15 July 2019)"


@dataclass(frozen=True)
class Benchmark:
    """A published figure, and the indicator that comes nearest to it; empty: nothing here counts it yet."""

    what: str
    indicator: str
    published: str
    source: str
    comparable: str


BENCHMARKS = (
    Benchmark(
        "Still on treatment twelve months after starting",
        "RET12",
        "94 % of clients; 75 % in Eastern and Southern Africa",
        _EVALUATION_2018,
        "How the published figures treat clients who moved, and from which day late they count one as gone, is not "
        "stated; here both stand in the definition.",
    ),
    Benchmark(
        "Children with a final test who are HIV-positive",
        "M2M_MTCT_FINAL",
        "1.3 % in 2018; under 5 % is the benchmark of virtual elimination",
        _EVALUATION_2018,
        "Of children tested at 18 to 24 months only, there and here. Those not tested stand beside the number: it says "
        "nothing of them, and nothing of a country.",
    ),
    Benchmark(
        "HIV-positive pregnant women on treatment",
        "PMTCT_ART",
        "93 % received antiretrovirals in pregnancy in 2012",
        "m2m, 2012 panel of clients (m2m.org, The proof is in the pudding)",
        "In 2012 many women received prophylaxis for the time of the pregnancy only; here it is treatment for life.",
    ),
    Benchmark(
        "Viral load suppressed, of those with a result",
        "TX_PVLS",
        "95 % is the third of the 95-95-95 targets",
        "UNAIDS target; m2m reports to have met it early (m2m.org, evaluation of 2021)",
        "The target is of everybody on treatment; here it is of those with a result in the last twelve months.",
    ),
    Benchmark(
        "Negative women who become positive",
        "",
        "0.12 % of pregnant clients; 3.6 % as the benchmark",
        _EVALUATION_2018,
        "Not counted here yet.",
    ),
)
