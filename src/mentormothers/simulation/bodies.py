"""What happens to bodies, whoever writes it down: pregnancies, births, feeding, infections of women, deaths."""

from dataclasses import dataclass

from mentormothers.simulation.arrivals import Arrival
from mentormothers.simulation.chances import Chances
from mentormothers.simulation.parameters import Parameters
from mentormothers.simulation.people import NEVER, Baby, Pregnancy
from mentormothers.simulation.series import UNKNOWN

WEEK, MONTH, TWO_YEARS = 7, 30.44, 730
_NEWBORN = 28  # days
_VIABLE = 28 * WEEK  # from here a birth without life is a stillbirth


@dataclass(slots=True)
class Body:
    """What a woman's health will be if nothing else intervenes."""

    age: int
    pregnancies: list[Pregnancy]
    died: int
    infected: int


def live(arrival: Arrival, chances: Chances, parameters: Parameters, *, prevalence: float, end: int) -> Body:
    """A woman's pregnancies, her infection and her death, drawn when she arrives."""
    age = chances.pick_within(parameters.enrolment.age_years)
    weeks = chances.pick_within(parameters.enrolment.weeks_at_first_visit)
    lmp = arrival.day - weeks * WEEK - chances.between(0, WEEK - 1)
    infected = _infected(arrival, chances, parameters, prevalence)
    pregnancies = [_pregnancy(lmp, arrival.day, 1, chances, parameters)]
    if chances.happens(parameters.pregnancy.another):
        again = pregnancies[0].ends + chances.within(parameters.pregnancy.another_after_days)
        first = again + chances.pick_within(parameters.enrolment.weeks_at_first_visit) * WEEK
        if first <= end:
            pregnancies.append(_pregnancy(again, first, 1 + len(pregnancies[0].babies), chances, parameters))
            _weaned_by(pregnancies[0].babies, again + int(parameters.pregnancy.weaned_by_days))
    died = _died(arrival.day, infected, pregnancies, chances, parameters)
    return Body(age, [one for one in pregnancies if one.first_contact <= died], died, infected)


def _infected(arrival: Arrival, chances: Chances, parameters: Parameters, prevalence: float) -> int:
    """The day she was or will be infected. Of women with unknown status as many are as of those tested."""
    before = arrival.day - chances.within(parameters.health.infected_before_days)
    later = arrival.day + chances.days_until(parameters.health.seroconversions_yearly)
    hidden = chances.happens(prevalence)
    return before if arrival.status.positive or (arrival.status == UNKNOWN and hidden) else later


def _pregnancy(lmp: int, first: int, slot: int, chances: Chances, parameters: Parameters) -> Pregnancy:
    shares = parameters.pregnancy
    weeks = chances.pick_within(shares.weeks_until_birth)
    ends, outcome = max(lmp + weeks * WEEK + chances.between(0, WEEK - 1), first + 1), "live"
    if chances.happens(shares.lost_before_28_weeks) and first < lmp + _VIABLE - 1:
        ends, outcome = chances.between(first + 1, lmp + _VIABLE - 1), "miscarriage"
    elif chances.happens(shares.stillborn):
        outcome = "stillbirth"
    pregnancy = Pregnancy(
        lmp=lmp, dated_by=chances.pick(parameters.enrolment.dated_by),
        vaguely=chances.happens(parameters.enrolment.period_by_month_only), first_contact=first, ends=ends,
        outcome=outcome, at_facility=chances.happens(shares.at_a_facility),
    )  # fmt: skip
    if outcome == "live":
        twins = chances.happens(shares.twins)
        pregnancy.babies = [_baby(slot + n, ends, twins, chances, parameters) for n in range(1 + twins)]
    return pregnancy


def _baby(slot: int, born: int, twin: bool, chances: Chances, parameters: Parameters) -> Baby:
    births = parameters.births
    months = chances.pick_within(births.breastfed_months)
    fed = int(months * MONTH) + chances.between(0, 29)
    if chances.happens(births.never_breastfed):
        fed = -1
    baby = Baby(
        slot=slot, sex="f" if chances.happens(0.5) else "m", born=born, twin=twin,
        fed_until=born + min(fed, TWO_YEARS), exclusively=chances.happens(births.exclusive_to_six_months),
    )  # fmt: skip
    if chances.happens(parameters.health.newborn_deaths):
        baby.died = born + chances.between(0, _NEWBORN - 1)
    elif chances.happens(parameters.health.infant_deaths_later):
        baby.died = born + chances.between(_NEWBORN, TWO_YEARS)
    baby.fed_until = min(baby.fed_until, baby.died)
    return baby


def _weaned_by(babies: list[Baby], day: int) -> None:
    """A new pregnancy ends breastfeeding."""
    for baby in babies:
        baby.fed_until = min(baby.fed_until, day)


def _died(first: int, infected: int, pregnancies: list[Pregnancy], chances: Chances, parameters: Parameters) -> int:
    health = parameters.health
    without = first + 1 + chances.days_until(health.deaths_without_hiv_yearly)
    with_hiv = max(first, infected) + 1 + chances.days_until(health.deaths_with_hiv_yearly)
    at_birth = [one.ends + 1 for one in pregnancies if chances.happens(parameters.pregnancy.mother_dies_at_birth)]
    return min([without, with_hiv, NEVER, *at_birth])


def orphaned(pregnancies: list[Pregnancy], died: int) -> None:
    """Births that the mother did not live to see do not happen; her death ends breastfeeding."""
    for pregnancy in pregnancies:
        if pregnancy.ends > died:
            pregnancy.ends, pregnancy.outcome, pregnancy.babies = NEVER, "", []
        for baby in pregnancy.babies:
            baby.fed_until = min(baby.fed_until, died)
