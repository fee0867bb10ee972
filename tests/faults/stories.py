"""What mentors write down: enrolments, supplies, births, corrections of corrections, moves, deaths, and plain mistakes.

Each story puts parcels into the outbox of a phone. The phone's clock says when it was.
"""

import random
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.faults.ledger import Parcel, Written
from tests.faults.phones import Phone

# A version of the visit that is published only at the end: until then its records wait in quarantine.
LATER_VERSION = "2027-01-01"
_NOT_YET = frozenset({"SYNC-011"})
_WRONG_CLOCK = frozenset({"SYNC-010", "SYNC-013"})
_OTHER_BYTES = frozenset({"SYNC-019"})
_CORRECTIONS = ("amends", "withdraws", "same_event_as")
Story = Callable[[Phone, random.Random], None]


def enrolment(phone: Phone, dice: random.Random) -> None:
    """A woman is enrolled, with her name and number beside."""
    client = phone.synthetic.new_client()
    phone.made_keys.add(client)
    _enrol(phone, client, dice, {client: _identity(dice)})


def enrolment_elsewhere(phone: Phone, dice: random.Random) -> None:
    """A woman of another site comes with her card and is enrolled here too: her home is now here."""
    if client := _somebody(phone, dice, mine=False):
        _enrol(phone, client, dice, {})


def supply(phone: Phone, dice: random.Random) -> None:
    """A woman of this phone gets her medicine."""
    if client := _somebody(phone, dice):
        _visit(phone, client, dice)


def move(phone: Phone, dice: random.Random) -> None:
    """A woman of any site is supplied here: her home follows her."""
    if client := _somebody(phone, dice, mine=False):
        _visit(phone, client, dice)


def note(phone: Phone, dice: random.Random) -> None:
    """A visit with a remark, which travels sealed with a key that the server knows already."""
    known = sorted(set(phone.synthetic.client_keys) & _mine(phone))
    if known:
        client = dice.choice(known)
        _visit(phone, client, dice, identities={client: {"note": f"remark {dice.random()}"}})


def birth(phone: Phone, dice: random.Random) -> None:
    """A baby is born and joins her mother's caseload."""
    mother = _somebody(phone, dice)
    if not mother:
        return
    baby, at = phone.synthetic.new_client(), _now(phone, dice)
    phone.made_keys.add(baby)
    newborn = {"baby_id": baby, "sex": "f", "plan": "exclusive", "medicine": "yes", "joins": "infant",
               "dob": at.date().isoformat()}  # fmt: skip
    answers = {"when/born_on": at.date().isoformat(), "when/outcome": "live", "when/birth_place": "home",
               "when/source": "observed", "babies": "1", "baby": [newborn]}  # fmt: skip
    _write(phone, "birth", mother, answers, at, identities={baby: {"name.given": f"Hope {dice.randint(1, 99)}"}})


def looked_for(phone: Phone, dice: random.Random) -> None:
    """Somebody looks for a woman, and hears that she moved or died."""
    if client := _somebody(phone, dice):
        answers = {"how/way": "home", "how/found": dice.choice(["died_reported", "moved"]), "told_me": "client_told"}
        _write(phone, "tracing", client, answers, _now(phone, dice))


def correction(phone: Phone, dice: random.Random) -> None:
    """An earlier record is amended, withdrawn or said to be a repeat; also corrections are."""
    client = _somebody(phone, dice)
    earlier = phone.ledger.of_client(client) if client else []
    if not client or not earlier:
        return
    kind, target = dice.choice(_CORRECTIONS), dice.choice(earlier)
    relation: dict[str, Any] = {"type": kind, "record": target.id}
    if kind == "same_event_as":
        relation["repeat"] = dice.choice(earlier).id
    _visit(phone, client, dice, relation=relation)


def unknown_version(phone: Phone, dice: random.Random) -> None:
    """A phone that was brought up to date before its server."""
    if client := _somebody(phone, dice):
        _visit(phone, client, dice, form_version=LATER_VERSION, may=_NOT_YET)


def twice_in_a_batch(phone: Phone, dice: random.Random) -> None:
    """The same parcel waits twice in one outbox."""
    if phone.outbox:
        phone.outbox.insert(dice.randint(0, len(phone.outbox)), dice.choice(phone.outbox))


