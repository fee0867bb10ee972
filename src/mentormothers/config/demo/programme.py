"""The demo programme: four real facilities, twelve invented colleagues, two hundred invented women.

Their records are made by synthetic phones and pass through the same gates as real work: signed, sealed, checked.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mentormothers import PROGRAMME
from mentormothers.access import devices
from mentormothers.access.models import Device, Membership, Role, User
from mentormothers.access.serverkey import public_point
from mentormothers.config.demo.lives import Happening, Life
from mentormothers.config.demo.phone import Parcel, SyntheticPhone
from mentormothers.sites.actions import import_facilities, load_districts, open_site
from mentormothers.sites.district_list import read_districts
from mentormothers.sites.facility_list import read_facilities
from mentormothers.sites.models import Facility, Organisation, Site
from mentormothers.sync.push import push

PASSWORD = "synthetic-people-only"  # noqa: S105  # of a demo that holds nobody, printed at its start
CLIENTS = 200
SEED = 2026
_BATCH = 250
_PLACES = PROGRAMME / "places" / "malawi"
_SOURCE = "KEMRI-Wellcome list of public health facilities, 2019"
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class PlannedSite:
    """A site of the demo: a facility of the real list, its villages and its invented team."""

    facility: str
    organisation: str
    delivery_model: str
    villages: tuple[str, ...]
    coordinator: tuple[str, str]
    mentors: tuple[tuple[str, str], ...]


OURS, PARTNER = "Mentor Mothers Malawi (synthetic)", "Lakeshore Partner (synthetic)"
SITES = (
    PlannedSite("Ndirande Health Centre", OURS, "direct", ("Chilomoni", "Mbayani", "Makata", "Goliyo"),
                ("Agness", "Kaliati"), (("Promise", "Mwase"), ("Tiyamike", "Zulu"))),
    PlannedSite("Zingwangwa Health Centre", OURS, "direct", ("Soche", "Chimwankhunda", "Naperi"),
                ("Beatrice", "Chinula"), (("Eness", "Kapito"), ("Lonely", "Masoatengenji"))),
    PlannedSite("Area 25 Health Centre", OURS, "technical_assistance", ("Kanengo", "Chatata", "Dzenza"),
                ("Josephine", "Mlenga"), (("Modester", "Chitsulo"),)),
    PlannedSite("Matawale Health Centre", PARTNER, "partner", ("Matawale", "Chinamwali", "Sadzi"),
                ("Veronica", "Lipenga"), (("Salome", "Nantchengwa"),)),
)  # fmt: skip


@dataclass
class _Team:
    """A site with its people and the phones that its mentors carry."""

    site: Site
    coordinator: User
    mentors: list[User]
    phones: dict[str, tuple[Device, SyntheticPhone]]
    villages: tuple[str, ...]


def already_there() -> bool:
    """Whether the demo's people are in this database."""
    return User.objects.filter(username="agness").exists()


