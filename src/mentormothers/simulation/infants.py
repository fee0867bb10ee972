"""Babies as the site sees them: birth, visits with weight and feeding, early tests, treatment, final outcome."""

from itertools import pairwise

from mentormothers.simulation.bodies import WEEK
from mentormothers.simulation.chances import Chances
from mentormothers.simulation.logbook import Logbook
from mentormothers.simulation.parameters import Births, Parameters
from mentormothers.simulation.people import NEVER, Baby, Pregnancy, Woman

_SIX_MONTHS, _EIGHTEEN_MONTHS, _THREE_MONTHS = 182, 548, 91
_FIRST_BY = 70  # days; later is no six-week test
_MEDICINE, _SYRUP, _REGIMEN = "NVP", "CTX", "ABC/3TC/DTG"


def born(book: Logbook, pregnancy: Pregnancy, chances: Chances, parameters: Parameters) -> None:
    """What is written of the end of a pregnancy."""
    woman, births, day = book.woman, parameters.births, pregnancy.ends
    if day > book.end or not chances.happens(_seen(woman, day, births.written_down, births)):
        return
    source = "register" if pregnancy.at_facility else "health_passport"
    said = day + chances.within(births.registered_days)
    book.note(woman, day, "delivery", pregnancy.outcome, source=source, said=said)
    for baby in pregnancy.babies:
        kilos = chances.within(births.birth_grams) / 1000 - (births.twin_lighter_kilos if baby.twin else 0)
        book.note(baby, day, "growth.weight", f"{kilos:.1f}", source=source, said=said)
        if woman.found <= day and chances.happens(births.medicine_given):
            book.note(baby, day, "infant.arv_start", _MEDICINE, source=source, said=said)


def grow(book: Logbook, baby: Baby, chances: Chances, parameters: Parameters) -> None:
    """A baby's visits, and of its tests what it needs; its death if the site hears of it."""
    _visits(book, baby, chances, parameters)
    if book.woman.found < NEVER:
        _Tests(book, baby, chances, parameters).all()
    if baby.died <= book.end and chances.happens(parameters.health.death_reported):
        book.note(baby, baby.died, "death", said=baby.died + chances.within(parameters.health.baby_death_heard_days))
        if book.woman.found <= baby.died and not baby.closed:
            book.note(baby, baby.died, "final.outcome", "died", said=baby.died + 20)


def _seen(woman: Woman, day: int, share: float, births: Births) -> float:
    """The chance that a baby is seen: lower while its mother is out of care, a little lower with the less steady."""
    here = share if woman.in_touch(day) else share * births.visits_without_care
    return here * (1 - births.unsteady_seen_less * (woman.steadiness - 1))


def _visits(book: Logbook, baby: Baby, chances: Chances, parameters: Parameters) -> None:
    births, kilos, told = parameters.births, 3.1, False
    kilos = chances.within(births.birth_grams) / 1000
    for week, share in births.visit_weeks.items():
        day = baby.born + chances.within(week) * WEEK + chances.within(births.visit_days_off)
        if not chances.happens(_seen(book.woman, day, share, births)):
            continue
        grown = kilos + _gained(day - baby.born, births) + chances.within(births.weight_off_grams) / 1000
        if not book.note(baby, day, "growth.weight", f"{grown:.1f}"):
            continue
        book.note(baby, day, "feeding", _feeding(baby, day), source="client_told")
        if day > baby.fed_until and not told:
            told = True
            book.note(baby, max(baby.born, baby.fed_until), "bf.stopped", source="client_told", said=day,
                      stay=book.woman.stay_on(day))  # fmt: skip
        _mother_seen(book, baby, day, chances, parameters)


def _mother_seen(book: Logbook, baby: Baby, day: int, chances: Chances, parameters: Parameters) -> None:
    woman = book.woman
    if day > woman.died:
        if day - woman.died < _SIX_MONTHS:
            book.note(baby, day, "caregiver.since", chances.pick(parameters.births.caregiver), source="observed")
        return
    woman.visits.append(day)
    if day <= baby.born + _FIRST_BY and baby is next(one for one in woman.babies() if one.born == baby.born):
        book.note(woman, day, "pnc.contact")


def _gained(age: int, births: Births) -> float:
    """Kilograms gained since birth, between the points of a usual curve."""
    for (day, kilos), (later, more) in pairwise(births.kilos_gained.items()):
        if age <= later:
            return kilos + (more - kilos) * (max(age, day) - day) / (later - day)
    return more


def _feeding(baby: Baby, day: int) -> str:
    if day > baby.fed_until:
        return "replacement" if day < baby.born + _SIX_MONTHS else "stopped"
    return "exclusive" if baby.exclusively and day <= baby.born + _SIX_MONTHS else "mixed"


