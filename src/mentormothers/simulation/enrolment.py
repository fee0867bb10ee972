"""The day a site enrols a woman or a baby: what she agrees to, her age, her pregnancy, her status as she tells it."""

from mentormothers.simulation.chances import Chances
from mentormothers.simulation.logbook import Logbook, iso, month_of
from mentormothers.simulation.parameters import Parameters
from mentormothers.simulation.people import NEVER, Baby, Pregnancy, Stay, Woman
from mentormothers.simulation.series import UNKNOWN

_CHILD = 730  # days


def enrol_everybody(book: Logbook, chances: Chances, parameters: Parameters) -> None:
    """Enrol each person under each id on the day something was first written of her or him there."""
    book.meet()
    for who, day, stay in book.known:
        if isinstance(who, Baby):
            enrol_baby(book, who, day, stay)
        else:
            enrol_woman(book, day, stay, chances, parameters)
    _confirm_transfers(book)


def enrol_baby(book: Logbook, baby: Baby, day: int, stay: Stay) -> None:
    """A baby's first row at a site."""
    first = min(day, baby.died)  # a birth may be written down after the baby's death
    book.note(baby, first, "enrolled", "infant" if day - baby.born < _CHILD else "child", stay=stay, said=day)
    if stay.alias and baby.treated <= day:
        book.note(baby, day, "art.on", source="client_told", stay=stay)
    if book.woman.died < day and stay.alias and book.woman.found < NEVER:
        book.note(baby, first, "exposed", source="client_told", stay=stay, said=day)
    book.note(baby, baby.born, "child.dob", stay=stay, said=day)
    book.note(baby, baby.born, "sex", baby.sex, stay=stay, said=day)


def enrol_woman(book: Logbook, day: int, stay: Stay, chances: Chances, parameters: Parameters) -> None:
    """A woman's first rows at a site. Where she is not known, what she tells is all there is."""
    woman, known = book.woman, stay.alias == 0
    day = woman.arrival.day if known else day
    book.note(woman, day, "enrolled", _group(woman, day), source="observed", stay=stay)
    book.note(woman, day, "consent.data_use", "given", source="observed", stay=stay)
    for purpose, agreed in woman.consents.items():
        book.note(woman, day, f"consent.{purpose}", "given" if agreed else "refused", source="observed", stay=stay)
    year_only = chances.happens(parameters.enrolment.age_by_year_only)
    written = iso(woman.born)[:4] if year_only else ""
    book.note(woman, woman.born, "birth.date", source="client_told", stay=stay, said=day, date=written)
    book.note(woman, day, "sex", "f", source="observed", stay=stay)
    for pregnancy in woman.pregnancies:
        if pregnancy.first_contact <= day < pregnancy.ends:
            write_pregnancy(book, pregnancy, day, stay)
    if not known:
        _tell_history(book, day, stay, chances, parameters)


def _group(woman: Woman, day: int) -> str:
    """The client group, in the words of the enrolment form."""
    if woman.found <= day:
        return "mother_hiv_pos"
    unknown = woman.arrival.status == UNKNOWN and day == woman.arrival.day
    return "mother_status_unknown" if unknown else "mother_hiv_neg"


def write_pregnancy(book: Logbook, pregnancy: Pregnancy, day: int, stay: Stay) -> None:
    """The last menstrual period, to the month where she does not know the day."""
    written = month_of(pregnancy.lmp) if pregnancy.vaguely else ""
    source = "client_told" if pregnancy.dated_by == "told" else "observed"
    book.note(
        book.woman, pregnancy.lmp, "pregnancy.lmp", pregnancy.dated_by, source=source, stay=stay, said=day,
        date=written,
    )  # fmt: skip


def _tell_history(book: Logbook, day: int, stay: Stay, chances: Chances, parameters: Parameters) -> None:
    """Her last birth and her status, as she tells them at a site that does not know her."""
    woman = book.woman
    for pregnancy in woman.pregnancies:
        if pregnancy.outcome == "live" and pregnancy.ends < day and any(baby.died > day for baby in pregnancy.babies):
            book.note(woman, pregnancy.ends, "delivery", "live", source="client_told", stay=stay, said=day)
    if woman.found > day or woman.found == NEVER:
        return
    says_new = stay.how == "silent" and chances.happens(parameters.moving.says_new)
    since = day if says_new else max(woman.found, woman.infected)
    book.note(
        woman, since, "hiv.diagnosis", source="client_told", stay=stay, said=day,
        date="" if says_new else month_of(since),
    )  # fmt: skip
    if woman.started <= day:
        kind = "art.start" if says_new else "art.on"
        book.note(woman, day, kind, "TLD", source="register" if says_new else "client_told", stay=stay)


def _confirm_transfers(book: Logbook) -> None:
    """A formal transfer is written by both sites: out on the last day at the one, in on the first at the other."""
    woman = book.woman
    for before, after in zip(woman.stays, woman.stays[1:], strict=False):
        if after.how != "formal" or after.since > woman.died:
            continue
        first = min((n.day for n in book.notes if n.stay is after and n.who is woman), default=None)
        if first is not None:
            book.note(woman, after.since, "transfer.out", after.site.code, stay=before)
            book.note(woman, first, "transfer.in", before.site.code, stay=after)