def other_bytes(phone: Phone, dice: random.Random) -> None:
    """Two records with one id and different content: a phone restored from an old copy. One counts, both are kept."""
    written = [w for some in phone.ledger.written.values() for w in some if _by(w, phone) and not w.may]
    if not written:
        return
    first = dice.choice(written)
    record = deepcopy(first.parcel["record"])
    record["counter"] += 1_000_000 + dice.randint(0, 1_000_000)
    other: Parcel = {"record": phone.synthetic.signed(record), "identities": first.parcel["identities"]}
    for same in phone.ledger.written[first.id]:  # whichever of them comes first is the record
        same.may |= _OTHER_BYTES
    phone.write(Written(other, _OTHER_BYTES))


STORIES: Mapping[Story, int] = {
    enrolment: 6, supply: 5, note: 4, move: 4, correction: 5, birth: 2, enrolment_elsewhere: 2, looked_for: 1,
    unknown_version: 1, twice_in_a_batch: 1, other_bytes: 1,
}  # fmt: skip


def tell(phone: Phone, dice: random.Random) -> None:
    """Something happens."""
    dice.choices(list(STORIES), list(STORIES.values()))[0](phone, dice)


def _enrol(phone: Phone, client: str, dice: random.Random, identities: Mapping[str, Any]) -> None:
    at = _now(phone, dice)
    day = at.date().isoformat()
    answers = {
        "keep/data_use": "given", "purposes/follow_up": "given", "purposes/phone_calls": "given",
        "purposes/home_visit": "refused", "person/age": 26, "test/status": "new_positive",
        "test/source": "register", "test/tested_on": day, "test_value": "pos", "treatment/on_treatment": "yes",
        "treatment/start_known": "yes", "treatment/started_on": day, "treatment/supplied_on": day,
        "treatment/supplied_days": 30, "group": "mother_hiv_pos",
    }  # fmt: skip
    _write(phone, "enrolment", client, answers, at, identities=identities, source="register")


def _visit(phone: Phone, client: str, dice: random.Random, **members: Any) -> None:
    at = _now(phone, dice)
    days = dice.randint(20, 90)
    answers = {
        "where/place": "clinic", "where/source": "observed", "her_status": "pos", "refill/refilled": "yes",
        "refill/supply": "other", "refill/days_other": days, "refill/refilled_on": at.date().isoformat(),
        "days": str(days),
    }  # fmt: skip
    _write(phone, "visit", client, answers, at, **members)


def _write(
    phone: Phone, form: str, client: str, answers: Mapping[str, Any], at: datetime,
    *, may: frozenset[str] = frozenset(), **members: Any,
) -> None:  # fmt: skip
    parcel = phone.synthetic.parcel(form, phone.author, client, answers, at=at, **members)
    for identity in parcel["identities"]:
        if identity["client"] not in phone.made_keys:
            identity["key"] = None  # the server has it
    clock_is_wrong = not datetime(1900, 1, 2, tzinfo=UTC) < at < datetime.now(UTC) + timedelta(hours=20)
    phone.write(Written(parcel, may | (_WRONG_CLOCK if clock_is_wrong else frozenset())))


def _now(phone: Phone, dice: random.Random) -> datetime:
    """By the phone's clock, some days ago."""
    return datetime.now(UTC).replace(microsecond=0) + phone.clock_off - timedelta(days=dice.randint(0, 40), hours=3)


def _identity(dice: random.Random) -> dict[str, str]:
    return {"name.given": "Grace", "name.family": f"Invented {dice.randint(1, 999)}", "address.village": "Chilomoni",
            "phone.number": f"+999 1 555 {dice.randint(0, 9999):04d}"}  # fmt: skip


def _mine(phone: Phone) -> set[str]:
    """The women this phone knows: whom its mentor wrote about, and whom the server told it of."""
    own = {w.client for some in phone.ledger.written.values() for w in some if _by(w, phone) and w.client}
    kept = phone.kept.get(phone.author)
    return own | ({r["client"] for r in kept.records.values() if r["client"]} if kept else set())


def _by(written: Written, phone: Phone) -> bool:
    return bool(written.parcel["record"]["device"] == phone.synthetic.device)


def _somebody(phone: Phone, dice: random.Random, *, mine: bool = True) -> str | None:
    anybody = {w.client for some in phone.ledger.written.values() for w in some if w.client}
    known = sorted(_mine(phone) if mine else anybody)
    return dice.choice(known) if known else None
