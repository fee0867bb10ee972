"""Filling the demo: places, people and phones of the demo country, and what its mentors wrote in two years.

Their records are made by synthetic phones and pass through the same gates as real work: signed, sealed, checked.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mentormothers import PROGRAMME
from mentormothers.access import devices
from mentormothers.access.models import Device, User
from mentormothers.access.scope import COUNTRY, scoped
from mentormothers.access.serverkey import public_point
from mentormothers.care.records import uuid7
from mentormothers.config.demo.country import CLIENTS, ORGANISATION_OF, SEED, Country, demo_country
from mentormothers.config.demo.group_talks import group_talks
from mentormothers.config.demo.mishaps import Carried, let_things_go_wrong
from mentormothers.config.demo.phone import Parcel, SyntheticPhone
from mentormothers.config.demo.sending import Sender, forms_of_phones
from mentormothers.config.demo.staff import Staff, Team
from mentormothers.config.demo.writing import written_by_mentors
from mentormothers.config.demo.writing.written import Written
from mentormothers.facts.days import day_number, day_of
from mentormothers.linkage.proposing import propose
from mentormothers.reports.models import Edition
from mentormothers.simulation.sites import Mentor, Place
from mentormothers.simulation.sites import Site as PlannedSite
from mentormothers.sites.actions import import_facilities, load_districts, open_site
from mentormothers.sites.district_list import read_districts
from mentormothers.sites.facility_list import read_facilities
from mentormothers.sites.models import Facility, Organisation, Site
from mentormothers.sync.push import push

_BATCH = 250
_PLACES = PROGRAMME / "places" / "malawi"
_SOURCE = "KEMRI-Wellcome list of public health facilities, 2019"
_OPENED_BEFORE = timedelta(days=900)
Progress = Callable[[str, float], None]


class UnfinishedDemoError(Exception):
    """The demo was stopped while it was made; its first edition of numbers, the last thing made, is not there."""


def already_there() -> bool:
    """Whether the demo's people are in this database. Raises UnfinishedDemoError when only some of them are."""
    if not User.objects.filter(username="agness").exists():
        return False
    with scoped(COUNTRY):
        if not Edition.objects.exists():
            raise UnfinishedDemoError
    return True


def make_programme(progress: Progress, clients: int = CLIENTS) -> None:
    """Fill an empty database: places, people, phones, lives. `progress` is told what happens and how far it is."""
    progress("Taking in Malawi's 648 facilities", 0.02)
    load_districts(read_districts(_PLACES / "districts.geojson"))
    import_facilities(read_facilities(_PLACES / "facilities.csv"), source=_SOURCE)
    today = timezone.localdate()
    country = demo_country(today, clients)
    progress("Making people and phones", 0.05)
    with transaction.atomic():
        phones = _teams(country)
    written = _written(country, clients, progress)
    _send(phones, written, today, progress)
    progress("Letting a few things go wrong", 0.92)
    let_things_go_wrong(phones[country.sites[0].mentors[0].code], phones[country.sites[0].mentors[-1].code])
    progress("Comparing who may be one person", 0.95)
    for organisation in Organisation.objects.all():
        propose(organisation.id, today, lambda *_: None)
    progress("Done", 1.0)


def _teams(country: Country) -> dict[str, Carried]:
    """Every site with its people; gives the phones by the code of the mentor who carries each."""
    staff = Staff(SEED)
    phones = {}
    keys: dict[str, bytes] = {}  # of all clients, as phones hear of them from the server
    for planned in country.sites:
        team = staff.team(planned, _open(planned))
        for mentor, habits in zip(team.mentors, planned.mentors, strict=True):
            phones[habits.code] = _phone(team, mentor, habits, keys)
    staff.office()
    return phones


def _open(planned: PlannedSite) -> Site:
    organisation, _ = Organisation.objects.get_or_create(name=ORGANISATION_OF[planned.model])
    opened = timezone.localdate() - _OPENED_BEFORE
    return open_site(
        facility=_facility(planned.place), organisation=organisation, delivery_model=planned.model, opened=opened
    )