class _Tests:
    """The tests of one exposed baby."""

    def __init__(self, book: Logbook, baby: Baby, chances: Chances, parameters: Parameters) -> None:
        self._book, self._baby, self._chances = book, baby, chances
        self._shares, self._births = parameters.infant_tests, parameters.births

    def all(self) -> None:
        """The early test, the one at nine months, the final one."""
        self._early()
        baby, chances, shares = self._baby, self._chances, self._shares
        later = baby.born + chances.within(shares.nine_month_days)
        if self._comes(later, shares.nine_months) and self._open(later):
            self._sample(later, "9m")
        self._final()

    def _open(self, day: int) -> bool:
        """Whether a test still makes sense: exposed by then, alive, not known to be positive."""
        baby = self._baby
        exposed = self._book.woman.found <= day and self._book.woman.infected <= max(baby.born, baby.fed_until)
        return exposed and day < min(baby.found, baby.died)

    def _comes(self, day: int, share: float) -> bool:
        return self._chances.happens(_seen(self._book.woman, day, share, self._births))

    def _early(self) -> None:
        baby, chances, shares = self._baby, self._chances, self._shares
        found = self._book.woman.found
        day = baby.born + chances.within(shares.first_test_days)
        late = baby.born + chances.within(shares.first_test_late_days)
        if found > baby.born + _FIRST_BY:
            day = found + chances.within(shares.after_mother_days)
            if self._comes(day, shares.mother_found_later) and self._open(day) and day < baby.born + _EIGHTEEN_MONTHS:
                self._sample(day, "symptomatic" if chances.happens(shares.symptomatic) else "")
        elif self._comes(day, shares.first_test) and self._open(max(day, found)):
            self._sample(max(day, found), "6w")
        elif self._comes(late, shares.first_test_late) and self._open(late):
            self._sample(late, "")

    def _sample(self, day: int, point: str) -> str:
        """Take a sample and follow its result. Gives the result that came, empty when none did."""
        book, baby, chances, shares = self._book, self._baby, self._chances, self._shares
        sample = book.note(baby, day, "eid.sample", point)
        if not sample:
            return ""
        stay = book.woman.stay_on(day)
        self._first_ever(day)
        came, result = day + chances.within(shares.result_after_days), self._result(day)
        told = came + chances.within(shares.told_after_days)
        if not chances.happens(shares.result_comes):
            return ""
        if not book.note(baby, came, "eid.result", result, source="lab", ref=sample, stay=stay):
            return ""
        if book.woman.stay_on(told).alias == stay.alias and chances.happens(shares.result_told):
            book.note(baby, told, "eid.result_given", ref=sample, stay=stay)
            self._after(result, point, told)
        return result

    def _first_ever(self, day: int) -> None:
        """The first sample, and the baby's daily syrup with it."""
        if self._baby.first_sample == NEVER:
            self._baby.first_sample = day
            if self._chances.happens(self._shares.syrup_started):
                self._book.note(self._baby, day, "ctx.start", _SYRUP)

    def _result(self, day: int) -> str:
        chances, shares = self._chances, self._shares
        infected = self._baby.infected <= day - shares.found_after_days or self._baby.route == "birth"
        if chances.happens(shares.spoilt):
            return "rejected" if chances.happens(shares.rejected) else "invalid"
        if chances.happens(shares.indeterminate):
            return "indeterminate"
        if infected:
            return "neg" if chances.happens(shares.missed_infection) else "pos"
        return "pos" if chances.happens(shares.false_positive) else "neg"

    def _after(self, result: str, point: str, told: int) -> None:
        """What a result leads to: another sample, confirmation and treatment, or nothing."""
        baby, chances, shares = self._baby, self._chances, self._shares
        if result in ("rejected", "invalid", "indeterminate"):
            if chances.happens(shares.confirmed) and point != "again":
                self._sample(told, "again")
        elif result == "pos" and baby.found == NEVER:
            baby.found = told
            confirmed = self._sample(told, "confirm") if chances.happens(shares.confirmed) else "pos"
            if confirmed == "neg":
                baby.found = NEVER
                return
            self._close(told, "pos")
            if chances.happens(shares.treated):
                self._treat(told + chances.within(shares.treated_after_days))

    def _treat(self, day: int) -> None:
        book, baby, chances = self._book, self._baby, self._chances
        if not book.note(baby, day, "art.start", _REGIMEN):
            return
        baby.treated = day
        days = int(self._shares.supply_days)
        while day <= min(book.end, baby.died):
            book.note(baby, day, "art.dispense", str(days))
            day += days + chances.within(self._shares.supply_days_off)

    def _final(self) -> None:
        """From 18 months and three months after the last milk: an antibody test; or nobody knows at two years."""
        baby, chances, shares = self._baby, self._chances, self._shares
        day = max(baby.born + _EIGHTEEN_MONTHS, baby.fed_until + _THREE_MONTHS) + chances.within(
            shares.final_after_days
        )
        if self._comes(day, shares.final_test) and self._open(day):
            result = "pos" if baby.infected <= day else "neg"
            self._book.note(baby, day, "antibody.test", result)
            self._close(day, result)
            if result == "pos":
                baby.found = min(baby.found, day)
                self._treat(day + chances.within(shares.treated_after_days))
        elif self._open(lost := baby.born + int(shares.lost_at_days)) and chances.happens(shares.seen_as_lost):
            self._close(lost, "unknown")

    def _close(self, day: int, outcome: str) -> None:
        if self._book.note(self._baby, day, "final.outcome", outcome):
            self._baby.closed = True


def write_death(book: Logbook) -> None:
    """A mother's death, once the facility heard of it or somebody told those who looked for her."""
    woman = book.woman
    if woman.died <= book.end and woman.death_known <= book.end:
        book.note(woman, woman.died, "death", said=woman.death_known)
