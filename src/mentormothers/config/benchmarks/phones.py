"""Simulated women's facts as parcels: what a mentor's phone would have sent, signed and sealed.

Everybody is invented. A form is filled in as far as the simulation tells what it asks for.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from mentormothers.config.demo.phone import Answers, Parcel, SyntheticPhone
from mentormothers.config.simulating import read_content, read_world
from mentormothers.facts.csv_file import COLUMNS
from mentormothers.simulation.identities import COLUMNS as IDENTITY_COLUMNS
from mentormothers.simulation.programme import Plan, Programme

Row = Mapping[str, str]
_CONSENTS = {
    "follow_up": "follow_up", "phone": "phone_calls", "sms": "sms", "whatsapp": "whatsapp",
    "home_visit": "home_visit", "referral_share": "referral_share", "research": "research",
}  # fmt: skip


@dataclass(frozen=True)
class Filled:
    """A form as it was filled in about a client on a day."""

    day: date
    form: str
    client: str
    answers: Answers
    identities: Mapping[str, Answers]
    source: str


def simulated_forms(seed: int) -> Iterator[Filled]:
    """Forms about one simulated family after another, without end."""
    programme = Programme(read_world(read_content()), Plan(1_000_000, seed, date(2022, 1, 1), 24, 12))
    for arrival in programme.arrivals():
        pages = programme.family(arrival)
        names = {row[0]: dict(zip(IDENTITY_COLUMNS, row, strict=True)) for row in pages.identities}
        yield from _forms(list(csv.DictReader(pages.facts, COLUMNS)), names)


def parcels(phone: SyntheticPhone, author: str, forms: Iterator[Filled], number: int) -> list[Parcel]:
    """The next forms as this phone makes them into parcels."""
    return [_parcel(phone, author, filled) for filled in islice(forms, number)]


def _parcel(phone: SyntheticPhone, author: str, filled: Filled) -> Parcel:
    at = datetime.combine(filled.day, time(10, 30), ZoneInfo("Africa/Blantyre"))
    return phone.parcel(
        filled.form, author, filled.client, filled.answers, at=at, identities=filled.identities, source=filled.source
    )


def _forms(rows: list[Row], names: Mapping[str, Mapping[str, str]]) -> Iterator[Filled]:
    """A family's forms by the days on which they were filled in. Corrections are left out: they are few."""
    sittings: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if len(row["date"]) == 10 and not row["amends"]:
            sittings[row["date"], row["client"]].append(row)
    enrolled = {row["client"]: row["date"] for row in rows if row["kind"] == "enrolled"}
    for (day, client), told in sorted(sittings.items()):
        if client in enrolled and day >= enrolled[client]:
            yield from _sitting(date.fromisoformat(day), client, told, names.get(client, {}))


def _sitting(day: date, client: str, told: list[Row], known: Mapping[str, str]) -> Iterator[Filled]:
    said = {row["kind"]: row["value"] for row in told}
    make: list[tuple[str, dict[str, Any], Mapping[str, Answers]]] = []
    if "enrolled" in said and told[0]["role"] == "mother":
        make.append(("enrolment", _enrolment(day, said, told), {_uuid(client): _identity(known)}))
    elif told[0]["role"] == "mother":
        make.append(("visit", _visit(day, said), {}))
    make += [("session", _session(told), {}), ("infant_test", _infant_test(day, said), {})]
    for form, answers, identities in make:
        if answers:
            yield Filled(day, form, _uuid(client), answers, identities, "register")


def _enrolment(day: date, said: Mapping[str, str], told: list[Row]) -> dict[str, Any]:
    answers: dict[str, Any] = {"keep/data_use": "given", "test/source": "register", "group": said["enrolled"]}
    answers |= {f"purposes/{q}": said[f"consent.{c}"] for c, q in _CONSENTS.items() if f"consent.{c}" in said}
    tested = said.get("hiv.test")
    answers["test/status"] = {"pos": "new_positive", "neg": "negative"}.get(tested or "", "known_positive")
    if tested in ("pos", "neg"):
        answers |= {"test/tested_on": day.isoformat(), "test_value": tested}
    else:
        answers["test/positive_since"] = (day - timedelta(days=200)).isoformat()
    if "art.dispense" in said:
        answers |= {
            "treatment/on_treatment": "yes", "treatment/start_known": "yes", "treatment/started_on": day.isoformat(),
            "treatment/supplied_on": day.isoformat(), "treatment/supplied_days": int(said["art.dispense"]),
        }  # fmt: skip
    if any(row["kind"] == "anc.contact" for row in told):
        answers |= {
            "child/carrying": "pregnant", "child/how_known": "last_period", "child/contact_today": "yes",
            "child/last_period": (day - timedelta(days=120)).isoformat(),
        }  # fmt: skip
    return answers


def _visit(day: date, said: Mapping[str, str]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    if days := said.get("art.dispense"):
        answers |= {
            "refill/refilled": "yes", "refill/supply": days if days in ("30", "60", "90", "180") else "other",
            "refill/refilled_on": day.isoformat(), "days": days,
        }  # fmt: skip
    for kind, question in (("anc.contact", "anc_today"), ("pnc.contact", "pnc_today"), ("vl.sample", "sample_today")):
        answers |= {f"checkup/{question}": "yes"} if kind in said else {}
    if said.get("hiv.test") in ("neg", "pos"):
        answers["checkup/test_today"] = said["hiv.test"]
    if answers and "appointment" in said:
        answers["next/appointment"] = said["appointment"]
    return answers and {"where/place": "clinic", "where/source": "register", **answers}


def _session(told: list[Row]) -> dict[str, Any]:
    modes = [
        row["value"] for row in told if row["kind"] == "session" and row["value"] in ("one_to_one", "home", "phone")
    ]
    topics = sorted({row["value"] for row in told if row["kind"] == "topic"} & _TOPICS)
    return {"where/mode": modes[0], "where/topics": topics, "told_me": "client_told"} if modes else {}


def _infant_test(day: date, said: Mapping[str, str]) -> dict[str, Any]:
    if said.get("eid.sample") in _POINTS:
        return {
            "what_page/what": ["sample"], "what_page/source": "register",
            "sample_page/sampled_on": day.isoformat(), "sample_page/point": said["eid.sample"],
        }  # fmt: skip
    if said.get("eid.result") in ("neg", "pos"):
        return {
            "what_page/what": ["result"], "what_page/source": "lab",
            "result_page/result_on": day.isoformat(), "result_page/result": said["eid.result"],
        }  # fmt: skip
    return {}


def _identity(known: Mapping[str, str]) -> Answers:
    """What such a woman says of herself, under the names of a sealed identity."""
    fields = {
        "name.given": "given_name",
        "name.family": "surname",
        "address.village": "village",
        "phone.number": "phone",
    }
    return {name: known[column] for name, column in fields.items() if known.get(column)} | {
        "phone.owner": "own", "contact.wording": "neutral", "language": "ny",
    }  # fmt: skip


def _uuid(client: str) -> str:
    """The pseudonym for a simulated id of 16 hexadecimal digits."""
    return str(UUID(hex=client * 2, version=4))


_POINTS = frozenset({"birth", "6w", "10w", "6m", "9m", "12m"})
_TOPICS = frozenset({"hiv_basics", "adherence", "disclosure", "infant_feeding", "infant_testing", "family_planning"})