def _facility(place: Place) -> Facility:
    found = Facility.objects.filter(
        name=place.name, kind=place.kind, latitude=place.latitude, longitude=place.longitude
    ).first()
    if found is None:
        raise RuntimeError(f"{place.name} is a site of the simulation and no facility of the list")
    return found


def _phone(team: Team, mentor: User, habits: Mentor, keys: dict[str, bytes]) -> Carried:
    site = team.site
    code = devices.make_code(
        by=team.coordinator, site=site.id, organisation=site.organisation_id, people=[mentor, team.coordinator],
        label=f"{mentor.first_name}'s phone",
    )  # fmt: skip
    phone = SyntheticPhone(site=site.id, organisation=site.organisation_id, server_key=public_point(), client_keys=keys)
    device = devices.enrol(code, phone.public_key)
    phone.device = str(device.id)
    return Carried(device, phone, mentor, team.coordinator, habits)


def _written(country: Country, clients: int, progress: Progress) -> dict[str, list[Written]]:
    """All forms by the mentor who wrote them."""
    by_mentor: dict[str, list[Written]] = defaultdict(list)
    programme = country.programme
    for number, arrival in enumerate(programme.arrivals()):
        if number % 1000 == 0:
            progress(f"{number} of {clients} invented women have lived", 0.1 + 0.2 * number / clients)
        book = programme.story(arrival)
        for form in written_by_mentors(book, programme.clerk(book), seed=SEED):
            by_mentor[form.mentor].append(form)
    first, last = day_number(programme.plan.start), day_number(programme.plan.end)
    for mentor in (mentor for site in country.sites for mentor in site.mentors):
        by_mentor[mentor.code] += group_talks(mentor, first, last, seed=SEED)
    return by_mentor


def _send(phones: Mapping[str, Carried], written: Mapping[str, list[Written]], today: date, progress: Progress) -> None:
    ids = {form.key: uuid7(_moment(form, n)) for forms in written.values() for n, form in enumerate(forms)}
    for number, (mentor, forms) in enumerate(sorted(written.items())):
        carried = phones[mentor]
        if number % 10 == 0:
            progress(f"{number} of {len(written)} phones have sent their records", 0.3 + 0.6 * number / len(written))
        sent = [form for form in forms if form.sent <= day_number(today)]
        parcels = list(_parcels(carried, sent, ids))
        for start in range(0, len(parcels), _BATCH):
            _push(carried.device, parcels[start : start + _BATCH])
        _last_seen(carried, today)


def _push(device: Device, parcels: list[Parcel]) -> None:
    refused = next((a for a in push(device, parcels) if a.status != "accepted"), None)
    if refused:
        raise RuntimeError(f"the demo made a record that its own server refuses: {refused.code} {refused.reason}")


def _parcels(carried: Carried, forms: list[Written], ids: Mapping[str, UUID]) -> Iterator[Parcel]:
    sender = Sender(carried.phone, str(carried.user.id), forms_of_phones(), ids)
    for number, form in enumerate(sorted(forms, key=lambda one: (one.sent, one.day))):
        yield sender.parcel(form, _moment(form, number))


def _moment(form: Written, number: int) -> datetime:
    """When on its day a form was written: between seven and four; today's not after now."""
    minutes = 7 * 60 + number * 37 % (9 * 60)
    at = datetime.combine(day_of(form.day), time(minutes // 60, minutes % 60), ZoneInfo(settings.TIME_ZONE))
    return min(at, timezone.localtime())


def _last_seen(carried: Carried, today: date) -> None:
    """The day the phone last sent, by the habit of its mentor."""
    habits = carried.habits
    silent = (day_number(today) - habits.sync_on) % habits.sync_every
    Device.objects.filter(id=carried.device.id).update(last_seen=timezone.now() - timedelta(days=silent))
