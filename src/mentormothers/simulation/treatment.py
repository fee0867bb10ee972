"""Treatment: the first supply, refills of 30, 90 or 180 days, late and missed ones with reasons, viral loads.

At the end of each supply she comes, comes late, goes elsewhere, stays away or is dead; the site knows only whether
she came, and looks for her.
"""

from mentormothers.simulation.chances import Chances, Range
from mentormothers.simulation.logbook import Logbook, iso, month_of
from mentormothers.simulation.parameters import Parameters
from mentormothers.simulation.people import NEVER, Stay, Supply, Woman
from mentormothers.simulation.tracing import Absence, Situation, look_for

REGIMEN = "TLD"
SUPPRESSED_BELOW = 1000  # copies per ml, MER and WHO
_LONG_GAP = 28  # days, MER's line of interruption
_FIRST_SUPPLIES = 3
_HALF_YEAR, _YEAR, _THREE_MONTHS = 182, 365, 91


class Care:
    """One woman's treatment as it goes on."""

    def __init__(self, book: Logbook, chances: Chances, parameters: Parameters) -> None:
        self._book, self._woman, self._chances = book, book.woman, chances
        self._all, self._shares = parameters, parameters.treatment
        self._next_load = NEVER
        self._gap = 0

    def follow(self) -> None:
        """From the day she is known to be positive to the end of the run."""
        day = self._first_supply()
        while day < min(NEVER, self._woman.died + 1, self._book.end + 1):
            day = self._visit(day)

    def _first_supply(self) -> int:
        """The day of her first supply on record; NEVER when she takes no treatment."""
        woman, status = self._woman, self._woman.arrival.status
        if woman.found == NEVER:
            return NEVER
        if status.on_treatment:
            return self._already_on_treatment()
        if status.positive and status.known_before:
            return self._begin(woman.found, "art.restart", self._shares.known_restarts)
        return self._begin(woman.found, "art.start", 1.0)

    def _already_on_treatment(self) -> int:
        woman, stay = self._woman, self._woman.stays[0]
        written = month_of(woman.started)
        self._book.note(
            woman, woman.started, "art.start", REGIMEN, source="health_passport", stay=stay, said=woman.arrival.day,
            date=written,
        )  # fmt: skip
        self._next_load = woman.arrival.day + self._chances.between(0, _HALF_YEAR)
        return self._supply_before()

    def _supply_before(self) -> int:
        """Her last supply before the first visit, copied from her passport; gives the day of the next one."""
        woman = self._woman
        days = self._chances.pick(self._shares.later_supplies)
        ago = self._chances.between(0, days - 1)
        return self._supply(woman.arrival.day - ago, days, woman.stays[0], "health_passport", said=woman.arrival.day)

    def _begin(self, found: int, kind: str, share: float) -> int:
        """The day she starts; NEVER for the few who do not."""
        chances, shares = self._chances, self._shares
        day = found
        if not chances.happens(shares.starts_same_day):
            if not chances.happens(shares.starts_later):
                return NEVER
            day += chances.within(shares.starts_after_days)
        if not chances.happens(share) or not self._book.note(self._woman, day, kind, REGIMEN):
            return NEVER
        self._woman.started = day
        if kind == "art.start":
            self._woman.new_start = day
        self._next_load = day + _HALF_YEAR
        return day

    def _visit(self, day: int) -> int:
        """A day she comes for medicine. Gives the day she comes next."""
        woman, stay = self._woman, self._woman.stay_on(day)
        woman.visits.append(day)
        self._perhaps_sample(day)
        first = woman.new_start < NEVER and len(woman.supplies) < _FIRST_SUPPLIES
        days = self._chances.pick(self._shares.first_supplies if first else self._shares.later_supplies)
        return self._supply(day, days, stay, "register")

    def _supply(self, day: int, days: int, stay: Stay, source: str, said: int | None = None) -> int:
        """Give medicine for some days and see when she comes again."""
        self._book.note(self._woman, day, "art.dispense", str(days), source=source, stay=stay, said=said)
        due = day + days
        self._woman.supplies.append(Supply(day, due, stay.alias))
        appointment = self._book.note(self._woman, day, "appointment", iso(due), source=source, stay=stay, said=said)
        return self._comes_again(due, days, stay, appointment)

    def _comes_again(self, due: int, days: int, stay: Stay, appointment: str) -> int:
        """The day of her next supply, with what the site writes about this appointment meanwhile."""
        woman, chances, shares = self._woman, self._chances, self._shares
        if chances.happens(min(1.0, shares.leaves_monthly * woman.steadiness * days / 30)):
            return self._leaves(due, stay, appointment)
        late = chances.within(shares.early_or_on_time if chances.happens(self._on_time()) else self._lateness())
        back = max(due + late, woman.supplies[-1].day + 1, woman.found)
        if stay is not woman.stay_on(back) and woman.stay_on(back).alias != stay.alias:
            self._missed(due, stay, appointment, woman.stay_on(back).since + 90, "elsewhere")
        elif back > woman.died:
            self._missed(due, stay, appointment, woman.death_known, "dead")
        elif back > due + shares.missed_after_days:
            self._missed(due, stay, appointment, back, "late")
        else:
            self._book.note(woman, back, "appointment.kept", ref=appointment, stay=stay)
        self._gap = back - due
        return back

    def _on_time(self) -> float:
        """Less steady women are late more often."""
        return 1 - (1 - self._shares.on_time) * self._woman.steadiness

    def _lateness(self) -> Range:
        return self._chances.pick(self._shares.days_late)

    def _leaves(self, due: int, stay: Stay, appointment: str) -> int:
        """She stays away: says no, is brought back, comes back by herself, or never."""
        woman, chances, shares = self._woman, self._chances, self._shares
        if due + shares.missed_after_days >= woman.died:
            return self._died_meanwhile(due, stay, appointment)
        if chances.happens(shares.refuses):
            woman.refused = due + chances.within(shares.refuses_after_days)
            self._missed(due, stay, appointment, woman.refused, "late")
            self._book.note(woman, woman.refused, "refused", "art", stay=stay)
            woman.left = due
            return NEVER
        back = self._missed(due, stay, appointment, NEVER, "left")
        if back == NEVER and chances.happens(shares.returns_alone):
            back = due + chances.within(shares.returns_alone_after)
        self._gap = back - due
        if back >= min(woman.died, self._book.end + 1):
            woman.left = due
        return back

    def _died_meanwhile(self, due: int, stay: Stay, appointment: str) -> int:
        self._missed(due, stay, appointment, self._woman.death_known, "dead")
        return NEVER

    def _missed(self, due: int, stay: Stay, appointment: str, until: int, situation: Situation) -> int:
        """She did not come on the day: the appointment is missed and somebody may look for her."""
        woman = self._woman
        dead = situation == "dead"
        if dead and until <= due:
            return NEVER
        told = situation == "late" and until <= min(self._book.end, woman.died)
        reason = self._chances.pick(self._shares.reasons)
        if appointment:
            self._book.note(
                woman, due + 1, "appointment.missed", reason if told else "", ref=appointment, stay=stay,
                source="client_told" if told else "register", said=until if told else due + 1, after_death=dead,
            )  # fmt: skip
        return look_for(Absence(self._book, stay, due, until, situation), self._chances, self._all.tracing)

    def _perhaps_sample(self, day: int) -> None:
        """A viral load when one is due: the result comes weeks later, a high one brings counselling and a repeat."""
        chances, shares = self._chances, self._shares
        if day < self._next_load:
            return
        self._next_load = day + (_HALF_YEAR if _expecting_or_feeding(self._woman, day) else _YEAR)
        if not chances.happens(shares.sample_taken):
            return
        sample = self._book.note(self._woman, day, "vl.sample", "routine", source="register")
        suppressed = chances.happens(shares.suppressed_after_gap if self._gap > _LONG_GAP else shares.suppressed)
        came = day + chances.within(shares.result_after_days)
        if not chances.happens(shares.result_comes):
            return
        value = chances.pick(shares.low_loads) if suppressed else str(chances.pick_within(shares.high_loads))
        stay = self._woman.stay_on(day)
        if (
            self._book.note(self._woman, came, "vl.result", value, source="lab", ref=sample, stay=stay)
            and not suppressed
        ):
            self._next_load = came + _THREE_MONTHS
            self._counsel(came)

    def _counsel(self, came: int) -> None:
        for week in (0, 4, 8):
            day = came + week * 7 + self._chances.within(self._shares.counselling_days_off)
            if self._chances.happens(self._shares.sessions_after_high):
                self._book.note(self._woman, day, "eac.session", source="register")


def _expecting_or_feeding(woman: Woman, day: int) -> bool:
    return any(p.lmp <= day < p.ends for p in woman.pregnancies) or any(
        baby.born <= day <= baby.fed_until for baby in woman.babies()
    )
