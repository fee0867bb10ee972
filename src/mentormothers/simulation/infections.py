"""Which babies are infected, and when: by the birth, or by milk, mostly on days their mother has no medicine.

National risks by year (Spectrum) give the level. How mothers compare with each other is in the parameters, scaled so
that the national mix of mothers gives the national risk; this programme's own mix then gives its own.
"""

from collections.abc import Iterator, Mapping
from math import log

from mentormothers.facts.days import day_of
from mentormothers.simulation.chances import Chances
from mentormothers.simulation.parameters import Health, Infection, Parameters
from mentormothers.simulation.people import NEVER, Baby, Pregnancy, Woman
from mentormothers.simulation.series import National, national_of

SIX_WEEKS = 42
TWO_YEARS = 730
_FOUR_WEEKS = 28


def infect(woman: Woman, national: Mapping[int, National], chances: Chances, parameters: Parameters) -> None:
    """Decide for each baby whether and when it is infected, and what that does to its life."""
    for pregnancy in woman.pregnancies:
        for baby in pregnancy.babies:
            if woman.infected <= max(baby.born, baby.fed_until):
                figures = national_of(national, day_of(baby.born).year)
                _infect(woman, pregnancy, baby, figures, chances, parameters)


def _infect(
    woman: Woman, pregnancy: Pregnancy, baby: Baby, figures: National, chances: Chances, parameters: Parameters
) -> None:
    grace = int(parameters.treatment.sees_coverage_days)
    if woman.infected <= baby.born and chances.happens(
        risk_by_birth(woman, pregnancy, figures, parameters.infection, grace)
    ):
        baby.infected, baby.route = baby.born, "birth"
    else:
        day = _by_milk(woman, baby, figures, chances, parameters.infection, grace)
        if day < min(baby.died, NEVER):
            baby.infected, baby.route = day, "milk"
    if baby.infected < NEVER:
        _shorten(baby, chances, parameters.health)


def risk_by_birth(woman: Woman, pregnancy: Pregnancy, figures: National, infection: Infection, grace: int) -> float:
    """The chance that a baby is infected by six weeks, birth included, whatever it is fed."""
    if pregnancy.lmp < woman.infected:
        return infection.by_birth_new_infection
    relative = infection.by_birth
    scale = figures.infected_by_6_weeks / sum(figures.mix[word] * relative[word] for word in figures.mix)
    return min(1.0, scale * relative[treated(woman, pregnancy, grace)])


def treated(woman: Woman, pregnancy: Pregnancy, grace: int) -> str:
    """How a mother was treated by the birth, in the words of `infection.by_birth`."""
    if woman.started > pregnancy.ends or not woman.covered(pregnancy.ends, grace):
        return "no_treatment"
    if woman.started < pregnancy.lmp:
        return "before_pregnancy"
    return "over_four_weeks" if woman.started <= pregnancy.ends - _FOUR_WEEKS else "under_four_weeks"


def _by_milk(woman: Woman, baby: Baby, figures: National, chances: Chances, infection: Infection, grace: int) -> int:
    """The day a baby is infected by milk; NEVER for most."""
    remaining = -log(1 - chances.draw())
    words = infection.by_milk
    missing = infection.uncovered_in_spectrum
    mean = (1 - missing) * words["covered"] + missing * words["uncovered"]
    later = (figures.infected_in_the_end - figures.infected_by_6_weeks) / (1 - figures.infected_by_6_weeks)
    daily = later / infection.breastfed_days / mean
    for first, after, word in _spans(
        woman, baby.born + SIX_WEEKS, baby.fed_until + 1, (grace, int(infection.new_infection_days))
    ):
        hazard = daily * words[word]
        if remaining < hazard * (after - first):
            return first + int(remaining / hazard)
        remaining -= hazard * (after - first)
    return NEVER


def _spans(woman: Woman, first: int, after: int, days: tuple[int, int]) -> Iterator[tuple[int, int, str]]:
    """The days of breastfeeding by what protects the baby: from, until before, word."""
    grace, new = days
    day = max(first, woman.infected)
    for supply in woman.supplies:
        begins, ends = max(day, supply.day), min(after, supply.due + grace + 1)
        if begins < ends:
            yield from _uncovered(woman.infected + new, day, min(begins, after))
            yield begins, ends, "covered"
            day = ends
    yield from _uncovered(woman.infected + new, day, after)


def _uncovered(no_longer_new: int, first: int, after: int) -> Iterator[tuple[int, int, str]]:
    new = min(after, no_longer_new)
    if first < new:
        yield first, new, "new_infection"
    if max(first, new) < after:
        yield max(first, new), after, "uncovered"


def _shorten(baby: Baby, chances: Chances, health: Health) -> None:
    """Some infected babies die of it within two years of life."""
    died = baby.infected + chances.within(health.infected_infant_death_days)
    if chances.happens(health.infected_infant_deaths) and died < baby.born + TWO_YEARS:
        baby.died = min(baby.died, died)
        baby.fed_until = min(baby.fed_until, baby.died)
