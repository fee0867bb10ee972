"""The reference of the indicators: their words in plain Python, one client at a time.

Written from the words of `programme/indicators`, not from the SQL, so that the two can be held against each other.
Slow and plain on purpose.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from mentormothers.engines.reference_antenatal import pmtct_art, pmtct_eid
from mentormothers.engines.reference_asked import Added, Asked
from mentormothers.engines.reference_cascades import cascade_infants, cascade_women
from mentormothers.engines.reference_infants import m2m_mtct_final
from mentormothers.engines.reference_retention import ret12
from mentormothers.engines.reference_treatment import tx_curr, tx_ml, tx_pvls
from mentormothers.facts.fact import CLIENT_TOLD, History
from mentormothers.indicators.delivery import SiteModel, spells
from mentormothers.indicators.model import Question
from mentormothers.indicators.rows import Count


def indicators(questions: Sequence[Question], history: History, models: Iterable[SiteModel] = ()) -> list[list[Count]]:
    """What is counted for each question in the history; by delivery model by these models of sites."""
    known = list(spells(models))
    return [_counts(Asked(question, _counting(question, history), known)) for question in questions]


def _counting(question: Question, history: History) -> History:
    """The history without what only clients told, unless they are to be believed."""
    if question.measure.choice("sources") == "all":
        return history
    return replace(history, facts=tuple(fact for fact in history.facts if fact.source != CLIENT_TOLD))


def _counts(asked: Asked) -> list[Count]:
    numerators: Counter[tuple[str, str]] = Counter()
    denominators: Counter[tuple[str, str]] = Counter()
    for added in RULES[asked.measure.definition.id](asked):
        place = (asked.place(added.site, added.day), added.part)
        numerators[place] += added.numerator
        denominators[place] += added.denominator
    places = {*numerators, *denominators, *((place, "") for place in asked.places())}
    return sorted(Count(site, part, numerators[site, part], denominators[site, part]) for site, part in places)


RULES: dict[str, Callable[[Asked], Iterator[Added]]] = {
    "TX_CURR": tx_curr,
    "TX_ML": tx_ml,
    "TX_PVLS": tx_pvls,
    "PMTCT_EID": pmtct_eid,
    "PMTCT_ART": pmtct_art,
    "M2M_MTCT_FINAL": m2m_mtct_final,
    "CASCADE_WOMEN": cascade_women,
    "CASCADE_INFANTS": cascade_infants,
    "RET12": ret12,
}
