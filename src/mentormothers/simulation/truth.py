"""What no site knows: who is really who, and how it really went. One row for each id, to test with."""

from collections.abc import Sequence

from mentormothers.simulation.identities import TrueNames
from mentormothers.simulation.logbook import Logbook, iso
from mentormothers.simulation.people import NEVER, Baby, Person, Stay, Woman

COLUMNS = (
    "client", "person", "kind", "mother_person", "alias", "came_by", "given_name", "surname", "date_of_birth", "sex",
    "phone_right", "died", "infected", "route", "known_positive", "treatment_started", "left_care", "refused",
    "at_the_end", "site_at_the_end", "organisation",
)  # fmt: skip
GRACE = 28  # days after the supply ran out within which she counts as in treatment (PEPFAR MER)


def rows(book: Logbook, names: TrueNames) -> list[Sequence[str]]:
    """The truth about everybody under each id."""
    return [_row(book, who, stay, names) for who, _, stay in book.known]


def _row(book: Logbook, who: Person, stay: Stay, names: TrueNames) -> Sequence[str]:
    woman, end = book.woman, book.end
    mother = f"P{woman.arrival.number}"
    common = (str(stay.alias), stay.how)
    where = woman.stay_on(end).site.code
    if isinstance(who, Baby):
        return (
            book.client(who, stay.alias), f"{mother}.{who.slot}", "baby", mother, *common,
            names.babies[who.slot - 1], names.surname, iso(who.born), who.sex, "",
            _past(who.died, end), _past(who.infected, end), who.route if who.infected <= end else "",
            _past(who.found, end), "", "", "", baby_at_the_end(who, end), where, "synthetic",
        )  # fmt: skip
    return (
        book.client(who, stay.alias), mother, "woman", "", *common, names.given, names.surname, iso(woman.born), "f",
        "yes" if woman.phone_right else "no", _past(woman.died, end), _past(woman.infected, end), "",
        _past(woman.found, end), _past(woman.started, end), _past(woman.left, end), _past(woman.refused, end),
        woman_at_the_end(woman, end), where, "synthetic",
    )  # fmt: skip


def _past(day: int, end: int) -> str:
    """A day that has come by the end of the run; empty otherwise."""
    return iso(day) if day <= end else ""


def woman_at_the_end(woman: Woman, end: int) -> str:
    """How it stands with her on the last day."""
    if woman.died <= end:
        return "died"
    if woman.infected > end:
        return "negative"
    if woman.found > end:
        return "positive, not known"
    if woman.started > end or woman.started == NEVER:
        return "never treated"
    return "in treatment" if woman.covered(end, GRACE) else "out of treatment"


def baby_at_the_end(baby: Baby, end: int) -> str:
    """How it stands with a child on the last day."""
    if baby.died <= end:
        return "died"
    if baby.infected <= end:
        return "infected, known" if baby.found <= end else "infected, not known"
    return "not infected, breastfed" if baby.fed_until > end else "not infected"