def make_programme(progress: Progress, clients: int = CLIENTS, seed: int = SEED) -> None:
    """Fill an empty database: places, people, phones, lives. `progress` is told what happens and how far it is."""
    dice = random.Random(seed)  # noqa: S311  # the same demo for everybody
    progress("Taking in Malawi's 648 facilities", 0.02)
    _take_in_places()
    progress("Making people and phones", 0.1)
    with transaction.atomic():
        teams = [_team(planned) for planned in SITES]
        _office_people(teams)
    today = timezone.localdate()
    per_site = [clients // len(teams) + (n < clients % len(teams)) for n in range(len(teams))]
    for n, (team, number) in enumerate(zip(teams, per_site, strict=True)):
        progress(f"{team.site.name}: {number} invented women", 0.2 + 0.8 * n / len(teams))
        _fill(team, number, dice, today, first_number=n * 1000)
    _let_one_phone_be_silent(teams)
    progress("Done", 1.0)


def _take_in_places() -> None:
    load_districts(read_districts(_PLACES / "districts.geojson"))
    import_facilities(read_facilities(_PLACES / "facilities.csv"), source=_SOURCE)


def _team(planned: PlannedSite) -> _Team:
    organisation, _ = Organisation.objects.get_or_create(name=planned.organisation)
    facility = Facility.objects.get(name=planned.facility)
    opened = timezone.localdate() - timedelta(days=900)
    site = open_site(facility=facility, organisation=organisation, delivery_model=planned.delivery_model, opened=opened)
    coordinator = _person(*planned.coordinator, Role.COORDINATOR, organisation, [site])
    mentors = [_person(*name, Role.MENTOR, organisation, [site], signs_in=False) for name in planned.mentors]
    team = _Team(site, coordinator, mentors, {}, planned.villages)
    for mentor in mentors:
        team.phones[str(mentor.id)] = _phone(site, coordinator, mentor)
    return team


def _office_people(teams: list[_Team]) -> None:
    ours = Organisation.objects.get(name=OURS)
    mine = [team.site for team in teams if team.site.organisation_id == ours.id]
    _person("Chikondi", "Mtonga", Role.MANAGER, ours, mine)
    _person("Watson", "Chipeta", Role.ADMINISTRATOR, ours, [])
    _person("Dalitso", "Phiri", Role.MINISTRY, None, [])


def _person(
    first: str, family: str, role: Role, organisation: Organisation | None, sites: list[Site], *, signs_in: bool = True
) -> User:
    user = User.objects.create_user(
        first.lower(),
        PASSWORD if signs_in else None,
        first_name=first,
        family_name=family,
        role=role,
        organisation=organisation.id if organisation else None,
    )
    Membership.objects.bulk_create([Membership(user=user, site=site.id) for site in sites])
    return user


def _phone(site: Site, coordinator: User, mentor: User) -> tuple[Device, SyntheticPhone]:
    code = devices.make_code(
        by=coordinator, site=site.id, organisation=site.organisation_id, people=[mentor, coordinator],
        label=f"{mentor.first_name}'s phone",
    )  # fmt: skip
    phone = SyntheticPhone(site=site.id, organisation=site.organisation_id, server_key=public_point())
    device = devices.enrol(code, phone.public_key)
    phone.device = str(device.id)
    return device, phone


def _fill(team: _Team, number: int, dice: random.Random, today: date, first_number: int) -> None:
    written: dict[str, list[tuple[datetime, Happening, dict[str, str]]]] = {mentor: [] for mentor in team.phones}
    for n in range(number):
        mentor = dice.choice(list(team.phones))
        # More women enrolled lately than long ago, so that many are pregnant now.
        enrolled = today - timedelta(days=int(520 * dice.random() ** 1.5))
        life = Life(dice, enrolled, today, team.villages, first_number + n)
        ids = {name: str(uuid4()) for name in ("mother", "baby", "twin")}
        for happening in life.happenings():
            at = datetime.combine(happening.day, time(dice.randint(7, 15), dice.randint(0, 59)), _zone())
            written[mentor].append((min(at, timezone.now()), happening, ids))
    for mentor, happenings in written.items():
        device, phone = team.phones[mentor]
        parcels = list(_parcels(phone, mentor, sorted(happenings, key=lambda h: h[0])))
        for start in range(0, len(parcels), _BATCH):
            answers = push(device, parcels[start : start + _BATCH])
            refused = next((a for a in answers if a.status != "accepted"), None)
            if refused:
                raise RuntimeError(
                    f"the demo made a record that its own server refuses: {refused.code} {refused.reason}"
                )


def _parcels(
    phone: SyntheticPhone, author: str, happenings: list[tuple[datetime, Happening, dict[str, str]]]
) -> Iterator[Parcel]:
    for at, happening, ids in happenings:
        answers = dict(happening.answers)
        if happening.form == "birth" and "baby" in answers:
            answers["baby"] = [newborn | {"baby_id": ids[newborn["baby_id"][1:-1]]} for newborn in answers["baby"]]
        elif "baby" in answers:
            answers["baby"] = ids[answers["baby"][1:-1]]
        said = {ids[name]: known for name, known in happening.identities.items()}
        yield phone.parcel(
            happening.form, author, ids[happening.about], answers, at=at.astimezone(_zone()), identities=said,
            source=happening.source,
        )  # fmt: skip


def _let_one_phone_be_silent(teams: list[_Team]) -> None:
    device, _ = list(teams[0].phones.values())[-1]
    Device.objects.filter(id=device.id).update(last_seen=timezone.now() - timedelta(days=4))


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
